"""Training steps in PyTorch for an experiment of this package: its game, its updates, its data.

Nothing of this package and of JAX is imported: PyTorch may be in another interpreter.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.benchmarks import handover, networks
from tests.benchmarks.handover import Arrays
from tests.benchmarks.torch_device import captured, choose

Gradients = tuple[Tensor, ...]
Device = torch.device | str
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

    def __init__(self, settings: SimpleNamespace, network: nn.Module) -> None:
        self.settings = settings
        self.parameters = tuple(network.parameters())
        self.optimizer = _optimizer(settings, self.parameters)

    def __call__(self, gradients: Gradients, step: int) -> None:
        [group] = self.optimizer.param_groups
        group["lr"] = scheduled(self.settings, "learning_rate", step)
        if self.settings.name == "sgd":
            group["momentum"] = scheduled(self.settings, "momentum", step)
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            parameter.grad = gradient
        self.optimizer.step()


def in_torch(file: Path, side: str) -> Callable[[int], None]:
    """What takes some training steps from our initial parameters, with every core or on the GPU.

    Args:
        file: what `handover.save` wrote; its `device` is cpu, or auto for a GPU where there is one.
        side: eager; compiled, where losses and gradients are; or graph, where the whole step is a
            CUDA graph.
    """
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    torch.set_flush_denormal(True)  # as XLA does
    given = handover.load(file)
    experiment = given.settings
    device = choose(experiment.device)
    G, D = networks.build(experiment.architecture, given.data["shape"].tolist())
    networks.copy_parameters(G, given.generator)
    networks.copy_parameters(D, given.discriminator)
    step = training_step(
        experiment,
        G.to(device),
        D.to(device),
        minibatches(given.data, experiment.batch_size, device),
        latent_batches(experiment, device),
        compiled=side == "compiled",
    )
    if side == "graph":
        step = captured(step)
    number = 0

    def run(steps: int) -> None:
        nonlocal number
        for _ in range(steps):
            step(number)
            number += 1
        assert all(w.isfinite().all() for w in (*G.parameters(), *D.parameters()))

    return run


def training_step(
    experiment: SimpleNamespace,
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


def minibatches(data: Arrays, size: int, device: Device = "cpu") -> Iterator[Tensor]:
    """Minibatches of the data without end, from uint8 in memory or drawn fresh."""
    if "examples" in data:
        images = torch.from_numpy(data["examples"]).to(device)
        return _epochs(images, size, int(data["levels"]))
    return _fresh_points(data, size, device)


def latent_batches(experiment: SimpleNamespace, device: Device = "cpu") -> Iterator[Tensor]:
    """Latents from the prior without end."""
    architecture = experiment.architecture
    bound = 3**0.5
    while True:
        z = torch.empty(experiment.batch_size, architecture.latent, device=device)
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


def _optimizer(settings: SimpleNamespace, parameters: tuple[Tensor, ...]) -> torch.optim.Optimizer:
    match settings.name:
        case "adam":
            betas = (settings.b1, settings.b2)
            return torch.optim.Adam(
                parameters,
                settings.learning_rate,
                betas=betas,
                eps=settings.eps,
                fused=True,
                capturable=parameters[0].is_cuda,
            )
        case "sgd":
            return torch.optim.SGD(
                parameters, settings.learning_rate, momentum=settings.momentum, fused=True
            )
    raise NotImplementedError(settings.name)


def _epochs(images: Tensor, size: int, levels: int) -> Iterator[Tensor]:
    """Minibatches (size, channels, H, W) of permuted uint8 images (N, H, W, channels)."""
    while True:
        order = torch.randperm(len(images), device=images.device)
        for rows in order[: len(images) // size * size].view(-1, size):
            yield images[rows].permute(0, 3, 1, 2).float().mul_(2 / levels).sub_(1)


def _fresh_points(mixture: Arrays, size: int, device: Device) -> Iterator[Tensor]:
    assert np.ptp(mixture["weights"]) == 0
    centres = torch.from_numpy(mixture["centres"].astype(np.float32)).to(device)
    std = torch.from_numpy(mixture["std"].astype(np.float32)).to(device)[:, None]
    while True:
        mode = torch.randint(len(centres), (size,), device=device)
        noise = torch.randn(size, centres.shape[1], device=device)
        yield torch.addcmul(centres[mode], std[mode], noise)
