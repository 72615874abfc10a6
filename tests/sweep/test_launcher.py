"""Hydra's own contract for launchers, which calls tasks that know nothing of training together."""

from collections.abc import Iterator
from typing import Any

import pytest
from hydra import version
from hydra.core.plugins import Plugins
from hydra.plugins.launcher import Launcher
from hydra.test_utils.launcher_common_tests import (
    BatchedSweeperTestSuite,
    IntegrationTestSuite,
    LauncherTestSuite,
)
from hydra_plugins.gan_launchers import SideBySideLauncher, VmapLauncher

pytestmark = pytest.mark.filterwarnings("ignore:.*Future Hydra versions:UserWarning")


@pytest.fixture(autouse=True)
def _as_the_suite_expects() -> Iterator[None]:
    """Hydra's suite is of version 1.1's defaults; `gan` itself, in this process too, sets 1.3."""
    known = version.VersionBase.instance()
    before = known.version_base
    known.version_base = version.__compat_version__
    yield
    version.VersionBase.instance().version_base = before


def test_hydra_finds_it() -> None:
    found = {plugin.__name__ for plugin in Plugins.instance().discover(Launcher)}
    assert {"VmapLauncher", "SideBySideLauncher"} <= found
    assert issubclass(VmapLauncher, Launcher)
    assert issubclass(SideBySideLauncher, Launcher)


@pytest.mark.parametrize(("launcher_name", "overrides"), [("vmap", []), ("side_by_side", [])])
class TestVmapLauncher(LauncherTestSuite):
    """A sweep's jobs, one by one."""


@pytest.mark.parametrize(
    ("launcher_name", "overrides"),
    [("vmap", ["hydra/sweeper=basic", "hydra.sweeper.max_batch_size=2"])],
)
class TestVmapLauncherInBatches(BatchedSweeperTestSuite):
    """Jobs that a sweeper launches two at a time."""


@pytest.mark.parametrize(
    ("task_launcher_cfg", "extra_flags"), [({}, ["-m", "hydra/launcher=vmap"])]
)
class TestVmapLauncherIntegration(IntegrationTestSuite):
    """Whole applications that use it."""


class Together:
    """A task that takes all jobs at once."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def __call__(self, _: Any) -> None:
        raise AssertionError("one by one")

    def together(self, jobs: Any, mode: str, max_lanes: int, cores: int) -> list[Any]:
        self.seen.append(([job.hydra.job.num for job in jobs], mode, max_lanes, cores))
        return [lambda composed, n=n: (n, composed.a) for n in range(len(jobs))]


def test_a_task_that_takes_all_jobs_gets_them(hydra_sweep_runner: Any, tmpdir: Any) -> None:
    task = Together()
    sweep = hydra_sweep_runner(
        calling_file=None,
        calling_module="hydra.test_utils.a_module",
        task_function=task,
        config_path="configs",
        config_name="compose",
        overrides=["hydra/launcher=vmap", "hydra.launcher.max_lanes=5", "+a=7,8,9"],
        temp_dir=tmpdir,
    )
    sweep.together = task.together  # it is what Hydra calls, and hands on to the task
    with sweep:
        [jobs] = sweep.returns
        assert [job.return_value for job in jobs] == [(0, 7), (1, 8), (2, 9)]
    assert task.seen == [([0, 1, 2], "auto", 5, 0)]
