import errno
import hashlib
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from gan_cli.datasets.downloads import PublishedFile, fetch
from gan_cli.errors import DataError

CONTENT = bytes(range(256)) * 1000
FILE = PublishedFile("a.gz", len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), "")
SMALL = PublishedFile("b.gz", 2, hashlib.sha256(b"bb").hexdigest(), "")
ADVICE = "Check the network, put the files there yourself, or let dataset.root or GAN_DATA_DIR name"


def files_below(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_dead_mirror_is_passed_over(tmp_path, serve, dead_mirror):
    alive = serve({FILE.name: CONTENT, SMALL.name: b"bb"})
    fetch([FILE, SMALL], tmp_path / "set", [dead_mirror, alive])
    assert (tmp_path / "set" / "a.gz").read_bytes() == CONTENT
    assert files_below(tmp_path) == ["a.gz", "b.gz"]


def test_a_mirror_without_the_file_or_with_another_is_passed_over(tmp_path, serve):
    mirrors = [serve({}), serve({FILE.name: CONTENT[::-1]}), serve({FILE.name: CONTENT})]
    fetch([FILE], tmp_path, mirrors)
    assert (tmp_path / "a.gz").read_bytes() == CONTENT


def test_a_wrong_checksum_leaves_no_file(tmp_path, serve):
    mirror, other = serve({FILE.name: CONTENT[::-1]}), serve({})
    with pytest.raises(DataError) as caught:
        fetch([FILE], tmp_path, [mirror, other])
    found = hashlib.sha256(CONTENT[::-1]).hexdigest()[:12]
    assert str(caught.value) == (
        f"a.gz cannot be fetched into {tmp_path} ({mirror}a.gz: its SHA-256 begins with {found}, "
        f"not {FILE.sha256[:12]}; {other}a.gz: Not Found). {ADVICE} the folder that holds "
        f"{tmp_path.name}/."
    )
    assert files_below(tmp_path) == []


def test_a_truncated_answer_leaves_no_file(tmp_path, serve):
    mirror = serve({FILE.name: CONTENT[:1000]}, announced=len(CONTENT))
    with pytest.raises(DataError, match="it has 1000 bytes, not 256000"):
        fetch([FILE], tmp_path, [mirror])
    assert files_below(tmp_path) == []


def test_an_answer_without_end_is_cut_off(tmp_path, serve):
    mirror = serve({SMALL.name: bytes(1 << 24)})
    with pytest.raises(DataError, match="it has 65536 bytes, not 2"):
        fetch([SMALL], tmp_path, [mirror])


def test_without_a_network_the_files_the_folder_and_the_mirrors_are_named(tmp_path, dead_mirror):
    with pytest.raises(DataError) as caught:
        fetch([FILE, SMALL], tmp_path / "set", [dead_mirror, f"{dead_mirror}two"])
    refused = f"[Errno {errno.ECONNREFUSED}] {os.strerror(errno.ECONNREFUSED)}"
    assert str(caught.value) == (
        f"a.gz, b.gz cannot be fetched into {tmp_path / 'set'} ({dead_mirror}, {dead_mirror}two: "
        f"{refused}). {ADVICE} the folder that holds set/."
    )


def test_an_interrupted_download_leaves_nothing(tmp_path, serve):
    url = serve({FILE.name: CONTENT[:9000]}, announced=len(CONTENT), stall=True)
    program = (
        "import signal, pathlib\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from gan_cli.datasets.downloads import PublishedFile, fetch\n"
        "print('begun', flush=True)\n"
        f"fetch([PublishedFile{tuple(FILE)!r}], pathlib.Path({str(tmp_path)!r}), [{url!r}])\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"begun\n"
    time.sleep(0.5)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=30)
    assert child.returncode != 0
    assert b"KeyboardInterrupt" in errors
    assert files_below(tmp_path) == []


def test_progress_is_shown_on_standard_error(tmp_path, serve, capsys):
    fetch([SMALL], tmp_path, [serve({SMALL.name: b"bb"})])
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "b.gz" in shown.err


MANY = {f"{name}.gz": bytes([number]) * 3_000_000 for number, name in enumerate("abcdef")}
FETCHING = """
import pathlib, sys
from gan_cli.datasets.downloads import PublishedFile, fetch

files = [PublishedFile(*each) for each in {files!r}]
fetch(files, pathlib.Path(sys.argv[1]), [{url!r}])
"""


@pytest.mark.faults
def test_a_fetch_that_is_killed_at_any_moment_is_done_again(tmp_path, serve):
    """What is there under its name is whole, at 5 moments that a seed chooses."""
    files = [
        (name, len(content), hashlib.sha256(content).hexdigest(), "")
        for name, content in MANY.items()
    ]
    program = FETCHING.format(files=files, url=serve(MANY))
    command, moments, seen = [sys.executable, "-c", program], random.Random(0), set()
    for number in range(5):
        folder = tmp_path / str(number)
        child = subprocess.Popen(
            [*command, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        while child.poll() is None and len(files_below(folder)) < number:
            time.sleep(0.001)
        time.sleep(moments.uniform(0, 0.02))
        child.kill()
        child.communicate()
        found = [name for name in files_below(folder) if not name.endswith(".part")]
        seen.add(len(found))
        assert all((folder / name).read_bytes() == MANY[name] for name in found)
    subprocess.run([*command, str(folder)], check=True, capture_output=True)
    assert all((folder / name).read_bytes() == content for name, content in MANY.items())
    assert seen - {0, len(MANY)}, "one was killed between two files"
