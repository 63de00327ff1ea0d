"""The reliability that people give sources: found by any name, kept for good, and counted whenever credibility is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from databases import Places, Where, sql
from tadmor.errors import LedgerError
from tadmor.ledger import Store, grouping
from tadmor.model import ReaderInfo, Reading
from tadmor.reconcile import ControlIndex
from test_ledger_incidents import BAKERY, MARKET, read
from test_ledger_made import made

NEWER = ReaderInfo("made", "2")


@pytest.fixture
def store(where: Where):
    with Store(where) as opened:
        opened.add(made(1))
        yield opened


def letter(store: Store, name: str) -> str:
    return next(s.reliability for s in store.sources() if s.name == name)


def renamed(reading: Reading, name: str, entity: str | None) -> Reading:
    """The reading with another speaker."""
    (said,) = reading.attributions
    assert said.source
    source = replace(said.source, name=name, entity=entity)
    claims = tuple(replace(c, source_names=((name,),) if c.sources else ()) for c in reading.claims)
    return replace(reading, attributions=(replace(said, source=source),), claims=claims)


@pytest.mark.parametrize("name", ["Northern Agency", "the northern agency", "NORTHERN-AGENCY", "actor:northern"])
def test_a_source_is_found_by_its_name_in_any_spelling_and_by_its_identity(store: Store, name: str) -> None:
    assert letter(store, "Northern Agency") == "F"
    rating = store.rate(name, "B", who="Ana", why="right nine times of ten")
    assert (rating.name, rating.entity, rating.letter) == ("Northern Agency", "actor:northern", "B")
    assert letter(store, "Northern Agency") == "B"
    assert letter(store, "The Wire") == "F"


def test_a_source_is_found_by_another_name_under_which_it_was_met(store: Store) -> None:
    store.add(renamed(made(2), "Agence du Nord", "actor:northern"))
    store.rate("Agence du Nord", "D", who="Ana")
    assert store.reliability().of("Northern Agency", "actor:northern") == "D"
    store.add(renamed(made(3), "Northern Agency", None))
    assert {s.reliability for s in store.sources() if s.name != "The Wire"} == {"D"}


def test_the_newest_letter_counts_and_none_is_lost(store: Store) -> None:
    for who, value in (("Ana", "B"), ("Ben", "E"), ("Ana", "C")):
        store.rate("Northern Agency", value, who=who)
    assert letter(store, "Northern Agency") == "C"
    assert [(r.who, r.letter) for r in store.ratings()] == [("Ana", "B"), ("Ben", "E"), ("Ana", "C")]
    lines = [(r.what, r.who, r.before["reliability"], r.after["reliability"]) for r in store.audit()]
    assert lines == [
        ("source rated", "Ana", "F", "B"),
        ("source rated", "Ben", "B", "E"),
        ("source rated", "Ana", "E", "C"),
    ]
    store.rate("Northern Agency", "F", who="Ana", why="I take it back")
    assert letter(store, "Northern Agency") == "F"


def test_a_letter_lasts_when_a_newer_reader_resolves_the_source_or_no_longer_does(places: Places) -> None:
    for before, after in ((None, "actor:northern"), ("actor:northern", None)):
        with Store(places.new(str(before))) as store:
            store.add(renamed(made(1), "Northern Agency", before))
            store.rate("Northern Agency", "D", who="Ana")
            store.add(replace(renamed(made(1), "Northern Agency", after), reader=NEWER))
            assert next(s.entity for s in store.sources() if s.name == "Northern Agency") == after
            assert letter(store, "Northern Agency") == "D"


def test_two_of_one_name_are_told_apart_by_identity(store: Store) -> None:
    store.add(renamed(made(2), "Northern Agency", "actor:north-star"))
    with pytest.raises(LedgerError, match=r"may be actor:north-star \(Northern Agency\), actor:northern .*give the id"):
        store.rate("Northern Agency", "B", who="Ana")
    store.rate("actor:north-star", "E", who="Ana")
    found = {s.entity: s.reliability for s in store.sources() if s.name == "Northern Agency"}
    assert found == {"actor:north-star": "E", "actor:northern": "F"}


def test_nobody_of_that_name_and_no_such_letter(store: Store) -> None:
    with pytest.raises(
        LedgerError, match=r"nobody called 'Nothern Agency' speaks .*; perhaps 'Northern Agency'; `tadmor"
    ):
        store.rate("Nothern Agency", "B", who="Ana")
    with pytest.raises(LedgerError, match="'G' is no reliability: it is one of A, B, C, D, E, F"):
        store.rate("Northern Agency", "G", who="Ana")
    with pytest.raises(LedgerError, match="not said who decides"):
        store.rate("Northern Agency", "B", who="")
    assert store.ratings() == []


def test_credibility_follows_the_letters_and_incidents_are_not_made_anew(
    where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(where) as store:
        store.add(read("r1", [MARKET]))
        store.add(read("r2", [BAKERY]))
        before = {i.place.name: i for i, _ in store.incidents() if i.place}
        groups = dump(store)

        def never(*_: object) -> None:
            raise AssertionError("incidents are compared anew")

        monkeypatch.setattr(grouping, "likeness", never)
        store.rate("Wire r1", "A", who="Ana")
        now = {i.place.name: i for i, _ in store.incidents() if i.place}
        assert (before["Palmyra"].credibility.admiralty, now["Palmyra"].credibility.admiralty) == (4, 3)
        assert "Wire r1 is rated A, completely reliable (weight times 1.5)." in now["Palmyra"].credibility.reasons
        assert replace(now["Palmyra"], credibility=before["Palmyra"].credibility) == before["Palmyra"]
        assert now["Homs"] == before["Homs"]
        assert dump(store) == groups


def dump(store: Store) -> list[tuple[object, ...]]:
    return sql(store, "SELECT reading, position, incident FROM member ORDER BY row")


def test_the_letters_of_a_ledger_count_in_control_too(store: Store) -> None:
    def grade() -> int:
        index = ControlIndex(store.accounts(), reliability=store.reliability())
        return index.intervals("Palmyra")[-1].credibility.admiralty

    before = grade()
    store.rate("Northern Agency", "E", who="Ana")
    assert grade() > before
