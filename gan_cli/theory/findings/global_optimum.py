"""C(G) along families of p_g: where it is least, and what it is at the ends."""

from collections.abc import Sequence

from gan_cli.theory.findings.base import Expected, Findings
from gan_cli.theory.findings.global_optimum_picture import CAPTION, draw
from gan_cli.theory.global_optimum import Curve
from gan_cli.theory.value import LOG_4

WITHIN = 1e-6  # nats
STATEMENT = [
    "If D is optimal, G minimises C(G) = -log 4 + 2 JS(p_data, p_g). The smallest value of C is",
    "-log 4, and it is reached only at p_g = p_data. Here p_data = normal(0, 1).",
    "",
]


def findings(curves: Sequence[Curve]) -> Findings:
    """Shows C(G) along each family."""
    numbers = {
        "minus_log_4": -LOG_4,
        "gap_at_optimum": max(abs(curve.gap) for curve in curves),
        "least_gap_elsewhere": min(curve.elsewhere for curve in curves),
        "families": [
            {
                "p_g": curve.name,
                "p_data_at": curve.truth,
                "gap_at_optimum": curve.gap,
                "least_gap_elsewhere": curve.elsewhere,
                "falls_then_rises": curve.falls_then_rises,
                "quadrature_error": curve.error,
                "distance_from_value": curve.disagreement,
                "parameters": curve.parameters,
                "costs": curve.costs,
            }
            for curve in curves
        ],
    }
    lines = [*STATEMENT, *(line for curve in curves for line in _lines(curve))]
    pictures = {"global_optimum.png": draw(curves, title(curves))}
    told = [each for curve in curves for each in _expected(curve)]
    return Findings(numbers, lines, pictures, told, {"global_optimum.png": CAPTION})


def _expected(curve: Curve) -> list[Expected]:
    """What the theory gives for a family."""
    least = curve.gap - LOG_4, curve.error
    return [
        Expected(f"C(G) at p_g = p_data, in {curve.name}, nats", -LOG_4, least, WITHIN),
        Expected(
            f"C(G) + log 4 anywhere else in {curve.name}, nats: above 0",
            0.0,
            (curve.elsewhere, curve.error),
            relation=">=",
        ),
        Expected(
            f"C(G) - V(D*, G), integrated separately, in {curve.name}, nats",
            0.0,
            (curve.disagreement, curve.error),
            WITHIN,
        ),
    ]


def _lines(curve: Curve) -> list[str]:
    """What was measured of a family and what was expected."""
    first, last = curve.parameters[[0, -1]]
    shape = "C falls up to there, then rises" if curve.falls_then_rises else "C has several minima"
    return [
        f"p_g = {curve.name}, from {first:.4g} to {last:.4g}",
        f"  C + log 4 at {curve.truth:g}    {curve.gap:.1e} +- {curve.error:.0e} nats "
        "(expected 0, within 1e-6)",
        f"  least elsewhere   {curve.elsewhere:.1e} nats (expected above 0); {shape}",
        f"  C at the ends     {curve.costs[0]:.1e} and {curve.costs[-1]:.1e} nats "
        "(expected between -log 4 and 0)",
        f"  check             V(D*, G), integrated separately, differs by at most "
        f"{curve.disagreement:.0e} nats",
    ]


def title(curves: Sequence[Curve]) -> str:
    """The finding in two lines."""
    within = max(abs(curve.gap) + curve.error for curve in curves)
    elsewhere = min(curve.elsewhere for curve in curves)
    return (
        r"C(G) = $-\log 4$ + 2 JS reaches $-\log 4$ at $p_g = p_{data}$ "
        f"(to within {within:.0e} nats) and nowhere else:\n"
        f"at each of the other {sum(len(c.costs) - 1 for c in curves)} $p_g$ "
        rf"it is at least {elsewhere:.1e} nats above $-\log 4$"
    )
