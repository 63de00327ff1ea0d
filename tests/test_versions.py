"""Texts of a report that changed at its address, what its claims gained and lost, and reports that were retracted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from made_forms import FIRST, SECOND, THIRD, TITLE, page, warc
from tadmor import Ledger
from tadmor.api import Kept
from tadmor.cli import cli
from tadmor.errors import LedgerError
from tadmor.gather.addresses import address_key
from tadmor.ledger import Store
from tadmor.ledger.versions_place import captured
from tadmor.model import ClaimRef, Report
from test_ledger_made import made

URL = "https://news.example/2016/12/marun"
LINK = f'<link rel="canonical" href="{URL}">'


def report_of(number: int, url: str | None, *, title: str = "", **changes: object):
    """A made reading of a report that came without an id of its own."""
    from tadmor.gather.build import text_id

    reading = made(number, **changes)  # type: ignore[arg-type]
    report: Report = replace(
        reading.report, url=url, id=text_id(reading.report.text), title=title or reading.report.title
    )
    return replace(reading, report=report)


@pytest.fixture
def store(tmp_path: Path):
    with Store(tmp_path / "ledger.db") as opened:
        yield opened


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/a", "http://www.NEWS.example:80/a/"),
        ("https://news.example/a?id=2&utm_source=x", "https://news.example/a?utm_medium=y&id=2#top"),
        ("https://news.example/a", "https://web.archive.org/web/20161213093000/https://news.example/a"),
        ("https://news.example/a?b=1&a=2", "https://news.example/a?a=2&b=1"),
        ("https://news.example/%D0%B0", "https://news.example/а"),
    ],
)
def test_spellings_of_one_address(one: str, other: str) -> None:
    assert address_key(one) == address_key(other) is not None


@pytest.mark.parametrize(
    "url", [None, "", "https://news.example/", "https://news.example", "urn:x:1", "file:///a", "http://[", "x"]
)
def test_what_is_no_address_of_a_page(url: str | None) -> None:
    assert address_key(url) is None


def test_different_pages_stay_different() -> None:
    urls = [
        "https://news.example/a",
        "https://news.example/b",
        "https://other.example/a",
        "https://news.example/a?id=1",
    ]
    assert len({address_key(u) for u in urls}) == len(urls)


def test_moments_of_capture_in_one_form() -> None:
    assert captured({"captured": "2016-12-13T10:00:00+02:00"}) == "2016-12-13T08:00:00+00:00"
    assert captured({"captured": "2016-12-13 10:00"}) == "2016-12-13T10:00:00+00:00"
    assert captured({"captured": "twelve tanks"}) is None
    assert captured({"captured": "2016-99-13T10:00:00"}) is None
    assert captured({}) is None


def test_a_text_that_changed_at_its_address_is_the_next_version(store: Store) -> None:
    first, second = report_of(1, URL), report_of(1, f"{URL}/?utm_source=x", tail="Corrected.")
    store.add(first)
    store.add(second)
    assert store.counts().reports == 1
    id = first.report.id
    assert store.report(id).text == second.report.text
    assert store.report(second.report.id).text == second.report.text, (
        "it is found by the id that its text alone would give it"
    )
    assert [v.number for v in store.versions(id)] == [1, 2]
    assert store.changed() == [(id, 2)]
    assert not store.add(second)
    assert not store.add(first)
    assert len(store.versions(id)) == 2


def test_two_reports_that_give_one_address_stay_two(store: Store) -> None:
    one, other = report_of(1, URL, claims=1), report_of(2, URL, claims=1)
    words = "Quite another thing is told here, by other people and in other words altogether, as anybody can see."
    report = replace(other.report, text=words, title="Of another matter altogether")
    from tadmor.gather.build import text_id

    far = replace(other, report=replace(report, id=text_id(words)), claims=(), mentions=(), attributions=())
    store.add(one)
    store.add(far)
    assert store.counts().reports == 2


def test_reports_with_ids_of_their_own_keep_them(store: Store) -> None:
    for id in ("a", "b"):
        reading = made(1, tail=id)
        store.add(replace(reading, report=replace(reading.report, url=URL, id=id)))
    assert store.counts().reports == 2


def test_the_latest_text_is_that_captured_last_whatever_the_order_of_adding(store: Store) -> None:
    texts = {}
    for year in (2016, 2014, 2015):
        reading = report_of(1, URL, tail=f"As of {year}.")
        at = {"captured": f"{year}-05-01T00:00:00+00:00"}
        reading = replace(reading, report=replace(reading.report, metadata=at))
        store.add(reading)
        texts[year] = reading.report.text
    id = store.changed()[0][0]
    assert store.report(id).text == texts[2016]
    found = store.versions(id)
    assert [v.captured[:4] for v in found if v.captured] == ["2014", "2015", "2016"]
    assert [v.current for v in found] == [False, False, True]
    assert store.counts().superseded == 2


def test_what_people_decided_stays_with_the_claim_in_the_next_version(store: Store) -> None:
    first, second = report_of(1, URL), report_of(1, URL, tail="Corrected.")
    store.add(first)
    id = first.report.id
    store.review(ClaimRef(id, "c1"), "reject", who="Ana", why="misread")
    store.add(second)
    assert [a.ref.claim for a in store.accounts()] == ["c2", "c3"]
    assert [r.who for r in store.reviewed(ClaimRef(id, "c1")).reviews] == ["Ana"]


def test_what_the_claims_gained_and_lost(tmp_path: Path) -> None:
    old = page(paragraphs=(FIRST, THIRD), head=LINK)
    changed = FIRST.replace("twelve", "fifteen")
    new = page(
        paragraphs=(changed, "An air strike destroyed a bridge near Marun on Wednesday, residents said."), head=LINK
    )
    with Ledger(tmp_path / "x.db", reader="rules") as ledger:
        for data in (old, new):
            (tmp_path / "page.html").write_bytes(data)
            (kept,) = ledger.add(tmp_path / "page.html")
            assert isinstance(kept, Kept)
            assert kept.added
        first, second = ledger.versions(ledger.changed()[0][0])
        assert first.change is None
        assert second.change is not None
        assert [c.type for c in second.change.gained] == ["air_strike"]
        assert [c.type for c in second.change.lost] == ["territory_taken"]
        (altered,) = second.change.altered
        assert altered.fields["counts"][0][0]["min"] == 12
        assert altered.fields["counts"][1][0]["min"] == 15
        original = ledger.original(second.report, 1)
        assert original is not None
        assert original.data == old


def test_captures_of_a_web_archive_are_versions(tmp_path: Path) -> None:
    texts = [page(paragraphs=(FIRST, SECOND)), page(paragraphs=(FIRST, THIRD))]
    records = [{"url": URL, "body": b, "date": f"201{6 - i}-12-13T00:00:00Z"} for i, b in enumerate(texts)]
    (tmp_path / "x.warc.gz").write_bytes(warc(records))
    with Ledger(tmp_path / "x.db", reader="rules") as ledger:
        ledger.add(tmp_path / "x.warc.gz")
        assert ledger.store.counts().reports == 1
        found = ledger.versions(ledger.changed()[0][0])
        assert [v.captured for v in found] == ["2015-12-13T00:00:00+00:00", "2016-12-13T00:00:00+00:00"]
        assert SECOND in ledger.store.report(found[0].report).text


def test_a_retraction_marks_claims_and_removes_none(store: Store) -> None:
    store.add(made(1))
    store.add(made(2))
    before = list(store.accounts())
    assert store.retract("r1", who="Ana", why="withdrawn by its editor") == "r1"
    after = list(store.accounts())
    assert [a.ref for a in after] == [a.ref for a in before]
    assert {a.ref.report: a.retracted for a in after} == {"r1": "withdrawn by its editor", "r2": None}
    assert store.report("r1").retracted == "withdrawn by its editor"
    assert set(store.retracted()) == {"r1"}
    line = store.audit()[-1]
    assert (line.what, line.who, line.why) == ("report retracted", "Ana", "withdrawn by its editor")
    assert not store.add(made(1)), "adding it again takes no mark away"
    assert store.report("r1").retracted is not None
    store.add(made(1, tail="Corrected."))
    assert store.report("r1").retracted is None, "a text that comes later has no mark"
    assert [v.retracted is not None for v in store.versions("r1")] == [True, False]


def test_a_retraction_can_be_taken_back_and_both_are_in_the_log(store: Store) -> None:
    store.add(made(1))
    store.retract("r1", who="Ana", why="withdrawn")
    store.reinstate("r1", who="Ben", why="it was another report")
    assert {a.retracted for a in store.accounts()} == {None}
    assert [line.what for line in store.audit()] == ["report retracted", "report reinstated"]
    with pytest.raises(LedgerError, match="not retracted"):
        store.reinstate("r1", who="Ben")


@pytest.mark.parametrize(("id", "who", "why"), [("none", "Ana", "x"), ("r1", " ", "x"), ("r1", "Ana", " ")])
def test_a_retraction_needs_a_report_a_name_and_a_reason(store: Store, id: str, who: str, why: str) -> None:
    store.add(made(1))
    with pytest.raises(LedgerError):
        store.retract(id, who=who, why=why)


def test_what_was_retracted_counts_for_nothing_and_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    said = {
        "a": "The monitoring group said that twelve people were killed in shelling of Marun on 12 December 2016.",
        "b": "Shelling of Marun killed forty people on 12 December 2016, the Northern Agency said.",
    }
    rows = [
        {"id": k, "title": "", "text": v, "published": "2016-12-13", "publisher": k.upper()} for k, v in said.items()
    ]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    with Ledger(path, reader="rules") as ledger:
        ledger.add(tmp_path / "rows.jsonl")
        (before,) = [i for i in ledger.incidents().items if len(i.claims) > 1]
        ledger.retract("b", who="Ana", why="the agency took it back")
        (after,) = [i for i in ledger.incidents().items if i.id == before.id]
        assert after.claims == before.claims
        assert after.independent_sources < before.independent_sources
        assert any("retracted" in reason for reason in after.credibility.reasons)
        killed = next(n for n in after.counts if n.what == "killed")
        assert (killed.min, killed.max) == (12, 12)
    run = CliRunner().invoke
    shown = run(cli, ["incidents", "show", before.id, "--ledger", str(path)]).output
    assert "retracted: the agency took it back" in shown
    listed = run(cli, ["incidents", "--format", "jsonl", "--ledger", str(path)]).output
    record = next(json.loads(line) for line in listed.splitlines() if json.loads(line)["id"] == before.id)
    assert {c["report"]: c.get("retracted") for c in record["claims"]} == {"a": None, "b": "the agency took it back"}
    table = run(cli, ["export", "--format", "csv", "--ledger", str(path)]).output
    assert table.splitlines()[0].endswith(",retracted")
    assert "the agency took it back" in table
    whole = run(cli, ["export", "--format", "jsonl", "--ledger", str(path)]).output
    assert [json.loads(line)["report"].get("retracted") for line in whole.splitlines() if line.startswith("{")] == [
        None,
        "the agency took it back",
    ]
    assert "retracted: the agency took it back" in run(cli, ["sitrep", "--ledger", str(path)]).output


def test_the_verbs(tmp_path: Path) -> None:
    path, run = tmp_path / "x.db", CliRunner().invoke
    ledger = ["--ledger", str(path)]
    for i, second in enumerate((SECOND, THIRD)):
        (tmp_path / f"{i}.html").write_bytes(page(paragraphs=(FIRST, second), head=LINK))
        assert run(cli, ["add", str(tmp_path / f"{i}.html"), "--reader", "rules", *ledger]).exit_code == 0
    id = run(cli, ["versions", *ledger]).output.split()[0]
    told = run(cli, ["versions", id, *ledger]).output
    assert TITLE in told
    assert "    + " in told
    rows = [json.loads(line) for line in run(cli, ["versions", id, "--format", "jsonl", *ledger]).output.splitlines()]
    assert [r["version"] for r in rows] == [1, 2]
    assert rows[1]["change"]["gained"]
    saved = tmp_path / "saved.html"
    assert run(cli, ["versions", id, "--version", "1", "--original", str(saved), *ledger]).exit_code == 0
    assert saved.read_bytes() == (tmp_path / "0.html").read_bytes()
    assert run(cli, ["retract", id, "--who", "Ana", *ledger]).exit_code == 2, "a reason is needed"
    assert run(cli, ["retract", id, "--who", "Ana", "--why", "withdrawn", *ledger]).exit_code == 0
    assert "retracted by Ana: withdrawn" in run(cli, ["versions", id, *ledger]).output
    assert run(cli, ["retract", id, "--undo", "--who", "Ana", *ledger]).exit_code == 0
    assert "retracted" not in run(cli, ["versions", id, *ledger]).output
