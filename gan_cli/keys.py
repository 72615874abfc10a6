"""The keys of a configuration, and the one that a word stands for."""

from omegaconf import DictConfig

from gan_cli.players import OPTIMIZER, PLAYERS, of_both
from gan_cli.synonyms import same

SEVERAL = ("metric", "regularizer")
"""The groups of which a run may choose several; each choice stands under its own name."""
PLACES = ("hydra.run.dir", "hydra.sweep.dir")
OF_ONE = tuple(f"{OPTIMIZER}.{player}." for player in PLAYERS)


def keys(config: DictConfig, path: str = "") -> list[str]:
    """The dotted keys of a configuration, groups of settings among them, without Hydra's part."""
    found = []
    for key in config:
        if key not in ("hydra", "name"):
            node = config._get_node(key)
            found.append(f"{path}{key!s}")
            if isinstance(node, DictConfig) and not node._is_none():
                found += keys(node, f"{path}{key!s}.")
    return found


def namesakes(word: str, config: DictConfig) -> list[str]:
    """The keys whose last part is that of a word, or what it is called here; the outermost first.

    A setting that both players have is told once, unless the word names a player. Where no last
    part is the word's, those that end with it are found, such as generator_widths for widths.
    """
    shared, known = of_both(config), [*keys(config), *PLACES]
    ends = {key: key.rpartition(".")[2] for key in [*shared, *known]}
    head, _, last = word.rpartition(".")
    called = same(last, {*ends.values(), *known})
    if called in known and "." in str(called):
        return [str(called)]
    within = [key for key in ends if head and key.endswith(f".{head}.{called}")]
    alone = [key for key in ends if key in shared or not _is_shared(key, shared)]
    found = within or [key for key in alone if ends[key] == called]
    found = found or [key for key in alone if ends[key].endswith(f"_{last}")]
    return sorted(found, key=lambda key: key.count("."))


def _is_shared(key: str, shared: list[str]) -> bool:
    """Whether a player's key has one that sets it for both."""
    own = next((one for one in OF_ONE if key.startswith(one)), None)
    return own is not None and f"{OPTIMIZER}.{key.removeprefix(own)}" in shared
