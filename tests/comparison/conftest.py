"""Run directories to compare."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.comparison.configured import Make


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a run directory with a configuration, last metrics and logged rows."""

    def run(
        name: str, config: dict[str, Any], metrics: dict[str, Any], **rows: list[float]
    ) -> Path:
        path = tmp_path / name
        (path / ".hydra").mkdir(parents=True)
        (path / ".hydra" / "config.yaml").write_text(yaml.safe_dump(config))
        summary = {"status": "completed", "metrics": metrics}
        (path / "summary.json").write_text(json.dumps(summary))
        count = max(map(len, rows.values()), default=0)
        lines = [
            {"step": 10 * i, "wall_seconds": 0.0} | {tag: v[i] for tag, v in rows.items()}
            for i in range(count)
        ]
        (path / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        return path

    return run
