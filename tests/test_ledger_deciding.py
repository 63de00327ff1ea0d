"""What people decide about incidents stands: through scores, adding again, newer readers and making incidents anew."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from databases import Where, as_of, sql
from tadmor.errors import LedgerError
from tadmor.ledger import Store
from tadmor.model import ClaimRef
from tadmor.reconcile.incidents import incident_id
from test_ledger_incidents import BAKERY, MARKET, NEWER, TALKS, forget, fresh, read

EXPECTED = ("air_strike", "expected", "Palmyra", "2016-12-13", "more jets will come to the market", 0)


@pytest.fixture
def store(where: Where):
    with Store(where) as opened:
        for name, row in (("a1", MARKET), ("a2", MARKET), ("b1", BAKERY), ("b2", BAKERY)):
            opened.add(read(name, [row]))
        yield opened


def ref(report: str, claim: str = "c0") -> ClaimRef:
    return ClaimRef(report, claim)


def groups(store: Store) -> list[list[str]]:
    """The reports of each incident; every report tells of one thing."""
    return sorted([r.report for r in i.claims] for i, _ in store.incidents())


def id_of(store: Store, report: str, claim: str = "c0") -> str:
    return next(i.id for i, _ in store.incidents() if ref(report, claim) in i.claims)


def decisions(store: Store) -> list[tuple[object, ...]]:
    return sql(store, "SELECT who, one, a_report, b_report, act FROM decision ORDER BY row")


def test_merge_split_and_move(store: Store) -> None:
    assert groups(store) == [["a1", "a2"], ["b1", "b2"]]
    one = store.merge([id_of(store, "a1"), id_of(store, "b1")], who="Ana", why="one raid")
    assert groups(store) == [["a1", "a2", "b1", "b2"]]
    assert one == [id_of(store, "a1")]
    two = store.split(one[0], [ref("a2"), ref("b2")], who="Ana")
    assert groups(store) == [["a1", "b1"], ["a2", "b2"]]
    assert two == [id_of(store, "a1"), id_of(store, "a2")]
    store.move(ref("b2"), id_of(store, "a1"), who="Ben")
    assert groups(store) == [["a1", "b1", "b2"], ["a2"]]


def test_an_id_of_before_leads_to_where_its_first_claim_stands_now(store: Store) -> None:
    a, b = id_of(store, "a1"), id_of(store, "b1")
    assert (a, b) == (incident_id([ref("a1")]), incident_id([ref("b1")]))
    store.merge([b, a], who="Ana")
    assert store.incident(b)[0].id == a, "the merged incident has the id of its first claim"
    store.split(b, [ref("a1")], who="Ana")
    assert store.incident(a)[0].claims == (ref("a1"),), "the id goes with the claim that it is made of"
    assert store.incident(b)[0].claims == (ref("a2"), ref("b1"), ref("b2"))
    assert id_of(store, "b1") == incident_id([ref("a2")])


def test_an_id_stays_good_when_a_report_that_sorts_before_joins(store: Store) -> None:
    before = id_of(store, "a1")
    store.add(read("a0", [MARKET]))
    assert id_of(store, "a1") != before
    assert store.incident(before)[0].id == id_of(store, "a0")


def test_the_beginning_of_an_id_is_enough_unless_it_is_that_of_several(store: Store) -> None:
    whole = id_of(store, "a1")
    assert store.incident(f" {whole[:9].upper()} ")[0].id == whole
    with pytest.raises(LedgerError, match=rf"^i may be .*{id_of(store, 'b1')}.*: give more of the id"):
        store.incident("i")
    with pytest.raises(LedgerError, match="no incident has the id i000000: `tadmor incidents` lists them"):
        store.incident("i000000")
    for odd in ("", "x12", "i12z", "%", "42"):
        with pytest.raises(LedgerError, match="is no id of an incident"):
            store.incident(odd)


def test_an_id_of_today_goes_before_one_of_yesterday(store: Store) -> None:
    """Claims that are not the first of their incident never make the beginning of an id ambiguous."""
    ids = {incident_id([ref(f"m{n}")])[:2]: f"m{n}" for n in range(200)}
    mine = id_of(store, "a1")
    twin = ids[mine[:2]]
    store.add(read(twin, [BAKERY]))
    assert id_of(store, twin) != incident_id([ref(twin)])
    others = {i.id[:2] for i, _ in store.incidents()} - {mine[:2]}
    assert others
    assert store.incident(mine[:2])[0].id == mine


def test_what_cannot_be_done_is_refused_and_says_how_to_mend_it(store: Store) -> None:
    store.add(read("e1", [EXPECTED]))
    a, b = id_of(store, "a1"), id_of(store, "b1")
    with pytest.raises(LedgerError, match=f"{a} and {a[:8]} is one incident: name two or more"):
        store.merge([a, a[:8]], who="Ana")
    with pytest.raises(LedgerError, match=f"b1:c0 is not in incident {a}; in it are a1:c0, a2:c0"):
        store.split(a, [ref("a1"), ref("b1")], who="Ana")
    with pytest.raises(LedgerError, match="has 2 claims: name some of them, not all"):
        store.split(a, [ref("a1"), ref("a2")], who="Ana")
    with pytest.raises(LedgerError, match="name some of them, not none"):
        store.split(a, [], who="Ana")
    with pytest.raises(LedgerError, match=f"a1:c0 is in incident {a} already"):
        store.move(ref("a1"), a, who="Ana")
    with pytest.raises(LedgerError, match="no report has the id 'z9': write a claim as report:claim"):
        store.move(ref("z9"), a, who="Ana")
    with pytest.raises(LedgerError, match="report a1 has no claim c7: it has c0"):
        store.move(ref("a1", "c7"), b, who="Ana")
    with pytest.raises(LedgerError, match="e1:c0 is in no incident: it tells of a state that lasts, or"):
        store.move(ref("e1"), b, who="Ana")
    with pytest.raises(LedgerError, match="not said who decides"):
        store.merge([a, b], who="  ")
    assert decisions(store) == []
    assert store.audit() == []
    assert groups(store) == [["a1", "a2"], ["b1", "b2"]]


def test_decisions_last_through_adding_again_newer_readers_and_incidents_made_anew(store: Store) -> None:
    store.merge([id_of(store, "a1"), id_of(store, "b1")], who="Ana")
    store.split(id_of(store, "a1"), [ref("a2")], who="Ana")
    wanted = [["a1", "b1", "b2"], ["a2"]]
    assert groups(store) == wanted
    assert not store.add(read("a1", [MARKET]))
    assert groups(store) == wanted
    for report, row in (("a1", MARKET), ("a2", MARKET), ("b1", BAKERY)):
        store.add(read(report, [TALKS, row] if report == "a2" else [row], reader=NEWER))
    found = {tuple(r.report for r in i.claims) for i, _ in store.incidents() if i.type == "air_strike"}
    assert found == {("a1", "b1", "b2"), ("a2",)}, "a claim that has another id now is known by its words"
    forget(store)
    again = {tuple(r.report for r in i.claims) for i, _ in store.incidents() if i.type == "air_strike"}
    assert again == found
    for n in range(3):
        store.add(read(f"a{n + 5}", [MARKET]))
    apart = [i for i, _ in store.incidents() if {"a1", "a2"} <= {r.report for r in i.claims}]
    assert apart == [], "no report that comes later brings together what was split"


def test_what_people_put_together_stays_together_when_one_of_it_is_split_off_or_moved(store: Store) -> None:
    """A merge is kept as a chain of pairs: taking a link out must not part what hung by it."""
    store.add(read("c1", [TALKS]))
    store.add(read("d1", [("shelling", "asserted", "Arak", "2015-06-01", "rockets struck the depot", 0)]))
    store.merge([id_of(store, x) for x in ("a1", "b1", "c1")], who="Ana")
    store.split(id_of(store, "b1"), [ref("b1"), ref("b2")], who="Ben")
    assert groups(store) == [["a1", "a2", "c1"], ["b1", "b2"], ["d1"]]
    store.move(ref("a2"), id_of(store, "d1"), who="Ben")
    assert groups(store) == [["a1", "c1"], ["a2", "d1"], ["b1", "b2"]]


def test_of_two_who_decide_at_once_the_later_stands_and_both_are_kept(where: Where) -> None:
    with Store(where) as store:
        for name, row in (("a1", MARKET), ("a2", MARKET), ("b1", BAKERY)):
            store.add(read(name, [row]))
        a, b = id_of(store, "a1"), id_of(store, "b1")
        start = threading.Barrier(2)
        failed: list[BaseException] = []

        def decide(who: str) -> None:
            try:
                with Store(where) as mine:
                    start.wait()
                    if who == "Ana":
                        mine.merge([a, b], who=who)
                    else:
                        mine.split(a, [ref("a2")], who=who)
            except BaseException as error:
                failed.append(error)

        people = [threading.Thread(target=decide, args=(who,)) for who in ("Ana", "Ben")]
        for person in people:
            person.start()
        for person in people:
            person.join()
        assert failed == []
        acts = [(r.who, r.what) for r in store.audit()]
        assert sorted(acts) == [("Ana", "incidents merged"), ("Ben", "incident split")]
        assert {who for who, *_ in decisions(store)} == {"Ana", "Ben"}
        # Ben split what Ana had merged, or Ana merged what Ben had left in it
        assert groups(store) == [["a1", "b1"], ["a2"]]


def test_two_who_contradict_each_other(store: Store) -> None:
    a, b = id_of(store, "a1"), id_of(store, "b1")
    store.merge([a, b], who="Ana")
    store.split(a, [ref("b1"), ref("b2")], who="Ben")
    assert groups(store) == [["a1", "a2"], ["b1", "b2"]]
    _, _, told = store.incident(a)
    assert [(d.who, d.what, d.standing) for d in told] == [
        ("Ana", "incidents merged", "holds in part"),  # a1 and a2 are still one
        ("Ben", "incident split", "holds"),
    ]
    store.merge([a, b], who="Ana", why="I have seen the footage")
    _, _, told = store.incident(b)
    assert [d.standing for d in told] == ["holds", "holds in part", "holds"]
    assert groups(store) == [["a1", "a2", "b1", "b2"]]
    assert len(decisions(store)) == 3 + (4 + 1 + 1) + 3, "nothing that was decided is lost"


def test_a_decision_rests_while_its_claims_are_not_told(store: Store) -> None:
    store.merge([id_of(store, "a1"), id_of(store, "b1")], who="Ana")
    store.add(read("b1", [TALKS], edition=" corrected"))
    store.add(read("b2", [TALKS], edition=" corrected"))
    (act,) = store.incident(id_of(store, "a1"))[2]
    assert act.standing == "holds", "of a1 and a2 it still speaks"
    store.add(read("a2", [TALKS], edition=" corrected"))
    (act,) = store.incident(id_of(store, "a1"))[2]
    assert act.standing == "rests"


def test_the_audit_log_has_what_the_incidents_were_and_became(store: Store) -> None:
    a, b = id_of(store, "a1"), id_of(store, "b1")
    store.merge([a, b], who="Ana", why="one raid")
    (line,) = store.audit()
    assert (line.what, line.who, line.why) == ("incidents merged", "Ana", "one raid")
    claims = {r: [{"report": f"{r}{n}", "claim": "c0"} for n in (1, 2)] for r in "ab"}
    assert sorted(line.before["incidents"], key=lambda i: i["claims"][0]["report"]) == [
        {"id": a, "claims": claims["a"]},
        {"id": b, "claims": claims["b"]},
    ]
    assert line.after == {"incidents": [{"id": a, "claims": claims["a"] + claims["b"]}]}
    assert store.audit(since=line.at[:10]) == [line]
    assert store.audit(since="2999") == []


def test_decisions_of_an_earlier_ledger_get_their_line_in_the_audit_log(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Store(path) as store:
        for name, row in (("a1", MARKET), ("a2", MARKET), ("b1", BAKERY), ("b2", BAKERY)):
            store.add(read(name, [row]))
        store.merge([id_of(store, "a1"), id_of(store, "b1")], who="Ana", why="one raid")
        found, told = groups(store), store.audit()
    earlier = as_of("0002", path, tmp_path / "earlier.db")
    sql(earlier, "DELETE FROM audit")
    with Store(earlier) as opened:
        assert groups(opened) == found
        (line,) = opened.audit()
        assert (line.at, line.who, line.why) == (told[0].at, "Ana", "one raid")
        assert line.what == "incidents decided"
        assert len(line.after["pairs"]) == 3
        assert opened.incident(incident_id([ref("b1")]))[0].id == incident_id([ref("a1")])
        (act,) = opened.incident(incident_id([ref("a1")]))[2]
        assert (act.who, act.standing) == ("Ana", "holds")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("msv"), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=5))
def test_the_newest_decision_always_stands(where: Where, acts: list[tuple[str, int, int]]) -> None:
    """Whatever was decided before, what the last act said is so, also when incidents are made anew."""
    with fresh(where) as store:
        for n, row in enumerate((MARKET, MARKET, BAKERY, BAKERY, TALKS)):
            store.add(read(f"r{n}", [row]))
        for kind, x, y in acts:
            found = sorted((i for i, _ in store.incidents()), key=lambda i: i.claims)
            one, other = found[x % len(found)], found[y % len(found)]
            if kind == "m" and one.id != other.id:
                store.merge([one.id, other.id], who="Ana")
                wanted = {frozenset((*one.claims, *other.claims))}
            elif kind == "v" and one.id != other.id:
                claim = one.claims[y % len(one.claims)]
                store.move(claim, other.id, who="Ana")
                wanted = {frozenset((claim, *other.claims))}
            elif kind == "s" and len(one.claims) > 1:
                part = one.claims[: 1 + y % (len(one.claims) - 1)]
                store.split(one.id, part, who="Ana")
                wanted = {frozenset(part)}
            else:
                continue
            for again in (False, True):
                if again:
                    forget(store)
                now = {frozenset(i.claims) for i, _ in store.incidents()}
                assert all(any(w <= g for g in now) for w in wanted)
                if kind != "m":
                    assert wanted <= now
