"""Why an f-divergence is infinite, and why a trained D falls short of one."""

import math

from gan_cli.divergences.f_functions import ROWS
from gan_cli.theory.f_divergences import ACCURACY, FDivergences, Row
from gan_cli.theory.findings.base import exponential, number, percent

MOST = 10.0  # times the value, beyond which a gap is not told as a part of it
UNTRAINED = (
    "No D is trained here. One of the two is a density and the other masses at points, so T* has "
    "one value at the points and another one everywhere else. The narrower the peaks of a "
    "continuous T there, the more F(T) is, and none that a network gives is the best: what a D had "
    "found would tell when its training ended, and nothing of p and q."
)


def remarks(found: FDivergences) -> list[str]:
    """What is to be said below the table, a paragraph each."""
    told = [_of_singular(found)] if found.singular else []
    if not found.updates:
        told.append(UNTRAINED)
    elif not found.singular and found.rows["total_variation"].direct.value <= ACCURACY**2:
        told.append(
            "p and q are the same, so T* is the constant f'(1): .9 log p/q and 0 are T* itself and "
            "give as much, and total variation's E_P T - E_Q T is 0 for every T."
        )
    elif any(row.as_good for row in found.rows.values()):
        told.append("Another T gives as much as T* where float64 holds no difference.")
    labels: dict[str, list[str]] = {}
    for row in found.rows.values():
        if why(row):
            labels.setdefault(why(row), []).append(row.label)
    return [*told, *(f"{'; '.join(rows)}: {reason}." for reason, rows in labels.items())]


def why(row: Row) -> str:
    """Why a value is infinite, or why the trained D falls short by more than it should."""
    ended = ", and the trained D's number tells only where its training ended"
    ended = ended if row.trained else ""
    if row.log_direct is not None:
        return (
            f"finite, {exponential(row.log_direct)}, and more than float64, which ends at 1.8e308, "
            f"holds or can sum{ended}"
        )
    if row.why:
        return f"infinite: {row.why}, so F(T) has no greatest value{ended}"
    if math.isinf(row.direct.value):
        return f"infinite, or more than float64, which ends at 1.8e308, holds or can sum{ended}"
    if row.trained is None:
        return ""
    below = row.least == 0 and row.trained.value < 0
    reasons = [_below_zero(row)] if below else []
    if not row.within:
        reasons.append(_short(row))
    return "; ".join(reasons)


def short_by(row: Row) -> str:
    """What the trained D falls short by: a part of the value, or the difference where that is 0."""
    if row.short_by is None:
        return ""
    if row.gap is not None and row.gap <= MOST:
        return percent(max(0.0, row.gap))
    return number((max(0.0, row.short_by), 0.0), 2)


def _of_singular(found: FDivergences) -> str:
    finite = [row for row in found.rows.values() if not math.isinf(row.direct.value)]
    values = "; ".join(f"{row.label} = {row.direct.value:.7g}" for row in finite)
    return (
        "p and q are mutually singular: each has all of its mass where the other has none. Then "
        "every D_f is f(0) + the slope of f at infinity, wherever they lie. Where both are finite, "
        f"that is: {values}. The {len(found.rows) - len(finite)} others are infinite."
    )


def _below_zero(row: Row) -> str:
    small = "; it is 0 to within the float32 in which D computes" if row.within else ""
    return (
        "the trained D's number is below 0, which no D_f is: F(T) of any T is only a lower bound, "
        "and this T gives less than the constant T = f'(1), which does not tell p from q and gives "
        f"0{small}"
    )


def _short(row: Row) -> str:
    told = f"the trained D falls short by {short_by(row)}: "
    terms = row.terms
    if ROWS["total_variation"].label == row.label:
        return told + "T* is a step, and a network that is continuous goes from -1/2 to 1/2 slowly"
    if terms.farthest > terms.held:
        return told + (
            f"log p/q reaches {terms.farthest:.3g} nats in size where its terms are, and float32, "
            f"in which D computes, holds T* and f*(T*) up to {terms.held:g} nats"
        )
    return told + (
        f"half of its terms come from points that have probability {terms.of_p:.1e} under p and "
        f"{terms.of_q:.1e} under q, where T* grows to {terms.steepest:.2g} in size"
    )
