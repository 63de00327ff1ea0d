"""An event loop on a thread of its own, for requests that go on while the program does other things."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Background:
    """A loop that runs until the program ends, started with the first thing that it has to do."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin the work; its outcome comes by the future, whose ``cancel`` ends it."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                # A daemon: a request that still waits when the program ends is given up with it.
                threading.Thread(target=self._loop.run_forever, name="second-reader", daemon=True).start()
        return asyncio.run_coroutine_threadsafe(work, self._loop)
