"""A measurement told: as rows for a person, and as one document of plain values."""

from typing import Any, NamedTuple

from gan_cli.bench.measurement import Lane, Measurement
from gan_cli.bench.rounds import Spread
from gan_cli.bench.start import Start

PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


class Row(NamedTuple):
    """A line of the table: what was measured, its median and extremes, and what they mean."""

    what: str
    median: str
    extremes: str
    note: str


def rows(measured: Measurement, starts: tuple[Start, Start] | None, images: bool) -> list[Row]:
    """The lines of the table.

    Args:
        measured: see `measure`.
        starts: the cold and the warm start, or None where they were left out.
        images: whether an example is an image.
    """
    examples, work = measured.examples_per_step, measured.flops_per_step
    products, share = measured.product_flops_per_second, measured.share_of_best_product
    noun = "images" if images else "examples"
    seen = Spread(*(examples * value for value in measured.steps_per_second))
    in_products = percent(work.products / work.total)
    best = max(products, key=lambda size: products[size].median)
    tried = ", ".join(map(str, products))
    extremes = f"{percent(share.lowest)} to {percent(share.highest)}"
    where = "the device" if measured.peak_memory.of == "device" else "this process"
    mebibytes = f"{measured.peak_memory.bytes / 2**20:,.0f} MiB"
    return [
        *_starts(starts),
        _row("training", measured.steps_per_second, "steps/s", "one training by itself"),
        _row(noun, seen, f"{noun}/s", f"of the data, k x batch = {examples:,} a step"),
        Row(
            "work of a step",
            scaled(work.total, "FLOP"),
            "",
            f"{in_products} of it in matrix products and convolutions",
        ),
        _scaled_row("achieved", measured.flops_per_second, "work of a step x steps/s"),
        _scaled_row(
            "best matrix product",
            products[best],
            f"float32, {best} x {best}, the quickest of {tried}",
        ),
        Row("share of that", percent(share.median), extremes, "achieved / best matrix product"),
        Row("peak memory", mebibytes, "", f"of {where}, after training alone"),
        *map(_lane, measured.lanes),
    ]


def _starts(starts: tuple[Start, Start] | None) -> list[Row]:
    return [
        Row(
            f"first step, {name} cache",
            f"{start.wall_seconds:.1f} s",
            "",
            f"all of gan train steps=1, {start.compile_seconds:.1f} s of it compiling",
        )
        for name, start in zip(("cold", "warm"), starts or (), strict=bool(starts))
    ]


def _lane(lane: Lane) -> Row:
    name = f"{lane.lanes} lane{'s' if lane.lanes > 1 else ''} ({lane.form})"
    note = f"steps of all together, {lane.ratio_to_alone.median:.2f} x those of one alone"
    return _row(name, lane.member_steps_per_second, "member-steps/s", note)


def document(measured: Measurement, starts: tuple[Start, Start] | None) -> dict[str, Any]:
    """The same numbers in base units: seconds, bytes, floating-point operations."""
    first = dict(zip(("cold", "warm"), starts, strict=True)) if starts else None
    plain: dict[str, Any] = _plain({"first_step": first, **measured._asdict()})
    return plain


def _plain(value: Any) -> Any:
    """Named tuples as dictionaries, all the way down."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def _row(what: str, spread: Spread, unit: str, note: str) -> Row:
    median, lowest, highest = map(_figure, spread)
    return Row(what, f"{median} {unit}", f"{lowest} to {highest}", note)


def _scaled_row(what: str, spread: Spread, note: str) -> Row:
    extremes = f"{scaled(spread.lowest, '')} to {scaled(spread.highest, '')}"
    return Row(what, scaled(spread.median, "FLOP/s"), extremes, note)


def _figure(value: float) -> str:
    """Three significant digits, or all of those before the point."""
    return f"{value:,.0f}" if value >= 100 else f"{value:#.3g}"


def scaled(value: float, unit: str) -> str:
    """A value with the prefix that suits it, such as "5.45 GFLOP"."""
    factor, prefix = next((p for p in PREFIXES if value >= p[0]), (1.0, ""))
    return f"{_figure(value / factor)} {prefix}{unit}".rstrip()


def percent(value: float) -> str:
    """A share of one in percent."""
    return f"{100 * value:.0f} %"
