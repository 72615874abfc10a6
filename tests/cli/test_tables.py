"""Tables that can be read and copied at every width."""

import sys

import pytest

from gan_cli.cli.tables import show_table

COLUMNS = {"run": "left", "value": "right", "configuration": "left", "modes/\ncaptured": "right"}
ROWS = [
    ("2026-11-27/18-14-58", "0.5", "k=5 objective=wgan", "8"),
    ("", "12", "照片=1", ""),
]


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    def show(columns: int | None, spare: str | None = None, *, pipe: bool = False) -> str:
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.delenv("COLUMNS", raising=False)
        if columns is not None:
            monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: columns is not None and not pipe)
        show_table(COLUMNS, ROWS, spare=spare)  # type: ignore[arg-type]
        return capsys.readouterr().out

    return show


def test_a_pipe_gets_a_line_for_each_row_however_long(shown) -> None:
    expected = """\
                                                  modes/
run                  value  configuration       captured
2026-11-27/18-14-58    0.5  k=5 objective=wgan         8
                        12  照片=1
"""
    assert shown(None) == shown(80) == expected


def test_a_pipe_is_as_wide_as_columns_say(shown) -> None:
    assert shown(54, pipe=True) == shown(54) != shown(None)


def test_cells_are_folded_between_words(shown) -> None:
    assert (
        shown(54)
        == """\
                                                modes/
run                  value  configuration     captured
2026-11-27/18-14-58    0.5  k=5                      8
                            objective=wgan
                        12  照片=1
"""
    )


def test_a_spare_column_is_left_out_where_the_table_fits_without_it(shown) -> None:
    assert "value" in shown(54, "value")
    assert shown(48, "value").splitlines()[1].split() == ["run", "configuration", "captured"]
    assert "value           0.5" in shown(30, "value"), "a block has room for it"


def test_a_narrow_terminal_gets_a_block_for_each_row(shown) -> None:
    assert (
        shown(30)
        == """\
run             2026-11-27/18-14-58
value           0.5
configuration   k=5
                objective=wgan
modes/captured  8

run             2026-11-27/18-14-58
value           12
configuration   照片=1
"""
    )


@pytest.mark.parametrize("columns", [30, 23, 12])
def test_a_number_and_its_unit_stay_on_one_line(columns, capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    show_table({"configuration": "left", "size": "right"}, [["k=5 seed=3", "1.2 MiB"]])
    assert "1.2 MiB\n" in capsys.readouterr().out
