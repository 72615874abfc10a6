"""What `gan doctor` asks of a process of its own, which a broken jax may end: one JSON line a fact.

`python -m gan_cli.probe [NAME]...` leaves out the canaries of those names.
"""

import json
import os
import sys
from typing import Any

import jax

from gan_cli.canaries import CANARIES, run
from gan_cli.component import REGISTRY
from gan_cli.datasets import folders
from gan_cli.datasets.idx_images import IdxImages
from gan_cli.errors import GanError
from gan_cli.numerics import numerics
from gan_cli.training import devices


def main(finished: list[str]) -> None:
    """Tells of the devices, the data and the canaries, each before the next one is looked at."""
    jax.config.update("jax_enable_compilation_cache", False)  # canaries are compiled each time
    tell(devices=[f"{device} ({device.device_kind})" for device in devices.started()])
    tell(numerics=numerics())
    cache = folders.cache_folder()
    programs = os.environ.get("JAX_COMPILATION_CACHE_DIR") or cache / "programs"
    tell(caches={"compiled programs": str(programs), "images": str(cache / "images")})
    tell(data_folder=str(folders.data_folder(None)), data=present())
    for name in CANARIES:
        if name not in finished:
            tell(started=name)
            tell(finished=name, problem=run(name))


def present() -> dict[str, bool]:
    """The data sets that are downloaded, each with whether its files are here and whole."""
    known = [made() for made in REGISTRY["dataset"].values() if issubclass(made, IdxImages)]
    return {
        dataset.name: all(dataset.locate(file).state == "ok" for file in dataset.files)
        for dataset in known
    }


def tell(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except GanError as problem:
        sys.exit(str(problem))
