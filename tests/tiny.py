"""The overrides of a training that is quick to compile, which a test changes by later ones."""

from collections.abc import Sequence

from gan_cli.composition.overrides import key_of

TINY = (
    "dataset=ring",
    "architecture.latent=3",
    "architecture.generator_widths=[8]",
    "architecture.discriminator_widths=[8]",
    "batch_size=16",
    "ema=0",
    "samples=4",
    "steps=20",
    "log_every=10",
    "sample_every=10",
    "checkpoints.every=10",
    "regularizer=[]",
    *(
        f"optimizer.{player}.{setting}"
        for player in ("generator", "discriminator")
        for setting in (
            *("learning_rate=0.0002", "b1=0.5", "b2=0.999"),
            *("schedule.kind=constant", "schedule.steps=10000", "schedule.end=0"),
        )
    ),
)


def changed(words: Sequence[str]) -> list[str]:
    """A command line without those words of `TINY` whose setting a later word gives."""
    return [
        word
        for place, word in enumerate(words)
        if word not in TINY or key_of(word) not in map(key_of, words[place + 1 :])
    ]
