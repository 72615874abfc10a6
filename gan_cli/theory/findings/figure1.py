"""Figure 1 of the 2014 paper, trained anew: what the four moments are, and how the game ends."""

from gan_cli.theory.figure1 import POINTS, WIDTH, Film
from gan_cli.theory.findings.base import Expected, Findings, table
from gan_cli.theory.findings.figure1_picture import CAPTIONS, MOMENTS, animate, draw

ENDS = 0.02  # how far JS in nats and D may be from their limits at the end


def findings(film: Film) -> Findings:
    """Shows the four moments, and the whole training."""
    at = list(film.moments)
    numbers = {
        "moments": list(MOMENTS),
        "steps": film.steps[at],
        "js": film.js[at],
        "js_floor": film.floor,
        "discriminator_off_optimum": film.off_optimum[at],
        "discriminator_off_half": film.off_half[at],
        "discriminator_farthest_off_half": film.farthest_off_half[at],
    }
    pictures = {
        "figure1.png": draw(film, title(film)),
        "figure1.gif": animate(film, title(film, "\n")),
    }
    return Findings(numbers, lines(film), pictures, expected(film), CAPTIONS)


def expected(film: Film) -> list[Expected]:
    """What the theory gives for the end of a training."""
    end, trained = film.moments[-1], film.moments[1]
    return [
        Expected("JS(p_data, p_g) at the end, nats", 0.0, (film.js[end], 0.0), ENDS),
        Expected("mean |D - 1/2| over the data at the end", 0.0, (film.off_half[end], 0.0), ENDS),
        Expected(
            "JS at the end, nats: below that at the start",
            film.js[trained],
            (film.js[end], 0.0),
            relation="<=",
        ),
    ]


def lines(film: Film) -> list[str]:
    """A table of the four moments, and how it was measured."""
    rows = [
        (
            name,
            f"{film.steps[i]:,}",
            f"{film.js[i]:.5f}",
            f"{film.off_optimum[i]:.3f}",
            f"{film.off_half[i]:.4f}",
            f"{film.farthest_off_half[i]:.3f}",
        )
        for name, i in zip(MOMENTS, film.moments, strict=True)
    ]
    head = ("moment", "steps", "JS", "|D - D*|", "|D - 1/2|", "at most")
    return [
        "The minimax game on the line with k = 5. If p_g is the data, JS is 0 and D is 1/2.",
        "",
        *table("<>>>>>", head, *rows),
        "",
        f"JS         JS(p_data, p_g) in nats. p_g is estimated from {POINTS:,} samples of G by a",
        f"           normal kernel of standard deviation {WIDTH:g}. For samples of the data",
        f"           themselves the same estimate is {film.floor:.6f}.",
        "|D - D*|   the largest distance of D from p_data / (p_data + p_g), in the smallest region",
        "           that holds 99 % of (p_data + p_g) / 2.",
        "|D - 1/2|  the mean over the data, and the largest value in the smallest region that",
        "           holds 99 % of the data.",
    ]


def title(film: Film, between: str = " ") -> str:
    """The finding, in two parts with a space or a new line between them."""
    first, last = film.js[0], film.js[-1]
    data = "$p_g$ becomes the data" if last <= ENDS else "$p_g$ is not yet the data"
    half = "D approaches 1/2" if film.off_half[-1] <= ENDS else "D is not yet 1/2"
    return (
        f"{data}: JS {'falls' if last < first else 'goes'} from {first:.3f} to {last:.4f} nats."
        f"{between}{half}: its mean distance over the data ends at {film.off_half[-1]:.4f}."
    )
