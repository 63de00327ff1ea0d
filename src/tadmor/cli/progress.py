"""Progress on standard error, for work that takes more than two seconds: how much is done, how fast, how long it still takes.

On a terminal it is one line that changes; where standard error goes to a file, it is a line a minute.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType

STOPPED = 130  # exit status of a program that Ctrl-C ended, as shells have it
_QUIET_SECONDS = 2.0
_EVERY_SECONDS = 0.5
_LINE_SECONDS = 60.0
_WINDOW_SECONDS = 60.0  # over which the rate is taken: what is known already goes faster than what is read
GO_ON = "run the same command again to go on from here"


class Progress:
    """Counts items and shows how many are done, how many a second, and the time left where their number is known.

    ``of`` is how many there are: a number, or a function that finds out, which runs beside the work when that takes long
    enough to be shown. Ctrl-C ends the block with a message of what was done and how to ``go_on``, and exit status 130.
    """

    def __init__(self, doing: str, *, of: int | Callable[[], int | None] | None = None, go_on: str = GO_ON) -> None:
        self._doing = doing
        self._done = 0
        self._count = of if callable(of) else None
        self._of = None if callable(of) else of
        self._go_on = go_on
        self._start = time.monotonic()
        self._seen: deque[tuple[float, int]] = deque([(self._start, 0)])
        self._shown = self._start + _QUIET_SECONDS - _EVERY_SECONDS
        self._open = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clear()
        if kind is KeyboardInterrupt:
            print(f"stopped after {self._done}; {self._go_on}", file=sys.stderr)
            raise SystemExit(STOPPED) from None

    def step(self) -> None:
        """One more item is done."""
        self.reach(self._done + 1)

    def reach(self, done: int, of: int | None = None) -> None:
        """So many items are done, of so many where that is known now."""
        self._done = done
        if of is not None:
            self._of = of
        now = time.monotonic()
        live = sys.stderr.isatty()
        if now - self._shown < (_EVERY_SECONDS if live else _LINE_SECONDS):
            return
        self._shown = now
        if self._count is not None:
            threading.Thread(target=self._find_out, args=(self._count,), daemon=True).start()
            self._count = None
        line = self.line(now)
        if live:
            self._open = True
            print(f"\r{line}\033[K", end="", file=sys.stderr, flush=True)
        else:
            print(line, file=sys.stderr, flush=True)

    def line(self, now: float) -> str:
        """What is shown at a time of the monotonic clock (seconds)."""
        self._seen.append((now, self._done))
        while len(self._seen) > 2 and now - self._seen[1][0] >= _WINDOW_SECONDS:
            self._seen.popleft()
        since, before = self._seen[0]
        rate = (self._done - before) / (now - since) if now > since else 0.0
        of = f" of {self._of}" if self._of is not None and self._of >= self._done else ""
        parts = [f"{self._doing}: {self._done}{of} done", _rate(rate)]
        if of and self._of is not None and rate > 0:
            parts.append(f"{duration((self._of - self._done) / rate)} left")
        return ", ".join(parts)

    def say(self, message: str) -> None:
        """Print a message on a line of its own."""
        self._clear()
        print(message, file=sys.stderr)

    def _find_out(self, count: Callable[[], int | None]) -> None:
        try:
            self._of = count()
        except Exception:  # a number that cannot be had is not shown; whatever is wrong with the input, reading it says
            self._of = None

    def _clear(self) -> None:
        if self._open:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
            self._open = False


def duration(seconds: float) -> str:
    """A length of time in the two largest units that say enough: 40 s, 3 min, 2 h 10 min, 3 d 4 h."""
    if seconds < 90:
        return f"{max(seconds, 0):.0f} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def _rate(rate: float) -> str:
    return f"{rate * 60:.1f} a minute" if 0 < rate < 0.5 else f"{rate:.1f} a second"
