"""Lets Orbax work in one of several processes without asking the others.

Orbax's private names are used in this file alone.
"""

import contextlib
from collections.abc import Iterator

import jax


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Until it is closed Orbax waits for no other process: one saves the state, which each has.

    Whatever its options say, Orbax compares the path that it saves to with that of all processes,
    over their devices. The others take no part, and hold it for a result of their training.
    """
    if not jax.distributed.is_initialized():
        yield
        return
    from unittest import mock

    from orbax.checkpoint import v1 as ocp
    from orbax.checkpoint.experimental.v1._src.saving import execution

    own = jax.process_index()
    options = ocp.options.MultiprocessingOptions(
        primary_host=own, active_processes={own}, barrier_sync_key_prefix=f"process_{own}"
    )
    unasked = mock.patch.object(execution, "_check_directory_consistency")
    with ocp.Context(multiprocessing_options=options), unasked:
        yield
