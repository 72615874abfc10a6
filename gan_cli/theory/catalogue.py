"""The catalogue: the numbers of GAN theory that are known, beside what is computed here."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from gan_cli.theory.known import dynamics, experiments, optima, pairs, spectral_norm, transport
from gan_cli.theory.known.base import Known

PARTS: dict[str, Callable[[], Iterator[Known]]] = {
    "divergences": pairs.distances,
    "f-divergences": pairs.f_divergences,
    "optimal-discriminator": optima.optima,
    "bias": experiments.bias,
    "landscape": experiments.landscape,
    "packing": experiments.packing,
    "optimal-transport": transport.transport,
    "dynamics": dynamics.dynamics,
    "birthday": experiments.birthday,
    "spectral-norm": spectral_norm.spectral_norm,
    "perfect-samples": experiments.perfect_samples,
}
"""What computes the numbers of a subject, which is that of the command with this name if any."""

TRAINED = {
    "gan theory f-divergences": "a trained D for each of the nine f-divergences, within 1 %",
    "gan theory optimal-discriminator": "a trained D beside D*, and its V beside -log 4 + 2 JS",
    "gan theory landscape": "the same landscape with trained D, and the barriers",
    "gan theory packing": "the same packs by trained D",
    "gan theory bias": "the JS that D finds on its training set and on fresh data",
    "gan theory optimal-transport": "a trained G beside the optimal map",
    "gan theory dynamics": "500 steps of each method, and phase portraits",
    "gan theory spectrum RUN": "the eigenvalues of a trained game",
    "gan theory birthday RUN": "the support of a trained G",
    "gan train dataset=grid dataset.side=10": "how many of 100 modes a trained G finds",
}
"""The commands that show what takes trainings, which the catalogue leaves out."""


class Entry(NamedTuple):
    """One number of a subject, a key of PARTS."""

    subject: str
    known: Known


def catalogue(subjects: Sequence[str] = tuple(PARTS)) -> list[Entry]:
    """Computes every number of some subjects, keys of PARTS."""
    return [Entry(subject, known) for subject in subjects for known in PARTS[subject]()]
