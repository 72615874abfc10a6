"""`gan theory optimal-discriminator`: a trained D beside p_data / (p_data + p_g)."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gan_cli.cli.theory import output, texts
from gan_cli.errors import UsageError

if TYPE_CHECKING:
    from gan_cli.theory.fixed_generator import WithDensity
    from gan_cli.theory.optimal_discriminator import OptimalDiscriminator

SUP, VALUE = 0.02, 0.005  # how far D and V(D, G) may be off
P = Annotated[
    str | None,
    typer.Option("--p", metavar="TEXT", help="p_data, such as 'uniform(0,1)'; needs --q too."),
]
Q = Annotated[str | None, typer.Option("--q", metavar="TEXT", help="p_g, such as 'normal(0,1)'.")]


def optimal_discriminator(
    p: P = None,
    q: Q = None,
    updates: Annotated[
        int | None,
        typer.Option(min=1, help="Of D; by default 1,500 on the line and 4,000 in the plane."),
    ] = None,
    seed: output.Seed = 0,
    out: output.Out = output.PLACE,
    as_json: output.AsJson = False,
) -> None:
    """G fixed, D trained: it becomes p_data / (p_data + p_g).

    An MLP learns by minimax's discriminator loss, each update on fresh samples
    of two known distributions: a pair on the line and one in the plane, or those
    of --p and --q (Goodfellow et al. 2014, Proposition 1 and Theorem 1).
    """
    from gan_cli.theory.optimal_discriminator import LINE, PLANE
    from gan_cli.theory.optimal_discriminator import optimal_discriminator as measure
    from gan_cli.training.compilation import keep_programs

    pairs = [LINE, PLANE] if p is None and q is None else [chosen(p, q)]
    keep_programs("auto")
    found = [measure(*pair, seed, updates) for pair in pairs]
    paths = [
        output.save(out, f"optimal_discriminator_{name(each)}.png", picture(each)) for each in found
    ]
    told = {name(each): numbers(each) for each in found}
    rows = [line for each in found for line in lines(each)]
    output.tell(told, [*STATEMENT, *rows], paths, as_json=as_json)


STATEMENT = [
    "With p_g fixed the best D is D* = p_data / (p_data + p_g), and then V(D, G) = -log 4 + 2 JS.",
    "D is held to D* in the smallest region that holds 99 % of (p_data + p_g) / 2.",
]


def chosen(p: str | None, q: str | None) -> "tuple[WithDensity, WithDensity]":
    """The user's own pair.

    Raises:
        UsageError: if one is missing or has no density, or a text cannot be read.
    """
    from gan_cli.divergences import Discrete

    if p is None or q is None:
        given, missing = ("--p", "--q") if q is None else ("--q", "--p")
        raise UsageError(f"{given} needs {missing} beside it, such as {missing} 'normal(0,1)'.")
    data, generated = texts.read("--p", p), texts.read("--q", q)
    if isinstance(data, Discrete) or isinstance(generated, Discrete):
        name, text = ("--p", p) if isinstance(data, Discrete) else ("--q", q)
        raise UsageError(f"{name} '{text}': has no density, which D* is made of. Try a mixture.")
    return data, generated


PLACES = {"line": "On the line", "plane": "In the plane"}


def name(found: "OptimalDiscriminator") -> str:
    """Of the pair, by its dimension."""
    return "line" if len(found.axes) == 1 else "plane"


def title(found: "OptimalDiscriminator") -> str:
    """The finding in two lines."""
    return (
        f"Trained D is within {found.sup_error:.4f} of $D^*$ wherever it is held to it, "
        f"{found.mean_error:.4f} on average\n"
        f"V(D, G) = ${found.value.value:.4f}$ nats; "
        rf"$-\log 4$ + 2 JS = ${found.expected.value:.4f}$"
    )


def picture(found: "OptimalDiscriminator") -> bytes:
    """A PNG."""
    from gan_cli.plots.optimal_discriminator import in_plane, on_line

    pair = (found.optimum, found.trained)
    if len(found.axes) == 1:
        return on_line(found.axes[0], (found.p, found.q), pair, found.region, title(found))
    shape = tuple(len(axis) for axis in found.axes)
    optimum, trained = (values.reshape(shape) for values in pair)
    return in_plane(found.axes, (optimum, trained), found.region.reshape(shape), title(found))


def numbers(found: "OptimalDiscriminator") -> dict[str, Any]:
    """By name; values in nats."""
    return {
        "sup_error": found.sup_error,
        "mean_error": found.mean_error,
        "value": found.value.value,
        "value_quadrature_error": found.value.error,
        "value_expected": found.expected.value,
        "value_expected_error": found.expected.error,
        "value_error": found.value_error,
        "value_on_samples": found.sampled.value,
        "value_on_samples_standard_error": found.sampled.error,
        "within": found.sup_error <= SUP and found.value_error <= VALUE,
        "updates": found.updates,
    }


def lines(found: "OptimalDiscriminator") -> list[str]:
    """What was measured and what was expected."""
    verdicts = {True: "yes", False: "no"}
    return [
        "",
        f"{PLACES[name(found)]}, after {found.updates:,} updates of D",
        f"  |D - D*|             at most {found.sup_error:.4f}, {found.mean_error:.4f} on average; "
        f"within {SUP:g}: {verdicts[found.sup_error <= SUP]}",
        f"  V(D, G)              {found.value.value:.5f} nats by quadrature; on fresh samples "
        f"{found.sampled.value:.5f} +- {found.sampled.error:.5f}",
        f"  -log 4 + 2 JS        {found.expected.value:.5f} nats expected; off by "
        f"{found.value_error:.5f}, within {VALUE:g}: {verdicts[found.value_error <= VALUE]}",
    ]
