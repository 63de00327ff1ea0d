"""The incidents of a ledger are those of all its accounts, however they came, and only neighbours are touched."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from databases import Where, emptied, sql
from tadmor import Ledger
from tadmor.errors import LedgerError
from tadmor.ledger import Store, grouping
from tadmor.model import Claim, ClaimRef, Count, Incident, Mention, ReaderInfo, Reading, Report
from tadmor.reconcile import incidents
from tadmor.reconcile.constraints import Constraint, merged, moved, split

READER, NEWER = ReaderInfo("made", "1"), ReaderInfo("made", "2")
TOWNS = {
    "Palmyra": ("geonames:1", 34.56, 38.28),
    "Tadmur": ("geonames:1", 34.56, 38.28),
    "Arak": ("geonames:2", 34.63, 38.57),
    "Homs": ("geonames:3", 34.73, 36.71),
    "the mill": (None, None, None),
}
TYPES = ("air_strike", "shelling", "territory_taken", "territory_lost", "armed_clash", "casualties", "talks", "siege")
DATES = ("2016-12-11", "2016-12-12", "2016-12-10/2016-12-13", "2016-12", "2015-06-01", "2016-12-11/..", None)
WORDS = (
    "market bakery school jets barrels rockets shoppers pupils silos depot convoy militia negotiators bridge".split()
)
Row = tuple[str, str, str, str | None, str, int]  # type, certainty, town, date, clause, killed


def read(report: str, rows: list[Row], *, reader: ReaderInfo = READER, edition: str = "") -> Reading:
    """A reading of a report that states each row in a line of its own."""
    text, mentions, claims = f"{report}{edition}\n", [], []
    for n, (kind, certainty, town, date, words, killed) in enumerate(rows):
        start = len(text)
        line = f"{words} in {town}"
        text += f"{line}.\n"
        entity, lat, lon = TOWNS[town]
        at = start + len(line) - len(town)
        mentions.append(
            Mention(
                f"m{n}", at, at + len(town), town, "place", entity=entity, name=town, lat=lat, lon=lon, country="SY"
            )
        )
        counts = (Count("killed", killed, killed),) if killed else ()
        claims.append(
            Claim(f"c{n}", kind, certainty, start, start + len(line), line, places=(f"m{n}",), place_names=(town,),
                  date=date, counts=counts)  # type: ignore[arg-type]
        )  # fmt: skip
    made = Report(report, text, publisher=f"Wire {report}", published="2016-12-14", published_basis="metadata")
    return Reading(made, reader, tuple(mentions), (), tuple(claims), (), ())


rows = st.tuples(
    st.sampled_from(TYPES),
    st.sampled_from(("asserted", "asserted", "asserted", "denied", "expected")),
    st.sampled_from(sorted(TOWNS)),
    st.sampled_from(DATES),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=6, unique=True).map(" ".join),
    st.sampled_from((0, 0, 12, 21)),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Reading]:
    """Readings of a few reports; some reports are read again by a newer reader, or come with another text."""
    told = draw(st.lists(st.lists(rows, min_size=1, max_size=4), min_size=2, max_size=6))
    out = [read(f"r{n}", lines) for n, lines in enumerate(told)]
    for n, lines in enumerate(told):
        if draw(st.integers(0, 2)) == 0:
            out.append(read(f"r{n}", lines[:-1] + draw(st.lists(rows, max_size=2)), edition=" again"))
        elif draw(st.integers(0, 2)) == 0:
            again = [replace(c, date=draw(st.sampled_from(DATES))) for c in out[n].claims]
            out.append(replace(out[n], reader=NEWER, claims=tuple(again[draw(st.integers(0, 1)) :])))
    return draw(st.permutations(out))


def kept(store: Store) -> dict[ClaimRef, Incident]:
    return {i.claims[0]: i for i, _ in store.incidents()}


def built(store: Store, constraints: list[Constraint] | None = None) -> dict[ClaimRef, Incident]:
    return {i.claims[0]: i for i in incidents(store.accounts(), constraints=constraints or [])}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories())
def test_the_incidents_of_a_ledger_are_those_of_all_its_accounts(where: Where, readings: list[Reading]) -> None:
    with fresh(where) as store:
        for reading in readings:
            store.add(reading)
            assert kept(store) == built(store)
        forget(store)
        assert kept(store) == built(store), "made anew they are the same"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(rows, min_size=1, max_size=3), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_so_are_those_that_people_decided_about(where: Where, told: list[list[Row]], rng: random.Random) -> None:
    decided: list[Constraint] = []
    with fresh(where) as store:
        for n, lines in enumerate(told):
            store.add(read(f"r{n}", lines))
            refs = sorted(r for i in kept(store).values() for r in i.claims)
            if len(refs) > 1:
                decided.append(Constraint(*rng.sample(refs, 2), one=rng.random() < 0.5))
                store.decide(decided[-1:], who="an editor")
            assert kept(store) == built(store, decided)
        forget(store)
        assert kept(store) == built(store, decided)


def fresh(where: Where) -> Store:
    return Store(emptied(where))


def forget(store: Store) -> None:
    """Have the groups look like those of another version."""
    sql(store, "UPDATE state SET value = 'another' WHERE name = 'incidents'")


MARKET = ("air_strike", "asserted", "Palmyra", "2016-12-11", "jets hit the market and killed shoppers", 0)
BAKERY = ("air_strike", "asserted", "Homs", "2016-12-11", "barrels fell on the bakery queue", 0)
TALKS = ("talks", "asserted", "Arak", "2015-06-01", "negotiators met on prisoners", 0)


@pytest.fixture
def store(where: Where):
    with Store(where) as opened:
        yield opened


def claims(store: Store) -> list[list[str]]:
    return sorted([f"{r.report}.{r.claim}" for r in i.claims] for i, _ in store.incidents())


def test_what_is_superseded_leaves_its_incident(store: Store) -> None:
    store.add(read("r1", [MARKET]))
    store.add(read("r2", [MARKET]))
    assert claims(store) == [["r1.c0", "r2.c0"]]
    store.add(read("r1", [BAKERY], edition=" corrected"))
    assert claims(store) == [["r1.c0"], ["r2.c0"]]
    assert kept(store) == built(store)


def test_a_claim_that_nothing_is_found_by_is_an_incident_of_its_own(store: Store) -> None:
    bare = read("r1", [("air_strike", "asserted", "the mill", None, "they", 0)])
    bare = replace(
        bare, mentions=(), claims=tuple(replace(c, places=(), place_names=(), text="so") for c in bare.claims)
    )
    assert store.add(bare)
    assert claims(store) == [["r1.c0"]]
    assert store.add(replace(bare, reader=NEWER, claims=()))
    assert claims(store) == []


def test_adding_touches_only_the_neighbourhood(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(read("r1", [MARKET]))
    for n in range(5):
        store.add(read(f"far{n}", [BAKERY]))
    compared: list[set[str]] = []
    told = grouping.likeness

    def counted(a, b):
        compared.append({a.account.ref.report, b.account.ref.report})
        return told(a, b)

    monkeypatch.setattr(grouping, "likeness", counted)
    store.add(read("r2", [MARKET]))
    assert compared == [{"r1", "r2"}]


def test_ids_stay_when_reports_join(store: Store) -> None:
    store.add(read("r1", [MARKET]))
    (before,) = kept(store).values()
    store.add(read("r2", [MARKET]))
    (after,) = kept(store).values()
    assert after.id == before.id
    assert len(after.claims) == 2


def test_an_incident_is_told_whole_where_the_filter_fits_one_of_its_accounts(store: Store, where: Where) -> None:
    store.add(read("r1", [MARKET]))
    store.add(read("r2", [("air_strike", "asserted", "Tadmur", "2016-12-11", MARKET[4], 0)]))
    store.add(read("r3", [BAKERY]))
    (found,) = store.incidents(place="Homs")
    assert [a.ref.report for a in found[1]] == ["r3"]
    with Ledger(where) as ledger:
        answer = ledger.incidents(place="Palmyra", start="2016-12-01", end="2016-12-31")
        assert [len(i.claims) for i in answer.items] == [2]
        assert set(answer.accounts) == set(answer.items[0].claims)
        assert ledger.incidents(start="2017-01-15").items == []


def test_a_ledger_of_before_has_its_incidents_made_on_first_use_with_progress(store: Store) -> None:
    for n in range(3):
        store.add(read(f"r{n}", [MARKET]))
    found = kept(store)
    sql(store, *(f"DELETE FROM {name}" for name in ("member_key", "likeness", "member", "state")))
    store.add(read("r3", [BAKERY]))
    said: list[tuple[int, int]] = []
    again = {i.claims[0]: i for i, _ in store.incidents(progress=lambda done, of: said.append((done, of)))}
    assert said == [(4, 4)]
    assert again.items() >= found.items()
    assert again == built(store)
    said.clear()
    list(store.incidents(progress=lambda done, of: said.append((done, of))))
    assert said == []


def ref(text: str) -> ClaimRef:
    return ClaimRef(*text.split("."))


def test_decisions_win_over_scores_and_last_through_new_readings(store: Store) -> None:
    store.add(read("r1", [MARKET]))
    store.add(read("r2", [MARKET]))
    store.add(read("r3", [BAKERY]))
    store.decide(split([ref("r1.c0")], [ref("r2.c0")]), who="an editor", why="two raids")
    assert claims(store) == [["r1.c0"], ["r2.c0"], ["r3.c0"]]
    store.decide(merged([ref("r1.c0")], [ref("r3.c0")]), who="an editor")
    assert claims(store) == [["r1.c0", "r3.c0"], ["r2.c0"]]
    store.add(read("r1", [TALKS, MARKET], reader=NEWER, edition=" again"))
    assert claims(store) == [["r1.c0"], ["r1.c1", "r3.c0"], ["r2.c0"]], "the clause tells which claim was meant"
    store.decide(merged([ref("r1.c1")], [ref("r2.c0")]), who="an editor")
    assert claims(store) == [["r1.c0"], ["r1.c1", "r2.c0", "r3.c0"]], "the newest decision wins"
    forget(store)
    assert claims(store) == [["r1.c0"], ["r1.c1", "r2.c0", "r3.c0"]]


def test_a_decision_that_was_overruled_leaves_the_other_incident_whole(store: Store) -> None:
    for n in range(4):
        store.add(read(f"r{n}", [MARKET if n < 2 else BAKERY]))
    store.decide(merged([ref("r1.c0")], [ref("r3.c0")]), who="an editor")
    store.decide(split([ref("r1.c0")], [ref("r3.c0")]), who="an editor")
    assert claims(store) == [["r0.c0", "r1.c0"], ["r2.c0", "r3.c0"]]
    store.add(read("r1", [TALKS], edition=" corrected"))
    assert claims(store) == [["r0.c0"], ["r1.c0"], ["r2.c0", "r3.c0"]]


def test_a_claim_is_moved(store: Store) -> None:
    for n in range(3):
        store.add(read(f"r{n}", [MARKET]))
    store.add(read("r3", [BAKERY]))
    store.decide(moved(ref("r1.c0"), [ref("r0.c0"), ref("r2.c0")], [ref("r3.c0")]), who="an editor")
    assert claims(store) == [["r0.c0", "r2.c0"], ["r1.c0", "r3.c0"]]


def test_a_decision_about_no_claim_is_refused(store: Store) -> None:
    store.add(read("r1", [MARKET]))
    with pytest.raises(LedgerError, match="no such claim"):
        store.decide([Constraint(ref("r1.c0"), ref("r9.c0"), True)], who="an editor")
    assert claims(store) == [["r1.c0"]]
