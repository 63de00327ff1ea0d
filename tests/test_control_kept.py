"""What is kept of who holds what is what would be worked out from nothing, and only what has changed is worked out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from databases import Where
from tadmor.ledger import Store, timelines
from tadmor.model import Account, ClaimRef, ReaderInfo
from tadmor.reconcile import ControlIndex
from tadmor.web import control_accounts, control_index, control_stored, incident_list
from tadmor.web.filters import Filters
from tadmor.web.opened import Opened, PublicOpened
from test_reconcile_make import ARMY, HOMS, ISIS, MONITOR, PALMYRA, account, voice
from test_web_made import told, war

PLACES = (PALMYRA, HOMS)
VOICES = (voice(ISIS), voice(ARMY), MONITOR)


def built(number: int, version: int) -> Account:
    """One of many accounts; another version of it tells of another day, place or holder."""
    n = number * 7 + version * 3
    return account(
        f"r{number}", "c1", ("territory_taken", "territory_held", "attack_repelled")[n % 3],
        actors=[(ISIS, ARMY)[n % 2]], targets=[(ARMY, ISIS)[n % 2]], date=f"2016-{n % 12 + 1:02}-11",
        voices=[VOICES[n % 3]], places=[PLACES[n % 2]],
    )  # fmt: skip


steps = st.lists(
    st.tuples(
        st.dictionaries(st.integers(0, 9), st.integers(0, 2), max_size=9),
        st.dictionaries(st.sampled_from(("Islamic State", "Syrian Army")), st.sampled_from("ABE"), max_size=2),
    ),
    min_size=2,
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_an_index_made_of_another_is_as_one_made_from_nothing(
    told: list[tuple[dict[int, int], dict[str, str]]],
) -> None:
    made: dict[tuple[int, int], Account] = {}
    index = ControlIndex([])
    marks: dict[str, tuple[bytes, list[Any]]] = {}
    for chosen, letters in told:
        accounts = [made.setdefault(key, built(*key)) for key in chosen.items()]
        index = index.updated(accounts, reliability=letters)
        fresh = ControlIndex(accounts, reliability=letters)
        for place in (*PLACES, "Palmyra", "Homs"):
            assert index.accounts(place) == fresh.accounts(place)
            found = fresh.intervals(place)
            assert index.intervals(place) == found
            assert index.intervals(place, according_to="Islamic State") == fresh.intervals(
                place, according_to="Islamic State"
            )
            mark, before = marks.get(str(place), (None, []))
            if index.mark(place) == mark:
                assert found == before, "a mark that stays stands for what stays"
            marks[str(place)] = index.mark(place), found
        assert index.on(PALMYRA, "2016-06-11") == fresh.on(PALMYRA, "2016-06-11")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store(tmp_path / "war.db") as store:
        for reading in war():
            store.add(reading)
        for n in range(6):
            store.add(told(f"t{n}", "Aleppo", f"2016-11-{n + 10}", type="territory_taken", group="Blue Brigade"))
    return tmp_path / "war.db"


@pytest.fixture
def opened(path: Path) -> Iterator[Opened]:
    found = Opened(path, reader="rules")
    yield found
    found.close()


def rows(opened: Opened) -> list[dict[str, Any]]:
    return control_index.timelines(opened, opened.state(), None, None)


def from_nothing(where: Where) -> list[dict[str, Any]]:
    """What is worked out where nothing has been kept."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(control_stored, "whole", lambda *_: None)
        patched.setattr(control_stored, "stored", lambda *_: None)
        return started(where)


def started(where: Where, *, kept: bool = False) -> list[dict[str, Any]]:
    """What another start of the app tells, which ends by keeping what it has worked out."""
    fresh = Opened(where, reader="rules")
    found = rows(fresh)
    if kept:
        control_stored.keep(fresh)
    fresh.close()
    return found


def test_after_every_kind_of_write_it_is_what_it_would_be_from_nothing(opened: Opened, path: Path) -> None:
    store = opened.store
    seen = [rows(opened)]
    assert {p["name"] for p in seen[0]} == {"Palmyra", "Aleppo", "Idlib"}
    for write in (
        lambda: store.add(told("n1", "Idlib", "2016-12-20", type="territory_taken", group="Blue Brigade")),
        lambda: store.review(ClaimRef("t0", "c1"), "correct", who="Ana", fields={"date": "2016-11-02"}),
        lambda: store.review(ClaimRef("r1", "c1"), "reject", who="Ana", why="no"),
        lambda: store.review(ClaimRef("t5", "c1"), "correct", who="Ana", fields={"actors": ["Green Brigade"]}),
        lambda: store.withdraw(who="Ana"),
        lambda: store.rate("Northern Agency", "E", who="Ana"),
        lambda: store.add(
            replace(told("t1", "Palmyra", "2016-10-01", type="territory_taken"), reader=ReaderInfo("n", "2"))
        ),
        lambda: store.add(told("t2", "Aleppo", "2016-11-12", type="air_strike", extra=" It was corrected.")),
    ):
        write()
        now = rows(opened)
        assert now == from_nothing(path)
        seen.append(now)
    assert sum(a != b for a, b in pairwise(seen)) >= 4, "the writes are seen"


def asked_of(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the places whose intervals are worked out from now on."""
    worked: list[str] = []
    intervals = ControlIndex.intervals

    def asked(self: ControlIndex, place: Any, **given: Any) -> Any:
        worked.append(place.name)
        return intervals(self, place, **given)

    monkeypatch.setattr(ControlIndex, "intervals", asked)
    return worked


def test_only_what_has_changed_is_loaded_and_worked_out(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    rows(opened)
    loaded: list[str] = []
    account_of = control_accounts.account_of

    def counted(*columns: Any) -> Account:
        found = account_of(*columns)
        loaded.append(found.ref.report)
        return found

    monkeypatch.setattr(control_accounts, "account_of", counted)
    worked = asked_of(monkeypatch)
    opened.store.add(told("n1", "Idlib", "2016-12-20", type="territory_taken"))
    rows(opened)
    assert (loaded, worked) == (["n1"], ["Idlib"])
    opened.store.rate("Daily Wire", "B", who="Ana")  # which speaks where nobody else is named
    rows(opened)
    assert loaded == ["n1"]
    assert worked == ["Idlib"], "nobody who tells of control was rated"


def test_who_is_withheld_afterwards_is_not_told_from_what_was_kept(opened: Opened) -> None:
    public = PublicOpened(opened)
    assert holders(public) == {"blue brigade", "red brigade"}
    mark = opened.store.withhold("person", "Blue Brigade", who="Ana", why="safety")
    assert holders(public) == {"red brigade"}
    assert holders(opened) == {"blue brigade", "red brigade"}
    opened.store.lift(mark.row, who="Ana")
    assert holders(public) == {"blue brigade", "red brigade"}
    public.close()


def holders(opened: Opened) -> set[str]:
    return {i["holder"] for place in rows(opened) for i in place["intervals"]}


def test_when_most_of_it_counts_no_more_it_is_made_from_nothing(opened: Opened, path: Path) -> None:
    rows(opened)
    for n in range(6):
        opened.store.add(
            replace(told(f"t{n}", "Aleppo", f"2016-11-{n + 10}", type="territory_taken"), reader=ReaderInfo("n", "2"))
        )
    for letter in "ABCDE":
        opened.store.rate("Northern Agency", letter, who="Ana")
        assert rows(opened) == from_nothing(path)
    assert opened.last_index is not None
    assert len(opened.last_index.of._accounts) <= 3 * len(opened.last_index.accounts)


def test_a_start_tells_what_the_last_one_has_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = started(path, kept=True)
    assert len(expected) == 3
    worked = asked_of(monkeypatch)
    monkeypatch.setattr(control_accounts, "account_of", lambda *_: pytest.fail("no account is needed"))
    assert started(path) == expected
    assert not worked


def test_a_start_works_out_only_what_has_changed_since(where: Where, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(where) as store:
        for reading in war():
            store.add(reading)
        for n in range(6):
            store.add(told(f"t{n}", "Aleppo", f"2016-11-{n + 10}", type="territory_taken", group="Blue Brigade"))
        started(where, kept=True)
        for write, changed in (
            (
                lambda: store.add(told("n1", "Idlib", "2016-12-20", type="territory_taken", group="Blue Brigade")),
                {"Idlib"},
            ),
            (
                lambda: store.review(ClaimRef("t0", "c1"), "correct", who="Ana", fields={"date": "2016-11-02"}),
                {"Aleppo"},
            ),
            (lambda: store.withdraw(who="Ana"), {"Aleppo"}),
            (lambda: store.retract("t5", who="Ana", why="withdrawn by its editor"), {"Aleppo"}),
            (lambda: store.review(ClaimRef("n1", "c1"), "reject", who="Ana", why="no"), {"Idlib"}),
            (lambda: store.rate("Northern Agency", "E", who="Ana"), {"Palmyra", "Aleppo", "Idlib"}),
        ):
            write()
            with monkeypatch.context() as patched:
                worked = asked_of(patched)
                now = started(where, kept=True)
                assert set(worked) == changed
            assert now == from_nothing(where)


def test_what_a_running_app_works_out_rests_on_what_was_kept_before_it(
    path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(path, kept=True)
    rows(opened)
    control_index.index(opened, opened.state(), None)  # for one place, say, whose ribbons are looked at
    opened.store.add(told("n1", "Idlib", "2016-12-20", type="territory_taken"))
    with monkeypatch.context() as patched:
        worked = asked_of(patched)
        now = rows(opened)
        assert worked == ["Idlib"]
    assert now == from_nothing(path)


def test_what_was_worked_out_in_part_is_not_told_as_all(path: Path, opened: Opened) -> None:
    found = control_index.index(opened, opened.state(), None)
    with found.lock:
        found.timeline(PALMYRA)
    control_stored.keep(opened)
    assert control_stored.whole(opened, opened.state()) is None
    assert started(path) == from_nothing(path)


def test_another_registry_or_other_code_is_another_answer(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(path, kept=True)
    own = tmp_path / "actors.json"
    blue = {"id": "actor:blue", "name": "Blue Movement", "kind": "armed group", "source": "made"}
    blue |= {"aliases": ["Blue Brigade"]}
    own.write_text(json.dumps({"actors": [blue]}))
    with monkeypatch.context() as patched:
        worked = asked_of(patched)
        other = Opened(path, reader="rules", actors=own)
        rows(other)
        other.close()
        assert set(worked) == {"Palmyra", "Aleppo", "Idlib"}
        worked.clear()
        patched.setattr(control_stored, "_method", lambda: "a newer one")
        started(path)
        assert set(worked) == {"Palmyra", "Aleppo", "Idlib"}


def test_nothing_that_was_kept_outlives_a_purge(path: Path, opened: Opened) -> None:
    rows(opened)
    control_stored.keep(opened)
    assert "blue brigade" in str(control_stored.whole(opened, opened.state()))
    opened.store.purge_name("Blue Brigade", who="Ana", why="safety")
    with opened.reading() as connection:
        assert not timelines.kept(connection)
    assert "blue brigade" not in str(rows(opened)).casefold()


def test_a_retraction_is_seen_by_an_app_that_runs(opened: Opened, path: Path) -> None:
    before = rows(opened)
    state = opened.state()
    listed = incident_list.listing(opened, state, Filters(), cursor=None, limit=50, order="newest")[0]
    opened.store.retract("t0", who="Ana", why="withdrawn by its editor")
    assert rows(opened) != before
    assert rows(opened) == from_nothing(path)
    after = incident_list.listing(opened, opened.state(), Filters(), cursor=None, limit=50, order="newest")[0]
    assert any("retracted" in m.record for m in after)
    assert not any("retracted" in m.record for m in listed)
