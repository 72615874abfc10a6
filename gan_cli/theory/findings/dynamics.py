"""The dynamics of the Dirac-GAN: a table of all methods, and a phase portrait of each."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from gan_cli.theory.dirac_updates import objective
from gan_cli.theory.dynamics import RADIUS, STARTS, STEPS, Dynamics
from gan_cli.theory.findings import dynamics_picture
from gan_cli.theory.findings.base import Expected, Findings, table
from gan_cli.theory.linear_dynamics import Settings

CAPTION = (
    "Streamlines of the first step from every point, and 500 steps from three points; the cross is "
    "the equilibrium."
)
AGREED = 1e-5
EXACT = 1e-9
"""A modulus of one step that is this near to 1 is 1."""

SET_BY = {
    "instance_noise": "sigma {sigma:g}",
    "r1": "gamma {gamma:g}",
    "r1_r2": "gamma {gamma:g}",
    "consensus": "gamma {gamma:g}",
    "gradient_norm": "eta {eta:g}",
    "unrolled": "{unroll} updates of rate {unroll_rate:g}",
    "two_time_scales": "rates {step:g} and {discriminator_step:g}",
}


def findings(found: Sequence[Dynamics], settings: Settings) -> Findings:
    """Shows every method that was examined."""
    numbers: dict[str, Any] = {each.method: numbers_of(each) for each in found}
    pictures = {
        f"dynamics_{each.method}.png": dynamics_picture.one(
            each, f"{name(each, settings)}: {verdict(each)}", eigenvalues(each)
        )
        for each in found
    }
    if len(found) > 1:
        titles = [f"{each.method}: {verdict(each)}" for each in found]
        below = [eigenvalues(each) for each in found]
        pictures = {"dynamics.png": dynamics_picture.all_of(found, titles, below)} | pictures
    numbers |= {"settings": settings._asdict()}
    captions = dict.fromkeys(pictures, CAPTION)
    return Findings(numbers, lines(found, settings), pictures, expected(found), captions)


def expected(found: Sequence[Dynamics]) -> list[Expected]:
    """The modulus of one step in closed form, beside the map that was fitted to updates."""
    return [
        Expected(
            f"{each.method}: modulus of a step",
            each.predicted_modulus,
            (each.measured_modulus, 0.0),
            AGREED,
        )
        for each in found
        if each.predicted_modulus is not None and each.measured_modulus is not None
    ]


def numbers_of(found: Dynamics) -> dict[str, Any]:
    """The numbers of one method; what has no value is None."""
    return {
        "eigenvalues": pairs(found.flow),
        "automatic": pairs(found.automatic),
        "map": found.predicted_modulus,
        "measured": found.measured_modulus,
        "map_eigenvalues": pairs(found.step),
        "measured_eigenvalues": pairs(found.measured),
        "largest_error": found.error,
        "starts": STARTS,
        "distances_at_the_end": [
            None if step else float(end)
            for end, step in zip(found.distances[:, -1], found.overflows, strict=True)
        ],
        "overflows_at_step": found.overflows,
        "reason": found.kink,
    }


def pairs(values: tuple[complex, ...] | None) -> list[list[float]] | None:
    """Complex numbers as pairs of their real and imaginary parts."""
    return None if values is None else [[value.real, value.imag] for value in values]


def name(found: Dynamics, settings: Settings) -> str:
    """A method with the settings that it depends on beside the step."""
    told = SET_BY.get(found.method, "").format(**settings._asdict())
    return f"{found.method} ({told})" if told else found.method


def verdict(found: Dynamics) -> str:
    """What a method does near the equilibrium."""
    modulus = found.predicted_modulus
    if modulus is None:
        return "no Jacobian"
    if abs(modulus - 1) < EXACT:
        return "circles"
    if modulus > 1:
        return "diverges"
    away = not (found.distances[:, -1] <= found.distances[:, 0]).all()
    return "converges, but not from afar" if away else "converges"


def written(values: tuple[complex, ...] | None) -> str:
    """A pair of eigenvalues such as "-0.25 +- 0.4330i", or real ones side by side."""
    if values is None:
        return "-"
    first, second = values[:2]
    if abs(first - second) < 1e-6:
        return f"{first.real:z.4f} twice"
    if abs(first.imag) < 1e-6:
        low, high = sorted((first.real, second.real))
        return f"{low:z.4f}, {high:z.4f}"
    centre = f"{first.real:z.4f} " if abs(first.real) > EXACT else ""
    return f"{centre}+- {abs(first.imag):.4f}i"


def eigenvalues(found: Dynamics) -> str:
    """The eigenvalues of a flow, and the moduli of those of a step, in one line for a picture."""
    if found.step is None:
        return found.kink
    equals = "of both rates" if found.method == "two_time_scales" else "="
    own = f"$\\lambda$ {equals} {written(found.flow)}, " if found.flow else ""
    others = sorted({round(abs(z), 5) for z in found.step})[:-1] if found.flow is None else []
    more = "".join(f" and {modulus:.5f}" for modulus in others)
    return f"{own}|step| {found.predicted_modulus:.5f}{more}".replace("+-", "$\\pm$")


def lines(found: Sequence[Dynamics], settings: Settings) -> list[str]:
    """What is claimed, a table, and what it says."""
    head = ("method", "eigenvalues", "automatic", "|step|", "fitted", "after", "near (0, 0)")
    rows = [
        (
            name(each, settings),
            written(each.flow),
            written(each.automatic),
            modulus(each.predicted_modulus),
            modulus(each.measured_modulus),
            after(each),
            verdict(each),
        )
        for each in found
    ]
    begin = float(np.hypot(*STARTS[0]))
    level = float(objective(settings).boundary)
    constant = f" + {level:g}" if level else ""
    overflow = [
        "             'overflow at' tells the step from which on float64 does not hold it."
    ] * any(each.overflows[0] for each in found)
    return [
        f"Dirac-GAN: p_data is a point mass at 0, p_g one at theta, and D(x) = psi x{constant}.",
        f"objective {settings.game}, steps of size {settings.step:g}, in float64.",
        "",
        *table("<<<>>><", head, *rows),
        "",
        "eigenvalues  those of the flow at the equilibrium (0, 0), in closed form; - where a",
        "             method only is a map. Those of two_time_scales hold both rates.",
        "automatic    the same by automatic differentiation of the update.",
        "|step|       the spectral radius of one step in closed form: below 1 it converges.",
        f"fitted       the same of the map fitted to updates within {RADIUS:g} of the equilibrium.",
        f"after        the distance from the equilibrium after {STEPS} steps, from {begin:.3g}.",
        *overflow,
        "",
        *remarks(found, settings),
    ]


def after(found: Dynamics) -> str:
    """The distance at the end of the first trajectory, or where float64 no longer holds it."""
    lost = found.overflows[0]
    return f"{found.distances[0, -1]:.2g}" if lost is None else f"overflow at {lost}"


def modulus(value: float | None) -> str:
    """A modulus with seven decimals, or - where there is none."""
    return "-" if value is None else f"{value:.7f}"


def remarks(found: Sequence[Dynamics], settings: Settings) -> list[str]:
    """How well the numbers agree, and where there are none."""
    kinks = {each.kink for each in found if each.kink}
    if kinks:
        return [
            f"There is no Jacobian at the equilibrium, since {kinks.pop()}:",
            "no eigenvalue and no linear map exists there, and only the trajectories are shown.",
        ]
    worst = max(found, key=lambda each: each.error or 0)
    told = [
        f"Closed form, differentiation and fit agree to {worst.error:.0e} "
        f"(expected 1e-05), least in {worst.method}."
    ]
    if any(each.method == "alternating" for each in found):
        limit = 2 / settings.slopes[0]
        told.append(f"alternating keeps the modulus 1 while the step is at most {limit:g}.")
    if any(each.method == "instance_noise" for each in found):
        told.append("instance_noise is integrated by Gauss-Hermite quadrature, not drawn.")
    if settings.objective == "wgan":
        told.append(
            "wgan's clip is set to |psi| <= 5, outside of the picture: there is no Jacobian where "
            "it acts."
        )
    return told
