"""The reference engine: processes of this machine, each given one item at a time. Nothing to install."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from tadmor.bulk.engines import Attempt, attempt, threads


@dataclass(frozen=True, slots=True)
class Local:
    """So many processes of this machine; with one, the work is done in the calling process itself."""

    jobs: int
    name: str = "local"

    def run(self, work: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Attempt[Any]]:
        """See ``Engine``. A process that dies costs the item that it had; another takes its place."""
        if self.jobs == 1:
            yield from (attempt(work, index, item) for index, item in enumerate(items))
            return
        todo = deque(enumerate(items))
        # Fresh processes: one that is forked would take along locks and threads of what the caller has loaded.
        context = multiprocessing.get_context("spawn")
        crew: list[_Hand] = []
        try:
            while todo or any(hand.index is not None for hand in crew):
                while todo and len(crew) < self.jobs:
                    crew.append(_Hand.hired(context, work, self.jobs))
                for hand in crew:
                    if hand.index is None and todo:
                        hand.take(*todo.popleft())
                for pipe in wait([hand.pipe for hand in crew if hand.index is not None]):
                    hand = next(h for h in crew if h.pipe is pipe)
                    yield hand.given()
                    if hand.lost:
                        crew.remove(hand)
                        hand.dismiss()
        finally:
            for hand in crew:
                hand.dismiss()


class _Hand:
    """A process that works on one item at a time."""

    def __init__(self, process: Any, pipe: Connection) -> None:
        self.process = process
        self.pipe = pipe
        self.index: int | None = None
        self.lost = False

    @classmethod
    def hired(cls, context: Any, work: Callable[[Any], Any], jobs: int) -> _Hand:
        here, there = context.Pipe()
        process = context.Process(target=_serve, args=(there, work, jobs), daemon=True)
        process.start()
        there.close()  # so that reading from a process that has died ends
        return cls(process, here)

    def take(self, index: int, item: Any) -> None:
        self.index = index
        with contextlib.suppress(OSError):  # it has died: waiting for its answer will tell
            self.pipe.send((index, item))

    def given(self) -> Attempt[Any]:
        """What came of the item that it had."""
        index, self.index = self.index, None
        assert index is not None
        try:
            got: Attempt[Any] = self.pipe.recv()
            return got
        except (EOFError, OSError):
            self.lost = True
            self.process.join()
            code = self.process.exitcode
            how = f"killed by signal {-code}" if code and code < 0 else f"ended with status {code}"
            return Attempt(index, error=f"its process was {how}; if memory ran out, use fewer --jobs")

    def dismiss(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join()


def _serve(pipe: Connection, work: Callable[[Any], Any], jobs: int) -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who gives out the work stops it
    threads(jobs)
    while True:
        try:
            index, item = pipe.recv()
        except EOFError:
            return
        pipe.send(attempt(work, index, item))


def make(jobs: int) -> Local:
    """The engine with so many processes."""
    return Local(jobs)
