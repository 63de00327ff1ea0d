"""Many addresses, each asked with manners: hosts side by side, the addresses of one host one after the other."""

from __future__ import annotations

import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from tadmor.errors import InputError
from tadmor.gather.fetch import Answer
from tadmor.gather.polite import host_of
from tadmor.intake.courtesy import Stopped

T = TypeVar("T")
HOSTS = 8  # that are asked at once
_READY = 16  # answers that wait for whoever reads them


def fetched(
    things: Iterable[T],
    url_of: Callable[[T], str],
    ask: Callable[[T], Answer],
    stop: threading.Event,
    *,
    hosts: int = HOSTS,
) -> Iterator[tuple[T, Answer | InputError]]:
    """Each thing with the answer, or why there is none, as they come.

    When ``stop`` is set, or the iterator is closed, nothing more is asked, and what was not asked is not told of. A fault of ours
    in one thread is raised here.
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
                    try:
                        hand_on((thing, ask(thing)))
                    except Stopped:
                        break
                    except InputError as error:
                        hand_on((thing, error))
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
            told = ready.get()
            if told is None:
                left -= 1
            elif isinstance(told, BaseException):
                raise told
            else:
                yield told
    finally:
        over.set()
