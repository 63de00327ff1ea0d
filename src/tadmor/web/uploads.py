"""Files of a form (multipart/form-data, RFC 7578), written to a folder as they come; none is held in memory whole.

What a part calls its file is only a name to show: on disk files are numbered, and keep no more than a known suffix.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from tadmor.gather.forms import SUFFIXES
from tadmor.web.errors import Problem

MOST_FILES = 500
_MOST_HEAD = 8_000  # bytes of the headers of a part
_MOST_FIELD = 10_000  # bytes of a part that is no file
_SUFFIX = re.compile(rf"(?:{'|'.join(map(re.escape, SUFFIXES))})(?:\.gz)?$|\.gz$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent: its name as shown, where it lies, and whether it was above the cap and is not whole."""

    name: str
    path: Path
    too_large: bool


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent: files, and fields by their names."""

    files: tuple[Upload, ...]
    fields: dict[str, str]


def boundary(content_type: str) -> bytes:
    """The boundary that the header names. Raises Problem (400)."""
    head = Message()
    head["content-type"] = content_type
    found = head.get_param("boundary")
    if not isinstance(found, str) or not 0 < len(found) <= 200 or not found.isascii():
        raise Problem(400, "the form names no boundary between its parts")
    return found.encode()


async def receive(stream: AsyncIterator[bytes], mark: bytes, folder: Path, *, most: int) -> Form:
    """Take a form in; a file above ``most`` bytes is cut there and marked. Raises Problem (400) for one out of form."""
    taking = _Taking(mark, folder, most)
    try:
        async for chunk in stream:
            taking.feed(chunk)
        return taking.done()
    finally:
        taking.close()


class _Taking:
    """A form as far as it has come: before the first mark, in the headers of a part, in its body, or after the end."""

    def __init__(self, mark: bytes, folder: Path, most: int) -> None:
        self._mark = b"\r\n--" + mark
        self._held = b"\r\n"  # the first mark need not have a line break before it
        self._where = "before"
        self._folder, self._most = folder, most
        self._files: list[Upload] = []
        self._fields: dict[str, str] = {}
        self._stream: BinaryIO | None = None
        self._name = ""
        self._field = b""
        self._size = 0
        self._shown = ""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._held += chunk
        while self._step():
            pass

    def done(self) -> Form:
        """The form. Raises Problem (400) when it broke off."""
        if self._where != "after":
            raise Problem(400, "the form broke off before its end")
        return Form(tuple(self._files), self._fields)

    def close(self) -> None:
        """Close what is open."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _step(self) -> bool:
        if self._where == "after":
            self._held = b""
            return False
        return self._head() if self._where == "head" else self._body()

    def _body(self) -> bool:
        at = self._held.find(self._mark)
        if at < 0:
            # The mark may have begun in the last bytes.
            sure = len(self._held) - len(self._mark) + 1
            if sure > 0:
                self._write(self._held[:sure])
                self._held = self._held[sure:]
            return False
        after = self._held[at + len(self._mark) :]
        line = after.find(b"\r\n")
        if line < 0 and not after.startswith(b"--"):
            if len(after) > 1000:
                raise Problem(400, "the form is out of form: a mark between its parts does not end")
            return False
        self._write(self._held[:at])
        self._finish()
        if after.startswith(b"--"):
            self._where, self._held = "after", b""
            return False
        if after[:line].strip(b" \t"):
            raise Problem(400, "the form is out of form: something stands behind a mark between its parts")
        self._where, self._held = "head", after[line:]
        return True

    def _head(self) -> bool:
        # What is held begins with the line break after the mark, so that a part without headers ends its head at once.
        end = self._held.find(b"\r\n\r\n")
        if end < 0 or end > _MOST_HEAD:
            if len(self._held) > _MOST_HEAD:
                raise Problem(400, "the form is out of form: the head of a part is too long")
            return False
        head = HeaderParser().parsestr(self._held[2:end].decode("utf-8", "replace") + "\n\n")
        self._held = self._held[end + 4 :]
        self._where = "body"
        if head.get_content_disposition() != "form-data":
            raise Problem(400, "the form is out of form: a part is no form-data")
        name = head.get_param("name", header="content-disposition")
        self._name = name if isinstance(name, str) else ""
        self._size = 0
        filename = head.get_filename()
        if filename is None:
            self._field, self._stream = b"", None
            return True
        if len(self._files) >= MOST_FILES:
            raise Problem(413, f"more than {MOST_FILES} files are not taken at once")
        self._shown = shown(filename)
        suffix = _SUFFIX.search(self._shown)
        path = self._folder / f"{len(self._files) + 1:04}{suffix[0].lower() if suffix else ''}"
        self._files.append(Upload(self._shown, path, False))
        self._stream = path.open("xb")
        return True

    def _write(self, data: bytes) -> None:
        if self._where != "body" or not data:
            return
        self._size += len(data)
        if self._stream is None:
            self._field += data
            if len(self._field) > _MOST_FIELD:
                raise Problem(413, f"the field {self._name[:80]!r} is too long")
        elif self._size <= self._most:
            self._stream.write(data)

    def _finish(self) -> None:
        if self._where != "body":
            return
        if self._stream is None:
            self._fields[self._name] = self._field.decode("utf-8", "replace")
            return
        self.close()
        if self._size > self._most:
            last = self._files[-1]
            self._files[-1] = Upload(last.name, last.path, True)


def shown(filename: str) -> str:
    """The last part of a file's name, without what cannot be printed."""
    last = PurePosixPath(filename.replace("\\", "/")).name
    return "".join(c for c in last if c.isprintable())[:200] or "file"
