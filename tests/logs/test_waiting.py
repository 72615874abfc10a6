"""A sign of life: how long something takes, and how far it is."""

import logging
import time

import pytest

from gan_cli.logs import waiting


def test_what_takes_long_says_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = logging.getLogger("gan_cli.of_a_test.below")
    other = logging.getLogger("gan_cli.of_another")
    with waiting.waiting("a quick thing", "gan_cli.of_a_test"):
        log.info("begun")
    root = waiting.Latest()
    monkeypatch.setattr(logging.getLogger(), "handlers", [root])
    monkeypatch.setattr(waiting, "EVERY", 0.01)
    with waiting.waiting("a long thing", "gan_cli.of_a_test", "gan_cli.of_another"):
        time.sleep(0.1)
        log.info("half done")
        time.sleep(0.1)
        other.info("drawing")
        time.sleep(0.1)
    passed_on = root.text
    log.info("nobody hears this")
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == ""
    assert (lines[0], lines[-1]) == ("a long thing: 0 s", "a long thing: 0 s, drawing")
    assert "a long thing: 0 s, half done" in lines
    assert not logging.getLogger("gan_cli.of_a_test").handlers
    assert passed_on == "", "a library that prints whatever reaches the root prints none of it"
