"""What keeps a game stable, whatever its objective; importing this package imports every file."""

from gan_cli.component import import_files

import_files(__name__, __path__)
