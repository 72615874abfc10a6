"""Settings of both players' optimizers at once: optimizer.learning_rate stands for two keys."""

import re
from collections.abc import Iterable

from omegaconf import DictConfig, OmegaConf

OPTIMIZER = "optimizer"
PLAYERS = ("generator", "discriminator")
OF_BOTH = re.compile(rf"([+~]*){OPTIMIZER}\.((?!(?:{'|'.join(PLAYERS)})(?:[.=]|\Z)).*)", re.DOTALL)


def for_each(lines: Iterable[str]) -> list[str]:
    """Overrides in which each setting of both optimizers is written for one player after the other.

    Such as optimizer.generator.b1=0 and optimizer.discriminator.b1=0 for optimizer.b1=0.
    """
    return [own for line in lines for own in _own(line)]


def _own(line: str) -> list[str]:
    found = OF_BOTH.fullmatch(line)
    if not found:
        return [line]
    return [f"{found[1]}{OPTIMIZER}.{player}.{found[2]}" for player in PLAYERS]


def for_both(key: str) -> str:
    """The key that sets both optimizers' for one player's; any other key as it is."""
    return re.sub(rf"\A{OPTIMIZER}\.(?:{'|'.join(PLAYERS)})\.", f"{OPTIMIZER}.", key)


def spread(settings: DictConfig) -> None:
    """Writes the settings of both optimizers in a file into each player's, which may say more.

    Args:
        settings: what a file sets below `optimizer`, such as learning_rate; it is changed.
    """
    shared = {str(key): settings._get_node(key) for key in settings if key not in PLAYERS}
    for key in shared:
        del settings[key]
    for player in PLAYERS if shared else ():
        own = settings.get(player) or {}
        settings[player] = OmegaConf.merge(shared, own)


def of_both(config: DictConfig) -> list[str]:
    """The keys such as optimizer.learning_rate that both players' optimizers have a setting for."""
    first, second = (_keys(OmegaConf.select(config, f"{OPTIMIZER}.{each}")) for each in PLAYERS)
    return [f"{OPTIMIZER}.{key}" for key in first if key in second and key != "name"]


def _keys(node: object) -> list[str]:
    """The dotted keys of all single values below a node."""
    if not isinstance(node, DictConfig):
        return []
    found = []
    for key in node:
        below = _keys(node._get_node(key))
        found += [f"{key!s}.{name}" for name in below] or [str(key)]
    return found
