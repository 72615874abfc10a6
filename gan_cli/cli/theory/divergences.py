"""`gan theory divergences`: every divergence between two distributions given as text."""

import math
from typing import TYPE_CHECKING, Annotated, cast

import typer

from gan_cli.cli.completion import complete_names
from gan_cli.cli.theory import output, texts
from gan_cli.errors import UsageError, nearest
from gan_cli.theory.findings.base import Findings

if TYPE_CHECKING:
    from gan_cli.divergences import Kernel
    from gan_cli.divergences.kernels import Shape
    from gan_cli.theory.sampled_mmd import Estimator

NOTATION = "normal(MEAN,STD), uniform(LOW,HIGH), mixture(.3*normal(..)+.7*..), discrete(.5,.5)"
P = Annotated[str, typer.Option("--p", metavar="TEXT", help=f"One distribution: {NOTATION}.")]
Q = Annotated[str, typer.Option("--q", metavar="TEXT", help="The other distribution.")]

SHAPES = ("gaussian", "laplace", "rational_quadratic")
ESTIMATORS = ("biased", "unbiased")
SAMPLES = 200
KernelName = Annotated[
    str,
    typer.Option(
        "--kernel",
        metavar="NAME",
        help=f"MMD's kernel: {', '.join(SHAPES)}.",
        autocompletion=complete_names(*SHAPES),
    ),
]
Widths = Annotated[
    list[str] | None,
    typer.Option(
        "--bandwidth",
        metavar="WIDTH",
        help="Its width, in units of x (default: 1). Of several, the kernels are averaged.",
    ),
]
EstimatorName = Annotated[
    str | None,
    typer.Option(
        "--estimator",
        metavar="NAME",
        help="Estimate MMD^2 from samples too: biased or unbiased.",
        autocompletion=complete_names(*ESTIMATORS),
    ),
]
Samples = Annotated[
    int | None,
    typer.Option(
        min=2,
        max=2000,
        help=f"How many samples of each make one estimate of --estimator. Default: {SAMPLES}.",
    ),
]


@output.command(place=10, compiles=False, seconds=3)
def divergences(
    p: P = "normal(0,1)",
    q: Q = "mixture(0.3*normal(-1,.5)+0.7*normal(2,1))",
    kernel: KernelName = "gaussian",
    bandwidth: Widths = None,
    estimator: EstimatorName = None,
    samples: Samples = None,
    seed: output.Seed = 0,
) -> Findings:
    """Compare two distributions by KL, JS, chi^2, MMD, Wasserstein and other distances.

    Each divergence is computed in both directions: exactly for discrete
    distributions, otherwise by quadrature with the error stated. The picture
    shows the terms that they add up, how far the distribution functions are
    apart, the critics that tell p from q best, and how W_1 moves the mass.
    Nothing is random but the samples of --estimator.
    """
    from gan_cli.theory.divergences import divergences as compare
    from gan_cli.theory.findings.divergences import findings
    from gan_cli.theory.sampled_mmd import sampled_mmd

    chosen = _kernel(kernel, [_width(each) for each in bandwidth or ["1"]])
    if estimator is not None and estimator not in ESTIMATORS:
        raise UsageError(
            f"--estimator {estimator}: there is no such estimator. {nearest(estimator, ESTIMATORS)}"
        )
    if estimator is None and samples is not None:
        raise UsageError(
            f"--samples {samples} goes with --estimator, which says what is estimated from them: "
            f"--estimator {ESTIMATORS[1]} --samples {samples}"
        )
    pair = texts.read("--p", p), texts.read("--q", q)
    found = None
    if estimator is not None:
        found = sampled_mmd(*pair, chosen, cast("Estimator", estimator), samples or SAMPLES, seed)
    return findings(p, q, compare(*pair, chosen, found))


def _width(text: str) -> float:
    """A width that the user gave.

    Raises:
        UsageError: naming the option, and what is possible.
    """
    try:
        width = float(text)
    except ValueError:
        width = math.nan
    if not 1e-50 <= width <= 1e50:
        raise UsageError(
            f"--bandwidth {text}: must be a number from 1e-50 to 1e50. "
            "For several widths give the option several times: --bandwidth 1 --bandwidth 2"
        )
    return width


def _kernel(shape: str, widths: list[float]) -> "Kernel":
    """The kernel that the user chose.

    Raises:
        UsageError: naming the option, and what is possible.
    """
    from gan_cli.divergences import Kernel

    if shape not in SHAPES:
        raise UsageError(f"--kernel {shape}: there is no such kernel. {nearest(shape, SHAPES)}")
    return Kernel(cast("Shape", shape), tuple(widths))
