"""`gan theory parallel-lines`: KL, JS and W_1 of two segments by their distance."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gan_cli.cli.theory import output

if TYPE_CHECKING:
    from gan_cli.theory.parallel_lines import ParallelLines


def parallel_lines(
    updates: Annotated[
        int, typer.Option(min=40, help="Of each discriminator, in fortieths of which it is seen.")
    ] = 1000,
    seed: output.Seed = 0,
    out: output.Out = output.PLACE,
    as_json: output.AsJson = False,
) -> None:
    """Two segments that share no point: JS says nothing of their distance, W_1 says all.

    P_0 = (0, Z) and P_theta = (theta, Z) with Z uniform on [0, 1]. Minimax
    discriminators and critics are trained on samples at eleven distances, and the
    gradient that each gives G is measured (Arjovsky et al. 2017, Example 1).
    """
    from gan_cli.plots.parallel_lines import draw
    from gan_cli.theory.parallel_lines import parallel_lines as measure
    from gan_cli.training.compilation import keep_programs

    keep_programs("auto")
    found = measure(seed, updates=updates)
    minimax, critic = found.minimax, found.critic
    picture = draw(
        found.thetas,
        minimax.updates,
        (minimax.estimates, minimax.gradients),
        (critic.estimates, critic.gradients),
        title(found),
    )
    path = output.save(out, "parallel_lines.png", picture)
    output.tell(numbers(found), lines(found), [path], as_json=as_json)


def title(found: "ParallelLines") -> str:
    """The finding in two lines."""
    weakest = abs(found.minimax.gradients[found.apart, -1]).max()
    steepness = abs(found.critic.gradients[found.apart, -1])
    return (
        f"JS stays at log 2 at every distance (found within {found.js_error:.5f} nats) and its "
        f"gradient for G dies away (at most {weakest:.4f})\n"
        f"$W_1$ falls in proportion to the distance (found slope {found.slope:.3f}) and its "
        f"gradient for G does not ({steepness.min():.3f} to {steepness.max():.3f})"
    )


def numbers(found: "ParallelLines") -> dict[str, Any]:
    """By name, one value a theta where it is a list."""
    return {
        "thetas": found.thetas,
        "kl": found.kl,
        "js": found.js,
        "js_estimated": found.minimax.estimates[:, -1],
        "js_error": found.js_error,
        "js_gradient": found.minimax.gradients[:, -1],
        "wasserstein_1": found.wasserstein_1,
        "wasserstein_1_estimated": found.critic.estimates[:, -1],
        "wasserstein_1_error": found.wasserstein_1_error,
        "wasserstein_1_gradient": found.critic.gradients[:, -1],
        "wasserstein_1_slope": found.slope,
        "updates": found.minimax.updates[-1],
    }


def lines(found: "ParallelLines") -> list[str]:
    """A table, and what it says."""
    from gan_cli.theory.parallel_lines import PENALTY

    minimax, critic = found.minimax, found.critic
    columns = (
        found.thetas,
        found.kl,
        found.js,
        minimax.estimates[:, -1],
        minimax.gradients[:, -1],
        found.wasserstein_1,
        critic.estimates[:, -1],
        critic.gradients[:, -1],
    )
    rows = [
        f"{theta:5.1f}  {kl:3.0f}  {js:6.4f}  {js_found:8.4f}  {js_gradient:8.4f}  "
        f"{w:6.4f}  {w_found:8.4f}  {w_gradient:8.4f}"
        for theta, kl, js, js_found, js_gradient, w, w_found, w_gradient in zip(
            *columns, strict=True
        )
    ]
    return [
        "Two segments, P_0 = (0, Z) and P_theta = (theta, Z), Z uniform on [0, 1].",
        "'found' is by a network trained on samples, 'to G' the gradient of G's loss by theta.",
        "",
        "theta   KL      JS     found      to G      W_1     found      to G",
        *rows,
        "",
        f"JS     log 2 = 0.6931 nats wherever theta is not 0; found within {found.js_error:.5f}.",
        "       So C(G) is flat there: the gradient should be 0, and dies as D is trained.",
        f"W_1    |theta|; found within {found.wasserstein_1_error:.4f}, slope {found.slope:.4f}.",
        "       The gradient should be 1 in size, with the sign of theta. A penalty of "
        f"{PENALTY:g} lets both",
        f"       exceed that by |theta| / {2 * PENALTY:g}. At theta = 0 it is undefined.",
    ]
