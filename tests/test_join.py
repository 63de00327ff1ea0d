"""``Ledger.join`` gives each row what the same question by itself gives, whatever the table looks like."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from benchmarks import join as made

from tadmor import Ledger, edtf
from tadmor.errors import BadDate
from tadmor.model import Place
from tadmor.reconcile import control, held_on

TOWNS = made.towns(8, random.Random(5))


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with Ledger(tmp_path_factory.mktemp("join") / "a.db") as opened:
        for reading in made.readings(TOWNS, 240, random.Random(5)):
            opened.store.add(reading)
        yield opened


def rows() -> list[dict[str, Any]]:
    rng = random.Random(6)
    one, two = TOWNS[0], TOWNS[1]
    days = [f"{rng.randrange(2012, 2020)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}" for _ in range(60)]
    dates = [*days, "2015-06", "2016", "2014-22", "2015-01-01/2015-03-01", "../2014-01-01", "2016-05/..", ".."]
    out: list[dict[str, Any]] = [{"place": rng.choice(TOWNS).name, "on": on} for on in dates]
    out += [{"place": one.name.upper(), "country": c, "on": "2016-01-01"} for c in ("SY", "US", "", None)]
    out += [{"place": x, "on": "2016-01-01"} for x in ("Atlantis", "", None, f"the town of {two.name}")]
    out += [{"place": one.name, "on": on} for on in ("soon", "", None, "2016-13-01", "2015-02-30", " 2016-01-01")]
    out += [
        {"place": "", "lat": str(one.lat + 0.01), "lon": f"{one.lon}", "on": "2017-01-01"},
        {"place": two.name, "lat": one.lat, "lon": one.lon, "on": "2017-01-01"},
        {"place": two.name, "lat": 10.0, "lon": 10.0, "on": "2017-01-01"},
        {"place": one.name, "lat": "nan", "lon": "inf", "on": "2017-01-01"},
        {"place": one.name, "lat": "north", "on": "2017-01-01"},
        {"on": "2017-01-01"},
        {"place": one.name},
        {},
    ]
    return out


@pytest.mark.parametrize("source", [None, "Coast Observatory", "league commander", "nobody"])
@pytest.mark.parametrize("known", [None, "2016-06-30", "2015"])
def test_each_row_is_answered_as_by_itself(ledger: Ledger, source: str | None, known: str | None) -> None:
    accounts = list(ledger.store.accounts())
    alone: dict[Place, Any] = {}
    answered = 0
    asked = rows()
    for row, answer in zip(asked, ledger.join(iter(asked), according_to=source, known_at=known), strict=True):
        place = Place(
            row.get("place") or "", None, number(row.get("lat")), number(row.get("lon")), row.get("country") or None
        )
        if place not in alone:
            alone[place] = control(accounts, place, according_to=source, known_at=known, resolve_holder=ledger._holder)
        on = row.get("on") or ""
        held = held_on(alone[place], on) if edtf.valid(on) else []
        assert {k: answer[k] for k in row} == row
        if not held:
            assert (answer["holder"], answer["status"], answer["claims"]) == (None, "unknown", [])
            continue
        answered += 1
        assert (answer["holder"], answer["status"], answer["since"]) == (held[0].holder, held[0].status, held[0].start)
        assert answer["credibility"] == held[0].credibility.admiralty
        assert answer["sources"] == list(held[0].sources)
        assert answer["claims"] == [{"report": r.report, "claim": r.claim} for r in held[0].claims]
    assert answered > 25 or source == "nobody" or known == "2015"


def number(value: Any) -> float | None:
    try:
        return float(value) if value not in ("nan", "inf") else None
    except (TypeError, ValueError):
        return None


def test_a_row_that_is_changed_changes_no_other(ledger: Ledger) -> None:
    asked = [{"place": TOWNS[0].name, "on": "2017-01-01"}] * 2
    answers = ledger.join(asked)
    first = next(answers)
    kept = list(first["sources"]), list(first["claims"])
    assert all(kept)
    first["sources"].clear()
    first["claims"].clear()
    second = next(answers)
    assert (second["sources"], second["claims"]) == kept


def test_a_day_known_at_that_is_no_day_is_refused(ledger: Ledger) -> None:
    with pytest.raises(BadDate):
        list(ledger.join([{"place": TOWNS[0].name, "on": "2017-01-01"}], known_at="sometime"))
