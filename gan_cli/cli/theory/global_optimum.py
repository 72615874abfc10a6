"""`gan theory global-optimum`: C(G) reaches -log 4 at p_g = p_data and nowhere else."""

from gan_cli.cli.theory import output
from gan_cli.theory.findings.base import Findings


@output.command(place=40, compiles=False, seconds=3)
def global_optimum() -> Findings:
    """Show that C(G) = -log 4 + 2 JS is smallest at p_g = p_data, where it is -log 4.

    p_data is normal(0, 1); p_g is normal(mu, 1) for many mu, then normal(0, s)
    for many s. JS is computed by quadrature (Goodfellow et al. 2014,
    Theorem 1). Nothing is random.
    """
    from gan_cli.theory.findings.global_optimum import findings
    from gan_cli.theory.global_optimum import global_optimum as measure

    return findings(measure())
