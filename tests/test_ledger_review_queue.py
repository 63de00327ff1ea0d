"""The queue is in order, goes on where it stopped, and costs an index; progress counts; two may review at once."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from databases import Where
from tadmor.errors import LedgerError
from tadmor.ledger import Queued, Store
from tadmor.model import ClaimRef, Reading
from test_ledger_incidents import BAKERY, MARKET, NEWER, TALKS, built, kept, read

DENIED = ("air_strike", "denied", "Palmyra", "2016-12-11", "jets hit the market and killed shoppers", 0)


def scored(reading: Reading, *scores: float) -> Reading:
    return replace(reading, claims=tuple(replace(c, score=s) for c, s in zip(reading.claims, scores, strict=True)))


@pytest.fixture
def store(where: Where) -> Iterator[Store]:
    with filled(where) as opened:
        yield opened


@contextmanager
def filled(where: Where) -> Iterator[Store]:
    with Store(where) as opened:
        opened.add(scored(read("a1", [MARKET, BAKERY]), 0.7, 0.2))
        opened.add(scored(read("a2", [MARKET]), 0.9))
        opened.add(scored(read("a3", [DENIED, TALKS]), 0.4, 0.2))
        yield opened


def names(found: list[Queued]) -> list[str]:
    return [f"{q.ref.report}:{q.ref.claim}" for q in found]


def test_each_order(store: Store) -> None:
    assert names(store.queue()) == ["a1:c1", "a3:c1", "a3:c0", "a1:c0", "a2:c0"]
    assert names(store.queue("newest")) == ["a3:c0", "a3:c1", "a2:c0", "a1:c0", "a1:c1"]
    disputed = store.queue("disputed")
    assert names(disputed) == ["a1:c0", "a2:c0", "a3:c0"]
    assert all(q.disputes for q in disputed)
    assert names(store.queue(place="Homs")) == ["a1:c1"]
    assert names(store.queue(types=["talks"])) == ["a3:c1"]
    with pytest.raises(LedgerError, match="'oldest' is no order of the queue"):
        store.queue("oldest")  # type: ignore[arg-type]


@pytest.mark.parametrize("order", ["uncertain", "newest", "disputed"])
def test_pages_go_on_where_they_stopped_whatever_is_reviewed_between(store: Store, order: str) -> None:
    whole = names(store.queue(order))  # type: ignore[arg-type]
    seen: list[str] = []
    after = None
    while page := store.queue(order, limit=1, after=after, unreviewed=True):  # type: ignore[arg-type]
        seen += names(page)
        after = page[-1].cursor
        store.review(page[-1].ref, "accept", who="Ana")
        if len(seen) > 9:
            break
    assert seen == whole
    assert store.queue(order, unreviewed=True) == []  # type: ignore[arg-type]
    assert all(q.reviewed for q in store.queue(order))  # type: ignore[arg-type]
    bad_numbers = ("[0,99999999999999999999999,0]", "[1e999,0,0]", "[NaN,0,0]", "[" * 100_000)
    for bad in ("", "x", "[1]", "[1,2,3,4,5,6,7]", '["a","b","c"]', "{}", "[null,1,2]", "[true,1,2]", *bad_numbers):
        with pytest.raises(LedgerError, match="is no cursor of this order"):
            store.queue(order, after=bad)  # type: ignore[arg-type]


def test_the_reader_s_score_stays_that_of_the_queue(store: Store) -> None:
    first = store.queue()[0]
    store.review(first.ref, "correct", who="Ana", fields={"date": None})
    assert store.queue()[0].ref == first.ref
    assert store.queue()[0].score == first.score


def test_disputes_are_weighed_again_when_an_incident_changes(store: Store) -> None:
    assert "a3:c0" in names(store.queue("disputed"))
    store.review(ClaimRef("a3", "c0"), "correct", who="Ana", fields={"certainty": "asserted"})
    assert store.queue("disputed") == []
    store.withdraw(who="Ana")
    assert "a3:c0" in names(store.queue("disputed"))
    store.add(replace(read("a3", [TALKS]), reader=NEWER))
    assert "a2:c0" not in names(store.queue("disputed"))


def test_only_what_is_current_waits(store: Store) -> None:
    store.add(scored(replace(read("a1", [BAKERY]), reader=NEWER), 0.5))
    assert names(store.queue()) == ["a3:c1", "a3:c0", "a1:c0", "a2:c0"]
    store.review(ClaimRef("a2", "c0"), "reject", who="Ana", why="no")
    assert names(store.queue())[-1] == "a2:c0", "what is rejected is seen in the whole queue"
    assert not store.queue()[-1].told
    assert "a2:c0" not in names(store.queue(unreviewed=True))


def test_the_first_page_comes_by_index(tmp_path: Path) -> None:
    asked: list[tuple[str, object]] = []

    def note(conn: object, cursor: object, statement: str, parameters: object, context: object, many: bool) -> None:
        asked.append((statement, parameters))

    with filled(tmp_path / "a.db") as store:
        event.listen(store._engine, "before_cursor_execute", note)
        store.queue("uncertain")
        store.queue("uncertain", unreviewed=True)
    queries = [(s, p) for s, p in asked if "ORDER BY" in s]
    assert len(queries) == 2
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        for statement, parameters in queries:
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]  # type: ignore[arg-type]
            assert plan[0].startswith(
                ("SCAN claim USING INDEX ix_claim_score", "SEARCH claim USING INDEX ix_claim_review")
            )
            assert not [step for step in plan if "TEMP B-TREE" in step], plan


def test_progress_counts_what_was_done_and_by_whom(store: Store) -> None:
    assert store.progress().reviewed == 0
    store.review(ClaimRef("a1", "c0"), "accept", who="Ana")
    store.review(ClaimRef("a1", "c1"), "reject", who="Ana", why="no")
    store.review(ClaimRef("a3", "c0"), "correct", who="Ana", fields={"date": None})
    store.review(ClaimRef("a3", "c0"), "accept", who="Ben")
    store.add_claim("a3", {"clause": "prisoners", "type": "agreement"}, who="Ben")
    found = store.progress()
    assert (found.claims, found.reviewed) == (6, 4)
    assert (found.accepted, found.corrected, found.rejected, found.added) == (2, 0, 1, 1)
    assert (found.reports, found.reports_begun, found.reports_done) == (3, 2, 1)
    assert (found.coded_twice, found.coders) == (1, {"Ana": 3, "Ben": 2})
    store.withdraw(who="Ben")
    assert store.progress().claims == 5
    assert store.reviewed_reports() == [("a1", ("c0",), True), ("a3", ("c0",), False)]


def test_two_people_review_one_claim_at_once(store: Store, where: Where) -> None:
    errors: list[BaseException] = []

    def work(who: str, kinds: tuple[str, ...]) -> None:
        try:
            with Store(where) as mine:
                for n in range(6):
                    fields = {"type": kinds[n % 2], "date": f"2016-12-{n + 1:02}"}
                    mine.review(ClaimRef("a1", "c0"), "correct", who=who, fields=fields)
        except BaseException as error:
            errors.append(error)

    threads = [
        threading.Thread(target=work, args=(who, kinds))
        for who, kinds in (("Ana", ("shelling", "bombing")), ("Ben", ("siege", "arrest")))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    found = store.reviewed(ClaimRef("a1", "c0"))
    assert len(found.reviews) == 12
    assert found.shown["type"] == found.reviews[-1].after["type"]  # type: ignore[index]
    assert len(store.audit()) == 12
    assert kept(store) == built(store)
