"""Reading many reports: one after the other, or in several processes; results come in the order of the reports either way."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from tadmor import pipeline
from tadmor.model import Failure, Reading, Report
from tadmor.pipeline import Pipeline
from tadmor.reading.reader import READERS, Asking

T = TypeVar("T")
Outcome = Reading | Failure
_AHEAD = 4  # reports that each process may have waiting, so that a long one holds nobody up


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a process opens a pipeline of its own: the reader's name, and the user's files of actors and places."""

    reader: str = READERS[0]
    actors: Path | None = None
    gazetteer: Path | None = None


def attempts(
    line: Pipeline,
    todo: Iterable[T],
    report_of: Callable[[T], Report | None],
    *,
    jobs: int = 1,
    recipe: Recipe | None = None,
) -> Iterator[tuple[T, Outcome | None]]:
    """Each thing in order with the reading of its report, a failure, or None when it has no report to be read.

    ``jobs`` processes read side by side when there is a ``recipe`` for them; a reader that asks a model has requests of its
    own under way and stays in this process. A process that dies costs the report that killed it and no other.
    """
    if isinstance(line.reader, Asking):
        yield from _asking(line, line.reader, todo, report_of)
    elif jobs > 1 and recipe is not None:
        yield from _side_by_side(todo, report_of, jobs, recipe)
    else:
        for one in todo:
            report = report_of(one)
            yield one, line.attempt(report) if report is not None else None


def _asking(
    line: Pipeline, reader: Asking, todo: Iterable[T], report_of: Callable[[T], Report | None]
) -> Iterator[tuple[T, Outcome | None]]:
    waiting: deque[T] = deque()

    def first() -> tuple[T, Outcome | None]:
        one = waiting.popleft()
        report = report_of(one)
        return one, line.attempt(report) if report is not None else None

    try:
        for one in todo:
            report = report_of(one)
            if report is not None:
                reader.begin(report)
            waiting.append(one)
            if len(waiting) > reader.width:
                yield first()
        while waiting:
            yield first()
    finally:
        reader.forget()


def _side_by_side(
    todo: Iterable[T], report_of: Callable[[T], Report | None], jobs: int, recipe: Recipe
) -> Iterator[tuple[T, Outcome | None]]:
    pool = _Pool(jobs, recipe)
    waiting: deque[tuple[T, Report | None, Future[Outcome] | None]] = deque()

    def first() -> tuple[T, Outcome | None]:
        one, report, future = waiting.popleft()
        if report is None or future is None:
            return one, None
        try:
            return one, _whole(future.result(), report)
        except BrokenProcessPool:
            # Nobody can tell which of the reports under way it was: each is read anew, this one alone in the pool.
            pool.anew()
            try:
                outcome: Outcome = pool.submit(report).result()
            except BrokenProcessPool:
                pool.anew()
                outcome = Failure(report.id, report.path or "", "the process that read it was killed (out of memory?)")
            again = [(o, r, pool.submit(r) if r is not None else None) for o, r, _ in waiting]
            waiting.clear()
            waiting.extend(again)
            return one, _whole(outcome, report)

    try:
        for one in todo:
            report = report_of(one)
            waiting.append((one, report, pool.submit(report) if report is not None else None))
            if len(waiting) > jobs * _AHEAD:
                yield first()
        while waiting:
            yield first()
    finally:
        pool.close()


class _Pool:
    """Processes with a pipeline each. They are spawned, not forked: a fork of a program with threads may hang."""

    def __init__(self, jobs: int, recipe: Recipe) -> None:
        self._jobs, self._recipe = jobs, recipe
        self._executor = self._made()

    def _made(self) -> ProcessPoolExecutor:
        threads = max(1, (os.cpu_count() or 1) // self._jobs)
        return ProcessPoolExecutor(
            self._jobs, multiprocessing.get_context("spawn"), initializer=_open, initargs=(self._recipe, threads)
        )

    def submit(self, report: Report) -> Future[Outcome]:
        """Have a report read. The bytes that it was read from stay here."""
        bare = replace(report, metadata=dict(report.metadata), original=None)
        try:
            return self._executor.submit(_attempt, bare)
        except BrokenProcessPool as error:
            broken: Future[Outcome] = Future()
            broken.set_exception(error)
            return broken

    def anew(self) -> None:
        """Other processes in place of those that died."""
        self.close()
        self._executor = self._made()

    def close(self) -> None:
        """End: what is under way is finished, what waits is given up."""
        self._executor.shutdown(wait=True, cancel_futures=True)


_line: Pipeline | None = None


def _open(recipe: Recipe, threads: int) -> None:
    global _line
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent ends us in order
    os.environ["TADMOR_THREADS"] = str(threads)
    _line = pipeline.default(recipe.reader, recipe.actors, recipe.gazetteer)


def _attempt(report: Report) -> Outcome:
    assert _line is not None
    outcome = _line.attempt(report)
    if isinstance(outcome, Failure):
        return outcome
    return replace(outcome, report=replace(outcome.report, metadata=dict(outcome.report.metadata)))


def _whole(outcome: Outcome, report: Report) -> Outcome:
    return outcome if isinstance(outcome, Failure) else replace(outcome, report=report)
