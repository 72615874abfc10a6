"""PyTorch's device, and a training step as one CUDA graph."""

from collections.abc import Callable

import torch

Step = Callable[[int], None]


def choose(device: str) -> torch.device:
    """The device for a configuration's `device`; a GPU computes in TF32, as it does for JAX."""
    if device == "cpu" or not torch.cuda.is_available():
        return torch.device("cpu")
    torch.set_float32_matmul_precision("high")
    torch.backends.cudnn.benchmark = True
    return torch.device("cuda")


def captured(step: Step) -> Step:
    """The step as one CUDA graph, with fresh random numbers and the same minibatch in each replay.

    Learning rates stay what they are when the graph is made.
    """
    beside = torch.cuda.Stream()
    beside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(beside):
        for number in range(3):
            step(number)
    torch.cuda.current_stream().wait_stream(beside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step(3)
    return lambda number: graph.replay()
