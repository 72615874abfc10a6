"""TAB completion of overrides: groups and their choices, keys and their values."""

import os
import re


def complete_override(incomplete: str) -> list[str]:
    """What the override under the cursor can become.

    Bash splits words at "=" and replaces only what stands after it, so candidates are cut there.
    A lone candidate that ends in "=" would be followed by a space, so a value is offered beside it.
    """
    words = _bash_words()
    word = words[-1] if words else incomplete
    before = words[:-1] if words else []
    from gan_cli import compose
    from gan_cli.cli.candidates import candidates

    with compose.hydra() as program:
        found = candidates(program, word, [w for w in before if re.match(r"[\w./@+~]+=.", w)])
    if not words:
        return found
    cut = word.rfind("=") + 1
    return [candidate[cut:] for candidate in found]


def _bash_words() -> list[str]:
    """The words up to the cursor as the shell's user sees them; none in other shells."""
    if "COMP_WORDS" not in os.environ or "COMP_CWORD" not in os.environ:
        return []
    pieces = os.environ["COMP_WORDS"].split("\n")[: int(os.environ["COMP_CWORD"]) + 1]
    return re.sub(r"\n?=\n?", "=", "\n".join(pieces)).split("\n")
