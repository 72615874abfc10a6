"""TensorBoard's pages as a person sees them: a real server, a real headless browser."""

import functools
import html
import http.server
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="needs chromium or google-chrome on the PATH"),
]

# TensorBoard's dashboards live in shadow roots, which --dump-dom leaves out; this page copies what
# the framed page shows, shadow roots included, into its own text.
FRAME = """<!doctype html>
<iframe id="frame" width="1400" height="4000"></iframe><pre id="seen"></pre>
<script>
  const frame = document.getElementById("frame"), seen = document.getElementById("seen");
  frame.src = decodeURIComponent(location.search.slice(1));
  function words(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data.trim() + "\\n";
    if (["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT"].includes(node.nodeName)) return "";
    let own = "";
    if (node.nodeName === "IMG") own = `[picture ${node.naturalWidth}x${node.naturalHeight}]\\n`;
    if (node.nodeName === "PAPER-SLIDER") own = `[slider ${node.min} to ${node.max}]\\n`;
    const children = [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes];
    return own + children.map(words).join("");
  }
  setInterval(() => {
    const body = frame.contentDocument?.body;
    if (body) seen.textContent = words(body).replace(/\\n+/g, "\\n");
  }, 100);
</script>
"""


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page that holds another page and copies its words."""
    folder = tmp_path_factory.mktemp("frame")
    (folder / "index.html").write_text(FRAME)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Writes nothing."""

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()
        thread.join()


@pytest.fixture
def lines(board: str, frame: str, tmp_path: Path) -> Callable[[str, str], list[str]]:
    """Opens a tab of TensorBoard until it shows a text, and returns the lines that it shows."""

    def look(tab: str, awaited: str) -> list[str]:
        command = [
            str(BROWSER),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-web-security",
            "--disable-site-isolation-trials",
            "--virtual-time-budget=15000",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
            f"{frame}?{board}/%23{tab}",
        ]
        shown: list[str] = []
        for _ in range(3):
            done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)
            found = re.search(r'<pre id="seen">(.*?)</pre>', done.stdout, re.DOTALL)
            shown = html.unescape(found[1] if found else "").splitlines()
            if awaited in shown:
                break
        return shown

    return look


def following(shown: list[str], *words: str) -> list[str]:
    """What is shown after words that are shown one after the other."""
    starts = range(len(shown) - len(words) + 1)
    return next(
        shown[i + len(words) :] for i in starts if tuple(shown[i : i + len(words)]) == words
    )


def test_the_scalars_tab_draws_each_tag(lines: Callable[[str, str], list[str]]) -> None:
    shown = lines("scalars", "loss/generator")
    assert {"ring", "digits", "grid", "loss/generator"} <= set(shown)
    assert "speed" in shown


def test_the_time_series_tab_shows_values_pictures_and_runs(
    lines: Callable[[str, str], list[str]],
) -> None:
    shown = lines("timeseries", "/generator")
    assert {"loss", "/generator", "speed", "samples"} <= set(shown)
    table = following(shown, "/generator")
    run, _, value, step = following(table, "Relative")[:4]
    assert (run, value, step) in {
        ("ring", "-1", "30"),
        ("digits", "31", "30"),
        ("grid", "32", "30"),
    }


def test_the_images_tab_has_pictures_and_a_slider_over_their_steps(
    lines: Callable[[str, str], list[str]],
) -> None:
    shown = lines("images", "[picture 32x24]")
    assert shown.count("[picture 32x24]") == 3
    assert shown.count("[slider 0 to 3]") == 3
    assert following(shown, "step")[0] == "30"


def test_the_text_tab_shows_the_configuration(lines: Callable[[str, str], list[str]]) -> None:
    shown = lines("text", "configuration")
    assert {"configuration", "ring", "digits", "grid", "k: 5", "k: 1"} <= set(shown)


def test_the_hparams_tab_shows_one_row_a_run(lines: Callable[[str, str], list[str]]) -> None:
    shown = lines("hparams", "Trial ID")
    assert "Number of matching session groups: 3" in shown
    table = following(shown, "Trial ID", "Show Metrics")
    columns = ["dataset", "ema", "k", "objective", "objective.clip"]
    assert table[:7] == [*columns, "loss/generator", "speed/steps_per_second"]
    rows = [
        ["digits", "digits", "true", "1.0000", "minimax", "31.000", "9.0000"],
        ["grid", "grid", "false", "1.0000", "hinge", "32.000", "9.0000"],
        ["ring", "ring", "5.0000", "wgan", "0.010000", "-1.0000", "9.0000"],
    ]
    for row in rows:
        assert following(table, *row)
