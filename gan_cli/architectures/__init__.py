"""The networks that can play; importing this package registers all of them."""

from gan_cli.architectures import dcgan, maxout, mlp

__all__ = ["dcgan", "maxout", "mlp"]
