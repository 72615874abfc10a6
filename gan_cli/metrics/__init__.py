"""The metrics that samples can be judged by; importing this package imports every file in it."""

from gan_cli.component import import_files

import_files(__name__, __path__)
