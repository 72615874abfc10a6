"""Training steps in PyTorch for an experiment of this package: its game, its updates, its data."""

import os
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from gan_cli.config import Experiment
from gan_cli.datasets.base import FiniteDataset
from gan_cli.datasets.mixture import Mixture
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.base import Optimizer
from gan_cli.optimizers.sgd import Sgd
from gan_cli.problem import describe, training_split
from gan_cli.training.state import build
from tests.benchmarks import networks

Gradients = tuple[Tensor, ...]
Step = Callable[[int], None]
"""Takes the training step of that number, from 0."""


class Game(NamedTuple):
    """Gradients of the non-saturating losses; the same methods run eagerly and compiled.

    No gradient is computed that is not used: D's parameters get none from G's loss.
    """

    G: nn.Module
    D: nn.Module

    def discriminator_gradients(self, real: Tensor, z: Tensor) -> Gradients:
        with torch.no_grad():
            fake = self.G(z)
        return self._discriminator_gradients(real, fake)

    def generator_gradients(self, z: Tensor) -> Gradients:
        return self._generator_gradients(self.G(z))

    def simultaneous_gradients(self, real: Tensor, z: Tensor) -> tuple[Gradients, Gradients]:
        """D's and G's from the same samples, which are drawn once."""
        fake = self.G(z)
        of_discriminator = self._discriminator_gradients(real, fake.detach())
        return of_discriminator, self._generator_gradients(fake)

    def _discriminator_gradients(self, real: Tensor, fake: Tensor) -> Gradients:
        loss = functional.softplus(-self.D(real)).mean() + functional.softplus(self.D(fake)).mean()
        return torch.autograd.grad(loss, tuple(self.D.parameters()))

    def _generator_gradients(self, fake: Tensor) -> Gradients:
        loss = functional.softplus(-self.D(fake)).mean()
        return torch.autograd.grad(loss, tuple(self.G.parameters()))


class Updates:
    """The updates of one network by a fused optimizer, with this package's schedules."""

    def __init__(self, config: Optimizer, network: nn.Module) -> None:
        self.config = config
        self.parameters = tuple(network.parameters())
        self.optimizer = _optimizer(config, self.parameters)

    def __call__(self, gradients: Gradients, step: int) -> None:
        [group] = self.optimizer.param_groups
        group["lr"] = scheduled(self.config, "learning_rate", step)
        if isinstance(self.config, Sgd):
            group["momentum"] = scheduled(self.config, "momentum", step)
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            parameter.grad = gradient
        self.optimizer.step()


def in_torch(experiment: Experiment, *, compiled: bool) -> Callable[[int], None]:
    """What takes some training steps from our initial parameters, with every core."""
    torch.set_num_threads(os.cpu_count() or 1)
    torch.set_flush_denormal(True)  # as XLA does
    spec = describe(experiment.dataset, experiment.batch_size)
    G, D = networks.build(experiment.architecture, spec)
    _, state = build(experiment.recipe, spec)
    networks.copy_parameters(G, state.generator)
    networks.copy_parameters(D, state.discriminator)
    batches, latents = minibatches(experiment), latent_batches(experiment)
    step = training_step(experiment, G, D, batches, latents, compiled=compiled)
    number = 0

    def run(steps: int) -> None:
        nonlocal number
        for _ in range(steps):
            step(number)
            number += 1
        assert all(w.isfinite().all() for w in (*G.parameters(), *D.parameters()))

    return run


def training_step(
    experiment: Experiment,
    G: nn.Module,
    D: nn.Module,
    batches: Iterator[Tensor],
    latents: Iterator[Tensor],
    *,
    compiled: bool,
) -> Step:
    """The step of an experiment for two networks, on the next minibatches of data and latents.

    Compiled, a loss with the samples it needs and its gradients is one graph. Of what was tried,
    this is the fastest or equal to it in every work: the modules alone, the losses, the losses and
    gradients, these and the optimizer; each in the default mode and max-autotune-no-cudagraphs.
    """
    assert experiment.objective.name == "non_saturating"
    assert experiment.k == 1
    assert not experiment.ema
    torch._dynamo.config.trace_autograd_ops = compiled

    def form(gradients: Callable[..., Any]) -> Callable[..., Any]:
        return torch.compile(gradients, fullgraph=True) if compiled else gradients

    game = Game(G, D)
    update_generator = Updates(experiment.optimizer.generator, G)
    update_discriminator = Updates(experiment.optimizer.discriminator, D)

    if experiment.update == "simultaneous":
        simultaneous_gradients = form(game.simultaneous_gradients)

        def step(number: int) -> None:
            of_discriminator, of_generator = simultaneous_gradients(next(batches), next(latents))
            update_discriminator(of_discriminator, number)
            update_generator(of_generator, number)

    else:
        discriminator_gradients = form(game.discriminator_gradients)
        generator_gradients = form(game.generator_gradients)

        def step(number: int) -> None:
            update_discriminator(discriminator_gradients(next(batches), next(latents)), number)
            update_generator(generator_gradients(next(latents)), number)

    return step


def minibatches(experiment: Experiment) -> Iterator[Tensor]:
    """Minibatches of the data without end, from uint8 in memory or drawn fresh."""
    dataset, size = experiment.dataset, experiment.batch_size
    if isinstance(dataset, FiniteDataset):
        return _epochs(torch.from_numpy(training_split(dataset).examples), size, dataset.levels)
    assert isinstance(dataset, Mixture)
    return _fresh_points(dataset, size)


def latent_batches(experiment: Experiment) -> Iterator[Tensor]:
    """Latents from the prior without end."""
    architecture = experiment.architecture
    bound = 3**0.5
    while True:
        z = torch.empty(experiment.batch_size, architecture.latent)
        yield z.uniform_(-bound, bound) if architecture.prior == "uniform" else z.normal_()


def scheduled(config: Any, field: str, step: int) -> float:
    """An optimizer's learning rate or momentum at a step."""
    schedule = config.schedule if field == "learning_rate" else config.momentum_schedule
    initial: float = getattr(config, field)
    match schedule.kind:
        case "constant":
            return initial
        case "linear":
            return initial + (schedule.end - initial) * min(step / schedule.steps, 1.0)
        case "exponential":
            return max(schedule.end, initial * schedule.rate ** (step / schedule.steps))
    raise NotImplementedError(schedule.kind)


def _optimizer(config: Optimizer, parameters: tuple[Tensor, ...]) -> torch.optim.Optimizer:
    match config:
        case Adam():
            betas = (config.b1, config.b2)
            return torch.optim.Adam(
                parameters, config.learning_rate, betas=betas, eps=config.eps, fused=True
            )
        case Sgd():
            return torch.optim.SGD(
                parameters, config.learning_rate, momentum=config.momentum, fused=True
            )
    raise NotImplementedError(config.name)


def _epochs(images: Tensor, size: int, levels: int | None) -> Iterator[Tensor]:
    """Minibatches (size, channels, H, W) of permuted uint8 images (N, H, W, channels)."""
    assert levels is not None
    while True:
        order = torch.randperm(len(images))
        for rows in order[: len(images) // size * size].view(-1, size):
            yield images[rows].permute(0, 3, 1, 2).float().mul_(2 / levels).sub_(1)


def _fresh_points(mixture: Mixture, size: int) -> Iterator[Tensor]:
    modes = mixture.modes()
    assert np.ptp(modes.weights) == 0
    centres = torch.from_numpy(np.asarray(modes.centres, np.float32))
    std = torch.from_numpy(np.asarray(modes.std, np.float32))[:, None]
    while True:
        mode = torch.randint(len(centres), (size,))
        yield torch.addcmul(centres[mode], std[mode], torch.randn(size, centres.shape[1]))
