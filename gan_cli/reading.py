"""Reads files that anybody may have written: it never waits, takes a bounded size, checks types."""

import contextlib
import errno
import json
import os
import re
import stat
import sys
import types
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal

from gan_cli.errors import DataError, GanError
from gan_cli.yaml_size import excess

LARGEST = 2**24
"""The most bytes of a file that is read whole; a summary has about 2,000."""

LARGEST_YAML = 2**20
"""The same for YAML, of which a megabyte takes some seconds to read."""

OTHER_ENCODING = "it is not in UTF-8, in which an editor can save it"
"""What is said of a text in UTF-16 or another encoding."""

NUMBER = re.compile("0|[1-9][0-9]{0,17}")


@contextlib.contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Opens a file; a pipe, whose writer would be waited for, is none.

    Raises:
        OSError: if it is no file, or cannot be read.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    kind = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(kind):
        os.close(descriptor)
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        raise OSError(errno.EINVAL, "it is a pipe or a device", str(path))
    with os.fdopen(descriptor, "rb") as file:
        yield file


def content(path: Path, largest: int | None = LARGEST) -> bytes:
    """The bytes of a file.

    Args:
        path: the file.
        largest: the most bytes that it may hold; None for any number.

    Raises:
        OSError: if it is no file or a larger one, or cannot be read.
    """
    with opened(path) as file:
        found = file.read() if largest is None else file.read(largest + 1)
    if largest is not None and len(found) > largest:
        raise OSError(errno.EFBIG, f"it holds more than {largest:,} bytes", str(path))
    return found


@contextlib.contextmanager
def naming(path: Path, fault: str | Callable[[Exception], str]) -> Iterator[None]:
    """Tells in one sentence of whatever goes wrong while the content of a file is read.

    What parsers raise for bytes that they did not expect has no end: everything is taken for
    damage but what the system says, and a memory that is full.

    Args:
        path: the file, which the sentence begins with.
        fault: the rest of the sentence where the content is damaged, and what to do; or what tells
            it from the error.

    Raises:
        DataError: with that sentence, or with the system's reason.
    """
    try:
        yield
    except (GanError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.strerror:
            raise DataError(f"{path} cannot be read: {error.strerror}.") from error
        told = fault if isinstance(fault, str) else fault(error)
        raise DataError(f"{path} {told}") from error


def json_value(found: bytes) -> Any:
    """The value that bytes hold as JSON.

    Raises:
        ValueError: for what is no JSON in UTF-8, is nested too deeply, or holds half a character.
    """
    try:
        value = json.loads(found.decode())
        if b"\\u" in found:
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return value


def yaml_text(found: bytes) -> str:
    """The text of a YAML file that does not stand for too much.

    Raises:
        ValueError: for what is no UTF-8, or is too large; see `yaml_size.excess`.
    """
    try:
        text = found.decode()
    except UnicodeDecodeError as error:
        raise ValueError(OTHER_ENCODING) from error
    if (why := excess(text)) is not None:
        raise ValueError(why)
    return text


def yaml_fault(path: Path) -> str | None:
    """Why a YAML file is too large to be read, or no UTF-8; None where it is neither.

    A file that is missing or is no YAML is left to who reads it.
    """
    try:
        yaml_text(content(path, LARGEST_YAML))
    except OSError:
        return None
    except ValueError as error:
        return str(error)
    return None


def number(text: str) -> int | None:
    """The whole number that a name is; None for any other name, such as 007, ٣ or x."""
    return int(text) if NUMBER.fullmatch(text) else None


def fits(value: Any, hint: Any) -> bool:
    """Whether a value of JSON has a type: a number must be finite, and true is none.

    Args:
        value: what was read.
        hint: the type: of a text, a number, a list or a dictionary, a TypedDict, or one of several.
    """
    origin, options = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return True
    if origin is Literal:
        return value in options
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, option) for option in options)
    if origin is list:
        return isinstance(value, list) and all(fits(each, options[0]) for each in value)
    if origin is dict:
        return isinstance(value, dict) and all(fits(each, options[1]) for each in value.values())
    if typing.is_typeddict(hint):
        known = typing.get_type_hints(hint)
        return (
            isinstance(value, dict)
            and hint.__required_keys__ <= set(value)
            and all(fits(value[key], known[key]) for key in known if key in value)
        )
    if hint is float:
        return type(value) in (int, float) and abs(value) <= sys.float_info.max
    return type(value) is hint and (hint is not int or abs(value) < 2**63)
