"""What is purged is nowhere any more."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi import FastAPI
from sqlalchemy import text

from tadmor.cli import cli
from tadmor.errors import LedgerError
from tadmor.ledger import Store
from tadmor.ledger import tables as t
from tadmor.ledger.folding import fold
from tadmor.model import ClaimRef
from team_made import NAMES, client
from test_web_made import API, refused, told
from withhold_made import PERSON, SPOKEN, on_disk, seen


def test_a_purged_name_is_nowhere_any_more(path: Path, store: Store) -> None:
    store.rate(SPOKEN, "B", who="Edda", why=f"{PERSON} was there")
    store.review(ClaimRef("spoken", "c1"), "accept", who="Edda", why=f"as {SPOKEN} said")
    ids = [i.id for i, accounts in store.incidents() if {a.ref.report for a in accounts} & {"named", "spoken", "r5"}]
    if len(ids) > 1:
        store.merge(ids, who="Edda", why=f"both of {PERSON}")
    store.withhold("person", PERSON, who="Edda", why=f"{PERSON} asked")
    before = store.counts()
    assert on_disk(path, "khatib") == ["khatib"]
    stone = store.purge_name(PERSON, who="Ada", why="asked to")
    assert (stone.who, stone.why) == ("Ada", "asked to")
    assert store.tombstones() == [stone]
    assert on_disk(path, "khatib", "Aḥmad", "ahmad") == []
    assert store.counts() == before
    assert store.withheld() == []  # the mark named him, too
    reading = store.reading("named")
    assert len(reading.report.text) == len(reading.report.text.encode("utf-8", "replace").decode())
    assert all(reading.report.text[m.start : m.end] == m.text for m in reading.mentions)
    assert [s.name for s in store.sources() if "█" in s.name] == ["█████ ██████"]
    assert len(list(store.incidents())) > 3
    assert store.reviewed(ClaimRef("spoken", "c1")).told  # what people decided stands
    assert store.audit()
    with pytest.raises(LedgerError, match="nowhere"):
        store.purge_name(PERSON, who="Ada", why="again")
    assert len(store.tombstones()) == 1


def test_a_purged_report_is_nowhere_any_more(path: Path, store: Store) -> None:
    store.add(told("r3", "Palmyra", "2016-12-12", group="Blue Heron Column"))  # another text of it
    store.add(told("unheard", "Old Mill", "2016-12-30", group="Grey Fox Platoon", title="A title of its own"))
    store.review(ClaimRef("unheard", "c1"), "reject", who="Edda", why="Grey Fox is a film")
    found = {a.ref.report: i.id for i, accounts in store.incidents() for a in accounts}
    store.merge([found["r3"], found["r2"]], who="Edda", why="Blue Heron twice")
    store.withhold("report", "unheard", who="Edda")
    for id in ("unheard", "r3"):
        store.purge_report(id, who="Ada", why="a family asked")
    assert on_disk(path, "unheard", "grey fox", "blue heron", "a title of its own", "grey-fox-platoon") == []
    assert {r.report.id for r in store.readings(superseded=True)} == {
        "r1", "r2", "r4", "r5", "r6", "r7", "r8", "r9/odd id", "named", "spoken",
    }  # fmt: skip
    assert len(list(store.incidents())) > 3
    with store.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    with pytest.raises(LedgerError, match="no report"):
        store.purge_report("unheard", who="Ada", why="again")
    with pytest.raises(LedgerError, match="why"):
        store.purge_report("r4", who="Ada", why=" ")
    assert [s.why for s in store.tombstones()] == ["a family asked"] * 2
    assert "unheard" not in repr(store.tombstones())
    assert [row.who for row in store.audit()]  # that something was done is still told, not what


def test_purging_over_the_api_empties_what_the_app_keeps(app: FastAPI, path: Path) -> None:
    admin, editor = client(app, "admin"), client(app, "editor")
    assert "hatib" in editor.get(f"{API}/sources").text
    assert "hatib" in editor.get(f"{API}/incidents?limit=500").text
    body = {"kind": "name", "name": PERSON, "why": "asked to"}
    refused(editor.post(f"{API}/purges", json=body), 403)
    refused(admin.post(f"{API}/purges", json=body | {"why": ""}), 422)
    refused(admin.post(f"{API}/purges", json=body | {"name": "Nobody Known"}), 409)
    answer = admin.post(f"{API}/purges", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["tombstone"]["who"] == "Ada"
    for page in ("/sources", "/incidents?limit=500", "/reports", "/reports/named", "/audit", "/search?q=house"):
        assert "hatib" not in editor.get(API + page).text.casefold(), page
    assert len(admin.get(f"{API}/purges").json()["items"]) == 1


def test_purging_by_another_program_empties_what_the_app_keeps(app: FastAPI, path: Path) -> None:
    editor = client(app, "editor")
    assert "hatib" in editor.get(f"{API}/incidents?limit=500").text
    jobs = app.state.jobs
    job = editor.post(f"{API}/reports", json={"text": "Rebels took Idlib on Saturday.", "title": SPOKEN}).json()["job"]
    for _ in range(600):
        if jobs.job(job).state == "finished":
            break
        time.sleep(0.05)
    assert "hatib" in editor.get(f"{API}/jobs/{job}").text
    with Store(path) as other:
        other.purge_name(SPOKEN, who="Ada", why="asked to")
    for page in ("/incidents?limit=500", "/sources", "/reports"):
        assert "hatib" not in editor.get(API + page).text.casefold()
    assert "hatib" not in editor.get(f"{API}/jobs/{job}").text.casefold()


def test_at_the_shell(path: Path) -> None:
    def run(*args: str, typed: str = "") -> tuple[int, str, str]:
        found = CliRunner().invoke(cli, ["withhold", *args, "--ledger", str(path)], input=typed)
        return found.exit_code, found.stdout, found.stderr

    who = ("--who", "Edda", "--why", "a shelter")
    assert "nothing" in run("list")[2]
    code, _, said = run("add", "place", "Idlib", *who)
    assert (code, "mark 1" in said, "geonames:169389" in said) == (0, True, True)
    rows = [json.loads(line) for line in run("list", "--format", "jsonl")[1].splitlines()]
    assert [(r["kind"], r["name"], r["why"]) for r in rows] == [("place", "Idlib", "a shelter")]
    assert "Idlib" in run("list")[1]
    export = CliRunner().invoke(cli, ["export", "--ledger", str(path), "--format", "csv"])
    assert "Palmyra" in export.stdout
    assert "Idlib" not in export.stdout
    sitrep = CliRunner().invoke(cli, ["sitrep", "--ledger", str(path)])
    assert "Idlib" not in sitrep.stdout
    assert run("lift", "1", *who)[0] == 0
    assert "lifted" in run("list", "--lifted")[1]
    assert run("purge", "name", PERSON, *who, typed="n\n")[0] == 1
    assert on_disk(path, "khatib")
    assert run("purge", "name", PERSON, *who, typed="y\n")[0] == 0
    assert run("purge", "report", "r1", *who, "--yes")[0] == 0
    assert not on_disk(path, "khatib")
    assert [json.loads(x)["who"] for x in run("tombstones")[1].splitlines()] == ["Edda", "Edda"]
    assert run("sweep")[0] == 0


@pytest.mark.parametrize("name", ["c1", "air strike", "media", "killed"])
def test_names_that_are_words_of_the_record_break_nothing(path: Path, name: str) -> None:
    with Store(path) as store:
        store.review(ClaimRef("r5", "c1"), "accept", who="Edda")
        store.withhold("person", name, who="Edda")
        with store.public() as public:
            assert seen(public)
            assert all(
                i.type in ("air_strike", "territory_taken", "arrest", "chemical_attack") for i, _ in public.incidents()
            )
        try:
            store.purge_name(name, who="Ada", why="asked to")
        except LedgerError as error:
            assert "nowhere" in str(error)  # noqa: PT017 - either will do
        assert seen(store)
        assert len(list(store.incidents())) > 5
        assert store.reviewed(ClaimRef("r5", "c1")).told


def test_folded_names_stay_what_the_ledger_looks_up(store: Store) -> None:
    store.purge_name(SPOKEN, who="Ada", why="asked to")
    for table in (t.claim_source, t.naming, t.rating):
        with store.engine.connect() as connection:
            for row in connection.execute(table.select()):
                assert row.folded == fold(row.name)
    assert NAMES["admin"] in {m.name for m in store.team.members()}
