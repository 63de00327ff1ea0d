"""Progress on standard error, for work that takes more than two seconds; silent where nobody watches a terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType

_QUIET_SECONDS = 2.0
_EVERY_SECONDS = 0.5


class Progress:
    """Counts items and shows how many are done and how many a second."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._done = 0
        self._start = time.monotonic()
        self._shown = self._start + _QUIET_SECONDS - _EVERY_SECONDS
        self._open = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clear()
        if kind is KeyboardInterrupt:
            print(f"stopped after {self._done}; run the same command again to go on from here", file=sys.stderr)

    def step(self) -> None:
        """One more item is done."""
        self.reach(self._done + 1)

    def reach(self, done: int) -> None:
        """So many items are done."""
        self._done = done
        now = time.monotonic()
        if now - self._shown >= _EVERY_SECONDS and sys.stderr.isatty():
            self._shown = now
            self._open = True
            rate = self._done / (now - self._start)
            print(f"\r{self._doing}: {self._done} done, {rate:.1f} a second\033[K", end="", file=sys.stderr, flush=True)

    def say(self, message: str) -> None:
        """Print a message on a line of its own."""
        self._clear()
        print(message, file=sys.stderr)

    def _clear(self) -> None:
        if self._open:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
            self._open = False
