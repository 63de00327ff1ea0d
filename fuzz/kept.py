"""The corpus of found cases: inputs that once broke a promise, by target, replayed by a test for good."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "corpus"


def cases() -> Iterator[tuple[str, Path]]:
    """Each found case with its target."""
    for path in sorted(FOLDER.glob("*/*")):
        if path.is_file():
            yield path.parent.name, path


def keep(target: str, data: bytes) -> Path:
    """Keep a case under a name that its bytes give it."""
    path = FOLDER / target / hashlib.sha256(data).hexdigest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def shorter(data: bytes, breaks: object, tries: int = 400) -> bytes:
    """A shorter input that still breaks: pieces are taken out as long as ``breaks`` says that it does."""
    assert callable(breaks)
    size = len(data) // 2
    while size and tries:
        at = 0
        while at < len(data) and tries:
            tries -= 1
            less = data[:at] + data[at + size :]
            if breaks(less):
                data = less
            else:
                at += size
        size //= 2
    return data
