"""ZIP files, opened with care: what they say they hold is bounded before any of it is unpacked."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from tadmor.errors import InputError, TooLarge
from tadmor.gather.clean import short

MOST_MEMBERS = 100_000

FAULTS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    LookupError,
)
"""What unpacking a damaged member may raise: its own errors, a password, an unknown method of packing."""


@contextmanager
def opened(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The archive in a file that can be read from its end. Raises InputError when it is none, or is damaged."""
    try:
        archive = zipfile.ZipFile(file)
    except FAULTS as error:
        raise InputError(f"no ZIP file, or a damaged one ({short(error)})") from error
    with archive:
        yield archive


def members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files of an archive by their names. Raises TooLarge when there are too many, InputError when one has two of a name."""
    files = [i for i in archive.infolist() if i.filename and not i.is_dir()]  # a damaged one may have no name
    if len(files) > MOST_MEMBERS:
        raise TooLarge(f"it holds more than {MOST_MEMBERS} files")
    found = {i.filename: i for i in files}
    if len(found) != len(files):
        raise InputError("a damaged ZIP file: it holds two files of one name")
    return found


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, max_bytes: int) -> bytes:
    """A file of the archive, unpacked. Raises TooLarge above ``max_bytes``, InputError when it is damaged.

    No more is ever unpacked than the archive says the file has, so that its word can be taken for the bound.
    """
    if info.file_size > max_bytes:
        raise TooLarge.above(max_bytes, f"{short(info.filename)} in it is ")
    try:
        with archive.open(info) as stream:
            data = stream.read(max_bytes + 1)
    except FAULTS as error:
        raise InputError(f"{short(info.filename)} in it cannot be unpacked ({short(error)})") from error
    if len(data) > max_bytes:
        raise TooLarge.above(max_bytes, f"{short(info.filename)} in it is ")
    return data
