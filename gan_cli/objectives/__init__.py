"""The games that G and D can play; importing this package imports every file in it."""

from gan_cli.component import import_files

import_files(__name__, __path__)
