"""The rules by which G and D learn; importing this package registers all of them."""

from gan_cli.optimizers import adam, rmsprop, sgd

__all__ = ["adam", "rmsprop", "sgd"]
