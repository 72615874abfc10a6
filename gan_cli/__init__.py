"""gan: experiments with generative adversarial networks, from one shell line."""

__version__ = "0.2.0"
