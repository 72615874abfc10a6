"""The eigenvalues of a game around a checkpoint: lists, and what they mean."""

import math
from typing import Any

import numpy as np

from gan_cli.config import Experiment
from gan_cli.theory.eigenvalues import NAMES, Eigenvalues
from gan_cli.theory.findings.base import Findings, counted, table
from gan_cli.theory.findings.spectrum_picture import CAPTION, draw
from gan_cli.theory.spectrum import Spectrum

SHOWN = 8
"""The eigenvalues of each kind that the table shows."""


def findings(what: str, experiment: Experiment, examples: int, found: Spectrum) -> Findings:
    """Shows the eigenvalues of a game.

    Args:
        what: the run and its step, in words.
        experiment: what was trained.
        examples: how many examples of data, and samples of G, the losses are means over.
        found: its spectrum.
    """
    numbers: dict[str, Any] = {
        "run": what,
        "examples": examples,
        "parameters": dict(zip(("generator", "discriminator"), found.parameters, strict=True)),
        "gradient_norm": found.norm,
        "largest_real_part": found.largest_real,
        "largest_ratio": found.largest_ratio,
        "largest_stable_step": found.largest_step,
        **{kind: listed(each) | {"wanted": found.wanted} for kind, each in found.kinds.items()},
        "left_out": listed(found.left_out),
        "unchanged_by": found.families,
        "field_along_these": found.field_along,
        "products": found.products,
        "whole": found.whole,
    }
    game = f"{experiment.objective.name} on {experiment.dataset.name}"
    pictures = {"spectrum.png": draw(found, title(game, found))}
    told = lines(what, experiment, examples, found)
    return Findings(numbers, told, pictures, (), {"spectrum.png": CAPTION})


def listed(found: Eigenvalues) -> dict[str, Any]:
    """Eigenvalues as pairs of their real and imaginary parts, and their residuals."""
    return {
        "eigenvalues": [[value.real, value.imag] for value in found.values.tolist()],
        "residuals": found.residuals,
    }


def lines(what: str, experiment: Experiment, examples: int, found: Spectrum) -> list[str]:
    """What was computed, the lists, and what they mean."""
    of_g, of_d = found.parameters
    return [
        f"{what}: {experiment.objective.name} on {experiment.dataset.name}.",
        "The Jacobian of v = (-grad_G L_G, -grad_D L_D), the field that simultaneous gradient",
        f"descent follows, by the {of_g:,} parameters of G and the {of_d:,} of D, in float64, with",
        f"the run's regularizers, on one batch of {examples:,} examples and as many samples.",
        f"The field has the length {found.norm:.3g} here, and 0 at an equilibrium.",
        "A negative real part is stable.",
        *remarks(experiment),
        "",
        *table("<>>>", *rows(found)),
        "",
        *shortfall(found),
        *zeros(found),
        "",
        *verdict(found),
    ]


def rows(found: Spectrum) -> list[tuple[str, ...]]:
    """The first of each kind, a pair of conjugates in one row."""
    told: list[tuple[str, ...]] = [("", "real part", "imaginary part", "residual")]
    for kind, each in found.kinds.items():
        upper = each.chosen(each.values.imag >= 0)
        for place, value in enumerate(upper.values[:SHOWN].tolist()):
            sign = "+-" if value.imag else ""
            own = NAMES[kind] if place == 0 else ""
            imaginary = f"{sign}{value.imag:.5g}" if value.imag else "0"
            told.append((own, f"{value.real:z.5g}", imaginary, f"{upper.residuals[place]:.0e}"))
        if len(upper.values) > SHOWN:
            told.append((f"  and {len(upper.values) - SHOWN} more with --json", "", "", ""))
    return told


def remarks(experiment: Experiment) -> list[str]:
    """What of the run's own way to train the field has, and what it has not."""
    told = []
    if experiment.update == "consensus":
        told.append("It has the pull of update=consensus, -gamma J^T F, as the run follows it.")
    if experiment.update == "extra_gradient":
        told.append("update=extra_gradient follows the same field, and is stable for other steps.")
    if experiment.unroll:
        told.append(
            f"G's gradient is taken through {counted(experiment.unroll, 'update')} of D by its own "
            "optimizer."
        )
    if experiment.architecture.spectral_norm:
        told.append("The singular vectors of spectral norm are held, as in a training step.")
    if experiment.regularizer or experiment.objective.takes_slopes:
        told.append("What the losses draw at random is drawn once, and stays the same.")
    return told


def shortfall(found: Spectrum) -> list[str]:
    """Which eigenvalues were not found."""
    if found.whole:
        return ["The game is so small that all of its eigenvalues were computed."]
    told = [
        f"ARPACK converged for {len(each.values)} of {found.wanted} of {NAMES[kind]}: the others "
        "lie close together, and one that is larger still may be among them."
        for kind, each in found.kinds.items()
        if len(each.values) < found.wanted
    ]
    worst = max((float(e.residuals.max(initial=0)) for e in found.kinds.values()), default=0.0)
    return [
        f"{found.products:,} products with the Jacobian; the residual |J x - lambda x| is at most "
        f"{worst:.0e}.",
        *told,
    ]


def zeros(found: Spectrum) -> list[str]:
    """Which directions change nothing, and what was left out for that."""
    if not found.families:
        return ["No rescaling of the layers leaves all outputs and the field as they are."]
    count = len(found.left_out.values)
    told = [
        "Scaling one layer up and the next one down, or a shift, changes no loss, so that each of",
        "these directions has the eigenvalue 0 at an equilibrium:",
        *(f"  {units:,} in {name}" for name, units in found.families.items()),
        f"The field's part along them is {found.field_along:.0e}.",
    ]
    if not count:
        return [*told, "No such eigenvalue is among these lists, so none was left out."]
    largest = float(np.abs(found.left_out.values).max())
    if count == 1:
        left = f"1 eigenvalue, {largest:.0e} in size, whose eigenvector mostly lies along them and"
        which = "which is"
    else:
        left = f"{count} eigenvalues, {largest:.0e} at most, whose eigenvectors mostly lie along "
        left, which = f"{left}them and", "which are"
    return [*told, f"Left out: {left}", f"{which} at most a hundredth of the largest modulus."]


def verdict(found: Spectrum) -> list[str]:
    """The three numbers, and what they mean."""
    step = found.largest_step
    written = "none, since a real part is positive" if step is None else f"{step:.4g}"
    head = [
        f"largest real part     {found.largest_real:z.5g}",
        f"largest |Im / Re|     {found.largest_ratio:.5g}",
        f"largest stable step   {written}",
    ]
    return [*head, f"{meaning(found)}."]


def meaning(found: Spectrum) -> str:
    """What the eigenvalues say of simultaneous gradient descent, in one clause."""
    step = found.largest_step
    if step is None:
        return "Simultaneous gradient descent moves away from here, however small its step"
    if step == 0:
        return (
            "Simultaneous gradient descent circles here: a real part is 0 beside an imaginary one"
        )
    if math.isinf(step):
        return "Nothing is known of a step's limit, since no eigenvalue differs from 0"
    return f"Simultaneous gradient descent is stable for steps below {step:.3g}"


def title(game: str, found: Spectrum) -> str:
    """The finding in two lines."""
    return (
        f"{game}. {meaning(found)}\n"
        f"Largest real part {found.largest_real:z.4g}, "
        f"largest |Im / Re| {found.largest_ratio:.3g}, {_stable(found.largest_step)}"
    )


def _stable(step: float | None) -> str:
    """Which steps are stable, in a few words."""
    if not step:
        return "no step is stable"
    return "no step's limit is known" if math.isinf(step) else f"largest stable step {step:.3g}"
