import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gan_cli.cli.data import app
from gan_cli.datasets.mnist import Mnist
from gan_cli.errors import DataError, UsageError


def gan_data(*arguments):
    return CliRunner().invoke(app, arguments)


def test_list_shows_every_data_set(tmp_path):
    result = gan_data("list", "--root", str(tmp_path))
    assert result.exit_code == 0
    lines = [line.split("  ") for line in result.stdout.splitlines()]
    rows = {cells[0].strip(): [cell.strip() for cell in cells[1:] if cell] for cells in lines}
    assert rows["NAME"] == ["SHAPE", "EXAMPLES", "PRESENT", "WHERE"]
    assert rows["digits"] == ["8 x 8 x 1", "1,797", "yes", "in the package"]
    assert rows["mnist"] == ["28 x 28 x 1", "70,000", "no", str(tmp_path / "mnist")]
    stacked = ["28 x 28 x 3", "180,000", "no", f"drawn from {tmp_path / 'mnist'}"]
    assert rows["stacked_mnist"] == stacked
    assert rows["ring"] == ["2", "unlimited", "yes", "drawn from its formula"]
    assert rows["images"][0] == "yours"


def test_verify_names_every_file_and_fails_if_one_is_missing_or_damaged(tmp_path):
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist" / Mnist.files[1].name).write_bytes(b"damaged")
    result = gan_data("verify", "mnist", "--root", str(tmp_path))
    folder = tmp_path / "mnist"
    assert result.stdout.splitlines() == [
        f"{folder / 'train-images-idx3-ubyte.gz'}: missing",
        f"{folder / 'train-labels-idx1-ubyte.gz'}: damaged: it has 7 bytes, not 28881",
        f"{folder / 't10k-images-idx3-ubyte.gz'}: missing",
        f"{folder / 't10k-labels-idx1-ubyte.gz'}: missing",
    ]
    assert isinstance(result.exception, DataError)
    assert result.exception.status == 4
    assert str(result.exception) == (
        f"Files of mnist are missing or damaged. Run `gan data fetch mnist --root {tmp_path}`."
    )


def test_verify_without_a_name_looks_at_all_that_have_files(tmp_path):
    result = gan_data("verify", "--root", str(tmp_path))
    assert len(result.stdout.splitlines()) == 8
    assert str(result.exception) == (
        "Files of fashion_mnist, mnist are missing or damaged. "
        f"Run `gan data fetch fashion_mnist --root {tmp_path}`, "
        f"`gan data fetch mnist --root {tmp_path}`."
    )


def test_the_command_to_fetch_can_be_pasted_where_the_folder_has_a_space(tmp_path):
    root = tmp_path / "my data"
    result = gan_data("verify", "mnist", "--root", str(root))
    assert str(result.exception).endswith(f"Run `gan data fetch mnist --root '{root}'`.")


@pytest.mark.skipif("GAN_DATA_DIR" not in os.environ, reason="GAN_DATA_DIR is not set")
def test_whole_files_pass_and_are_not_fetched_again():
    result = gan_data("verify")
    assert result.exit_code == 0
    assert {line.rpartition(": ")[2] for line in result.stdout.splitlines()} == {"ok"}
    result = gan_data("fetch", "mnist")
    assert result.exit_code == 0
    folder = Path(os.environ["GAN_DATA_DIR"]).absolute() / "mnist"
    assert result.stdout.splitlines() == [
        f"{folder / file.name}: was there" for file in Mnist.files
    ]


@pytest.mark.parametrize("command", ["fetch", "verify"])
@pytest.mark.parametrize("name", ["digits", "ring", "array"])
def test_a_data_set_without_files_needs_no_fetching(command, name):
    result = gan_data(command, name)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{name} needs no fetching")


@pytest.mark.parametrize("command", ["fetch", "verify"])
def test_an_unknown_name_is_answered_with_the_nearest(command):
    result = gan_data(command, "mnits")
    assert isinstance(result.exception, UsageError)
    assert str(result.exception).startswith("mnits: no such data set. Did you mean 'mnist'? Valid:")


def test_importing_the_command_imports_no_arrays():
    program = "import sys, gan_cli.cli.data; print({'jax', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr
