"""`gan theory global-optimum`: C(G) touches -log 4 at p_g = p_data and nowhere else."""

from typing import TYPE_CHECKING, Any

from gan_cli.cli.theory import output

if TYPE_CHECKING:
    from gan_cli.theory.global_optimum import Curve

LABELS = {"normal(mu, 1)": r"$\mu$ (units of $x$)", "normal(0, s)": "s (units of $x$)"}
SCALES = {"normal(mu, 1)": "linear", "normal(0, s)": "log"}


def global_optimum(out: output.Out = output.PLACE, as_json: output.AsJson = False) -> None:
    """C(G) = -log 4 + 2 JS is least at p_g = p_data, and there it is -log 4.

    With p_data = normal(0, 1), p_g is normal(mu, 1) and then normal(0, s); JS is
    found by quadrature (Goodfellow et al. 2014, Theorem 1). Nothing is drawn by
    chance.
    """
    from gan_cli.plots import global_optimum as plots
    from gan_cli.theory.global_optimum import global_optimum as measure

    curves = measure()
    shown = [
        plots.Curve(
            f"$p_{{data}}$ = normal(0, 1), $p_g$ = {c.name}",
            LABELS[c.name],
            c.truth,
            c.parameters,
            c.costs,
            SCALES[c.name],
        )
        for c in curves
    ]
    path = output.save(out, "global_optimum.png", plots.draw(shown, title(curves)))
    output.tell(numbers(curves), lines(curves), [path], as_json=as_json)


def title(curves: "tuple[Curve, ...]") -> str:
    """The finding in two lines."""
    within = max(abs(curve.gap) + curve.error for curve in curves)
    elsewhere = min(curve.elsewhere for curve in curves)
    return (
        rf"C(G) = $-\log 4$ + 2 JS touches $-\log 4$ at $p_g = p_{{data}}$ "
        f"(to within {within:.0e} nats) and nowhere else\n"
        f"The least of the other {sum(len(c.costs) - 1 for c in curves)} $p_g$ is "
        rf"{elsewhere:.1e} nats above $-\log 4$"
    )


def numbers(curves: "tuple[Curve, ...]") -> dict[str, Any]:
    """By name, in nats."""
    from gan_cli.theory.value import LOG_4

    return {
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


def lines(curves: "tuple[Curve, ...]") -> list[str]:
    """What is claimed, what was measured and what was expected."""
    told = [
        "At D's optimum G minimises C(G) = -log 4 + 2 JS(p_data, p_g). Its least value is -log 4,",
        "at p_g = p_data alone. Here p_data = normal(0, 1).",
        "",
    ]
    for curve in curves:
        shape = "falls to it, then rises" if curve.falls_then_rises else "has more than one low"
        first, last = curve.parameters[[0, -1]]
        told += [
            f"p_g = {curve.name}, {first:.4g} to {last:.4g}",
            f"  C + log 4 at {curve.truth:g}    {curve.gap:.1e} +- {curve.error:.0e} nats "
            "(expected 0, within 1e-6)",
            f"  least elsewhere   {curve.elsewhere:.1e} nats (expected above 0); C {shape}",
            f"  C at the ends     {curve.costs[0]:.1e} and {curve.costs[-1]:.1e} nats "
            "(expected between -log 4 and 0)",
            f"  checked           V(D*, G) by a quadrature of its own is within "
            f"{curve.disagreement:.0e} nats",
        ]
    return told
