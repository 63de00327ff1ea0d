"""Files that verbs write with ``-o``: whole or not at all, and never in place of a ledger."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EACCES
from pathlib import Path

import click

_DATABASE = b"SQLite format 3\0"


@contextmanager
def whole(output: Path) -> Iterator[Path]:
    """The path to write to; the file takes the place of ``output`` once all of it is written.

    So an export that fails, or is killed, leaves the one of yesterday as it was. Raises ClickException where ``output`` is a
    ledger, which nobody means to write over, and OSError that names ``output``.
    """
    target = Path(os.path.realpath(output))
    there = target.exists()
    if there and not target.is_file():  # a pipe or a device, which is written to and not replaced
        yield output
        return
    if there and not os.access(target, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES), str(output))
    if there and _database(target):
        raise click.ClickException(
            f"{output} is a database, as a ledger is, and is not written over: name another file"
        )
    if there and not os.access(target.parent, os.W_OK):
        yield output
        return
    part = target.with_name(f".tadmor-{os.getpid()}.part")
    try:
        yield part
        if there:
            shutil.copymode(target, part)
        part.replace(target)
    except OSError as error:
        if error.filename is None or str(error.filename) != str(part):
            raise
        raise OSError(error.errno, error.strerror, str(output)) from error
    finally:
        with suppress(OSError):
            part.unlink()


def _database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_DATABASE)) == _DATABASE
