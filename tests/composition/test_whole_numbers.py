"""A whole number that is refused is told as it was typed, with what it may stand for."""

import pytest

from gan_cli.composition.whole_numbers import as_typed

FORM = "must be a whole number, without point or exponent"


@pytest.mark.parametrize(
    ("typed", "shown", "hint", "told"),
    [
        (
            "20.000",
            "20.0",
            ", without point or exponent: 20",
            f"{FORM}: 20, or 20000 if '.' stands between thousands.",
        ),
        (
            "1.500",
            "1.5",
            ", without point or exponent",
            f"{FORM}: 1500 if '.' stands between thousands.",
        ),
        (
            "2.000.000",
            "2.000.000",
            "",
            "must be a whole number, in digits alone: 2000000 if '.' stands between thousands.",
        ),
        (
            "20\N{RIGHT SINGLE QUOTATION MARK}000",
            "20\N{RIGHT SINGLE QUOTATION MARK}000",
            "",
            "must be a whole number, in digits alone: 20000 if '\N{RIGHT SINGLE QUOTATION MARK}' "
            "stands between thousands.",
        ),
        ("10.", "10.0", ", without point or exponent: 10", f"{FORM}: 10."),
        ("1e3", "1000.0", ", without point or exponent: 1000", f"{FORM}: 1000."),
        ("2.5", "2.5", ", without point or exponent", f"{FORM}."),
    ],
)
def test_what_was_typed(typed: str, shown: str, hint: str, told: str) -> None:
    error = f"optimizer.generator.schedule.steps={shown}: must be a whole number{hint}."
    lines = ["k=1", f"optimizer.schedule.steps={typed}"]
    assert as_typed(error, lines) == f"optimizer.generator.schedule.steps={typed}: {told}"


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        ("steps=0: must be at least 1.", ["steps=0"]),
        (f"steps=20.0: {FORM}: 20.", ["k=1"]),
        ("steps=many: must be a whole number.", ["steps=many"]),
        (f"steps=20.0: {FORM}: 20.", ["steps=${k}"]),
    ],
)
def test_other_errors(error: str, lines: list[str]) -> None:
    assert as_typed(error, lines) is None
