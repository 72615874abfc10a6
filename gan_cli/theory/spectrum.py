"""The spectrum of a game: extreme eigenvalues of its gradient field's Jacobian, and verdicts."""

import logging
import time
from typing import NamedTuple

import numpy as np

from gan_cli.theory.eigenvalues import (
    Eigenvalues,
    Product,
    Which,
    arpack_search,
    kept_vectors,
    largest_of,
    whole_search,
)
from gan_cli.theory.gradient_field import Field, Vector
from gan_cli.theory.rescaling import Along
from gan_cli.theory.unchanged import unchanged_by

log = logging.getLogger(__name__)

WANTED = 20
"""How many eigenvalues are wanted of each kind."""
DENSE = 400
"""The most parameters for which the whole Jacobian is computed, and all its eigenvalues."""
MOST = 6_000_000
"""The most parameters; ARPACK's fewest vectors then take 2 GB."""
ROUNDING = 1e-9
"""What counts as zero beside the largest modulus, where a residual is not larger."""


class Spectrum(NamedTuple):
    """What was found of a Jacobian.

    kinds: the eigenvalues of largest modulus, real part and imaginary part.
    left_out: the zeros that rescaling makes, which stand in none of these.
    families: the rescalings that leave both players' outputs as they are, by what they scale.
    field_along: the part of the field's length along them, which is 0 where they change nothing.
    norm: the length of the field.
    parameters: how many G and D have.
    products: how many products with the Jacobian were taken.
    wanted: how many eigenvalues of each kind were wanted, as far as there are as many.
    whole: whether all eigenvalues were computed.
    """

    kinds: dict[Which, Eigenvalues]
    left_out: Eigenvalues
    families: dict[str, int]
    field_along: float
    norm: float
    parameters: tuple[int, int]
    products: int
    wanted: int
    whole: bool

    @property
    def all(self) -> Eigenvalues:
        """Every eigenvalue that was found, once."""
        parts = [np.concatenate(each) for each in zip(*self.kinds.values(), strict=True)]
        together = Eigenvalues(*parts)
        places = np.round(together.values / max(self.largest, 1e-300), 9)
        return together.chosen(np.unique(places, return_index=True)[1])

    @property
    def largest(self) -> float:
        """The largest modulus."""
        return max(map(largest_of, self.kinds.values()))

    @property
    def largest_real(self) -> float:
        """The largest real part."""
        return float(self.all.values.real.max(initial=-np.inf))

    @property
    def largest_ratio(self) -> float:
        """The largest |Im / Re|, of eigenvalues that are not zero."""
        values = self.nonzero.values
        with np.errstate(divide="ignore"):
            return float(np.abs(values.imag / values.real).max(initial=0.0))

    @property
    def nonzero(self) -> Eigenvalues:
        """Those that cannot be 0 by their residuals; a real part that can is set to 0."""
        found = self.all
        noise = np.maximum(found.residuals, ROUNDING * self.largest)
        real = np.where(np.abs(found.values.real) > noise, found.values.real, 0.0)
        kept = found._replace(values=real + 1j * found.values.imag)
        return kept.chosen(np.abs(found.values) > noise)

    @property
    def largest_step(self) -> float | None:
        """The largest stable step of simultaneous descent, min -2 Re / |lambda|^2; None for none.

        A step h multiplies what lies along an eigenvector by 1 + h lambda.
        """
        values = self.nonzero.values
        if (values.real > 0).any():
            return None
        return float((-2 * values.real / np.abs(values) ** 2).min(initial=np.inf))


def examine(field: Field, rng: np.random.Generator, wanted: int = WANTED) -> Spectrum:
    """The eigenvalues of the Jacobian of a gradient field, those that rescaling makes 0 left out.

    Args:
        field: the field; JAX has to compute in float64.
        rng: draws the vector that the search begins with.
        wanted: how many of each kind.
    """
    n = len(field.here)
    log.info("looking for rescalings that change no output")
    families = unchanged_by(field)
    along, norm = Along(families, n), float(np.linalg.norm(field.value))
    counted = Counted(field.turned, least_products(n, wanted))
    search = whole_search if n <= DENSE else arpack_search
    kinds, left_out = search(counted, along, rng.normal(size=n), wanted)
    return Spectrum(
        kinds,
        left_out,
        {family.name: family.directions.shape[1] for family in families},
        float(np.linalg.norm(along(field.value))) / max(norm, 1e-300),
        norm,
        (field.generator, n - field.generator),
        counted.count,
        min(wanted, n),
        n <= DENSE,
    )


def least_products(n: int, wanted: int) -> int:
    """How many products with the Jacobian of n parameters are taken at least."""
    return n if n <= DENSE else 3 * (kept_vectors(n, wanted) + wanted)


class Counted:
    """A product that counts how often it was taken, and says how long one takes.

    Args:
        product: the product.
        least: how many are taken at least, to say how far they are.
    """

    def __init__(self, product: Product, least: int) -> None:
        self._product, self._least, self.count = product, least, 0
        self._begin = time.perf_counter()

    def __call__(self, vector: Vector) -> Vector:
        found = self._product(vector)
        self.count += 1
        each = (time.perf_counter() - self._begin) / self.count
        told = "%d products with the Jacobian of %d or more, %.2g s each"
        log.info(told, self.count, self._least, each)
        return found
