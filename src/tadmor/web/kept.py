"""Answers that are worked out once for each state of the ledger."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

T = TypeVar("T")


@dataclass(slots=True)
class _Entry:
    lock: threading.Lock = field(default_factory=threading.Lock)
    made: bool = False
    value: Any = None


class Kept:
    """The last ``most`` answers of one state of the ledger; those of another state are forgotten.

    Whoever asks for what another thread is working out waits for it, so that nothing is worked out twice at once. What makes
    one answer may ask for others, as long as they don't ask for it.
    """

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._state: str | None = None
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._guard = threading.Lock()

    def of(self, state: str, key: Hashable, make: Callable[[], T]) -> T:
        """The answer with this key, made when it is not there."""
        with self._guard:
            if state != self._state:
                self._entries.clear()
                self._state = state
            entry = self._entries.setdefault(key, _Entry())
            self._entries.move_to_end(key)
            while len(self._entries) > self._most:
                self._entries.popitem(last=False)
        with entry.lock:
            if not entry.made:
                entry.value = make()
                entry.made = True
            return cast(T, entry.value)
