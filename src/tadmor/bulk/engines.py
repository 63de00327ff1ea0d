"""Where parts are worked on: processes of this machine, Daft's own runner, or a Ray cluster. All do the same work.

An engine takes a function and items and yields what came of each, in any order. It does not decide what to do about an item that
failed: ``finish`` tries again, and tells apart an item that breaks its process from those that were beside it.
"""

from __future__ import annotations

import importlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from tadmor.errors import BadChoice, InputError, MissingResource

T = TypeVar("T")
R = TypeVar("R")

ENGINES = ("local", "daft", "ray")
TRIES = 3


@dataclass(frozen=True, slots=True)
class Attempt(Generic[R]):
    """What came of an item, by its index: a value, or an error in words."""

    index: int
    value: R | None = None
    error: str | None = None


class WorkersLost(Exception):  # noqa: N818 - a state of the engine
    """The processes of an engine broke; of the items that it had and did not answer, any may be why."""


class Engine(Protocol):
    """A way to run a function over items side by side."""

    name: str

    def run(self, work: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Attempt[Any]]:
        """One attempt for each item, in any order, as they are done.

        ``work`` and items must be picklable. An error of ``work`` is an attempt with ``error``. Raises WorkersLost.
        """


def engine(name: str, jobs: int | None = None) -> Engine:
    """An engine by its name, with so many processes (as many as there are cores when not told).

    Raises MissingResource when its library is not installed, ValueError for a name that is none.
    """
    if name not in ENGINES:
        raise BadChoice(f"no engine is called {name!r}; there are {', '.join(ENGINES)}")
    module = importlib.import_module(f"tadmor.bulk.on_{name}")
    if name != "local":
        try:
            importlib.import_module(name)
        except ImportError as error:
            raise MissingResource(
                f"the engine {name} is not installed ({error}): `pip install 'tadmor[scale]'`, or use --engine local"
            ) from error
    made: Engine = module.make(jobs or os.cpu_count() or 1)
    return made


def attempt(work: Callable[[T], R], index: int, item: T) -> Attempt[R]:
    """Do the work on one item; an error of it becomes words. What stops the program is not caught."""
    try:
        return Attempt(index, work(item))
    except InputError as error:
        return Attempt(index, error=str(error))
    except MemoryError:
        return Attempt(index, error="out of memory: run with fewer --jobs, or cut into smaller parts (--rows)")
    except Exception as error:
        return Attempt(index, error=f"{type(error).__name__}: {error}")


def threads(jobs: int) -> None:
    """Have the reader in this process take its share of the cores, when ``jobs`` processes read side by side."""
    os.environ.setdefault("TADMOR_THREADS", str(max(1, (os.cpu_count() or 1) // max(1, jobs))))


@dataclass(frozen=True, slots=True)
class Trial:
    """That an item failed and how often it has by now; it is tried again unless this is the ``last`` time."""

    index: int
    error: str
    tries: int
    last: bool


def finish(
    on: Engine,
    work: Callable[[T], R],
    items: Sequence[T],
    *,
    tries: int = TRIES,
    pause: float = 1.0,
) -> Iterator[tuple[int, R] | Trial]:
    """Work on all items, each up to ``tries`` times; yields index and value as they are done, and each failure.

    Between rounds it waits ``pause`` seconds, each time twice as long, since what a storage refuses now it may give then. When
    the processes of the engine break, what they had is run again in halves, so that the item that breaks them ends up alone
    and only it is counted as failed.
    """
    failed = dict.fromkeys(range(len(items)), 0)
    left = list(failed)
    for round in range(tries):
        again: list[int] = []
        queue = deque([left] if left else [])
        while queue:
            batch = queue.popleft()
            open_ = dict.fromkeys(batch)
            try:
                for got in on.run(work, [items[i] for i in batch]):
                    index = batch[got.index]
                    del open_[index]
                    if got.error is None:
                        yield index, got.value  # type: ignore[misc]
                        continue
                    failed[index] += 1
                    yield Trial(index, got.error, failed[index], failed[index] >= tries)
                    again.append(index)
            except WorkersLost as lost:
                rest = list(open_)
                if len(rest) == 1:
                    failed[rest[0]] += 1
                    yield Trial(rest[0], f"its process broke: {lost}", failed[rest[0]], failed[rest[0]] >= tries)
                    again.append(rest[0])
                elif rest:
                    middle = (len(rest) + 1) // 2
                    queue.extendleft([rest[middle:], rest[:middle]])
        left = again
        if not left:
            return
        if round + 1 < tries and pause:
            time.sleep(min(60.0, pause * 2**round))
