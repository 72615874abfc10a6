"""What can be imitated; importing this package registers every data set in it."""

from gan_cli.component import import_files

import_files(__name__, __path__)
