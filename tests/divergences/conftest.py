"""The property tests here draw the same examples each time, and few of them."""

from hypothesis import settings

settings.register_profile("divergences", max_examples=25, deadline=None, derandomize=True)
settings.load_profile("divergences")
