"""A trained D beside D*: how far it is from it on the line and in the plane, and V(D, G)."""

from collections.abc import Sequence
from typing import Any

from gan_cli.theory.findings.base import Expected, Findings, counted, yes
from gan_cli.theory.findings.optimal_discriminator_picture import CAPTIONS, draw
from gan_cli.theory.optimal_discriminator import OptimalDiscriminator

SUP, VALUE = 0.02, 0.005  # the largest acceptable errors of D and of V(D, G)
STATEMENT = [
    "If p_g is fixed, the best D is D* = p_data / (p_data + p_g), and V(D*, G) = -log 4 + 2 JS.",
    "D is compared with D* in the smallest region that holds 99 % of (p_data + p_g) / 2.",
]


def findings(found: Sequence[OptimalDiscriminator]) -> Findings:
    """Shows each pair by its name, `line` or `plane`."""
    named = {"line" if len(each.axes) == 1 else "plane": each for each in found}
    numbers = {name: _numbers(each) for name, each in named.items()}
    lines = [*STATEMENT, *(line for name, each in named.items() for line in _lines(name, each))]
    pictures = {
        f"optimal_discriminator_{name}.png": draw(each, title(each)) for name, each in named.items()
    }
    told = [each for name, pair in named.items() for each in _expected(name, pair)]
    captions = {f"optimal_discriminator_{name}.png": CAPTIONS[name] for name in named}
    return Findings(numbers, lines, pictures, told, captions)


def _expected(name: str, found: OptimalDiscriminator) -> list[Expected]:
    """What the theory gives for a pair."""
    place = f"{'on' if name == 'line' else 'in'} the {name}"
    best = found.expected.value
    return [
        Expected(f"largest |D - D*| {place}", 0.0, (found.sup_error, 0.0), SUP),
        Expected(f"V(D, G) {place}, nats: -log 4 + 2 JS", best, found.value, VALUE),
    ]


def _numbers(found: OptimalDiscriminator) -> dict[str, Any]:
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
        "mass_beyond": found.beyond(SUP),
        "updates": found.updates,
        "changed_in_last_round": found.changed,
        "converged": found.converged,
    }


def _lines(name: str, found: OptimalDiscriminator) -> list[str]:
    """What was measured and what was expected."""
    place = f"{'On' if name == 'line' else 'In'} the {name}"
    return [
        "",
        f"{place}, after {counted(found.updates, 'update')} of D",
        f"  |D - D*|        at most {found.sup_error:.4f}, {found.mean_error:.4f} on average; "
        f"within {SUP:g}: {yes(found.sup_error <= SUP)}",
        *([] if found.sup_error <= SUP else _limits(found)),
        f"  converged       {_converged(found)}",
        f"  V(D, G)         {found.value.value:z.5f} nats by quadrature, "
        f"{found.sampled.value:z.5f} +- {found.sampled.error:.5f} on fresh samples",
        f"  -log 4 + 2 JS   {found.expected.value:z.5f} nats; V differs by "
        f"{found.value_error:.5f}, within {VALUE:g}: {yes(found.value_error <= VALUE)}",
    ]


def _limits(found: OptimalDiscriminator) -> list[str]:
    """Where D is off by more than it should be."""
    point, optimum = found.farthest
    place = ", ".join(f"{each:.4g}" for each in point)
    return [
        f"  off by more     in {100 * found.beyond(SUP):.2g} % of the mass, most at x = {place}, "
        f"where D* = {optimum:.3f}",
    ]


def _converged(found: OptimalDiscriminator) -> str:
    """Whether more updates would have changed D."""
    if found.changed is None:
        return "unknown, as --updates sets how long D is trained"
    last = f"the last {2 * found.updates // 3 // 1000},000 updates"
    if found.converged:
        return f"yes: {last} changed D by at most {found.changed:.4f}"
    return f"no: {last} still changed D by up to {found.changed:.4f}; see --updates"


def title(found: OptimalDiscriminator) -> str:
    """The finding in two lines."""
    return (
        f"In the region that holds 99 % of the mass, trained D is within {found.sup_error:.4f} of "
        f"$D^*$, on average within {found.mean_error:.4f}\n"
        f"V(D, G) = ${found.value.value:z.4f}$ nats; "
        rf"$-\log 4$ + 2 JS = ${found.expected.value:z.4f}$ nats"
    )
