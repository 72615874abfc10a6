"""The networks of three architectures in PyTorch, each the same function of its parameters."""

import math
from collections.abc import Sequence
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.benchmarks.handover import Arrays

Shape = Sequence[int]
"""The shape of an example as this package has it: (D,), or (height, width, channels)."""


def build(settings: SimpleNamespace, shape: Shape) -> tuple[nn.Module, nn.Module]:
    """G (N, latent) -> (N, *shape) and D (N, *shape) -> (N,); images are (N, channels, H, W).

    Args:
        settings: the configuration's architecture.
        shape: the shape of an example.
    """
    match settings.name:
        case "mlp":
            return MlpGenerator(settings, shape), MlpDiscriminator(settings, shape)
        case "maxout":
            return MaxoutGenerator(settings, shape), MaxoutDiscriminator(settings, shape)
        case "dcgan":
            pair = DcganGenerator(settings, shape), DcganDiscriminator(settings, shape)
            return tuple(network.to(memory_format=torch.channels_last) for network in pair)
    raise NotImplementedError(settings.name)


@torch.no_grad()
def copy_parameters(module: nn.Module, parameters: Arrays) -> None:
    """Copies a network's parameters, by path, into its twin."""
    for path, values in parameters.items():
        *names, kind = path.split("/")
        layer = module.get_submodule(".".join(names))
        parameter = layer.get_parameter("bias" if kind == "bias" else "weight")
        parameter.copy_(torch.from_numpy(_in_torch_order(layer, np.array(values))))


def _in_torch_order(module: nn.Module, values: np.ndarray) -> np.ndarray:
    """Values in the axes' order of a PyTorch module."""
    match module, values.ndim:
        case nn.Linear(), 2:
            return values.T
        case nn.Conv2d(), 4:  # (H, W, in, out) -> (out, in, H, W)
            return values.transpose(3, 2, 0, 1)
        case nn.ConvTranspose2d(), 4:  # (H, W, in, out) -> (in, out, H, W)
            return values.transpose(2, 3, 0, 1)
    return values


class MlpGenerator(nn.Module):
    """Linear layers, batch norm, ReLU; tanh for images."""

    def __init__(self, config: SimpleNamespace, shape: Shape) -> None:
        super().__init__()
        assert config.activation == "relu"
        widths = (config.latent, *config.generator_widths)
        batch_norm = config.generator_batch_norm
        self.shape, self.is_image = _torch_shape(shape), len(shape) == 3
        self.hidden = nn.ModuleList(
            nn.Linear(a, b, bias=not batch_norm) for a, b in pairwise(widths)
        )
        self.norms = nn.ModuleList(
            nn.BatchNorm1d(width, momentum=1 - config.batch_norm_momentum)
            if batch_norm
            else nn.Identity()
            for width in widths[1:]
        )
        self.output = nn.Linear(widths[-1], math.prod(shape))

    def forward(self, z: Tensor) -> Tensor:
        h = z
        for layer, linear in enumerate(self.hidden):
            h = linear(h)
            if self.norms:
                h = self.norms[layer](h)
            h = functional.relu(h, inplace=True)
        x = self.output(h)
        return (torch.tanh(x) if self.is_image else x).view(len(z), *self.shape)


class MlpDiscriminator(nn.Module):
    """Linear layers and ReLU."""

    def __init__(self, config: SimpleNamespace, shape: Shape) -> None:
        super().__init__()
        assert config.activation == "relu"
        assert not config.discriminator_batch_norm
        assert not config.discriminator_dropout
        widths = (math.prod(shape), *config.discriminator_widths)
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(widths))
        self.output = nn.Linear(widths[-1], 1)

    def forward(self, x: Tensor) -> Tensor:
        h = x.flatten(1)
        for linear in self.hidden:
            h = functional.relu(linear(h), inplace=True)
        return self.output(h).squeeze(1)


class MaxoutGenerator(nn.Module):
    """Linear layers and ReLU; a sigmoid stretched to [-1, 1] for images."""

    def __init__(self, config: SimpleNamespace, shape: Shape) -> None:
        super().__init__()
        assert len(shape) == 3
        widths = (config.latent, *config.generator_widths)
        self.shape = _torch_shape(shape)
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(widths))
        self.output = nn.Linear(widths[-1], math.prod(shape))

    def forward(self, z: Tensor) -> Tensor:
        h = z
        for linear in self.hidden:
            h = functional.relu(linear(h), inplace=True)
        return (2 * torch.sigmoid(self.output(h)) - 1).view(len(z), *self.shape)


class MaxoutDiscriminator(nn.Module):
    """Layers of maxout units with dropout before each and before the output."""

    def __init__(self, config: SimpleNamespace, shape: Shape) -> None:
        super().__init__()
        assert len(shape) == 3
        widths = (math.prod(shape), *config.discriminator_units)
        self.pieces = config.pieces
        self.rates = (config.input_dropout, *(config.hidden_dropout,) * (len(widths) - 1))
        self.hidden = nn.ModuleList(nn.Linear(a, b * config.pieces) for a, b in pairwise(widths))
        self.output = nn.Linear(widths[-1], 1)

    def forward(self, x: Tensor) -> Tensor:
        h = (x.flatten(1) + 1) / 2
        for linear, rate in zip(self.hidden, self.rates, strict=False):
            h = linear(functional.dropout(h, rate, self.training))
            h = h.unflatten(1, (-1, self.pieces)).amax(dim=2)
        return self.output(functional.dropout(h, self.rates[-1], self.training)).squeeze(1)


class DcganGenerator(nn.Module):
    """A linear layer, then transposed convolutions, each after batch norm and ReLU; tanh."""

    def __init__(self, config: SimpleNamespace, shape: Shape) -> None:
        super().__init__()
        assert config.generator_batch_norm
        side, _, channels = shape
        widths = [config.filters * 2**n for n in reversed(range(_halvings(side)))]
        self.base = side // 2 ** len(widths)
        self.dense = nn.Linear(config.latent, self.base**2 * widths[0], bias=False)
        self.norms = nn.ModuleList(
            nn.BatchNorm2d(width, momentum=1 - config.batch_norm_momentum) for width in widths
        )
        self.convs = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 4, 2, 1, bias=False) for a, b in pairwise(widths)
        )
        self.output = nn.ConvTranspose2d(widths[-1], channels, 4, 2, 1)

    def forward(self, z: Tensor) -> Tensor:
        h = self.dense(z).view(len(z), self.base, self.base, -1).permute(0, 3, 1, 2)
        for norm, conv in zip(self.norms, [*self.convs, self.output], strict=True):
            h = conv(functional.relu(norm(h), inplace=True))
        return torch.tanh(h)


class DcganDiscriminator(nn.Module):
    """Convolutions, batch norm by the batch but in the first, leaky ReLU; a linear output."""

    def __init__(self, config: SimpleNamespace, shape: Shape) -> None:
        super().__init__()
        assert config.discriminator_batch_norm
        assert not config.discriminator_dropout
        side, _, channels = shape
        widths = [config.filters * 2**n for n in range(_halvings(side))]
        self.slope = config.leaky_slope
        self.input = nn.Conv2d(channels, widths[0], 4, 2, 1)
        self.convs = nn.ModuleList(
            nn.Conv2d(a, b, 4, 2, 1, bias=False) for a, b in pairwise(widths)
        )
        self.norms = nn.ModuleList(
            nn.BatchNorm2d(width, track_running_stats=False) for width in widths[1:]
        )
        self.output = nn.Linear((side // 2 ** len(widths)) ** 2 * widths[-1], 1)

    def forward(self, x: Tensor) -> Tensor:
        h = functional.leaky_relu(self.input(x), self.slope, inplace=True)
        for conv, norm in zip(self.convs, self.norms, strict=True):
            h = functional.leaky_relu(norm(conv(h)), self.slope, inplace=True)
        return self.output(h.permute(0, 2, 3, 1).flatten(1)).squeeze(1)


def _halvings(side: int) -> int:
    return max(side.bit_length() - 3, 0)


def _torch_shape(shape: Shape) -> tuple[int, ...]:
    """The shape of an example with the channels first."""
    return (*shape[-1:], *shape[:-1])
