"""A measurement told: as rows for a person, and as one document of plain values."""

from typing import Any, NamedTuple

from gan_cli.bench.measurement import Measurement
from gan_cli.bench.rounds import Spread
from gan_cli.bench.start import Start

PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


class Row(NamedTuple):
    """what: is measured. median, extremes: of the rounds, with the unit. note: what it means."""

    what: str
    median: str
    extremes: str
    note: str


def rows(measured: Measurement, starts: tuple[Start, Start] | None, images: bool) -> list[Row]:
    """The lines of the table.

    Args:
        measured: see `measure`.
        starts: cold and warm, or None where that was left out.
        images: whether an example is an image.
    """
    examples, work = measured.examples, measured.flops
    found = []
    for name, start in zip(("cold", "warm"), starts or (), strict=bool(starts)):
        note = f"all of gan train steps=1, {start.compile_seconds:.1f} s of it compiling"
        found.append(Row(f"first step, {name} cache", f"{start.wall_seconds:.1f} s", "", note))
    found += [
        _row("training", measured.steps, "steps/s", "one training by itself"),
        _row(
            "images" if images else "examples",
            Spread(*(examples * value for value in measured.steps)),
            "images/s" if images else "examples/s",
            f"of the data, k x batch = {examples:,} a step",
        ),
        Row(
            "work of a step",
            _scaled(work.total, "FLOP"),
            "",
            f"{_share(work.products / work.total)} of it in matrix products and convolutions",
        ),
        _scaled_row("achieved", measured.achieved, "work of a step x steps/s"),
    ]
    best = max(measured.products, key=lambda size: measured.products[size].median)
    tried = ", ".join(map(str, measured.products))
    note = f"float32, {best} x {best}, the quickest of {tried}"
    found.append(_scaled_row("best matrix product", measured.products[best], note))
    found.append(
        Row(
            "share of that",
            _share(measured.share.median),
            f"{_share(measured.share.lowest)} to {_share(measured.share.highest)}",
            "achieved / best matrix product",
        )
    )
    where = "of the device" if measured.memory.of == "device" else "of this process"
    mebibytes = f"{measured.memory.bytes / 2**20:,.0f} MiB"
    found.append(Row("peak memory", mebibytes, "", f"{where}, after training alone"))
    for lane in measured.lanes:
        name = f"{lane.lanes} lane{'s' if lane.lanes > 1 else ''} ({lane.form})"
        note = f"steps of all together, {lane.ratio.median:.2f} x those of one alone"
        found.append(_row(name, lane.rate, "member-steps/s", note))
    return found


def document(measured: Measurement, starts: tuple[Start, Start] | None) -> dict[str, Any]:
    """The same numbers in base units: seconds, bytes, floating-point operations."""
    cold_and_warm = zip(("cold", "warm"), starts or (), strict=bool(starts))
    return {
        "first_step": {name: start._asdict() for name, start in cold_and_warm} or None,
        "steps_per_second": measured.steps._asdict(),
        "examples_per_step": measured.examples,
        "flops_per_step": measured.flops._asdict(),
        "flops_per_second": measured.achieved._asdict(),
        "product_flops_per_second": {n: s._asdict() for n, s in measured.products.items()},
        "share_of_best_product": measured.share._asdict(),
        "peak_memory": measured.memory._asdict(),
        "lanes": [
            {
                "lanes": lane.lanes,
                "form": lane.form,
                "member_steps_per_second": lane.rate._asdict(),
                "ratio_to_alone": lane.ratio._asdict(),
            }
            for lane in measured.lanes
        ],
    }


def _row(what: str, spread: Spread, unit: str, note: str) -> Row:
    median, lowest, highest = map(_figure, spread)
    return Row(what, f"{median} {unit}", f"{lowest} to {highest}", note)


def _scaled_row(what: str, spread: Spread, note: str) -> Row:
    extremes = f"{_scaled(spread.lowest, '')} to {_scaled(spread.highest, '')}"
    return Row(what, _scaled(spread.median, "FLOP/s"), extremes.replace(" to", " to"), note)


def _figure(value: float) -> str:
    """Three significant digits, or all of those before the point."""
    return f"{value:,.0f}" if value >= 100 else f"{value:#.3g}"


def _scaled(value: float, unit: str) -> str:
    factor, prefix = next((p for p in PREFIXES if value >= p[0]), (1.0, ""))
    return f"{_figure(value / factor)} {prefix}{unit}".rstrip()


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"
