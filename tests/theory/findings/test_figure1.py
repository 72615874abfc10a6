"""What is said of Figure 1."""

import numpy as np

from gan_cli.theory.figure1 import Film
from gan_cli.theory.findings.figure1 import title

X = np.linspace(-2, 2, 101)
Z = np.linspace(-1, 1, 5)
SHIFTS = np.array([-1.0, -0.7, -0.5, 0.0, 50.0])
ZEROS = np.zeros(len(SHIFTS))
FILM = Film(
    x=X,
    data=np.exp(-(X**2)),
    z=Z,
    steps=np.arange(len(SHIFTS)),
    density=np.exp(-((X - SHIFTS[:, None]) ** 2)),
    outputs=np.full((len(SHIFTS), len(X)), 0.5),
    images=Z + SHIFTS[:, None],
    js=ZEROS,
    floor=0.0,
    off_optimum=ZEROS,
    off_half=ZEROS,
    farthest_off_half=ZEROS,
    moments=(0, 2, 3, 4),
)


def test_the_title_says_whether_the_game_has_ended() -> None:
    assert title(FILM).startswith("$p_g$ becomes the data: JS goes from 0.000 to 0.0000 nats.")
    far = FILM._replace(js=np.linspace(0.5, 0.05, 5), off_half=np.full(5, 0.08))
    assert title(far) == (
        "$p_g$ is not yet the data: JS falls from 0.500 to 0.0500 nats. "
        "D is not yet 1/2: its mean distance over the data ends at 0.0800."
    )
