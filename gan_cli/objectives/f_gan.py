"""The f-GAN: a game for each of nine f-divergences."""

from typing import Literal

from gan_cli.component import component
from gan_cli.objectives.base import Batch, Discriminator, Key, Objective, Outputs, Scalar, both
from gan_cli.objectives.f_divergences import ROWS, Row

Divergence = Literal[
    "total_variation",
    "kl",
    "reverse_kl",
    "pearson",
    "neyman",
    "squared_hellinger",
    "jeffrey",
    "jensen_shannon",
    "gan",
]
Generator = Literal["saturating", "non_saturating"]


@component
class FGan(Objective):
    """D measures an f-divergence of the data P from the samples Q, which G makes small.

    min_G max_D E_P g_f(D(x)) - E_Q f*(g_f(D(G(z)))), where f* is the conjugate of f and g_f takes
    the network's output into its domain. At D's optimum, g_f(D) = f'(p / q), it is
    D_f(P, Q) = E_Q f(p / q), and with any other D it is less. `gan` is the game of the 2014 paper,
    and `jensen_shannon` the same with log 4 more, which is 2 JS.

    Some divergences reach as far as an exponential of D's output, which float32 does not hold
    where D is sure: beyond 30 it goes on as a straight line, and D can still say what it could.

    divergence: the f-divergence that D measures.
    generator: what G does: `saturating` minimises what D maximises; `non_saturating` maximises
        E_Q g_f(D(G(z))), whose gradient is large where D is sure of samples.

    Source: Nowozin et al. 2016, "f-GAN", equation 6, section 3.2 and Tables 1, 2 and 6.
    """

    name = "f_gan"

    divergence: Divergence = "jensen_shannon"
    generator: Generator = "saturating"

    @property
    def row(self) -> Row:
        """The output activation and the conjugate of the divergence."""
        return ROWS[self.divergence]

    @property
    def measures(self) -> str:
        return self.row.measures

    @property
    def remedy(self) -> str:
        return "objective.generator=non_saturating" * (self.generator == "saturating")

    @property
    def cross_entropy(self) -> bool:
        return self.row.logits

    @property
    def boundary(self) -> Scalar | float:
        """The output at p = q, where g_f(D) = f'(1)."""
        return self.row.balance

    def discriminator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """E f*(g_f(D(G(z)))) - E g_f(D(x))."""
        return -self.estimate(*both(D, real, fake, key))

    def generator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """-E f*(g_f(D(G(z)))), or -E g_f(D(G(z))) if it does not saturate."""
        on_fake = D(fake, key)
        if self.generator == "saturating":
            return -self.row.conjugate(on_fake).mean()
        return self.row.cost(on_fake).mean()

    def unrolled_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """What D maximises, or D's loss with data and samples exchanged if G does not saturate."""
        on_real, on_fake = both(D, real, fake, key)
        if self.generator == "saturating":
            return self.estimate(on_real, on_fake)
        return self.row.conjugate(on_real).mean() + self.row.cost(on_fake).mean()

    def estimate(self, real: Outputs, fake: Outputs) -> Scalar:
        """E g_f(D(x)) - E f*(g_f(D(G(z)))): exact at D's optimum and a lower bound elsewhere.

        That is so on average; from one minibatch, on which D is trained, it may be too high.
        """
        return -(self.row.cost(real).mean() + self.row.conjugate(fake).mean())
