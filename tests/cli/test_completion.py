"""TAB completion of overrides, as functions and in live shells."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gan_cli.cli import completion
from gan_cli.cli.candidates import candidates
from gan_cli.composition import compose
from gan_cli.runs import RunDirectory

CONF = Path(__file__).parents[2] / "conf"


def choices(group: str) -> list[str]:
    return sorted(path.stem for path in (CONF / group).glob("*.yaml"))


KINDS = ("constant", "linear", "cosine", "exponential")


@pytest.fixture(scope="module")
def program() -> Iterator[Any]:
    with compose.hydra() as hydra:
        yield hydra


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("objec", ["objective.", "objective="]),
        ("batch", ["batch_size=", "batch_size={batch_size}"]),
        ("optimizer/", ["optimizer/discriminator=", "optimizer/generator="]),
        (
            "optimizer.",
            [
                *("optimizer.b1=", "optimizer.b2=", "optimizer.discriminator.", "optimizer.eps="),
                *("optimizer.generator.", "optimizer.learning_rate=", "optimizer.schedule."),
            ],
        ),
        (
            "optimizer.l",
            [
                "optimizer.learning_rate=",
                "optimizer.learning_rate={optimizer.generator.learning_rate}",
            ],
        ),
        (
            "optimizer.schedule.",
            [f"optimizer.schedule.{k}=" for k in ("end", "kind", "rate", "steps")],
        ),
        (
            "optimizer.generator.schedule.",
            [f"optimizer.generator.schedule.{key}=" for key in ("end", "kind", "rate", "steps")],
        ),
        (
            "optimizer.generator.schedule.k",
            [
                "optimizer.generator.schedule.kind=",
                *(f"optimizer.generator.schedule.kind={kind}" for kind in KINDS),
            ],
        ),
        ("checkpoints.e", ["checkpoints.every=", "checkpoints.every={checkpoints.every}"]),
        ("objective=w", ["objective=wgan", "objective=wgan_gp"]),
        (
            "objective=wgan,",
            [f"objective=wgan,{name}" for name in choices("objective") if name != "wgan"],
        ),
        ("objective=wgan,mi", ["objective=wgan,minimax"]),
        ("dataset=", [f"dataset={name}" for name in choices("dataset")]),
        (
            "optimizer/generator=",
            [f"optimizer/generator={name}" for name in choices("optimizer/generator")],
        ),
        ("regularizer=", [f"regularizer={name}" for name in choices("regularizer")]),
        ("regularizer=[r", ["regularizer=[r1", "regularizer=[r2"]),
        ("regularizer=[r1,r", ["regularizer=[r1,r2"]),
        ("regularizer.r1.every=", ["regularizer.r1.every=1"]),
        (
            "regularizer.r1.",
            ["regularizer.r1.every=", "regularizer.r1.schedule.", "regularizer.r1.weight="],
        ),
        (
            "regularizer.r1.schedule.e",
            ["regularizer.r1.schedule.end=", "regularizer.r1.schedule.end=0.0"],
        ),
        ("experiment=good", ["experiment=goodfellow2014_mnist"]),
        ("precision=", ["precision=float32", "precision=bfloat16"]),
        ("update=s", ["update=simultaneous"]),
        (
            "optimizer.schedule.kind=c",
            ["optimizer.schedule.kind=constant", "optimizer.schedule.kind=cosine"],
        ),
        ("objective.name", []),
        ("nothing", []),
        ("nothing=", []),
        ("k.x", []),
    ],
)
def test_candidates(word: str, expected: list[str], program: Any) -> None:
    composed = compose.compose(program, [])
    filled = [
        text.format(**{key: composed[key] for key in ("batch_size", "checkpoints", "optimizer")})
        for text in expected
    ]
    assert candidates(program, word, []) == filled


def test_nothing_typed_offers_every_group_and_key(program: Any) -> None:
    found = candidates(program, "", [])
    assert {"dataset=", "dataset.", "optimizer/", "experiment=", "k=", "steps="} <= set(found)
    assert all(name[-1] in "=./" for name in found)


@pytest.mark.parametrize(
    ("before", "word", "expected"),
    [
        (["objective=wgan"], "objective.", ["objective.clip=", "objective.clip=0.1"]),
        (["dataset=ring"], "dataset.ra", ["dataset.radius=", "dataset.radius=1.0"]),
        (["dataset=gaussian"], "dataset.centres=", ["dataset.centres=[-1.5,1.5]"]),
        (["dataset=mnist"], "dataset.root=", ["dataset.root=null"]),
        (["k=7"], "k=", ["k=7"]),
        (["objective=nonsense", "k=7"], "k=", ["k=1"]),
    ],
)
def test_the_overrides_before_count(
    before: list[str], word: str, expected: list[str], program: Any
) -> None:
    assert candidates(program, word, before) == expected


def complete(**environment: str) -> "subprocess.CompletedProcess[str]":
    """Runs the program as a shell does when TAB is pressed."""
    return subprocess.run(
        [sys.executable, "-c", "from gan_cli.cli import main; main()"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def bash(words: str) -> list[str]:
    """The candidates in bash, which takes `=` for a word of its own; the cursor is at the end."""
    pieces = words.replace("=", " = ").split(" ")
    done = complete(
        COMP_WORDS="\n".join(pieces), COMP_CWORD=str(len(pieces) - 1), _GAN_COMPLETE="complete_bash"
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("gan train objecti", ["objective.", "objective="]),
        ("gan train objective=w", ["wgan", "wgan_gp"]),
        ("gan train objective=wgan objective.c", ["objective.clip=", "objective.clip=0.1"]),
        ("gan train -m objective=wgan,h", ["wgan,hinge"]),
        ("gan train --cfg ", ["job", "hydra", "all"]),
        ("gan train --config-dir {mine} dataset=my", ["myring"]),
        ("gan data fetch ", ["fashion_mnist", "mnist", "stacked_mnist"]),
        ("gan evaluate latest --metric w", ["wasserstein"]),
        (
            "gan evaluate latest --dataset g",
            [name for name in choices("dataset") if name[0] == "g"],
        ),
        ("gan list o", ["objective", "optimizer"]),
        ("gan describe objective=w", ["wgan", "wgan_gp"]),
        ("gan describe tun", ["tuned"]),
        ("gan sample l", ["latest"]),
        ("gan theory divergences --kernel g", ["gaussian"]),
        ("gan theory catalogue --only pe", ["perfect-samples"]),
    ],
)
def test_bash(words: str, expected: list[str], tmp_path: Path) -> None:
    (tmp_path / "dataset").mkdir()
    (tmp_path / "dataset" / "myring.yaml").write_text("name: ring\n")
    assert bash(words.replace("{mine}", str(tmp_path))) == expected


def test_an_option_of_a_run_offers_what_the_run_has(tmp_path: Path) -> None:
    place = RunDirectory(tmp_path / "run")
    place.path.mkdir()
    place.write_settings({"config.yaml": "k: 1\n"})
    place.write_summary({"status": "completed", "metrics": {"truth/kl": 0.1, "loss/generator": 1}})
    for folder in ("500", "1000", "best/500", "1500.tmp"):
        (place.checkpoints / folder).mkdir(parents=True)
    assert bash(f"gan sample {place.path} --checkpoint ") == ["1000", "500", "best"]
    named, above, none = (
        SimpleNamespace(args=args) for args in ([str(place.path)], [str(tmp_path)], [])
    )
    assert completion.complete_checkpoint(named, "1") == ["1000"]
    assert completion.complete_checkpoint(none, "") == ["best"]
    assert completion.complete_tag(named, "t") == ["truth/kl"]
    assert completion.complete_tag(above, "") == ["loss/generator", "truth/kl"]
    place.summary.write_text("{")
    assert completion.complete_tag(named, "") == []


def test_bash_where_no_word_ends_at_an_equals_sign() -> None:
    """$COMP_WORDBREAKS may lack it; bash then replaces the whole word."""
    words = {"COMP_WORDS": "gan\ndescribe\nobjective=w", "COMP_CWORD": "2"}
    done = complete(**words, _GAN_COMPLETE="complete_bash")
    assert done.stdout.splitlines() == ["objective=wgan", "objective=wgan_gp"]


def test_zsh() -> None:
    done = complete(_TYPER_COMPLETE_ARGS="gan train objective=w", _GAN_COMPLETE="complete_zsh")
    assert re.findall(r'"([^"]+)"', done.stdout) == ["objective=wgan", "objective=wgan_gp"]


def test_completion_imports_no_arrays() -> None:
    done = complete(
        COMP_WORDS="gan\ntrain\nobjective.",
        COMP_CWORD="2",
        _GAN_COMPLETE="complete_bash",
        PYTHONPROFILEIMPORTTIME="1",
    )
    imported = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.split("\n")
    }
    assert "hydra" in imported
    assert not imported & {"jax", "numpy", "flax", "matplotlib"}


class Shell:
    """A live shell at a terminal of its own."""

    def __init__(self, command: list[str], folder: Path) -> None:
        environment = os.environ | {
            "HOME": str(folder),
            "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
            "TERM": "dumb",
        }
        self.terminal, end = pty.openpty()
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=end,
            stdout=end,
            stderr=end,
            start_new_session=True,
        )
        os.close(end)

    def type(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def read_until(self, text: str, seconds: float = 60) -> str:
        seen, deadline = "", time.monotonic() + seconds
        while text not in seen:
            left = deadline - time.monotonic()
            assert left > 0, seen
            if select.select([self.terminal], [], [], left)[0]:
                seen += os.read(self.terminal, 4096).decode(errors="replace")
        return seen

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)


COMMANDS = {
    "bash": ["bash", "--noprofile", "--norc", "-i"],
    "zsh": ["zsh", "-f", "-i"],
}
SETUP = {
    "bash": 'eval "$(gan --show-completion)"; PS1=; echo rea"dy"\n',
    "zsh": (
        "autoload -Uz compinit; compinit -u -D; "
        'eval "$(gan --show-completion)"; PROMPT=; echo rea"dy"\n'
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bash", "zsh"])
def test_a_live_shell_completes(name: str, tmp_path: Path) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    program = tmp_path / "gan"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m gan_cli "$@"\n')
    program.chmod(0o755)
    shell = Shell(COMMANDS[name], tmp_path)
    try:
        shell.type(SETUP[name])
        shell.read_until("ready")
        shell.type("echo gan; : ; gan train objective=mini\t")
        shell.read_until("objective=minimax")
        shell.type(" experiment=goodf\t")
        shell.read_until("experiment=goodfellow2014_mnist")
    finally:
        shell.end()
