"""`gan theory divergences`: every divergence of two distributions given as text."""

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gan_cli.cli.theory import output, texts

if TYPE_CHECKING:
    from gan_cli.divergences import Estimate

Found = dict[str, "Estimate"]

HOW = "normal(MEAN,STD), uniform(LOW,HIGH), mixture(.3*normal(..)+.7*..), discrete(.5,.5)"
P = Annotated[str, typer.Option("--p", metavar="TEXT", help=f"One distribution: {HOW}.")]
Q = Annotated[str, typer.Option("--q", metavar="TEXT", help="The other one.")]
ROUNDING = 1e-12  # of float64, beside a number of no error
DIGITS = 4  # significant ones of a number in the picture
PLACES = 48  # that a density is gathered in, where the transport is drawn


def divergences(
    p: P = "normal(0,1)",
    q: Q = "mixture(0.3*normal(-1,.5)+0.7*normal(2,1))",
    out: output.Out = output.PLACE,
    as_json: output.AsJson = False,
) -> None:
    """Every divergence of two distributions, in both directions, and what it is made of.

    KL, JS, total variation and Wasserstein, by quadrature with the error stated,
    or exactly for discrete distributions. Nothing is drawn by chance.
    """
    from gan_cli.divergences import compare, optimal_coupling
    from gan_cli.plots import divergences as plot
    from gan_cli.theory import pointwise

    first, second = texts.read("--p", p), texts.read("--q", q)
    there, back = compare(first, second), compare(second, first)
    ends = pointwise.interval(first, second)
    terms = pointwise.integrands(first, second, ends)
    picture = plot.draw(
        (
            plot.Weights(*pointwise.weights(first, ends)),
            plot.Weights(*pointwise.weights(second, ends)),
        ),
        [
            plot.Term(name, terms.x, value, terms.discrete)
            for name, value in zip(names(there), (terms.kl_pq, terms.kl_qp, terms.js), strict=True)
        ]
        if terms
        else [],
        plot.Transport(*optimal_coupling(first, second, points=PLACES)),
        ends,
        title(there),
    )
    path = output.save(out, "divergences.png", picture)
    output.tell(numbers(p, q, there), lines(p, q, there, back), [path], as_json=as_json)


def numbers(p: str, q: str, found: Found) -> dict[str, Any]:
    """What was compared, every divergence by name, and how far off each may be."""
    values = {name: each.value for name, each in found.items()}
    return {"p": p, "q": q} | values | {"errors": {name: e.error for name, e in found.items()}}


def names(found: Found) -> tuple[str, str, str]:
    """The terms of KL and JS with what they come to."""
    return (
        rf"$p\,\log(p / q)$: KL(p || q) = {texts.number(found['kl_pq'], DIGITS)}",
        rf"$q\,\log(q / p)$: KL(q || p) = {texts.number(found['kl_qp'], DIGITS)}",
        f"JS: {texts.number(found['js'], DIGITS)}",
    )


def title(found: Found) -> str:
    """The finding in two lines."""
    value = {name: texts.number(each, DIGITS) for name, each in found.items()}
    return (
        f"{directions(found)}\n"
        f"JS = {value['js']} of at most log 2 = 0.6931 nats, total variation "
        f"{value['total_variation']} of at most 1, $W_1$ = {value['wasserstein_1']} and $W_2$ = "
        f"{value['wasserstein_2']} in units of $x$"
    )


def directions(found: Found) -> str:
    """What KL is in one direction and in the other."""
    (pq, pq_error), (qp, qp_error) = found["kl_pq"], found["kl_qp"]
    one, other = (texts.number(found[name], DIGITS) for name in ("kl_pq", "kl_qp"))
    told = f"KL(p || q) = {one} and KL(q || p) = {other} nats"
    if math.isinf(pq) and math.isinf(qp):
        return "KL is infinite both ways: each has mass where the other has none"
    if math.isinf(pq):
        return f"{told}: p has mass where q has none"
    if math.isinf(qp):
        return f"{told}: q has mass where p has none"
    if math.isclose(pq, qp, rel_tol=ROUNDING, abs_tol=pq_error + qp_error):
        alike = "for these two it is symmetric"
        return f"{told}: {alike if one == other else 'they differ by less than their error'}"
    return f"{told}: it is not symmetric{', if only just' if one == other else ''}"


def lines(p: str, q: str, there: Found, back: Found) -> list[str]:
    """A table of every divergence in both directions, and why it is infinite where it is."""
    rows = (
        ("KL", there["kl_pq"], there["kl_qp"], "nats"),
        ("JS", there["js"], back["js"], "nats, at most log 2 = 0.693147"),
        ("total variation", there["total_variation"], back["total_variation"], "at most 1"),
        ("W_1", there["wasserstein_1"], back["wasserstein_1"], "units of x"),
        ("W_2", there["wasserstein_2"], back["wasserstein_2"], "units of x"),
    )
    told = [f"p = {p}", f"q = {q}", "", f"{'':16}{'p || q':>14}  {'q || p':>14}   within"]
    for name, one, other, unit in rows:
        error = max(one.error, other.error)
        within = f"{error:.0e}" if error else "exact"
        told.append(
            f"{name:16}{texts.number(one):>14}  {texts.number(other):>14}   {within:8}{unit}"
        )
    infinite = [
        f"KL({a} || {b}) is infinite: {a} has mass where {b} has none."
        for a, b, name in (("p", "q", "kl_pq"), ("q", "p", "kl_qp"))
        if math.isinf(there[name].value)
    ]
    return [*told, *([""] if infinite else []), *infinite]
