"""Reports that are added from the app: read one at a time in one thread, each kept before the next is read."""

from __future__ import annotations

import queue
import secrets
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from tadmor.errors import InputError, TadmorError
from tadmor.gather import forms
from tadmor.gather.undated import undated
from tadmor.model import Failure, Report
from tadmor.publish.left_out import left_out_words
from tadmor.web.errors import Problem
from tadmor.web.opened import Opened

MOST_JOBS = 200  # of which is remembered how they went
MOST_WAITING = 20
_MEND = "give it as the date of publication"  # as the field of the app is called

Item = tuple[str, Report | Failure]
Gathering = Callable[[], Iterable[Item]]
"""Gives the reports of a job, each with the name under which the app shows it."""


@dataclass(slots=True)
class Job:
    """How far reading has come; ``number`` goes up whenever that is told of anew.

    Without ``titles`` a report is told of by its name alone: its title may have what whoever asks must not see.
    """

    id: str
    gather: Gathering
    of: int
    folder: Path | None = None
    titles: bool = True
    state: Literal["waiting", "reading", "finished"] = "waiting"
    done: int = 0
    kept: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)
    number: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def record(self) -> dict[str, Any]:
        """The job as plain data."""
        with self.guard:
            left_out = [row["name"] for row in self.failed if row.get("left_out")]
            return {
                "job": self.id,
                "state": self.state,
                "done": self.done,
                "of": self.of,
                "kept": list(self.kept),
                "failed": list(self.failed),
                "left_out": left_out_words(left_out) if left_out else None,
            }

    def told(self, **changes: Any) -> None:
        """Note what has changed."""
        with self.guard:
            for name, value in changes.items():
                setattr(self, name, value)
            self.number += 1


class Jobs:
    """One thread that reads what is sent, in the order in which it came."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._waiting: queue.Queue[Job | None] = queue.Queue(MOST_WAITING)
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()

    def start(self, gather: Gathering, *, of: int, folder: Path | None = None, titles: bool = True) -> Job:
        """Have reports read; ``folder`` is removed when that is done. Raises Problem (503) when too much is waiting."""
        job = Job(secrets.token_urlsafe(12), gather, max(of, 1), folder, titles)
        with self._guard:
            try:
                self._waiting.put_nowait(job)
            except queue.Full:
                raise Problem(503, "too much is waiting to be read; try again when some of it is done") from None
            self._jobs[job.id] = job
            while len(self._jobs) > MOST_JOBS:
                self._jobs.popitem(last=False)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="tadmor-reading", daemon=True)
                self._thread.start()
        return job

    def job(self, id: str) -> Job:
        """The job with this id. Raises Problem (404)."""
        with self._guard:
            found = self._jobs.get(id)
        if found is None:
            raise Problem(404, "there is no such job: jobs are forgotten when the app ends")
        return found

    def forget(self) -> None:
        """Tell no more of what was kept or failed: something was purged, and titles may name it."""
        with self._guard:
            jobs = list(self._jobs.values())
            self._jobs = OrderedDict((id, job) for id, job in self._jobs.items() if job.state != "finished")
        for job in jobs:
            with job.guard:
                job.kept.clear()
                job.failed.clear()

    def leave(self) -> None:
        """Read no more after the report that is being read, and tell no more of it."""
        self._ending.set()

    def close(self) -> None:
        """End after the report that is being read; what was kept is kept."""
        self.leave()
        if self._thread is not None:
            with suppress(queue.Full):
                self._waiting.put_nowait(None)
            self._thread.join(30)
        with self._guard:
            for job in self._jobs.values():
                _remove(job.folder)

    @property
    def ending(self) -> bool:
        """Whether the app ends."""
        return self._ending.is_set()

    def _run(self) -> None:
        while not self._ending.is_set():
            job = self._waiting.get()
            if job is None:
                return
            try:
                self._read(job)
            except Exception as error:  # one job that breaks must not keep the others from being read
                job.failed.append({"name": "", "error": f"reading was broken off: {_words(error)}"})
            finally:
                _remove(job.folder)
                job.told(state="finished", of=max(job.done, 1), done=max(job.done, 1))

    def _read(self, job: Job) -> None:
        job.told(state="reading")
        items = list(job.gather())
        job.told(of=max(len(items), 1))
        for name, item in items:
            if self._ending.is_set():
                job.failed.append({"name": name, "error": "not read: the app ended"})
            else:
                self._one(job, name, item)
            job.told(done=job.done + 1)

    def _one(self, job: Job, name: str, item: Report | Failure) -> None:
        try:
            row = self._kept(name, item)
            job.kept.append(row if job.titles else row | {"title": name})
        except TadmorError as error:
            # of files alone: a text or an address has no form by its name
            unknown = isinstance(item, Failure) and job.folder is not None and forms.form_of(name) is None
            job.failed.append({"name": name, "error": str(error)} | ({"left_out": True} if unknown else {}))
        except Exception as error:  # as above, of one report
            job.failed.append({"name": name, "error": f"it could not be kept: {_words(error)}"})

    def _kept(self, name: str, item: Report | Failure) -> dict[str, Any]:
        if isinstance(item, Failure):
            raise InputError(item.error)
        line, store = self._opened.line, self._opened.store
        row: dict[str, Any] = {"report": item.id, "name": name, "title": item.title}
        with self._opened.writing:
            known = store.known(item, line.info_of(item))
        if known:
            return row | {"added": False, "claims": 0}
        reading = line.attempt(item)
        if isinstance(reading, Failure):
            raise InputError(reading.error)
        with self._opened.writing:
            row |= {"added": store.add(reading), "claims": len(reading.claims)}
        if remark := undated(item, _MEND):
            row["remark"] = remark
        return row | ({"unread": reading.unread, "why": reading.warnings[0]} if reading.unread else {})


def named(item: Report | Failure, lay: str, name: str) -> Item:
    """What was read of a file that lay at ``lay``, under the name that people know it by; the ledger keeps that one."""
    where = (item.path or lay).replace(lay, name, 1)
    if isinstance(item, Report):
        return where, replace(item, path=where)
    return where, replace(item, path=where, error=item.error.replace(lay, name))


def _remove(folder: Path | None) -> None:
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
