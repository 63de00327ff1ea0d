"""What people say of single claims is kept for good and decides how the record tells them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from databases import Where, sql
from tadmor.errors import LedgerError
from tadmor.ledger import Store
from tadmor.model import Attribution, ClaimRef, Count, Mention, Reading, Source, Span
from test_ledger_incidents import BAKERY, MARKET, TALKS, built, forget, kept, read

CROWD = ("casualties", "asserted", "Palmyra", "2016-12-11", "twelve shoppers died under the market roof", 12)


@pytest.fixture
def store(where: Where) -> Iterator[Store]:
    with Store(where) as opened:
        for name in ("a1", "a2"):
            opened.add(read(name, [MARKET, BAKERY]))
        opened.add(read("b1", [TALKS]))
        yield opened


def ref(report: str = "a1", claim: str = "c0") -> ClaimRef:
    return ClaimRef(report, claim)


def told(store: Store, report: str = "a1") -> dict[str, str]:
    return {a.ref.claim: a.claim.type for a in store.accounts() if a.ref.report == report}


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return sql(store, query)


def test_what_is_corrected_is_told_everywhere(store: Store) -> None:
    fields = {
        "type": "shelling",
        "certainty": "denied",
        "places": ["Homs"],
        "date": "2016-12-09",
        "counts": [{"what": "killed", "min": 3}],
        "sources": [["State Agency", "an army officer"]],
        "actors": ["the Northern Brigade"],
        "targets": ["shoppers"],
    }
    store.review(ref(), "correct", who="Ana", fields=fields, why="it says mortars")
    (account,) = [a for a in store.accounts() if a.ref == ref()]
    claim = account.claim
    assert (claim.type, claim.certainty, claim.date) == ("shelling", "denied", "2016-12-09")
    assert claim.counts == (Count("killed", 3, None),)
    assert claim.acled == "Explosions/Remote violence/Shelling/artillery/missile attack"
    assert [(p.name, p.entity, p.lat) for p in account.places] == [("Homs", "geonames:3", 34.73)], "known in the report"
    assert [(v.name, v.through, v.kind, v.anonymous) for v in account.voices] == [
        ("an army officer", ("State Agency",), "military", True)
    ]
    assert [p.name for p in account.actors] == ["the Northern Brigade"]
    assert [a.ref for a in store.accounts(place="Homs", types=["shelling"])] == [ref()]
    assert [a.ref for a in store.accounts(source="State Agency")] == [ref()]
    assert ref() not in [a.ref for a in store.accounts(place="Palmyra")]
    assert ref() in [a.ref for a in store.accounts(start="2016-12-09", end="2016-12-09")]
    assert {r.name: r.claims for r in store.sources()}["an army officer"] == 1
    assert store.reading("a1").claims[0] == claim
    assert kept(store) == built(store)


def test_what_is_rejected_is_told_nowhere_and_stays_in_the_table(store: Store) -> None:
    store.review(ref(), "reject", who="Ana", why="a headline of another page")
    assert told(store) == {"c1": "air_strike"}
    assert ref() not in {r for i, _ in store.incidents() for r in i.claims}
    assert [c.id for c in store.reading("a1").claims] == ["c1"]
    assert [c.id for c in store.reading("a1", as_read=True).claims] == ["c0", "c1"]
    assert store.counts().claims == 4
    assert {r.name: r.claims for r in store.places()}["Palmyra"] == 1
    assert rows(store, "SELECT count(*) FROM claim") == [(5,)]
    assert kept(store) == built(store)
    assert not store.reviewed(ref()).told


def test_what_is_added_is_told_and_has_an_identity(store: Store) -> None:
    found = store.add_claim(
        "a1",
        {"clause": "killed shoppers", "type": "casualties", "places": ["Palmyra"], "date": "2016-12-11"},
        who="Ana",
    )
    assert found.ref == ref("a1", "p1")
    assert found.read is None
    assert told(store) == {"c0": "air_strike", "c1": "air_strike", "p1": "casualties"}
    (account,) = [a for a in store.accounts() if a.ref == found.ref]
    text = store.report("a1").text
    assert text[account.claim.start : account.claim.end] == account.claim.text == "killed shoppers"
    assert account.places[0].entity == "geonames:1"
    assert account.sentence.startswith("jets hit the market")
    assert any(found.ref in i.claims for i, _ in store.incidents())
    assert kept(store) == built(store)
    assert store.add_claim("a1", {"clause": "killed shoppers", "type": "abduction"}, who="Ana").ref.claim == "p2"
    with pytest.raises(LedgerError, match="a1:p2 says that already"):
        store.add_claim("a1", {"clause": "killed shoppers", "type": "abduction"}, who="Ben")


def test_what_is_accepted_is_told_as_it_was_then(store: Store) -> None:
    before = store.reading("a1").claims[0]
    found = store.review(ref(), "accept", who="Ana")
    assert found.decided_by is not None
    assert (found.decided_by.who, found.decided_by.what) == ("Ana", "accept")
    assert store.reading("a1").claims[0] == replace(before, score=1.0), "that a person says so is sure"
    assert [a.ref for a in store.accounts(reviewed=True)] == [ref()]
    assert len(list(store.accounts(reviewed=False))) == 4


def test_two_coders_are_both_kept_and_the_newest_is_told_unless_somebody_adjudicates(store: Store) -> None:
    store.review(ref(), "correct", who="Ana", fields={"type": "shelling"})
    store.review(ref(), "correct", who="Ben", fields={"type": "bombing"})
    assert told(store)["c0"] == "bombing"
    store.review(ref(), "correct", who="Ana", fields={"type": "destruction"})
    assert told(store)["c0"] == "destruction"
    store.review(ref(), "correct", who="Edith", fields={"type": "shelling"}, adjudicate=True)
    found = store.review(ref(), "correct", who="Ben", fields={"certainty": "hedged"})
    assert told(store)["c0"] == "shelling", "an adjudication stands over later codings"
    assert store.reading("a1").claims[0].certainty == "asserted"
    assert [found.weights[r.id] for r in found.reviews] == ["earlier", "earlier", "counts", "decides", "counts"]
    store.withdraw(who="Edith", claim=ref())
    assert store.reading("a1").claims[0].certainty == "hedged", "without it the newest of all"
    (differs,) = store.coders_differ(unsettled=True)
    assert (differs.ref, differs.fields) == (ref(), ("type", "certainty"))
    store.review(ref(), "reject", who="Edith", why="no claim at all", adjudicate=True)
    assert store.coders_differ(unsettled=True) == []
    assert store.coders_differ()[0].settled
    assert "c0" not in told(store)
    store.withdraw(who="Edith")
    coded = {a.field: a for a in store.agreement()}["type"]
    assert (coded.items, coded.values, coded.coders) == (1, 2, 2)


def test_a_blind_coder_starts_from_what_the_reader_had(store: Store) -> None:
    store.review(ref(), "correct", who="Ana", fields={"type": "shelling", "date": None})
    found = store.review(ref(), "correct", who="Ben", fields={"certainty": "hedged"}, blind=True)
    assert found.shown == found.read | {"certainty": "hedged"}  # type: ignore[operator]


def test_undo_is_a_new_review_and_brings_back_what_was_before(store: Store) -> None:
    store.review(ref(), "accept", who="Ana")
    store.review(ref(), "correct", who="Ana", fields={"type": "shelling"})
    store.review(ref("a1", "c1"), "reject", who="Ana", why="no")
    assert store.withdraw(who="Ana").what == "reject"
    assert told(store) == {"c0": "shelling", "c1": "air_strike"}
    assert store.withdraw(who="Ana", claim=ref(), why="it was jets").what == "correct"
    assert told(store)["c0"] == "air_strike"
    assert store.reviewed(ref()).decided_by is not None
    store.withdraw(who="Ana")
    assert store.reviewed(ref()).decided_by is None
    assert store.reading("a1") == store.reading("a1", as_read=True)
    with pytest.raises(LedgerError, match="Ana has no review of this ledger that could be withdrawn"):
        store.withdraw(who="Ana")
    with pytest.raises(LedgerError, match="Ben has no review of a1:c0"):
        store.withdraw(who="Ben", claim=ref())
    assert rows(store, "SELECT count(*) FROM review") == [(6,)], "nothing is taken out"
    assert kept(store) == built(store)
    added = store.add_claim("a1", {"clause": "the bakery queue", "type": "destruction"}, who="Ben")
    store.withdraw(who="Ben")
    assert "p1" not in told(store)
    assert not store.reviewed(added.ref).told


def test_what_was_rejected_can_be_accepted_after_all(store: Store) -> None:
    store.review(ref(), "reject", who="Ana", why="no")
    store.review(ref(), "accept", who="Ben")
    assert told(store)["c0"] == "air_strike"
    assert kept(store) == built(store)


def test_the_audit_log_has_every_review(store: Store) -> None:
    store.review(ref(), "accept", who="Ana")
    store.review(ref(), "correct", who="Ben", fields={"type": "shelling"}, why="mortars")
    store.review(ref(), "reject", who="Cai", why="no")
    store.add_claim("b1", {"clause": "prisoners", "type": "agreement"}, who="Ana")
    store.withdraw(who="Cai")
    lines = store.audit()
    assert [(line.who, line.what) for line in lines] == [
        ("Ana", "claim accepted"),
        ("Ben", "claim corrected"),
        ("Cai", "claim rejected"),
        ("Ana", "claim added"),
        ("Cai", "review withdrawn"),
    ]
    assert lines[1].before == {"report": "a1", "claim": "c0", "type": "air_strike"}
    assert (lines[1].after, lines[1].why) == ({"report": "a1", "claim": "c0", "type": "shelling"}, "mortars")
    assert lines[3].after["claim"] == "p1"
    assert rows(store, "SELECT count(*) FROM review r JOIN audit a ON a.row = r.act AND a.who = r.who") == [(5,)]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "says that already"),
        ({"type": "air_strike"}, "says that already"),
        ({"colour": "red"}, "'colour' is no field of a claim"),
        ({"type": "party"}, "type: 'party' is none; they are territory_taken"),
        ({"certainty": "sure"}, "certainty: 'sure' is none"),
        ({"date": "yesterday"}, "date: 'yesterday' is none; write it as EDTF"),
        ({"date": "2016-13-01"}, "date: "),
        ({"date": 2016}, "date: 2016 is none"),
        ({"clause": "words that it has not"}, "does not stand in the report, word for word"),
        ({"clause": {"start": 5, "end": 4}}, "clause: start and end are offsets"),
        ({"clause": {"start": 0, "end": 10**6}}, "clause: start and end are offsets"),
        ({"clause": {"start": -3, "end": 4}}, "clause: start and end are offsets"),
        ({"clause": {"start": 0, "end": True}}, "clause: start and end are offsets"),
        ({"clause": {"start": 0, "end": 2, "text": "xx"}}, "stands from 0 to 2, not 'xx'"),
        ({"clause": " \n "}, "clause: it has no words"),
        ({"clause": {"start": 2, "end": 3}}, "only white space stands there"),
        ({"clause": 7}, "clause: give start and end"),
        ({"places": "Homs"}, "places: give a list"),
        ({"places": [""]}, "places: a name has letters"),
        ({"places": [{"name": "Homs", "entity": 3}]}, "places: an identity is a string"),
        ({"actors": [["x"]]}, "actors: a name has letters"),
        ({"actors": ["x" * 301]}, "actors: a name has 300 characters at the most"),
        ({"targets": [f"t{n}" for n in range(51)]}, "targets: 50 are the most"),
        ({"type": ["air_strike"]}, r"type: \['air_strike'\] is none"),
        ({"certainty": {"asserted": 1}}, "certainty: .* is none"),
        ({"sources": ["SANA"]}, "sources: give a list"),
        ({"sources": [[]]}, "sources: each is a list of names"),
        ({"counts": [{"what": "goats", "min": 1}]}, "counts: 'goats' cannot be counted"),
        ({"counts": [{"what": "killed"}]}, "neither a least nor a greatest"),
        ({"counts": [{"what": "killed", "min": 9, "max": 3}]}, "of killed the least, 9, is more"),
        ({"counts": [{"what": "killed", "min": float("nan")}]}, "is no number of things"),
        ({"counts": [{"what": "killed", "min": -1}]}, "is no number of things"),
        ({"counts": ["12"]}, "counts: each has what"),
    ],
)
def test_what_a_field_does_not_take_is_refused_and_nothing_is_kept(
    store: Store, fields: dict[str, Any], words: str
) -> None:
    with pytest.raises(LedgerError, match=words):
        store.review(ref(), "correct", who="Ana", fields=fields)
    assert rows(store, "SELECT (SELECT count(*) FROM review) + (SELECT count(*) FROM item)") == [(0,)]
    assert store.audit() == []


def test_what_cannot_be_reviewed_is_named(store: Store) -> None:
    with pytest.raises(LedgerError, match="no report has the id 'z'"):
        store.review(ref("z"), "accept", who="Ana")
    with pytest.raises(LedgerError, match="report a1 has no claim c7: it has c0 to c1"):
        store.review(ref("a1", "c7"), "accept", who="Ana")
    with pytest.raises(LedgerError, match="it is not said who decides"):
        store.review(ref(), "accept", who=" ")
    with pytest.raises(LedgerError, match="it is not said why a1:c0 is rejected"):
        store.review(ref(), "reject", who="Ana", why=" ")
    with pytest.raises(LedgerError, match="a claim needs a type"):
        store.add_claim("a1", {"clause": "the market"}, who="Ana")
    with pytest.raises(LedgerError, match="'ignore' is no act"):
        store.review(ref(), "ignore", who="Ana")  # type: ignore[arg-type]


def test_another_id_of_a_report_will_do(store: Store) -> None:
    reading = read("a1", [MARKET, BAKERY])
    store.add(replace(reading, report=replace(reading.report, id="again")))
    assert store.review(ref("again"), "accept", who="Ana").ref == ref()


def test_what_a_claim_keeps_when_a_field_is_corrected(where: Where) -> None:
    """A correction of one field leaves the ids of mentions, identities and voices of the others alone."""
    text = "SANA said jets struck Palmyra on Sunday, killing 12 in the town."
    mentions = (
        Mention("m1", 22, 29, "Palmyra", "place", entity="geonames:1", name="Tadmur", lat=34.5, lon=38.2, country="SY"),
        Mention("m2", 0, 4, "SANA", "actor", entity="actor:sana", name="SANA", kind="agency", side="government"),
    )
    said = Attribution(
        "a1", Source(0, 4, "SANA", "SANA", "m2", "actor:sana", kind="agency", side="government"), Span(5, 9, "said"),
        (Span(10, 39, text[10:39]),),
    )  # fmt: skip
    base = read("x", [TALKS])
    claim = replace(
        base.claims[0], type="air_strike", start=10, end=63, text=text[10:63], trigger=Span(15, 21, "struck"),
        sources=(("a1",),), source_names=(("SANA",),), places=("m1",), place_names=("Palmyra",), date="2016-12-11",
        also=(Span(59, 63, "town"),), counts=(Count("killed", 12, 12),),
    )  # fmt: skip
    reading = Reading(replace(base.report, text=text), base.reader, mentions, (said,), (claim,), (), ("a warning",))
    with Store(where) as store:
        store.add(reading)
        (before,) = store.accounts()
        store.review(ref("x"), "correct", who="Ana", fields={"date": "2016-12-10"})
        (after,) = store.accounts()
        assert replace(after.claim, date="2016-12-11", score=claim.score) == claim
        assert (after.places, after.voices, after.sentence) == (before.places, before.voices, before.sentence)
        store.review(ref("x"), "correct", who="Ana", fields={"sources": [["SANA"], ["a resident"]]})
        (after,) = store.accounts()
        assert after.claim.sources == (("a1",), ())
        assert [(v.name, v.side, v.kind) for v in after.voices] == [
            ("SANA", "government", "agency"),
            ("a resident", None, "witness"),
        ]
        store.review(ref("x"), "correct", who="Ana", fields={"clause": "jets struck Palmyra on Sunday"})
        (after,) = store.accounts()
        assert (after.claim.start, after.claim.end, after.claim.trigger) == (10, 39, claim.trigger)
        assert after.claim.also == claim.also
        store.review(ref("x"), "correct", who="Ana", fields={"places": [{"name": "Palmyra", "entity": None}]})
        (after,) = store.accounts()
        assert (after.places[0].entity, after.places[0].lat) == (None, None), "it is another place of that name"
        assert list(store.readings(superseded=True)) == [reading], "what was read stays as it was read"


def test_incidents_follow_a_correction_in_every_open_ledger(store: Store, where: Where) -> None:
    """What another program has in memory of a claim is not used once the claim is told otherwise."""
    with Store(where) as other:
        other.add(read("a3", [MARKET]))
        store.review(ref("a3"), "correct", who="Ana", fields={"places": ["Homs"], "date": "2015-01-01"})
        other.add(read("a4", [MARKET]))
        assert kept(other) == built(other)
        other.review(ref("a3"), "reject", who="Ana", why="no")
        store.review(ref("a3"), "accept", who="Ben")
        store.add(read("a5", [CROWD]))
        assert kept(store) == built(store)
        found = kept(store)
        forget(store)
        assert kept(store) == found, "made anew they are the same"


def test_a_decision_about_incidents_stays_with_its_claim(store: Store) -> None:
    """A claim that is rejected does not hand what was decided of it to another of like words."""
    store.add(read("d1", [MARKET, (*MARKET[:3], "2016-12-23", *MARKET[4:])]))
    ids = {r: i.id for i, _ in store.incidents() for r in i.claims}
    store.merge([ids[ref("d1", "c1")], ids[ref("b1")]], who="Ana")
    together = next(set(i.claims) for i, _ in store.incidents() if ref("b1") in i.claims)
    assert ref("d1", "c1") in together
    store.review(ref("d1", "c1"), "reject", who="Ben", why="no")
    assert [set(i.claims) for i, _ in store.incidents() if ref("b1") in i.claims] == [{ref("b1")}]
    store.withdraw(who="Ben")
    assert next(set(i.claims) for i, _ in store.incidents() if ref("b1") in i.claims) == together
    store.review(ref("d1", "c1"), "correct", who="Ben", fields={"clause": "jets hit"})
    assert ref("d1", "c1") in next(i.claims for i, _ in store.incidents() if ref("b1") in i.claims), (
        "by its older words"
    )
