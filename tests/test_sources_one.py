"""One source is one identity wherever it is told of, and its side is told alike everywhere."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from tadmor.cli import cli
from tadmor.ledger import Store
from tadmor.model import Reading
from tadmor.reconcile.sources import speaks_for
from test_web_made import API, client, fill, told

SOHR, FULL, SHORT = "actor:sohr", "Syrian Observatory for Human Rights", "The Observatory"


def spoken(id: str, name: str, entity: str | None, *, day: str = "2016-12-11", said: int = 0) -> Reading:
    """A claim of the monitor under this name, with its identity or without."""
    reading = told(id, "Aleppo", day, agency=name, killed=said or None, published=day)
    (one,) = reading.attributions
    assert one.source is not None
    source = replace(one.source, entity=entity, kind="monitor", side="opposition")
    return replace(reading, attributions=(replace(one, source=source),))


def met() -> list[Reading]:
    """The monitor under two names, either of them also without its identity; an agency of a side; a group nobody resolves."""
    return [
        spoken("a", SHORT, SOHR),
        spoken("b", SHORT, SOHR, day="2016-12-12"),
        spoken("c", FULL, SOHR, day="2016-12-13"),
        spoken("d", FULL, None, day="2016-12-14"),
        spoken("e", "the Observatory", None, day="2016-12-15"),
        told("f", "Idlib", "2016-12-11", published="2016-12-11"),
        spoken("g", "Local Observers", None),
    ]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return fill(tmp_path / "war.db", met())


@pytest.fixture
def api(ledger: Path) -> Iterator[TestClient]:
    with client(ledger) as found:
        yield found


def test_a_source_stands_once_under_the_name_that_the_registry_has(api: TestClient) -> None:
    rows = {r["name"]: r for r in api.get(f"{API}/sources").json()["items"]}
    assert set(rows) == {FULL, "Northern Agency", "Local Observers"}
    one = rows[FULL]
    assert (one["entity"], one["claims"], one["reports"]) == (SOHR, 5, 5)
    assert (one["first"], one["last"]) == ("2016-12-11", "2016-12-15")
    for name in (FULL, SHORT, "the observatory", SOHR):
        found = api.get(f"{API}/sources/{name}").json()
        assert found["source"] == one
        assert {c["report"] for c in found["claims"]} == {"a", "b", "c", "d", "e"}


def test_the_shell_lists_it_once(ledger: Path) -> None:
    result = CliRunner().invoke(cli, ["sources", "--format", "jsonl", "--ledger", str(ledger)])
    rows = {r["name"]: r for r in map(json.loads, result.stdout.splitlines())}
    assert set(rows) == {FULL, "Northern Agency", "Local Observers"}
    assert (rows[FULL]["entity"], rows[FULL]["claims"]) == (SOHR, 5)


def test_filters_by_the_identity_find_what_has_none(api: TestClient) -> None:
    found = api.get(f"{API}/reports", params={"source": SOHR}).json()["items"]
    assert {r["id"] for r in found} == {"a", "b", "c", "d", "e"}
    kept = api.get(f"{API}/sources", params={"to": "2016-12-11", "from": "2016-12-11"}).json()["items"]
    assert {r["name"] for r in kept} == {FULL, "Northern Agency", "Local Observers"}


def test_others_who_tell_the_same_are_counted_once(api: TestClient) -> None:
    beside = api.get(f"{API}/sources/Local%20Observers").json()["with"]
    assert [(w["name"], w["entity"]) for w in beside] == [(FULL, SOHR)]


def test_a_name_that_two_were_met_under_is_nobodys(tmp_path: Path) -> None:
    made = [*met(), spoken("h", SHORT, "actor:iraq-observatory")]
    with Store(fill(tmp_path / "war.db", made)) as store:
        rows = {r.entity or r.name: r.claims for r in store.sources()}
    assert rows[SOHR] == 4  # the full name is its own alone
    assert rows["actor:iraq-observatory"] == rows["the Observatory"] == 1


def test_claims_under_two_names_count_once(tmp_path: Path) -> None:
    one = spoken("a", FULL, SOHR)
    (said,) = one.attributions
    assert said.source is not None
    again = replace(said, id="a2", source=replace(said.source, name=SHORT, entity=None))
    (claim,) = one.claims
    both = replace(claim, sources=(("a1",), ("a2",)), source_names=((FULL,), (SHORT,)))
    made = [replace(one, attributions=(said, again), claims=(both,)), spoken("b", SHORT, SOHR)]
    with Store(fill(tmp_path / "war.db", made)) as store:
        (row,) = store.sources()
    assert (row.entity, row.claims, row.reports) == (SOHR, 2, 2)


@pytest.mark.parametrize(
    ("kind", "side", "spoken_for"),
    [
        ("monitor", "opposition", None),
        ("witness", "government", None),
        ("media", "government", None),
        ("agency", "government", "government"),
        ("official", "Neutral", None),
        ("other", None, None),
        (None, "opposition", None),
    ],
)
def test_for_whom_a_source_speaks(kind: str | None, side: str | None, spoken_for: str | None) -> None:
    assert speaks_for(kind, side) == spoken_for


def test_the_side_of_a_monitor_is_told_alike_everywhere(api: TestClient, ledger: Path) -> None:
    rows = {r["name"]: r for r in api.get(f"{API}/sources").json()["items"]}
    assert (rows[FULL]["kind"], rows[FULL]["side"]) == ("monitor", None)
    assert rows["Northern Agency"]["side"] == "government"
    whole = api.get(f"{API}/sources/{SOHR}").json()
    assert (whole["sides"], {tuple(c["sides"]) for c in whole["claims"]}) == ([], {()})
    assert api.get(f"{API}/reports/a").json()["sides"] == {}
    assert api.get(f"{API}/reports/f").json()["sides"] == {"a1": "government"}
    assert api.get(f"{API}/sources", params={"side": "opposition"}).json()["items"] == []
    assert [r["id"] for r in api.get(f"{API}/reports", params={"side": "government"}).json()["items"]] == ["f"]
    assert api.get(f"{API}/reports", params={"side": "opposition"}).json()["items"] == []
    rows = csv.DictReader(io.StringIO(api.get(f"{API}/export", params={"form": "csv"}).text))
    assert {(r["report"], r["source_sides"]) for r in rows if r["report"] in "af"} == {("a", ""), ("f", "government")}
    listed = CliRunner().invoke(cli, ["sources", "--format", "csv", "--ledger", str(ledger)])
    assert {r["name"]: r["side"] for r in csv.DictReader(io.StringIO(listed.stdout))}[FULL] == ""
