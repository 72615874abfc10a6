"""`gan theory figure1`: a training on the line, drawn as in Figure 1 of the 2014 paper."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gan_cli.cli.theory import output

if TYPE_CHECKING:
    from gan_cli.theory.figure1 import Film

MOMENTS = ("start", "D trained, G held", "G moved", "end")


def figure1(
    steps: Annotated[
        int, typer.Option(min=100, help="In which G and D play, after D was trained alone.")
    ] = 2000,
    seed: output.Seed = 0,
    out: output.Out = output.PLACE,
    as_json: output.AsJson = False,
) -> None:
    """A training on the line as Figure 1 of the 2014 paper draws it: p_g becomes p_data.

    G and D are trained on the one-dimensional data set `gaussian`: first D alone,
    then both. Drawn are the data, p_g, D and the map from z to x = G(z) at four
    moments (a PNG) and all the way (a GIF).
    """
    from gan_cli.plots import figure1 as plot
    from gan_cli.theory.figure1 import figure1 as train
    from gan_cli.training.compilation import keep_programs

    keep_programs("auto")
    film = train(seed, steps)
    curves = plot.Curves(film.x, film.data, film.z)
    frames = [
        plot.Frame(film.density[i], film.outputs[i], film.images[i], caption(film, i))
        for i in range(len(film.steps))
    ]
    moments = [frames[i] for i in film.moments]
    letters = [
        frame._replace(title=f"({letter}) {name}: {frame.title}")
        for letter, name, frame in zip("abcd", MOMENTS, moments, strict=True)
    ]
    paths = [
        output.save(out, "figure1.png", plot.draw(curves, letters, title(film))),
        output.save(
            out, "figure1.gif", plot.animate(curves, frames, film.moments, title(film, "\n"))
        ),
    ]
    output.tell(numbers(film), lines(film), paths, as_json=as_json)


def caption(film: "Film", frame: int) -> str:
    """What is said of one frame."""
    return f"step {film.steps[frame]:,}, JS {film.js[frame]:.4f} nats"


def title(film: "Film", between: str = " ") -> str:
    """The finding."""
    return (
        f"$p_g$ becomes the data: JS falls from {film.js[0]:.3f} to {film.js[-1]:.4f} nats,"
        f"{between}and D to 1/2: on average over the data it ends {film.off_half[-1]:.4f} from it"
    )


def numbers(film: "Film") -> dict[str, Any]:
    """By name; the four moments as lists."""
    at = list(film.moments)
    return {
        "moments": list(MOMENTS),
        "steps": film.steps[at],
        "js": film.js[at],
        "js_floor": film.floor,
        "discriminator_off_optimum": film.off_optimum[at],
        "discriminator_off_half": film.off_half[at],
        "discriminator_farthest_off_half": film.farthest_off_half[at],
    }


def lines(film: "Film") -> list[str]:
    """A table of the four moments, and how it was measured."""
    from gan_cli.theory.figure1 import POINTS, WIDTH

    rows = [
        f"{name:18} {film.steps[i]:6,}  {film.js[i]:8.5f}  {film.off_optimum[i]:8.3f}  "
        f"{film.off_half[i]:7.4f}  {film.farthest_off_half[i]:6.3f}"
        for name, i in zip(MOMENTS, film.moments, strict=True)
    ]
    return [
        "The minimax game on the line, k = 5. Where p_g is the data, JS is 0 and D is 1/2.",
        "",
        "moment              steps        JS   |D - D*|  |D - .5|  at most",
        *rows,
        "",
        f"JS        of the data and p_g, in nats; p_g from {POINTS:,} samples of G by a normal "
        "kernel",
        f"          of std {WIDTH:g}. Of the data itself such an estimate says {film.floor:.6f}.",
        "|D - D*|  the farthest that D is from p_data / (p_data + p_g), in the smallest region",
        "          that holds 99 % of (p_data + p_g) / 2.",
        "|D - .5|  on average over the data, and at most in the smallest region with 99 % of it.",
    ]
