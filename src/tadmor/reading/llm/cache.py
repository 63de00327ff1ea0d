"""Answers kept on disk, so that no text is sent twice to one model with one prompt.

A file for each answer, named by the hash of everything that the answer depends on. It holds the answer alone, no key and
no prompt, but its quotes are text of the report: the folder is readable by its owner only.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any


class Cache:
    """A folder of answers; ``None`` for one that keeps nothing. Faults of the disk never cost a reading."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.fault: str | None = None  # why nothing more is kept, if something went wrong

    @staticmethod
    def key(**depends: str) -> str:
        """The name of an answer that depends on all of these."""
        return hashlib.sha256(json.dumps(depends, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()

    def get(self, key: str) -> Any | None:
        """The answer as plain data, or None: also for a file that is damaged, which is then written anew."""
        if self._folder is None:
            return None
        try:
            kept = json.loads(self._path(key).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return kept.get("answer") if isinstance(kept, dict) and kept.get("key") == key else None

    def put(self, key: str, answer: Any) -> None:
        """Keep an answer, whole or not at all."""
        if self._folder is None or self.fault is not None:
            return
        path = self._path(key)
        temporary = None
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump({"key": key, "answer": answer}, stream)
            Path(temporary).replace(path)
        except OSError as error:
            self.fault = f"answers are not kept: {self._folder}: {error.strerror or error}"
            if temporary is not None:
                with suppress(OSError):
                    Path(temporary).unlink()

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / key[:2] / f"{key[2:]}.json"
