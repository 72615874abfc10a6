"""The Hydra launcher `side_by_side`: hands all members of a sweep to the task at once."""

import dataclasses

from hydra.core.config_store import ConfigStore
from hydra_plugins.gan_vmap import VmapLauncher


@dataclasses.dataclass
class SideBySideLauncherConf:
    """What can be set of it.

    cores: on a CPU, how many members train at once; 0 stands for as many as there are cores.
    max_lanes: on a GPU or TPU, the most members that train as one program.
    """

    _target_: str = "hydra_plugins.gan_side_by_side.SideBySideLauncher"
    cores: int = 0
    max_lanes: int = 64


ConfigStore.instance().store(
    group="hydra/launcher", name="side_by_side", node=SideBySideLauncherConf, provider="gan"
)


class SideBySideLauncher(VmapLauncher):
    """Trains members at the same time: on a CPU one a core, on a GPU as lanes of one program."""

    def __init__(self, cores: int, max_lanes: int) -> None:
        super().__init__("side_by_side", max_lanes)
        self.cores = cores
