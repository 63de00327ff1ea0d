"""People's word stands through adding again, newer readers, other readers, other texts, and incidents made anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from databases import Where
from tadmor.errors import LedgerError
from tadmor.ledger import Store
from tadmor.ledger.coding import coding_of, corrected
from tadmor.ledger.rows import context_of
from tadmor.model import Claim, ClaimRef, ReaderInfo, Reading
from tadmor.reconcile import accounts, control_statements
from tadmor.record import claim_to_record, from_record, to_record
from test_ledger_incidents import BAKERY, MARKET, NEWER, TALKS, Row, built, forget, fresh, kept, read, rows

OTHER = ReaderInfo("another", "7")
TAKEN = ("territory_taken", "asserted", "Palmyra", "2016-12-11", "militia seized the silos and bridge", 0)


@pytest.fixture
def store(where: Where) -> Iterator[Store]:
    with Store(where) as opened:
        opened.add(read("a1", [MARKET, BAKERY, TALKS]))
        opened.add(read("a2", [MARKET]))
        yield opened


def ref(claim: str, report: str = "a1") -> ClaimRef:
    return ClaimRef(report, claim)


def told(store: Store, report: str = "a1") -> dict[str, str]:
    return {a.ref.claim: a.claim.type for a in store.accounts() if a.ref.report == report}


def numbered(reading: Reading, *claims: Claim, reader: ReaderInfo = NEWER) -> Reading:
    """The reading with these claims instead, numbered anew."""
    return replace(reading, reader=reader, claims=tuple(replace(c, id=f"n{n}") for n, c in enumerate(claims)))


def decide(store: Store) -> None:
    store.review(ref("c0"), "correct", who="Ana", fields={"type": "shelling", "places": ["Homs"], "date": "2016-12-01"})
    store.review(ref("c1"), "reject", who="Ana", why="no")
    store.review(ref("c2"), "accept", who="Ana")
    store.add_claim("a1", {"clause": "killed shoppers", "type": "casualties", "places": ["Palmyra"]}, who="Ana")


def same(store: Store) -> set[tuple[Any, ...]]:
    """What is told of a1, whatever the claims are called."""
    return {
        (a.claim.type, a.claim.text, a.claim.date, a.places, a.voices, a.sentence)
        for a in store.accounts()
        if a.ref.report == "a1"
    }


def test_adding_again_and_making_incidents_anew_changes_nothing(store: Store) -> None:
    decide(store)
    before, found = list(store.accounts()), kept(store)
    assert not store.add(read("a1", [MARKET, BAKERY, TALKS]))
    assert list(store.accounts()) == before
    forget(store)
    assert kept(store) == found == built(store)


def test_a_newer_reader_that_reads_the_same_is_told_as_people_decided(store: Store) -> None:
    decide(store)
    before, names = same(store), told(store)
    store.add(replace(read("a1", [MARKET, BAKERY, TALKS]), reader=NEWER))
    assert same(store) == before
    assert told(store) == names
    assert kept(store) == built(store)
    assert store.counts().superseded == 1


def test_a_reader_that_numbers_and_orders_otherwise_is_told_so_too(store: Store) -> None:
    decide(store)
    before = same(store)
    base = read("a1", [MARKET, BAKERY, TALKS])
    market, bakery, talks = base.claims
    store.add(numbered(base, talks, replace(bakery, type="arrest"), market, reader=OTHER))
    assert same(store) - before == {
        ("arrest", bakery.text, bakery.date, *[(a.places, a.voices, a.sentence) for a in accounts(base)][1])
    }, "what was rejected was an air strike; that it was an arrest is another claim, to be looked at afresh"
    assert before <= same(store)
    shorter = replace(bakery, end=bakery.end - 8, text=bakery.text[:-8], type="bombing")  # a kindred type
    store.add(numbered(base, shorter, reader=NEWER))
    assert same(store) == before, "the rejected one comes with a shorter clause; the others no longer come, and stay"
    assert kept(store) == built(store)
    missed = {d.ref.claim: (d.fields, d.read is None) for d in store.disagreements(newer=True)}
    assert missed.pop("n0") == (("claim",), False), "the reader has what people rejected"
    assert set(missed.values()) == {(("claim",), True)}, "it lacks what they hold to be right"
    assert len(missed) == 3


def test_a_claim_that_people_added_and_a_newer_reader_finds_is_told_once(store: Store) -> None:
    decide(store)
    base = read("a1", [MARKET, BAKERY, TALKS])
    start = base.report.text.index("killed shoppers")
    found = replace(
        base.claims[0], type="casualties", start=start, end=start + 15, text="killed shoppers", date="2016-12-11",
        places=(), place_names=(), score=0.4,
    )  # fmt: skip
    store.add(numbered(base, *base.claims, found))
    claims = [a.claim for a in store.accounts() if a.ref.report == "a1" and a.claim.type == "casualties"]
    assert [(c.id, c.date, c.place_names, c.score) for c in claims] == [("n3", None, ("Palmyra",), 1.0)]
    assert store.reviewed(ref("p1")).ref == ref("n3"), "the id that it had leads to it"
    (differs,) = [d for d in store.disagreements(newer=True) if d.ref == ref("n3")]
    assert differs.fields == ("places", "date")
    assert differs.reader == "made 2"
    store.withdraw(who="Ana", claim=ref("n3"))
    (claim,) = [a.claim for a in store.accounts() if a.ref == ref("n3")]
    assert (claim.date, claim.score) == ("2016-12-11", 0.4), "without the review it is told as it was read"
    assert kept(store) == built(store)


def test_claims_of_one_clause_are_told_apart(store: Store) -> None:
    """A clause that states two claims: what is said of the one does not go to the other."""
    base = read("d1", [TAKEN])
    first = base.claims[0]
    fight = replace(first, id="c1", type="armed_clash")
    store.add(replace(base, claims=(first, fight)))
    store.review(ref("c1", "d1"), "reject", who="Ana", why="no")
    store.add(numbered(base, first))
    assert told(store, "d1") == {"n0": "territory_taken"}
    store.add(numbered(base, fight, first, reader=OTHER))
    assert told(store, "d1") == {"n1": "territory_taken"}
    store.review(ref("n1", "d1"), "correct", who="Ana", fields={"date": "2016-12-10"})
    store.add(numbered(base, fight, reader=ReaderInfo("made", "3")))
    claims = [(a.claim.type, a.claim.date) for a in store.accounts() if a.ref.report == "d1"]
    assert claims == [("territory_taken", "2016-12-10")], (
        "the rejected one is rejected, the corrected one is carried on"
    )


def test_another_text_of_the_report(store: Store) -> None:
    decide(store)
    later = read("a1", [("talks", "asserted", "Homs", None, "a new first line on prisoners", 0), MARKET, BAKERY, TALKS])
    store.add(later)
    (claim,) = [a.claim for a in store.accounts() if a.ref.report == "a1" and a.claim.type == "shelling"]
    text = store.report("a1").text
    assert text[claim.start : claim.end] == claim.text
    assert {a.claim.type for a in store.accounts() if a.ref.report == "a1"} == {"talks", "shelling", "casualties"}
    for a in store.accounts():
        assert store.report(a.ref.report).text[a.claim.start : a.claim.end] == a.claim.text
    shorter = read("a1", [TALKS], edition=" again")
    store.add(shorter)
    assert told(store) == {"c0": "talks"}, "what the text no longer says rests"
    store.add(read("a1", [MARKET, TALKS], edition=" once more"))
    assert sorted(told(store).values()) == ["casualties", "shelling", "talks"], "and comes back with it"
    assert kept(store) == built(store)


def test_who_holds_what_follows_the_reviewed_claims(store: Store) -> None:
    base = read("d1", [TAKEN])
    claim = replace(base.claims[0], actor_names=("ISIS",))
    reading = replace(base, claims=(claim,))
    reading = replace(reading, control=control_statements(reading))
    store.add(reading)
    assert [(s.place, s.holder) for s in store.reading("d1").control] == [("Palmyra", "ISIS")]
    store.review(ref("c0", "d1"), "correct", who="Ana", fields={"actors": ["the army"], "places": ["Arak"]})
    assert [(s.place, s.holder) for s in store.reading("d1").control] == [("Arak", "the army")]
    assert store.reading("d1", as_read=True) == reading
    store.review(ref("c0", "d1"), "reject", who="Ana", why="no")
    assert store.reading("d1").control == ()


def test_a_report_whose_claims_are_all_rejected_is_read_again(store: Store) -> None:
    store.review(ref("c0", "a2"), "reject", who="Ana", why="no")
    store.add(replace(read("a2", [MARKET]), reader=NEWER))
    assert told(store, "a2") == {}
    store.add(replace(read("a2", []), reader=OTHER))
    assert told(store, "a2") == {}
    store.withdraw(who="Ana")
    assert told(store, "a2") == {}, "the reader of today finds nothing there"
    with pytest.raises(LedgerError, match="report a2 has no claim c0: it has no claims"):
        store.review(ref("c0", "a2"), "accept", who="Ana")


acts = st.lists(
    st.tuples(
        st.sampled_from(("accept", "correct", "reject", "add", "withdraw", "reread", "retell")),
        st.integers(0, 3),
        st.integers(0, 3),
        st.sampled_from(("Ana", "Ben")),
        st.sampled_from(("air_strike", "territory_held", "talks")),
        st.sampled_from((["Palmyra"], ["Homs", "Arak"], [])),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(rows, min_size=1, max_size=3), min_size=2, max_size=3), acts)
def test_the_incidents_are_those_of_what_is_told(
    where: Where, lines: list[list[Row]], given: list[tuple[Any, ...]]
) -> None:
    """Whatever is decided and read in whatever order, and no word of the record is out of its place."""
    with fresh(where) as store:
        for n, of_one in enumerate(lines):
            store.add(read(f"r{n}", of_one))
        for turn, (what, r, c, who, kind, places, settle) in enumerate(given):
            report = f"r{r % len(lines)}"
            try:
                if what == "reread":
                    again = read(report, lines[r % len(lines)])
                    part = again.claims[c:] + again.claims[:c][:1]
                    store.add(numbered(again, *part, reader=ReaderInfo("made", f"{turn + 2}")))
                elif what == "retell":
                    store.add(read(report, lines[r % len(lines)][c:], edition=f" {turn}"))
                elif what == "withdraw":
                    store.withdraw(who=who)
                elif what == "add":
                    text = store.report(report).text
                    store.add_claim(report, {"clause": text.split("\n")[-2], "type": kind, "places": places}, who=who)
                else:
                    claims = store.reading(report, as_read=settle).claims
                    fields = {"type": kind, "places": places} if what == "correct" else None
                    name = claims[c % len(claims)].id if claims else "none"
                    store.review(ref(name, report), what, who=who, why="so", fields=fields, adjudicate=settle)
            except LedgerError:
                continue
        assert kept(store) == built(store)
        for reading in store.readings():
            assert from_record(to_record(reading)) == reading
            for claim in reading.claims:
                assert reading.report.text[claim.start : claim.end] == claim.text
        found = kept(store)
        forget(store)
        assert kept(store) == found


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=60), st.data())
def test_any_clause_of_any_text_comes_back_by_offsets_and_by_words(text: str, data: st.DataObject) -> None:
    claim = Claim("c1", "other", "asserted", 0, len(text), text)
    coding = coding_of(claim_to_record(claim), None)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    words = text[start:end]
    if not words.strip():
        with pytest.raises(LedgerError):
            corrected(coding, {"clause": words}, text)
        return
    by_offsets = corrected(coding, {"clause": [start, end]}, text)
    assert (by_offsets["start"], by_offsets["end"], by_offsets["text"]) == (start, end, words)
    by_words = corrected(by_offsets, {"clause": words}, text)
    assert by_words == by_offsets, "of several places the nearest to where it was"
    again = corrected(coding, {"clause": words}, text)
    assert text[again["start"] : again["end"]] == words


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=40).filter(str.strip), st.text(min_size=1, max_size=20).filter(str.strip))
def test_any_name_and_reason_comes_back_as_it_was_given(where: Where, name: str, why: str) -> None:
    with fresh(where) as store:
        store.add(read("a1", [MARKET]))
        found = store.review(
            ref("c0"), "correct", who=why, why=name, fields={"places": [name], "sources": [[name, why]]}
        )
        shown = " ".join(name.split())
        assert [p["name"] for p in found.shown["places"]] == [shown]
        (account,) = store.accounts()
        assert account.claim.place_names == (shown,)
        assert found.reviews[0].why == name.strip()
        assert found.reviews[0].who == why.strip()
        assert coding_of(claim_to_record(account.claim), context_of(account)) == found.shown
        store.add(replace(read("a1", [MARKET]), reader=NEWER))
        assert [a.places for a in store.accounts()] == [account.places]
