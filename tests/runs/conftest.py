"""An empty run directory."""

from pathlib import Path

import pytest

from gan_cli.runs import RunDirectory


@pytest.fixture
def place(empty: Path) -> RunDirectory:
    (empty / "run").mkdir()
    return RunDirectory(Path("run"))
