"""A trained G beside the exact optimal map: matrices, costs, and how far apart they are."""

from typing import Any

import numpy as np

from gan_cli.theory.findings.base import Expected, Findings, counted, number, table
from gan_cli.theory.findings.optimal_transport_picture import CAPTION, draw
from gan_cli.theory.optimal_transport import OptimalTransport

OFF = 0.02
"""The part of Q's variance that may lie between the trained G and the optimal map."""

BELOW = ", and so its samples from Q: it can cost less than the least to Q itself"


def findings(p: str, q: str, found: OptimalTransport) -> Findings:
    """Shows the optimal map between the distributions written p and q, and the trained G."""
    fitted = found.fitted
    numbers: dict[str, Any] = {
        "p": p,
        "q": q,
        "matrix": found.exact.matrix,
        "offset": found.exact.to,
        "wasserstein_2_squared": found.wasserstein.value,
        "wasserstein_2_squared_error": found.wasserstein.error,
        "sliced_wasserstein_2_squared": found.sliced.value,
        "sliced_wasserstein_2_squared_error": found.sliced.error,
        "sliced_of_the_shift": found.sliced_shift.value,
        "sliced_of_the_shift_expected": _sliced_shift(found),
        "trained": {
            "matrix": fitted.matrix,
            "offset": fitted.to,
            "matrix_error": np.abs(fitted.matrix - found.exact.matrix).max(),
            "mean_squared_error": found.error.value,
            "mean_squared_error_standard_error": found.error.error,
            "unexplained": found.unexplained,
            "cost": found.cost.value,
            "cost_standard_error": found.cost.error,
            "distance_to_q": found.distance,
            "steps": found.steps,
        },
    }
    if found.p.dimension > 1:
        numbers["trained"]["angle"] = found.angle
    pictures = {"optimal_transport.png": draw(found, title(found))}
    captions = {"optimal_transport.png": CAPTION}
    return Findings(numbers, lines(p, q, found), pictures, expected(found), captions)


def expected(found: OptimalTransport) -> list[Expected]:
    """What holds for any two normals, and for a G that is at its optimum."""
    shift = _sliced_shift(found)
    return [
        Expected("sliced W_2^2 of the shift m: |m|^2 / D", shift, found.sliced_shift, 1e-9),
        Expected(
            "sliced W_2^2: at most W_2^2 / D",
            found.wasserstein.value / found.p.dimension,
            found.sliced,
            found.sliced.error,
            "<=",
        ),
        Expected(
            "E|G(x) - T(x)|^2 of the trained G, in parts of Q's variance",
            0.0,
            (found.unexplained, 0.0),
            OFF,
        ),
    ]


def _sliced_shift(found: OptimalTransport) -> float:
    """|m|^2 / D."""
    return float(((found.p.centre - found.q.centre) ** 2).mean())


def lines(p: str, q: str, found: OptimalTransport) -> list[str]:
    """The exact numbers, and how near the trained G comes."""
    fitted, exact = found.fitted, found.exact
    rows = [
        (f"A, row {i}", _row(a, 8), _row(b, 4))
        for i, (a, b) in enumerate(zip(exact.matrix, fitted.matrix, strict=True), 1)
    ]
    rows.append(("b", _row(exact.to, 8), _row(fitted.to, 4)))
    rows.append(("E|G(x) - x|^2", number(found.wasserstein, 8), _pm(found.cost)))
    off = np.sqrt(np.quantile(found.squares, 0.99))
    turned = (
        [("angle", f"{found.angle:+z.2f} degrees between G and T")] if len(exact.to) > 1 else []
    )
    told = (
        ("E|G(x) - T(x)|^2", f"{_pm(found.error)}, {found.unexplained:.2%} of Q's variance"),
        ("|G(x) - T(x)|", f"below {off:.3f} for 99 % of x"),
        *turned,
        ("G's samples", f"{found.distance:.1g} from Q by W_2^2 of their mean and covariance"),
        *_below_the_least(found),
        ("W_2^2(P, Q)", f"{number(found.wasserstein, 8)}, within {found.wasserstein.error:.0e}"),
        ("sliced W_2^2", f"{number(found.sliced, 8)}, within {found.sliced.error:.0e}"),
        (
            "of the shift",
            f"{number(found.sliced_shift, 8)} (expected |m|^2 / D = {_sliced_shift(found):.8g})",
        ),
    )
    return [
        f"P = {p}, Q = {q}",
        "G turns draws of P into draws of Q, and pays half of E|G(x) - x|^2 beside what the critic",
        "says. The cheapest map of all is affine, x -> T(x) = b + A (x - P's mean). Beside it: the",
        f"affine map that is nearest to G after {counted(found.steps, 'step')}, and what G costs.",
        "",
        *table("<>>", ("", "optimal", "trained G"), *rows),
        "",
        *table("<<", *told),
    ]


def _below_the_least(found: OptimalTransport) -> list[tuple[str, str]]:
    """Why a G costs less than the optimal map, where it does."""
    if found.cost.value >= found.wasserstein.value:
        return []
    return [("", "its cost is below W_2^2(P, Q) since its samples are not exactly Q")]


def _row(values: np.ndarray, digits: int) -> str:
    return "  ".join(f"{each:.{digits}g}" if abs(each) > 5e-9 else "0" for each in values)


def _pm(estimate: tuple[float, float]) -> str:
    return f"{estimate[0]:.4f} +- {estimate[1]:.4f}"


def title(found: OptimalTransport) -> str:
    """The finding in two lines."""
    return (
        f"The optimal map costs $W_2^2$ = {found.wasserstein.value:.4f}; the G that pays for its "
        f"transport costs {found.cost.value:.4f}\n"
        f"G differs from the optimal map by {found.unexplained:.2%} of the variance of Q"
        f"{BELOW if found.cost.value < found.wasserstein.value else ''}"
    )
