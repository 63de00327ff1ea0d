"""``tadmor incidents``: the list with its ids, and show, merge, split and move from the shell."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tadmor.cli import cli
from tadmor.errors import LedgerError
from tadmor.ledger import Store
from tadmor.model import Attribution, Count, Reading, Source, Span
from test_ledger_incidents import BAKERY, MARKET, read


def spoken(report: str, name: str, kind: str, side: str | None, killed: int) -> Reading:
    """The market raid as somebody tells it."""
    reading = read(report, [MARKET])
    source = Source(0, len(report), report, name, entity=f"actor:{name.lower()}", kind=kind, side=side)  # type: ignore[arg-type]
    said = Attribution("a1", source, Span(0, len(report), report), ())
    claims = tuple(
        replace(c, sources=(("a1",),), source_names=((name,),), counts=(Count("killed", killed, killed),))
        for c in reading.claims
    )
    return replace(reading, attributions=(said,), claims=claims)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "war.db"
    with Store(path) as store:
        store.add(spoken("a1", "SANA", "agency", "government", 12))
        store.add(spoken("a2", "Observatory", "monitor", None, 17))
        store.add(read("b, the second", [BAKERY]))
    return path


def invoke(*args: str) -> Result:
    return CliRunner().invoke(cli, ["incidents", *args])


def done(*args: str) -> str:
    result = invoke(*args)
    assert result.exit_code == 0, (result.stderr, result.exception)
    return result.stdout


def listed(ledger: Path) -> dict[str, dict[str, object]]:
    rows = [json.loads(x) for x in done("--format", "jsonl", "--ledger", str(ledger)).splitlines()]
    return {row["place"]["name"]: row for row in rows}


def claims(ledger: Path) -> list[list[str]]:
    rows = [json.loads(x) for x in done("--format", "jsonl", "--ledger", str(ledger)).splitlines()]
    return sorted([c["report"] for c in row["claims"]] for row in rows)


def test_without_a_verb_incidents_are_listed_with_ids_to_copy(ledger: Path) -> None:
    table = done("--place", "Palmyra", "--ledger", str(ledger))
    (row,) = [line for line in table.splitlines() if line.startswith("i")]
    short = row.split()[0]
    assert len(short) == 10
    assert "Homs" not in table
    assert "killed, as the government side tells it: 12 (SANA)" in " ".join(table.split())
    shown = done("show", short, "--ledger", str(ledger))
    assert shown.startswith(str(listed(ledger)["Palmyra"]["id"]))


def test_the_list_has_who_holds_each_position_since_when_and_their_sentences(ledger: Path) -> None:
    (dispute,) = listed(ledger)["Palmyra"]["disputes"]  # type: ignore[misc]
    assert (dispute["about"], dispute["kind"]) == ("count", "contradiction")
    low = dispute["positions"][0]
    assert list(low)[:3] == ["says", "sources", "claims"]
    assert (low["says"], low["since"]) == ("12 killed", "2016-12-14")
    (holder,) = low["held_by"]
    assert (holder["source"], holder["side"], holder["since"]) == ("SANA", "government", "2016-12-14")
    assert holder["claims"] == [{"report": "a1", "claim": "c0", "sentence": f"{MARKET[4]} in Palmyra."}]
    assert low["claims"] == [{"report": "a1", "claim": "c0"}]


def test_show_sets_every_account_beside_the_others(ledger: Path) -> None:
    shown = done("show", str(listed(ledger)["Palmyra"]["id"]), "--ledger", str(ledger))
    for words in (
        "government\n      a1:c0  SANA, 2016-12-14",
        "of no side\n      a2:c0  Observatory, 2016-12-14",
        f"“{MARKET[4]} in Palmyra.”",
        "12 to 17 killed, best 17",
        "killed, as the government side tells it: 12 (SANA)",
        "killed, as those of no side tell it: 17 (Observatory)",
        "count, contradiction",
        "SANA [government], since 2016-12-14",
        "credibility",
    ):
        assert words in shown, words
    assert "What people decided" not in shown


def test_merge_split_and_move_print_ids_and_are_told_by_show(ledger: Path) -> None:
    at = ("--ledger", str(ledger))
    ids = {name: str(row["id"]) for name, row in listed(ledger).items()}
    merged = done("merge", ids["Palmyra"][:8], ids["Homs"], "--who", "Ana", "--why", "one raid", *at)
    assert merged.split() == [ids["Palmyra"]]
    assert claims(ledger) == [["a1", "a2", "b, the second"]]
    two = done("split", ids["Palmyra"], "--claims", "b, the second:c0,a2:c0", "--who", "Ana", *at)
    assert len(two.split()) == 2
    assert claims(ledger) == [["a1"], ["a2", "b, the second"]]
    done("move", "b, the second:c0", "--to", ids["Palmyra"], "--who", "Ben", *at)
    assert claims(ledger) == [["a1", "b, the second"], ["a2"]]
    row = json.loads(done("show", ids["Palmyra"], "--format", "json", *at))
    assert [(d["who"], d["what"], d["standing"]) for d in row["decisions"]] == [
        ("Ana", "incidents merged", "overruled"),
        ("Ana", "incident split", "holds in part"),
        ("Ben", "claim moved", "holds"),
    ]
    assert [a["sides"] for a in row["accounts"]] == [["government"], []]
    assert "Ana  incidents merged: one raid  overruled" in done("show", ids["Palmyra"], *at)


def test_the_ledger_may_be_named_before_the_verb(ledger: Path) -> None:
    assert done("--ledger", str(ledger), "show", str(listed(ledger)["Homs"]["id"])).startswith("i")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("show", "i00"), "no incident has the id i00"),
        (("show", "i"), "give more of the id"),
        (("merge", "i00", "i01", "--who", "Ana"), "no incident has the id i00"),
        (("move", "a1:c0", "--to", "i00", "--who", "Ana"), "no incident has the id i00"),
        (("split", "i", "--claims", "a1:c0", "--who", "Ana"), "give more of the id"),
    ],
)
def test_an_id_that_is_none_or_of_several_is_refused(ledger: Path, args: tuple[str, ...], says: str) -> None:
    result = invoke(*args, "--ledger", str(ledger))
    assert isinstance(result.exception, LedgerError)
    assert says in str(result.exception)


def test_usage(ledger: Path) -> None:
    at = ("--ledger", str(ledger))
    assert "Missing option '--who'" in invoke("merge", "i1", "i2", *at).stderr
    palmyra = str(listed(ledger)["Palmyra"]["id"])
    wrong = invoke("split", palmyra, "--claims", "a1", "--who", "Ana", *at)
    assert wrong.exit_code == 2
    assert "'a1' is no claim: write REPORT:CLAIM" in wrong.stderr
    strange = invoke("split", palmyra, "--claims", "zz:c0", "--who", "Ana", *at)
    assert f"zz:c0 is not in incident {palmyra}; in it are a1:c0, a2:c0" in str(strange.exception)
    missing = invoke("show", "i1", "--ledger", str(ledger.with_name("none.db")))
    assert missing.exit_code == 1
    assert "tadmor add" in missing.stderr
    assert not ledger.with_name("none.db").exists()
    named = CliRunner(env={"TADMOR_WHO": "Ana"}).invoke(
        cli, ["incidents", "merge", palmyra, str(listed(ledger)["Homs"]["id"]), *at]
    )
    assert named.exit_code == 0


def test_an_incident_is_found_by_the_type_and_the_day_of_any_of_its_accounts(ledger: Path) -> None:
    at = ("--ledger", str(ledger))
    late = spoken("a4", "Wire", "media", None, 17)
    with Store(ledger) as store:
        store.add(replace(late, claims=tuple(replace(c, type="bombing", date="2016-12-13") for c in late.claims)))
    first, last = of_report(ledger, "a1"), of_report(ledger, "a4")
    if first != last:
        done("merge", first, last, "--who", "Ana", *at)
    for wanted in (("--type", "bombing"), ("--type", "air_strike"), ("--from", "2016-12-13", "--to", "2016-12-13")):
        rows = [json.loads(x) for x in done(*wanted, "--place", "Palmyra", "--format", "jsonl", *at).splitlines()]
        assert [row["id"] for row in rows] == [of_report(ledger, "a1")]


def of_report(ledger: Path, report: str) -> str:
    rows = [json.loads(x) for x in done("--format", "jsonl", "--ledger", str(ledger)).splitlines()]
    (found,) = {row["id"] for row in rows if report in {c["report"] for c in row["claims"]}}
    return str(found)
