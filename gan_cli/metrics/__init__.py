"""The metrics that samples can be judged by.

Importing this package imports none of them, since they need SciPy and POT, which most trainings
need not wait for.
"""

from gan_cli.component import import_files


def register() -> None:
    """Imports every file of this package, which registers every metric."""
    import_files(__name__, __path__)
