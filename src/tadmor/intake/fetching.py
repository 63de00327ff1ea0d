"""Many addresses, each asked with manners: hosts side by side, the addresses of one host one after the other."""

from __future__ import annotations

import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from tadmor.errors import InputError, LedgerError, MissingResource
from tadmor.gather.clean import short
from tadmor.gather.fetch import Answer
from tadmor.gather.polite import host_of
from tadmor.intake.courtesy import Stopped

T = TypeVar("T")
R = TypeVar("R")
HOSTS = 8  # that are asked at once
_READY = 16  # answers that wait for whoever reads them
_BEAT = 15.0  # seconds after which whoever waits for an answer does something else for a moment


def fetched(
    things: Iterable[T],
    url_of: Callable[[T], str],
    ask: Callable[[T], Answer],
    stop: threading.Event,
    *,
    hosts: int = HOSTS,
    alive: Callable[[], None] = lambda: None,
) -> Iterator[tuple[T, Answer | InputError]]:
    """Each thing with the answer, or why there is none, as they come.

    When ``stop`` is set, or the iterator is closed, nothing more is asked, and what was not asked is not told of. ``alive`` is
    called here with each answer and while none comes: a host with a long pause may keep one waiting for minutes.
    """
    groups: dict[str, list[T]] = defaultdict(list)
    for thing in things:
        groups[host_of(url_of(thing))].append(thing)
    if not groups:
        return
    waiting: queue.SimpleQueue[list[T]] = queue.SimpleQueue()
    for group in groups.values():
        waiting.put(group)
    ready: queue.Queue[tuple[T, Answer | InputError] | BaseException | None] = queue.Queue(_READY)
    over = threading.Event()

    def hand_on(told: tuple[T, Answer | InputError] | BaseException | None) -> None:
        while not over.is_set():
            try:
                ready.put(told, timeout=0.2)
                return
            except queue.Full:
                continue

    def work() -> None:
        try:
            while not (over.is_set() or stop.is_set()):
                try:
                    group = waiting.get_nowait()
                except queue.Empty:
                    break
                for thing in group:
                    if over.is_set() or stop.is_set():
                        break
                    told: Answer | InputError
                    try:
                        told = guarded(url_of(thing), ask, thing)
                    except Stopped:
                        break
                    except InputError as error:
                        told = error
                    hand_on((thing, told))
        except BaseException as error:
            hand_on(error)
        finally:
            hand_on(None)

    threads = [
        threading.Thread(target=work, name=f"tadmor-fetch-{i}", daemon=True) for i in range(min(hosts, len(groups)))
    ]
    for thread in threads:
        thread.start()
    left = len(threads)
    try:
        while left:
            try:
                told = ready.get(timeout=_BEAT)
            except queue.Empty:
                alive()
                continue
            alive()
            if told is None:
                left -= 1
            elif isinstance(told, BaseException):
                raise told
            else:
                yield told
    finally:
        over.set()


def guarded(where: str, act: Callable[[T], R], thing: T) -> R:
    """What ``act`` makes of a thing; whatever else goes wrong in it is an InputError that names the kind of the fault.

    Servers send what nobody thought of: one answer may cost what it is about, and never the run. What is wrong with the ledger
    or with this installation is no matter of one answer, and stays what it is.
    """
    try:
        return act(thing)
    except (InputError, LedgerError, MissingResource):
        raise
    except Exception as error:
        raise InputError(f"{short(where, 200)}: {type(error).__name__}: {short(error)}") from error
