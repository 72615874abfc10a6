"""`gan theory dynamics`: the Dirac-GAN by every method that is said to make it converge."""

import math
from typing import Annotated

import typer

from gan_cli.cli.completion import complete_names
from gan_cli.cli.theory import output
from gan_cli.errors import UsageError, nearest
from gan_cli.theory.findings.base import Findings

LARGEST = 1000.0

METHODS = (
    *("simultaneous", "alternating", "instance_noise", "r1", "r1_r2", "consensus"),
    *("gradient_norm", "unrolled", "two_time_scales", "optimistic", "extra_gradient"),
    "competitive",
)
GAMES = (
    *("minimax", "non_saturating", "relativistic", "hinge", "wgan", "least_squares", "f_gan"),
    "wgan_gp",
)
DIVERGENCES = (
    *("total_variation", "kl", "reverse_kl", "pearson", "neyman", "squared_hellinger"),
    *("jeffrey", "jensen_shannon", "gan"),
)
"""Names for TAB, which need no JAX; a test holds them against the tables that they come from."""

Methods = Annotated[
    list[str] | None,
    typer.Option(
        "--method",
        metavar="NAME",
        help="One method; may be given several times. Default: all.",
        autocompletion=complete_names(*METHODS),
    ),
]
Game = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="The objective: minimax, f_gan etc.",
        autocompletion=complete_names(*GAMES),
    ),
]
Divergence = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="What f_gan measures, such as kl. Default: jensen_shannon.",
        autocompletion=complete_names(*DIVERGENCES),
    ),
]


@output.command(place=135, compiles=True, seconds=20, quick={"method": ["r1"]})
def dynamics(
    method: Methods = None,
    objective: Game = "minimax",
    divergence: Divergence = None,
    step: Annotated[float, typer.Option(help="The learning rate of both players.")] = 0.1,
    gamma: Annotated[float, typer.Option(help="The weight of R1, R2 and consensus.")] = 1.0,
    sigma: Annotated[float, typer.Option(help="The deviation of instance noise.")] = 0.5,
    eta: Annotated[float, typer.Option(help="The weight of gradient_norm's penalty.")] = 0.5,
    unroll: Annotated[int, typer.Option(help="The updates that unrolled looks ahead.")] = 5,
    unroll_rate: Annotated[float, typer.Option(help="The learning rate of those.")] = 0.1,
    discriminator_step: Annotated[
        float, typer.Option(help="D's learning rate in two_time_scales.")
    ] = 1.0,
) -> Findings:
    """Show which methods make the smallest GAN converge, and how fast.

    The Dirac-GAN has one number for G and one for D. Near its equilibrium a
    method is a linear map: its eigenvalues are shown in closed form, by
    automatic differentiation of the update, and as fitted to updates, beside
    500 steps of each method (Mescheder et al. 2018, "Which training methods
    for GANs do actually converge?"). Nothing is random.
    """
    rates = {"step": step, "unroll_rate": unroll_rate, "discriminator_step": discriminator_step}
    for name, value in rates.items():
        check(name, value, lowest="above 0", fits=value > 0)
    for name, value in {"gamma": gamma, "sigma": sigma, "eta": eta}.items():
        check(name, value, lowest="at least 0", fits=value >= 0)
    check("unroll", unroll, lowest="at least 1", fits=unroll >= 1)

    chosen = tuple(dict.fromkeys(method or METHODS))
    for each in chosen:
        if each not in METHODS:
            raise UsageError(f"--method {each}: there is no such method. {nearest(each, METHODS)}")

    from gan_cli.theory.dynamics import dynamics as examine
    from gan_cli.theory.findings.dynamics import findings
    from gan_cli.theory.linear_dynamics import Settings

    check_game(objective, divergence)
    settings = Settings(
        objective,
        step,
        gamma,
        sigma,
        eta,
        unroll,
        unroll_rate,
        discriminator_step,
        divergence or Settings().divergence,
    )
    return findings(examine(chosen, settings), settings)


def check_game(objective: str, divergence: str | None) -> None:
    """Refuses a game that is unknown or that the Dirac-GAN cannot play.

    Raises:
        UsageError: naming the option, why, and what is possible.
    """
    from gan_cli.theory.dynamics import IMPOSSIBLE

    if objective in IMPOSSIBLE:
        raise UsageError(
            f"--objective {objective}: {IMPOSSIBLE[objective]}. Valid: {', '.join(GAMES)}."
        )
    if objective not in GAMES:
        raise UsageError(
            f"--objective {objective}: there is no such objective. {nearest(objective, GAMES)}"
        )
    if divergence is not None and objective != "f_gan":
        raise UsageError(f"--divergence {divergence}: is for --objective f_gan, not {objective}.")
    if divergence is not None and divergence not in DIVERGENCES:
        raise UsageError(
            f"--divergence {divergence}: there is no such divergence. "
            f"{nearest(divergence, DIVERGENCES)}"
        )


def check(name: str, value: float, *, lowest: str, fits: bool) -> None:
    """Refuses a number that is out of bounds.

    Raises:
        UsageError: naming the option and its bounds.
    """
    if not (fits and math.isfinite(value) and value <= LARGEST):
        option = name.replace("_", "-")
        raise UsageError(f"--{option} {value:g}: must be {lowest}, and at most {LARGEST:g}.")
