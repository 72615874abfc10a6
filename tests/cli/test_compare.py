"""`gan compare` and `gan plot`: what is grouped, printed, drawn and refused."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from gan_cli.cli.comparison_pictures import draw_groups
from gan_cli.comparison.groups import grouped
from gan_cli.comparison.run import Run
from gan_cli.plots import curves
from tests.conftest import Command


@pytest.fixture
def several(run: Path, digits: Path) -> Path:
    """A folder with two seeds of one configuration, and one run of another k."""
    text = (run / ".hydra" / "config.yaml").read_text(encoding="utf-8")
    for name, old, new in (("1", "seed: 0", "seed: 1"), ("2", "\nk: 1", "\nk: 5")):
        shutil.copytree(run, Path("all") / name)
        (Path("all") / name / ".hydra" / "config.yaml").write_text(text.replace(old, new))
    shutil.move(run, "all/0")
    return Path("all")


def test_groups_and_pictures(gan: Command, several: Path) -> None:
    status, out, err = gan("compare", "all", "--tag", "loss/generator")
    assert (status, err) == (0, "")
    head, first, second, *rest = out.splitlines()
    assert head.split()[:4] == ["metric", "group", "runs", "mean"]
    assert first.split()[:3] == ["loss/generator", "k=1", "2"]
    assert second.split()[:2] == ["k=5", "1"]
    assert "1 comparison with the first group, k=1, over equal seeds." in out
    assert "intervals of a difference" not in out, "one pair of equal seeds has none"
    assert "A group of one run has no interval: seed='range(5)' trains five." in rest
    assert rest[-2:] == ["outputs/compare/curves.png", "outputs/compare/samples.png"]
    for name in rest[-2:]:
        Image.open(name).verify()


def test_what_an_interval_of_a_difference_says(gan: Command, several: Path) -> None:
    shutil.copytree(several / "1", several / "3")
    config = several / "3" / ".hydra" / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("\nk: 1", "\nk: 5"))
    out = gan("compare", "all", "--tag", "loss/generator").out
    assert "its 95 % interval" in out
    assert "Of 100 intervals of a difference that is none, about 5 leave 0 outside." in out
    assert "has no interval" not in out


def test_the_groups_without_a_number_are_told_together(gan: Command, several: Path) -> None:
    config = several / "1" / ".hydra" / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("\nk: 1", "\nk: 2"))
    for number in (0, 1):
        summary = several / str(number) / "summary.json"
        known = json.loads(summary.read_text())
        del known["metrics"]["discriminator/real"]
        summary.write_text(json.dumps(known))
    out = gan("compare", "all", "--tag", "loss/generator", "--tag", "discriminator/real").out
    [told] = [line for line in out.splitlines() if line.startswith("Without ")]
    assert told.startswith("Without discriminator/real: k=1")
    assert "; k=2" in told


def test_json_is_one_document(gan: Command, several: Path) -> None:
    status, out, err = gan("compare", "all/0", "all/2", "--json", "--out", "pictures")
    assert status == 0
    first, second = json.loads(out)
    assert (first["group"], second["group"], first["runs"]) == ({"k": 1}, {"k": 5}, 1)
    assert second["differences"]["loss/generator"]["mean"] == 0
    assert err == "pictures/curves.png\npictures/samples.png\n"


def test_patterns_and_a_run_named_twice(gan: Command, several: Path) -> None:
    found = json.loads(gan("compare", "all/[01]", "all/0", "--json").out)
    assert [(group["group"], group["runs"]) for group in found] == [({}, 2)]


def test_what_was_evaluated_comes_first(gan: Command, several: Path) -> None:
    for number in range(3):
        folder = several / str(number) / "evaluation"
        folder.mkdir()
        (folder / "20.json").write_text(
            json.dumps({"modes": {"captured": number, "captured_perfect": 3 if number == 2 else 8}})
        )
    out = gan("compare", "all").out
    first, second = out.splitlines()[1:3]
    told = ["modes/captured", "k=1", "2", "0.5", "-5.853", "to", "6.853", "8"]
    assert "its 95 % interval" not in out, "no cell of that column holds anything"
    assert (first.split(), second.split()) == (told, ["k=5", "1", "2", "3", "+2"])
    assert "real data" in out.splitlines()[0]
    assert "loss/generator" not in out


def test_what_not_every_run_of_a_group_has_is_left_out_and_told(
    gan: Command, several: Path
) -> None:
    shutil.rmtree(several / "2")
    judged = {"modes": {"captured": 3, "captured_perfect": 8}}
    folder = several / "0" / "evaluation"
    folder.mkdir()
    (folder / "20.json").write_text(json.dumps(judged))
    status, out, err = gan("compare", "all")
    assert (status, err) == (0, "")
    assert out.splitlines()[1].split()[:2] == ["divergence/jensen_shannon", "2"]
    assert "Not every run of a group has modes/captured, so the table leaves it out." in out
    told = "gan: --tag modes/captured: not every run of a group has it.\n"
    assert gan("compare", "all", "--tag", "modes/captured") == (2, "", told)
    assert gan("compare", "all/0").out.splitlines()[1].split()[0] == "modes/captured"


def test_the_same_run_twice_counts_once(gan: Command, several: Path) -> None:
    shutil.copytree(several / "0", several / "3")
    status, out, err = gan("compare", "all", "--tag", "loss/generator")
    assert (status, err) == (
        0,
        "gan: all/3 is all/0 once more, with its seed and losses, and is left out.\n",
    )
    assert out.splitlines()[1].split()[:3] == ["loss/generator", "k=1", "2"]


def test_a_run_that_went_on_since_it_was_judged_is_named(gan: Command, several: Path) -> None:
    told = "Judged at another step than the last: all/1 (step 10 of 20). 'gan evaluate RUN' "
    for number, step in ((0, 20), (1, 10)):
        (several / str(number) / "evaluation").mkdir()
        found = {"modes": {"captured_fairly": 3, "captured_fairly_perfect": 8}}
        (several / str(number) / "evaluation" / f"{step}.json").write_text(json.dumps(found))
    found = gan("compare", "all", "--json")
    assert told in found.err
    assert json.loads(found.out)[0]["metrics"]["evaluation/step"]["mean"] == 15
    assert told in gan("runs", "all").out
    rows = csv.DictReader(gan("runs", "all", "--csv").out.splitlines())
    assert [row["evaluation/step"] for row in rows] == ["20", "10", ""]
    assert told not in gan("compare", "all/0", "all/2").out
    assert told in gan("compare", "all/1").out


@pytest.mark.parametrize("command", ["compare", "plot"])
def test_a_damaged_run_is_left_out(gan: Command, several: Path, command: str) -> None:
    (several / "1" / "summary.json").write_text("{")
    status, out, err = gan(command, "all")
    assert (status, bool(out)) == (0, True)
    told = "gan: all/1/summary.json is damaged. Delete it: gan train --resume all/1 writes it anew."
    assert err == f"{told} Its run is left out.\n"
    assert gan(command, "all/1") == (4, "", f"{told}\n")


def test_a_damaged_picture_is_left_out(gan: Command, several: Path) -> None:
    """EPS, too, which Pillow would give to Ghostscript."""
    for number, content in enumerate((b"", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")):
        [picture] = (several / str(number) / "samples").glob("*20.png")
        picture.write_bytes(content)
    status, out, err = gan("compare", "all/0", "all/1")
    assert (status, out.splitlines()[-1]) == (0, "outputs/compare/curves.png")
    path = "samples/step_00000020.png is damaged, and is left out of samples.png."
    assert f"gan: all/0/{path}" in err.splitlines()


def test_one_group_and_one_run_have_no_empty_columns(gan: Command, several: Path) -> None:
    lines = gan("compare", "all/0", "--tag", "loss/generator").out.splitlines()
    assert lines[0].split() == ["metric", "runs", "mean"]
    assert lines[1].split()[:2] == ["loss/generator", "1"]
    assert "One run has no interval: seed='range(5)' trains five." in lines
    head, *_ = gan("compare", "all/[01]", "--tag", "loss/generator").out.splitlines()
    assert head.split() == ["metric", "runs", "mean", "95", "%", "interval"]


def test_plot(gan: Command, several: Path) -> None:
    assert gan("plot", "all", "--tag", "loss/generator") == (0, "outputs/plot/scalars.png\n", "")
    Image.open("outputs/plot/scalars.png").verify()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], list[str]]]:
    """What is drawn instead of a picture: the tags and the names of the lines."""
    found: list[tuple[list[str], list[str]]] = []

    def draw(title: str, scalars: Any, names: Any, perfect: Any = None) -> bytes:
        found.append((list(scalars), list(names)))
        return b"picture"

    monkeypatch.setattr(curves, "draw", draw)
    return found


def test_the_losses_come_first_and_what_has_no_room_is_told(
    gan: Command, several: Path, drawn: list[tuple[list[str], list[str]]]
) -> None:
    """Runs are named by what tells them apart."""
    more = {"truth/kl": 1.0} | {f"truth/{name}": 1.0 for name in "abcdefgh"}
    for number in range(3):
        rows = several / str(number) / "metrics.jsonl"
        lines = [json.loads(line) | more for line in rows.read_text().splitlines()]
        rows.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    status, out, err = gan("plot", "all")
    [(tags, names)] = drawn
    assert (status, err, names) == (0, "", ["k=1 seed=0", "k=1 seed=1", "k=5 seed=0"])
    assert sorted(tags[:2]) == ["loss/discriminator", "loss/generator"]
    assert tags[2:] == ["truth/kl", *(f"truth/{name}" for name in "abcdef")]
    assert out.startswith("The curves show 9 of ")
    assert "--tag chooses others: truth/g, truth/h, " in out
    asked = [f"truth/{name}" for name in "abcdefgh"] + ["loss/generator", "truth/kl"]
    for command in ("plot", "compare"):
        out = gan(command, "all/0", *(word for tag in asked for word in ("--tag", tag))).out
        assert "The curves show" not in out, "nobody who asks for ten gets nine"
        if command == "plot":
            assert drawn[-1] == (asked, ["all/0"])


def test_runs_that_logged_nothing_yet_are_told_of_and_left_out(
    gan: Command, several: Path, drawn: list[tuple[list[str], list[str]]]
) -> None:
    """Of a sweep that still trains."""
    (several / "1" / "metrics.jsonl").unlink()
    (several / "1" / "summary.json").write_text(json.dumps({"status": "running"}))
    told = "gan: 1 run has logged nothing of this yet, and is left out: all/1.\n"
    status, out, err = gan("compare", "all", "--tag", "loss/generator")
    assert (status, err) == (0, told)
    assert "Without" not in out
    assert gan("plot", "all", "--tag", "loss/generator").err == told
    assert [names for _, names in drawn] == [["k=1 (1 run)", "k=5 (1 run)"], ["k=1", "k=5"]]
    for command in ("compare", "plot"):
        assert gan(command, "all/1") == (2, "", "gan: Nothing was logged yet by these runs.\n")


@pytest.mark.usefixtures("drawn")
def test_a_difference_is_shown_as_far_as_it_is_known(gan: Command, several: Path) -> None:
    shutil.copytree(several / "2", several / "3")
    config = several / "3" / ".hydra" / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("\nk: 5", "\nk: 9"))
    for number, value, limit in ((0, 1.0, 1), (2, 0.75, 0), (3, 2.0, 1)):
        summary = several / str(number) / "summary.json"
        known = json.loads(summary.read_text())
        known["metrics"] |= {"truth/kl": value, "at_least/kl": limit}
        summary.write_text(json.dumps(known))
    out = gan("compare", *(f"all/{number}" for number in (0, 2, 3)), "--tag", "truth/kl").out
    rows = [line.split() for line in out.splitlines()[1:4]]
    assert rows[0] == ["truth/kl", "k=1", "1", "at", "least", "1"]
    assert rows[1] == ["k=5", "1", "0.75", "at", "most", "-0.25"]
    assert rows[2] == ["k=9", "1", "at", "least", "2", "unknown"]
    assert "unknown: of both groups a lower bound alone is known." in out
    assert "1 comparison with the first group" in out


@pytest.mark.parametrize(
    ("seeds", "title"),
    [
        ([1], "1 run"),
        ([1, 1], "2 runs"),
        ([1, 2, 4], "Means and ranges over seeds"),
        ([1, 5], "Means over seeds with 95 % intervals"),
        ([2, 5], "Means over seeds with 95 % intervals,\nor with the range of fewer than 5"),
    ],
)
def test_the_title_says_what_the_bands_are(
    seeds: list[int], title: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    drawn: list[Any] = []

    def draw(*arguments: Any) -> bytes:
        drawn.extend(arguments)
        return b"picture"

    monkeypatch.setattr(curves, "draw", draw)
    runs = [
        Run(Path(f"{k}-{seed}"), seed, {"k": k}, {"x": 1.0}, {}, [{"step": 1, "x": 1.0}])
        for k, count in enumerate(seeds)
        for seed in range(count)
    ]
    draw_groups(grouped(runs), ["x"], tmp_path / "curves.png")
    assert drawn[0] == title


def test_runs_that_nothing_tells_apart_are_named_by_what_they_are(
    gan: Command, several: Path, drawn: list[tuple[list[str], list[str]]]
) -> None:
    for target in ("all/0", "all/[01]"):
        out = gan("compare", target, "--tag", "loss/generator").out
        assert ("With fewer than five runs" in out) is (target == "all/[01]")
    assert [names for _, names in drawn] == [["all/0"], ["all 2 runs"]]


def test_paths_are_printed_as_they_are_in_a_pipe(gan: Command, several: Path) -> None:
    options = ("all/0", "--tag", "loss/generator", "--out", "p 1")
    assert gan("plot", *options).out == "p 1/scalars.png\n"
    assert gan("compare", *options).out.splitlines()[-2:] == [
        "p 1/curves.png",
        "p 1/samples.png",
    ]


@pytest.mark.parametrize("command", ["compare", "plot"])
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "nowhere: there is no run. 'gan runs' lists the runs there are."),
        (("all", "--tag", "loss/generatr"), "--tag loss/generatr: no run "),
    ],
)
def test_what_is_refused(
    gan: Command, several: Path, command: str, arguments: tuple[str, ...], said: str
) -> None:
    status, out, err = gan(command, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"gan: {said}")
    assert len(err.splitlines()) == 1
