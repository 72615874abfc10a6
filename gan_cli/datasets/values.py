"""Refuses stored values that cannot be trained on, naming the first example with one."""

import numpy as np

from gan_cli.errors import DataError

ROUNDING = 1e-6  # how far beyond [-1, 1] a pixel may lie
VALUES_AT_ONCE = 1 << 24


def check(examples: np.ndarray, what: str, first: int = 0) -> None:
    """Refuses numbers that are not finite and pixels outside [-1, 1].

    Args:
        examples: floats, (N, D) for points and (N, H, W, C) for images.
        what: where they are, in words that end in "example".
        first: the index there of the first of them.

    Raises:
        DataError: naming the first example that is wrong.
    """
    size = int(np.prod(examples.shape[1:]))
    step = max(1, VALUES_AT_ONCE // size)
    limit = 1 + ROUNDING if examples.ndim == 4 else np.finfo(np.float32).max
    for start in range(0, len(examples), step):
        rows = examples[start : start + step].reshape(-1, size)
        low, high = rows.min(axis=1), rows.max(axis=1)
        wrong = ~((low >= -limit) & (high <= limit))  # NaN is neither
        if wrong.any():
            row = int(wrong.argmax())
            if np.isfinite([low[row], high[row]]).all():
                problem = (
                    f"values from {low[row]:g} to {high[row]:g}. Float images must lie in [-1, 1]: "
                    "scale them or store uint8."
                )
            else:
                problem = "a value that is not a finite float32 number. Remove it or mend it."
            raise DataError(f"{what} {first + start + row} (counted from 0) has {problem}")
