"""The wanted eigenvalues of a Jacobian that is known by its products with vectors, by ARPACK."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Literal, NamedTuple

import numpy as np
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigs

from gan_cli.theory.gradient_field import Vector

log = logging.getLogger(__name__)

Which = Literal["modulus", "real", "imaginary"]
ARPACK: dict[Which, str] = {"modulus": "LM", "imaginary": "LI", "real": "LR"}
NAMES: dict[Which, str] = {
    "modulus": "largest modulus",
    "imaginary": "largest imaginary part",
    "real": "largest real part",
}
SIZES: dict[Which, Callable[[np.ndarray], np.ndarray]] = {
    "modulus": np.abs,
    "imaginary": lambda values: np.abs(values.imag),
    "real": lambda values: values.real,
}
VECTORS = 100
"""The vectors that ARPACK keeps where memory allows."""
MEMORY = 2**30
"""The bytes that those vectors may take, where they are more than the fewest that ARPACK needs."""
RESTARTS = 10
"""How often ARPACK may begin again before it gives up."""
TOLERANCE = 1e-6
"""The residual that ends the search, beside the eigenvalue."""
MOSTLY = 0.5
"""The part of an eigenvector's squared length along rescalings from which on it counts as one."""
SMALL = 1e-2
"""What such an eigenvalue is at most, beside the largest modulus; at an equilibrium it is 0."""

Product = Callable[[Vector], Vector]


class Eigenvalues(NamedTuple):
    """Some eigenvalues, in falling order of what they were wanted for.

    values: the eigenvalues, (k,) complex.
    residuals: |J x - lambda x| for each and its eigenvector x of length 1, (k,).
    along: the part of each eigenvector's squared length that lies along rescalings, (k,).
    """

    values: np.ndarray
    residuals: np.ndarray
    along: np.ndarray

    def chosen(self, which: np.ndarray) -> "Eigenvalues":
        """Some of them, by their places or by a mask."""
        return Eigenvalues(*(each[which] for each in self))


Found = tuple[dict[Which, Eigenvalues], Eigenvalues]


def whole_search(product: Product, along: Product, start: Vector, wanted: int) -> Found:
    """The wanted of all eigenvalues, from the Jacobian written out, and the zeros left out."""
    matrix = np.stack([product(unit) for unit in np.eye(len(start))], axis=1)
    values, vectors = np.linalg.eig(matrix)
    found = judged(values, vectors, lambda v: matrix @ v, along)
    zeros = made_by_rescaling(found, largest_of(found))
    left = found.chosen(~zeros)
    return {kind: first(left, kind, wanted) for kind in ARPACK}, found.chosen(zeros)


def arpack_search(product: Product, along: Product, start: Vector, wanted: int) -> Found:
    """The wanted eigenvalues by the implicitly restarted Arnoldi method, and the zeros left out.

    Where zeros that rescaling makes are among those of one kind, these are searched anew, with
    P J P - s (1 - P) in the place of J, where P takes the part along rescalings from a vector: that
    moves the zeros to -s. For the largest real part s is the largest modulus, and else 0.

    Source: Lehoucq, Sorensen and Yang 1998, "ARPACK users' guide".
    """
    kinds: dict[Which, Eigenvalues] = {}
    left_out = []

    def moved(vector: Vector, shift: float) -> Vector:
        part = along(vector)
        turned = product(vector - part)
        return turned - along(turned) - shift * part

    for kind in ARPACK:
        log.info("looking for the eigenvalues of %s", NAMES[kind])
        found = search_one(product, start, kind, wanted, along)
        largest = largest_of(kinds.get("modulus", found))
        zeros = made_by_rescaling(found, largest)
        if zeros.any():
            left_out.append(found.chosen(zeros))
            shift = largest if kind == "real" else 0.0
            begin = start - along(start)
            found = search_one(partial(moved, shift=shift), begin, kind, wanted, along)
            found = found.chosen(found.along <= MOSTLY)
        kinds[kind] = first(found, kind, wanted)
    none = Eigenvalues(np.empty(0, complex), np.empty(0), np.empty(0))
    if not left_out:
        return kinds, none
    return kinds, Eigenvalues(*map(np.concatenate, zip(*left_out, strict=True)))


def search_one(
    product: Product, start: Vector, kind: Which, wanted: int, along: Product
) -> Eigenvalues:
    """The eigenvalues of one kind; fewer than are wanted where ARPACK does not converge."""
    n = len(start)
    operator = LinearOperator((n, n), matvec=lambda v: product(v.ravel()), dtype=np.float64)
    options = {"v0": start, "ncv": kept_vectors(n, wanted), "tol": TOLERANCE, "maxiter": RESTARTS}
    try:
        values, found = eigs(operator, wanted, which=ARPACK[kind], **options)
    except ArpackNoConvergence as error:
        values, found = error.eigenvalues, error.eigenvectors
    return judged(values, found, product, along)


def kept_vectors(n: int, wanted: int) -> int:
    """How many vectors (n,) ARPACK keeps: as many as memory allows, at least what it needs."""
    return min(n - 1, max(2 * wanted + 2, min(VECTORS, MEMORY // (8 * n))))


def judged(
    values: np.ndarray, vectors: np.ndarray, product: Product, along: Product
) -> Eigenvalues:
    """Eigenvalues with what is to be said of each, from the eigenvectors as columns."""
    told = [
        seen(value, vector, product, along) for value, vector in zip(values, vectors.T, strict=True)
    ]
    residuals, parts = np.array(told).reshape(-1, 2).T
    return Eigenvalues(values, residuals, parts)


def seen(value: complex, x: np.ndarray, product: Product, along: Product) -> tuple[float, float]:
    """|J x - lambda x| and the part of |x|^2 along rescalings, for x of length 1."""
    turned, part = (f(x.real) + (1j * f(x.imag) if x.imag.any() else 0) for f in (product, along))
    length = np.linalg.norm(x)
    residual = float(np.linalg.norm(turned - value * x) / length)
    return residual, float(np.linalg.norm(part) / length) ** 2


def made_by_rescaling(found: Eigenvalues, largest: float) -> np.ndarray:
    """Which eigenvalues are next to 0 and have an eigenvector that mostly lies along rescalings."""
    small = np.abs(found.values) <= SMALL * largest
    return np.asarray(small & (found.along > MOSTLY))


def largest_of(found: Eigenvalues) -> float:
    """The largest modulus."""
    return float(np.abs(found.values).max(initial=0.0))


def first(found: Eigenvalues, kind: Which, wanted: int) -> Eigenvalues:
    """The first of a kind; of a pair of conjugates, the one above the real axis first."""
    values = found.values
    order = np.lexsort((-values.imag, -np.round(SIZES[kind](values), 12)))
    return found.chosen(order[:wanted])
