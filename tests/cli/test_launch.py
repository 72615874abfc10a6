"""How a sweep begins and ends: what is said of its members, whatever became of their files."""

import re
from pathlib import Path

import pytest
import typer

from gan_cli.cli import launch
from gan_cli.logs import waiting
from gan_cli.runs import RunDirectory
from tests.conftest import Command


def test_a_damaged_summary_counts_as_failed_and_hides_no_other_member(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for member in "01":
        (empty / "s" / member).mkdir(parents=True)
        place = RunDirectory(Path("s") / member)
        place.write_settings({"config.yaml": "k: 1\n"})
        place.write_summary({"status": "completed"})
    Path("s/0/summary.json").write_text("{")
    with pytest.raises(typer.Exit) as end:
        launch.finish_sweep(Path("s"))
    assert end.value.exit_code == 1
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "sweep: 1 completed, 1 failed"
    assert err == (
        "gan: s/0/summary.json is damaged. Delete it: gan train --resume s/0 writes it anew.\n"
    )


def test_a_large_sweep_gives_signs_of_life_while_it_is_composed(
    gan: Command, tiny: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "EVERY", 0.02)
    status, out, err = gan("train", "-m", *tiny, "seed=range(9)", "--dry-run")
    assert (status, out.count("\nobjective ")) == (0, 9)
    assert re.search(r"^gan train: .* s, \d of 9 members are composed$", err, re.MULTILINE)
