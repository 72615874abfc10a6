"""What a run says whose directory cannot be written any more: what is safe, how to go on."""

import contextlib
import errno
import os
from collections.abc import Iterator

from gan_cli import checkpoints, storage
from gan_cli.errors import GanError, sentence
from gan_cli.runs import RunDirectory
from gan_cli.runs.whereabouts import Moved, Whereabouts

REMEDIES = {
    errno.ENOSPC: "Make room there, then go on",
    errno.EDQUOT: "Delete files of yours there, then go on",
    errno.EROFS: "Go on once it can be written",
    errno.EIO: "Go on once the disk is sound",
    errno.EFBIG: "Raise that limit, then go on",
    errno.EMFILE: "Raise that limit, then go on",
}


@contextlib.contextmanager
def explained(
    place: RunDirectory, go_on: str = "", kind: type[GanError] = GanError
) -> Iterator[None]:
    """Turns what is raised for a full disk and the like into sentences for the user.

    Args:
        place: the run.
        go_on: the command that goes on with it; by default the one without overrides.
        kind: the error to raise.

    Raises:
        Moved: if the directory is no longer where it was.
        GanError: naming the file system, the newest state that is safe, and the command to go on.
    """
    whereabouts = Whereabouts(place.path)
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError):
            with contextlib.suppress(OSError):  # of a disk that does not answer, nothing is known
                whereabouts.check()
        refused = storage.refusal(error)
        if refused is None or isinstance(error, GanError):
            raise
        steps = checkpoints.steps(place.checkpoints)
        safe = f"The state of step {steps[-1]:,} is safe." if steps else "No state was saved yet."
        told = sentence(refused if refused.filename else OSError(*refused.args, str(place.path)))
        remedy = REMEDIES[refused.errno or errno.EIO]
        raise kind(f"{told} {safe} {remedy}: {go_on or place.resume_command}") from error
    finally:
        whereabouts.close()


def left(place: RunDirectory, error: BaseException) -> RunDirectory:
    """The run that an error is told in: where it is now, if it was moved.

    Raises:
        FileNotFoundError: if it was deleted.
    """
    if not isinstance(error, Moved):
        return place
    if error.now is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(place.path))
    return RunDirectory(error.now)
