"""`gan verify`: a stretch of a run is trained again, and what was changed by hand is named."""

import fcntl
import json
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gan_cli import checkpoints
from gan_cli.interrupts import Interrupted
from gan_cli.job import verification

Command = Callable[..., Any]
Files = Callable[[], dict[str, bytes]]
Tiny = tuple[str, ...]


def lines(out: str) -> dict[str, str]:
    """What was told, by its labels."""
    return dict(line.split(maxsplit=1) for line in out.splitlines() if not line.startswith("step "))


def rewrite(run: Path, step: int, change: Callable[[dict[str, np.ndarray]], None]) -> None:
    """Saves a checkpoint anew, whole and with another content."""
    from orbax.checkpoint import v1 as ocp

    loaded = ocp.load((run / "checkpoints" / str(step)).resolve())
    arrays = {name: np.array(value) for name, value in loaded.items()}
    change(arrays)
    checkpoints.save(run / "checkpoints", step, arrays, keep=9)


def nudge(arrays: dict[str, np.ndarray]) -> None:
    """Changes the last bit of one parameter."""
    name = next(name for name in arrays if name.startswith("generator/parameters/"))
    first = arrays[name].reshape(-1)[:1]
    first[:] = np.nextafter(first, np.float32(9))


def test_a_run_comes_out_the_same(gan: Command, run: Path, files: Files) -> None:
    before = files()
    status, out, err = gan("verify", "run")
    assert (status, err) == (0, "")
    told = lines(out)
    assert told["again"] == "steps 11 to 20, from its checkpoint of step 10"
    assert " jax 0." in told["trained"]
    assert told["here"] == "the same versions and machine"
    assert told["compared"].endswith(" arrays of the checkpoint of step 20, and 1 logged row")
    assert told["identical"] == "parameters and scalars are equal to the bit"
    status, out, err = gan("verify", "run", "--json")
    assert status == 0
    assert json.loads(out) == {"identical": True, "from": 10, "to": 20, "largest_difference": 0}
    assert "equal to the bit" in err
    assert files() == before


def test_what_was_changed_by_hand_is_named(gan: Command, run: Path) -> None:
    rewrite(run, 20, nudge)
    status, out, _ = gan("verify", "run")
    told = lines(out)["different"]
    assert status == 1
    assert told.startswith("generator/parameters/")
    assert " differs, by at most " in told
    assert "logged as" not in told
    found = json.loads(gan("verify", "run", "--json").out)
    assert (found["identical"], 0 < found["largest_difference"] < 1e-5) == (False, True)

    path = run / "metrics.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows[-1]["loss/generator"] += 1e-9
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert "; loss/generator of step 20 was logged as " in gan("verify", "run").out


def test_elsewhere_a_tolerance_holds(gan: Command, run: Path) -> None:
    summary = json.loads((run / "summary.json").read_text())
    summary["versions"]["flax"] = "0.0.1"
    (run / "summary.json").write_text(json.dumps(summary))
    told = lines(gan("verify", "run").out)
    assert (told["here"][-11:], "identical" in told) == (", not 0.0.1", True)
    rewrite(run, 20, nudge)
    status, out, _ = gan("verify", "run")
    assert status == 0
    assert "tolerance for other versions or machines: 0.001 of the largest" in lines(out)["close"]
    rewrite(run, 20, lambda arrays: arrays["step"].__iadd__(3))
    status, out, _ = gan("verify", "run")
    assert status == 1
    assert lines(out)["different"].endswith(
        ". To compare there, train a run with checkpoints.every=10"
    )


def test_from_the_beginning_to_an_only_checkpoint(gan: Command, run: Path) -> None:
    shutil.rmtree(run / "checkpoints" / "10")
    status, out, _ = gan("verify", "run")
    assert (status, lines(out)["again"]) == (0, "steps 1 to 20, from the beginning")
    assert lines(out)["compared"].endswith(" and 2 logged rows")
    shutil.rmtree(run / "checkpoints" / "20")
    status, out, err = gan("verify", "run")
    assert (status, out) == (2, "")
    assert err.startswith("gan: run is completed, but its checkpoints are gone. Put them back, or ")
    known = json.loads((run / "summary.json").read_text())
    (run / "summary.json").write_text(
        json.dumps(known | {"status": "failed", "step": 3, "reason": "OSError: no such disk."})
    )
    assert gan("verify", "run") == (
        2,
        "",
        "gan: run has no checkpoint, since it failed at step 3: OSError: no such disk. Mend that, "
        "and go on with it: gan train --resume run\n",
    )


def test_a_damaged_checkpoint_is_status_4(gan: Command, run: Path) -> None:
    shutil.rmtree(run / "checkpoints" / "20" / "state")
    status, out, err = gan("verify", "run")
    assert (status, out) == (4, "")
    assert (
        err == f"gan: checkpoint {run.absolute()}/checkpoints/20 is damaged: it cannot be read.\n"
    )


def test_a_checkpoint_from_which_the_training_diverges(gan: Command, run: Path) -> None:
    rewrite(run, 10, lambda arrays: [a.fill(1e30) for n, a in arrays.items() if "/kernel" in n])
    status, out, err = gan("verify", "run", "--json")
    assert (status, json.loads(out)["largest_difference"]) == (1, "inf")
    assert "step 11, trained again, is not finite: " in err


def test_a_running_run_is_compared_as_far_as_it_is_saved(gan: Command, run: Path) -> None:
    with (run / "train.log").open("a") as another:
        fcntl.flock(another, fcntl.LOCK_EX)
        status, out, _ = gan("verify", "run")
        assert status == 0
        assert out.startswith("run is still running: what it has saved so far is compared.\n")
        shutil.rmtree(run / "checkpoints")
        (run / "summary.json").write_text('{"status": "running", "step": 5}')
        status, out, err = gan("verify", "run")
    assert (status, out) == (2, "")
    assert err.startswith("gan: run has no checkpoint yet: it is running, at step 5")


def test_an_interrupted_comparison_says_so(
    gan: Command, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> Any:
        raise Interrupted(signal.SIGINT)

    monkeypatch.setattr(verification, "verify", interrupted)
    assert gan("verify", "run") == (130, "", "gan: interrupted, so nothing was compared\n")


def test_what_went_on_with_other_settings_has_no_stretch_before(gan: Command, run: Path) -> None:
    summary = json.loads((run / "summary.json").read_text())
    summary["settings"]["k"] = 2
    (run / "summary.json").write_text(json.dumps(summary))
    assert gan("verify", "run") == (
        2,
        "",
        "gan: run: k was 2 and is now 1. Put back what it was started with.\n",
    )
    assert gan("train", "--resume", "run", "steps=30", "--accept-changes").status == 0
    assert gan("verify", "run").status == 0
    shutil.rmtree(run / "checkpoints" / "20")
    status, _, err = gan("verify", "run")
    assert status == 2
    assert err.startswith("gan: run went on from step 20 with other settings or other data, so ")


@pytest.mark.parametrize(
    "line",
    [
        ["log_every=7", "steps=19", "checkpoints.every=8", "theory_every=14"],
        ["evaluate_every=10", "metric=modes", "metric.modes.samples=300"],
    ],
    ids=["off the interval, with the known density", "judged"],
)
def test_whatever_is_logged_is_compared(
    line: list[str], gan: Command, tiny: Tiny, empty: Path
) -> None:
    assert gan("train", *tiny, *line, "hydra.run.dir=run").status == 0
    assert gan("verify", "run").status == 0
    path = empty / "run" / "metrics.jsonl"
    [*before, last] = path.read_text().splitlines()
    tag, value = next(
        pair for pair in json.loads(last).items() if pair[0].startswith(("truth/", "modes/"))
    )
    changed = json.dumps(json.loads(last) | {tag: value + 1})
    path.write_text("\n".join([*before, changed, ""]))
    status, out, _ = gan("verify", "run")
    assert (status, f"{tag} of step" in out) == (1, True)


def test_members_that_trained_side_by_side_and_as_lanes(
    gan: Command, tiny: Tiny, empty: Path
) -> None:
    line = ["train", "-m", *tiny, "seed=3,4"]
    assert gan(*line, "hydra.sweep.dir=s").status == 0
    assert lines(gan("verify", "s/1").out)["identical"]
    assert gan(*line, "hydra/launcher=vmap", "hydra.sweep.dir=v").status == 0
    status, out, _ = gan("verify", "v/1")
    assert (status, lines(out)["here"]) == (0, "lanes none, not vmap")
