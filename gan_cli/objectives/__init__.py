"""The games that G and D can play; importing this package registers all of them."""

from gan_cli.objectives import hinge, least_squares, minimax, non_saturating, wgan, wgan_gp

__all__ = ["hinge", "least_squares", "minimax", "non_saturating", "wgan", "wgan_gp"]
