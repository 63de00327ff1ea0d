"""A server that is killed while people decide and reports are added loses nothing of which it was said that it is kept."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tadmor.errors import LedgerError
from tadmor.ledger import Store
from tadmor.model import ClaimRef
from test_ledger_incidents import built, kept
from test_ledger_made import made

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not Path("/proc/self/task").exists(), reason="this system has no /proc to find the server's processes by"
    ),
]


@pytest.fixture(scope="module")
def server() -> Iterator[object]:
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'tadmor[postgres]'")
    from clusters import cluster

    with cluster() as found:
        if found is None:
            pytest.skip("there is no PostgreSQL on this machine, or nobody but root to run it as")
        yield found


def week(number: int) -> str:
    return str(dt.date(2000, 1, 3) + dt.timedelta(weeks=number))


class Work:
    """Adds a report, corrects, rejects and merges, over and over, and notes each act once it is said to be kept."""

    def __init__(self, url: str, who: str, first: int) -> None:
        self.store = Store(url)
        self.who, self.numbers = who, count(first)
        self.acts: list[str] = []
        self.enough = threading.Event()
        self.failed: BaseException | None = None

    def go(self) -> None:
        try:
            while True:
                for act in self.turn(next(self.numbers)):
                    name = act()
                    self.acts.append(name)
                    if len(self.acts) % 7 == 6:
                        self.enough.set()
        except BaseException as error:
            self.failed = error
            self.enough.set()

    def turn(self, n: int) -> Iterator[Callable[[], str]]:
        store, who = self.store, self.who

        def add(part: str) -> str:
            assert store.add(
                made(n, id=f"{who}-{n}{part}", claims=2, tail=part, date=week(n if not part else n + 5_000))
            )
            return f"report {who}-{n}{part}"

        def correct() -> str:
            store.review(ClaimRef(f"{who}-{n}", "c1"), "correct", who=who, fields={"date": week(n + 1)}, why=f"{n}")
            return f"claim corrected {n}"

        def reject() -> str:
            store.review(ClaimRef(f"{who}-{n}", "c2"), "reject", who=who, why=f"{n}")
            return f"claim rejected {n}"

        def merge() -> str:
            ids = {i.id for i, told in store.incidents() for a in told if a.ref.report in (f"{who}-{n}", f"{who}-{n}b")}
            store.merge(sorted(ids), who=who, why=f"{n}")
            return f"incidents merged {n}"

        yield lambda: add("")
        yield lambda: add("b")
        yield correct
        yield reject
        yield merge


def found(url: str, who: str) -> list[str]:
    with Store(url, create=False) as store:
        assert kept(store).keys() <= built(store).keys(), "what people merged is one, and nothing else is half there"
        lines = [f"{line.what} {line.why}" for line in store.audit() if line.who == who]
        return lines + [f"report {r.report.id}" for r in store.readings() if r.report.id.startswith(who)]


def test_what_was_acknowledged_is_there_after_each_way_of_dying(server) -> None:
    url = server.url
    workers = [Work(url, who, first) for who, first in (("ana", 0), ("ben", 1_000))]
    acknowledged: dict[str, list[str]] = {"ana": [], "ben": []}
    for die in (lambda: server.stop("immediate"), server.kill):
        threads = [threading.Thread(target=w.go) for w in workers]
        for w in workers:
            w.enough.clear()
        for thread in threads:
            thread.start()
        for w in workers:
            assert w.enough.wait(120)
        die()
        for thread in threads:
            thread.join(60)
        for w in workers:
            assert isinstance(w.failed, LedgerError), w.failed
            assert "nothing that was kept is lost" in str(w.failed)
            acknowledged[w.who] += w.acts
            assert w.acts, "it was killed before anything was done"
            w.acts = []
        server.start()
        for who, acts in acknowledged.items():
            there = found(url, who)
            assert set(acts) <= set(there), "something is lost of which it was said that it is kept"
            assert len(set(there)) == len(there), "something is there twice"
            assert len(there) <= len(acts) + 2, (
                "at most the act that was under way at each death is there without a word"
            )
    for w in workers:  # what was open goes on with the server that was started anew
        assert w.store.add(made(77_000 + ord(w.who[0]), id=f"after {w.who}"))
        w.store.close()
