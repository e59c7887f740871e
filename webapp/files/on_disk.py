"""Read a file that somebody named: a regular one of at most so many bytes, never a pipe or a device."""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from webapp.files.rows import WrongFile


def read(path: Path, most: int) -> bytes:
    """The bytes of a regular file; raises WrongFile where it is none, is larger, or cannot be read.

    A link is what it leads to: whoever names a path on the command line may read what they may read. Nothing of a
    zip is ever written to a disk, so its links are a few bytes of text.

    What stands at a path may be a pipe that nobody writes to, or a device without an end: neither is opened to be
    waited for, and no more is read than is allowed, whatever size the system reports.
    """
    try:
        with _regular(path) as file:
            content = file.read(most + 1)
    except OSError as error:
        raise WrongFile(expected="a file that can be read", found=error.strerror or "none") from None
    if len(content) > most:
        raise _too_large(most)
    return content


def opened(path: Path, most: int) -> BinaryIO:
    """A regular file of at most so many bytes, to be read part by part; raises WrongFile as `read` does."""
    try:
        file = _regular(path)
        size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise WrongFile(expected="a file that can be read", found=error.strerror or "none") from None
    if size > most:
        file.close()
        raise _too_large(most)
    return file


def _regular(path: Path) -> BinaryIO:
    _require_regular(path.stat())
    # Between the two looks a pipe may have come in its place: opened so, it does not wait for a writer.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    file = open(handle, "rb")  # noqa: SIM115 - whoever asks for it closes it
    try:
        _require_regular(os.fstat(handle))
    except WrongFile:
        file.close()
        raise
    return file


def _too_large(most: int) -> WrongFile:
    return WrongFile(
        expected="a file of at most %(most)s MB", found="a larger one", most=most // 1024 // 1024
    )


def _require_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise WrongFile(expected="a regular file", found="a pipe, a device or something else")
