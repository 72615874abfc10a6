"""Two distributions compared: a table of every divergence, and what holds for any two."""

import math
from typing import Any

from gan_cli.divergences import Estimate
from gan_cli.theory.divergences import Divergences
from gan_cli.theory.findings.base import Expected, Findings, exponential, number, table
from gan_cli.theory.findings.divergences_picture import CAPTION, DIGITS, ROUNDING, draw
from gan_cli.theory.sampled_mmd import DRAWS, SampledMmd


def findings(p: str, q: str, found: Divergences) -> Findings:
    """Shows the comparison of the distributions written p and q."""
    values = {name: each.value for name, each in found.there.items()}
    errors = {name: each.error for name, each in found.there.items()}
    losses = {name: each.value for name, each in found.losses.items()}
    numbers = {
        "p": p,
        "q": q,
        **values,
        "errors": errors,
        "logarithms": found.logarithms,
        "best_losses": losses,
        "kernel": {"shape": found.kernel.shape, "widths": found.kernel.widths},
        "mmd_of_samples": _of_samples(found.sampled),
    }
    pictures = {"divergences.png": draw(found, title(found.there))}
    return Findings(
        numbers, lines(p, q, found), pictures, expected(found), {"divergences.png": CAPTION}
    )


def _of_samples(found: SampledMmd | None) -> dict[str, Any] | None:
    return found and {
        "estimator": found.estimator,
        "samples": found.samples,
        "estimates": DRAWS,
        "mean": found.mean.value,
        "standard_error": found.mean.error,
        "spread": found.spread,
        "expected": found.expected.value,
        "expected_error": found.expected.error,
    }


def expected(found: Divergences) -> list[Expected]:
    """What holds for any two distributions."""
    there, back = found.there, found.back
    js, variation = there["js"], there["total_variation"]
    swapped = js.value - back["js"].value, js.error + back["js"].error
    pinsker = Estimate(math.sqrt(there["kl_pq"].value / 2))
    return [
        Expected("KL(p || q), nats", 0.0, there["kl_pq"], relation=">="),
        Expected("KL(q || p), nats", 0.0, there["kl_qp"], relation=">="),
        Expected("JS(p, q), nats: at most log 2", math.log(2), js, relation="<="),
        Expected("JS(p, q) - JS(q, p), nats", 0.0, swapped, js.error + back["js"].error),
        Expected("total variation: at most 1", 1.0, variation, relation="<="),
        Expected(
            "total variation: at most sqrt(KL / 2) (Pinsker)",
            pinsker.value,
            variation,
            variation.error,
            "<=",
        ),
        Expected(
            "W_1, units of x: at most W_2",
            there["wasserstein_2"].value,
            there["wasserstein_1"],
            there["wasserstein_1"].error + there["wasserstein_2"].error,
            "<=",
        ),
    ]


def lines(p: str, q: str, found: Divergences) -> list[str]:
    """A table of every divergence in both directions, and why it is infinite where it is."""
    there, back = found.there, found.back
    rows = (
        ("KL", "kl_pq", "kl_qp", "nats"),
        ("JS", "js", "js", "nats, at most log 2 = 0.693147"),
        ("total variation", "total_variation", "total_variation", "at most 1"),
        ("squared Hellinger", "squared_hellinger", "squared_hellinger", "at most 2"),
        ("chi^2 (Pearson)", "pearson", "neyman", "Neyman's has p and q swapped"),
        ("Fisher", "fisher", "fisher", "at most 2"),
        ("relativistic gap", "relativistic", "relativistic", "nats, at most log 2"),
        ("energy (Cramer)", "energy", "energy", "2 integral (F - G)^2, units of x"),
        ("MMD^2", "mmd", "mmd", str(found.kernel)),
        ("W_1", "wasserstein_1", "wasserstein_1", "units of x"),
        ("W_2", "wasserstein_2", "wasserstein_2", "units of x"),
    )
    cells = []
    for label, name, swapped, unit in rows:
        one, other = there[name], there[swapped] if swapped != name else back[name]
        values = (_value(one, found, name), _value(other, found, swapped))
        cells.append((label, *values, _within(max(one.error, other.error)), unit))
    infinite = [
        sentence
        for a, b, kl, chi in (("p", "q", "kl_pq", "pearson"), ("q", "p", "kl_qp", "neyman"))
        for sentence in _infinite(a, b, there[kl], there[chi], found.logarithms.get(chi))
    ]
    told = table("<>><<", ("", "p || q", "q || p", "within", ""), *cells)
    losses = (f"{name.replace('_', ' ')} {number(each)}" for name, each in found.losses.items())
    return [
        f"p = {p}",
        f"q = {q}",
        "",
        *told,
        "",
        *_estimated(found.sampled),
        f"The best D's loss: {', '.join(losses)}.",
        *infinite,
    ]


def _value(estimate: Estimate, found: Divergences, name: str) -> str:
    """A number, by its logarithm where float64 does not hold it."""
    logarithm = found.logarithms.get(name)
    return number(estimate) if logarithm is None else exponential(logarithm)


def _infinite(a: str, b: str, kl: Estimate, chi: Estimate, logarithm: float | None) -> list[str]:
    """Why KL and chi^2 are infinite in one direction, or beyond float64, where they are."""
    if math.isinf(kl.value):
        return [f"KL and chi^2({a} || {b}) are infinite: {a} has mass where {b} has none."]
    if logarithm is not None:
        return [
            f"chi^2({a} || {b}) is finite, {exponential(logarithm)}, and more than float64, which "
            "ends at 1.8e308, holds or can sum."
        ]
    if math.isinf(chi.value):
        return [
            f"chi^2({a} || {b}) is infinite: the tails of {a} are wider than those of {b} by a "
            "factor of sqrt 2 or more."
        ]
    return []


def _estimated(found: SampledMmd | None) -> list[str]:
    """What estimates of MMD^2 from samples give."""
    if found is None:
        return []
    return [
        f"MMD^2 of {found.samples:,} samples of each, {found.estimator}: {number(found.mean)} +- "
        f"{found.mean.error:.1g} is the mean of {DRAWS} estimates, and",
        f"{number(found.expected)} that of all there could be. A single one lies about "
        f"{found.spread:.1g} from that.",
    ]


def _within(error: float) -> str:
    return f"{error:.0e}" if error else "exact"


def title(found: dict[str, Estimate]) -> str:
    """The finding in two lines."""
    value = {name: number(each, DIGITS) for name, each in found.items()}
    return (
        f"{directions(found)}\n"
        f"JS = {value['js']} nats (at most log 2 = 0.6931), total variation = "
        f"{value['total_variation']} (at most 1), $W_1$ = {value['wasserstein_1']} and $W_2$ = "
        f"{value['wasserstein_2']} in units of $x$"
    )


def directions(found: dict[str, Estimate]) -> str:
    """What KL is in one direction and in the other."""
    (pq, pq_error), (qp, qp_error) = found["kl_pq"], found["kl_qp"]
    one, other = (number(found[name], DIGITS) for name in ("kl_pq", "kl_qp"))
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
