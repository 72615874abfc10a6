"""The rules by which G and D learn; importing this package registers all of them."""

from gan_cli.component import import_files

import_files(__name__, __path__)
