"""Where parts and what is read from them lie: folders on disk or in S3-compatible storage, by one set of functions.

An address is a path or ``s3://BUCKET/KEY``. The keys of the storage are taken from the usual variables of the environment
(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION), the address of a storage that is not Amazon's from AWS_ENDPOINT_URL.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urlsplit

from tadmor.errors import InputError

_S3 = "s3://"


def is_remote(address: str) -> bool:
    """Whether the address is one of S3-compatible storage."""
    return address.startswith(_S3)


def suffix(address: str) -> str:
    """The end of the name that tells the form, in lower case: ".warc.gz", ".parquet"."""
    name = address.rstrip("/").rpartition("/")[2].lower()
    packed = ".gz" if name.endswith(".gz") else ""
    return Path(name.removesuffix(".gz")).suffix + packed


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is there: its address and its size in bytes."""

    address: str
    size: int


def find(address: str) -> list[Found]:
    """The file at an address, or all files below it, in the order of their addresses. Hidden names are left out.

    Raises InputError when nothing is there, or the storage cannot be reached.
    """
    from pyarrow import fs

    system, path = _located(address)
    with _explained(address):
        info = system.get_file_info(path)
        if info.type == fs.FileType.File:
            return [Found(address, int(info.size))]
        if info.type == fs.FileType.NotFound and not is_remote(address):
            raise InputError(f"{address}: no such file or folder")
        below = system.get_file_info(fs.FileSelector(path, recursive=True, allow_not_found=True))
    root = address.rstrip("/")
    found = []
    for item in below:
        inner = item.path[len(path.rstrip("/")) :].lstrip("/")
        if item.type == fs.FileType.File and not any(piece.startswith(".") for piece in inner.split("/")):
            found.append(Found(f"{root}/{inner}", int(item.size)))
    return sorted(found, key=lambda f: f.address)


@contextmanager
def opened(address: str) -> Iterator[Any]:
    """The file as an Arrow stream that can be read at any place. Raises InputError, for faults of reading it, too."""
    system, path = _located(address)
    with _explained(address):
        stream = system.open_input_file(path)
    with stream, _explained(address):
        yield stream


def read_range(address: str, start: int, end: int) -> bytes:
    """The bytes from ``start`` up to ``end`` of a file. Raises InputError."""
    with opened(address) as stream:
        stream.seek(start)
        return cast(bytes, stream.read(end - start))


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is written to: a file in it is there whole, or not at all."""

    address: str

    def at(self, name: str) -> str:
        """The address of a file in the folder."""
        return f"{self.address.rstrip('/')}/{name}"

    def has(self, name: str) -> bool:
        """Whether a file of this name is there."""
        from pyarrow import fs

        system, path = _located(self.at(name))
        with _explained(self.address):
            return bool(system.get_file_info(path).type == fs.FileType.File)

    def names(self, below: str) -> list[str]:
        """The names of all files below a folder in it, as ``at`` takes them, in order; none when it is not there."""
        if not is_remote(self.address) and not Path(self.at(below)).is_dir():
            return []
        start = len(self.address.rstrip("/")) + 1
        return [found.address[start:] for found in find(self.at(below)) if not found.address.endswith(".part")]

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, or None when it is not there."""
        if not self.has(name):
            return None
        with opened(self.at(name)) as stream:
            return cast(bytes, stream.read())

    def write(self, name: str, data: bytes) -> None:
        """Write a file, in place of one that is there. Raises InputError when the storage does not take it."""
        with self.writing(name) as stream:
            stream.write(data)

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """A stream to a file, which is there under its name once all of it is written; nothing of it is when writing fails."""
        target = self.at(name)
        if is_remote(target):
            import io

            # An object is there once its upload has been completed; closing a stream after a fault would complete it.
            held = io.BytesIO()
            yield held
            system, path = _located(target)
            with _explained(self.address), system.open_output_stream(path) as sink:
                sink.write(held.getbuffer())
            return
        whole, part = Path(target), Path(f"{target}.{os.getpid()}.part")
        with _explained(self.address):
            whole.parent.mkdir(parents=True, exist_ok=True)
            try:
                with part.open("wb") as stream:
                    yield stream
                    stream.flush()
                    os.fsync(stream.fileno())
                part.replace(whole)
            except BaseException:
                part.unlink(missing_ok=True)
                raise

    def clear(self, below: str) -> None:
        """Take away a folder in it with all that it holds: for what can be worked out again."""
        from pyarrow import fs

        system, path = _located(self.at(below))
        with _explained(self.address):
            if system.get_file_info(path).type == fs.FileType.Directory:
                system.delete_dir(path)


@contextmanager
def _explained(address: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise InputError(f"{address}: no such file or folder") from error
    except OSError as error:
        raise InputError(f"{address}: {error.strerror or error}{_mend(error)}") from error


def _mend(error: OSError) -> str:
    import errno

    mends = {
        errno.ENOSPC: "; make room and run the same command again, nothing that is finished is lost",
        errno.EFBIG: "; files may not grow so large here (ulimit -f): allow more and run the same command again",
        errno.EACCES: "; give yourself the right to read and write there",
        errno.EDQUOT: "; make room and run the same command again, nothing that is finished is lost",
    }
    return mends.get(error.errno or 0, "")


def _located(address: str) -> tuple[Any, str]:
    if is_remote(address):
        parts = urlsplit(address)
        if not parts.netloc:
            raise InputError(f"{address}: no bucket is named; write s3://BUCKET/KEY")
        return _storage(), f"{parts.netloc}{parts.path}".rstrip("/")
    from pyarrow import fs

    return fs.LocalFileSystem(), os.path.abspath(address)  # noqa: PTH100 - links are kept as they are given


@lru_cache(maxsize=1)
def _storage() -> Any:
    from pyarrow import fs

    settings: dict[str, Any] = {}
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        parts = urlsplit(endpoint if "://" in endpoint else f"https://{endpoint}")
        settings = {"endpoint_override": parts.netloc, "scheme": parts.scheme}
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if region or endpoint:
        settings["region"] = region or "us-east-1"
    return fs.S3FileSystem(**settings)
