"""Review over the API: the queue, acts that are kept for good, two coders, agreement, and gold."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from tadmor import Ledger
from tadmor.cli import cli
from tadmor.model import ClaimRef, Reading
from test_web_made import API, WHO, client, every, fill, refused, told, war

BEN = WHO | {"X-Tadmor-Who": "Ben"}


def scored() -> list[Reading]:
    """The war of the other tests, each claim less certain than the one before."""
    return [
        replace(r, claims=tuple(replace(c, score=round(0.9 - n / 10, 2)) for c in r.claims))
        for n, r in enumerate(war())
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return fill(tmp_path / "war.db", scored())


@pytest.fixture
def api(path: Path) -> Iterator[TestClient]:
    with client(path) as found:
        yield found


def act(api: TestClient, ref: str, verb: str, who: dict[str, str] = WHO, **body: Any) -> dict[str, Any]:
    report, claim = ref.split(":")
    answer = api.post(f"{API}/claims/{report}/{claim}/{verb}", json=body, headers=who)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def show(api: TestClient, ref: str) -> dict[str, Any]:
    report, claim = ref.split(":")
    answer = api.get(f"{API}/claims/{report}/{claim}/reviews")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def names(items: list[dict[str, Any]]) -> list[str]:
    return [f"{i['ref']['report']}:{i['ref']['claim']}" for i in items]


def test_each_order_is_that_of_the_command_line(api: TestClient, path: Path) -> None:
    with Ledger(path) as ledger:
        for order in ("uncertain", "newest", "disputed"):
            expected = ledger.review_queue(order)  # type: ignore[arg-type]
            found = every(api, "/review/queue", order=order)
            assert names(found) == [f"{q.ref.report}:{q.ref.claim}" for q in expected]
            rows = [{k: v for k, v in asdict(q).items() if k != "cursor"} for q in expected]
            assert [{k: v for k, v in i.items() if k != "incident"} for i in found] == json.loads(json.dumps(rows))
    first = api.get(f"{API}/review/queue?limit=1").json()
    assert names(first["items"]) == ["r9/odd id:c1"]
    assert first["total"] == 9
    incident = api.get(f"{API}/incidents/{first['items'][0]['incident']}").json()
    assert incident["claims"] == [{"report": "r9/odd id", "claim": "c1"}]
    assert names(every(api, "/review/queue", order="disputed")) == ["r3:c1", "r4:c1"]


def test_filters_of_the_queue(api: TestClient) -> None:
    assert names(every(api, "/review/queue", place="Aleppo", type="air_strike")) == ["r4:c1", "r3:c1"]
    assert names(every(api, "/review/queue", source="Southern Agency")) == ["r4:c1", "r2:c1"]
    assert names(every(api, "/review/queue", side="opposition", limit=1)) == ["r4:c1", "r3:c1", "r2:c1", "r1:c1"]
    assert names(every(api, "/review/queue", **{"from": "2015", "to": "2015"})) == ["r6:c1"]
    act(api, "r6:c1", "accept")
    assert "r6:c1" not in names(every(api, "/review/queue", reviewed="false"))
    assert names(every(api, "/review/queue", reviewed="true")) == ["r6:c1"]
    assert api.get(f"{API}/review/queue?reviewed=false").json()["total"] == 8
    # what Ana reviewed waits for Ben all the same, until he has reviewed it, too
    assert names(every(api, "/review/queue", reviewed="true", not_by="Ana")) == []
    assert names(every(api, "/review/queue", reviewed="true", not_by="Ben")) == ["r6:c1"]
    act(api, "r6:c1", "accept", BEN)
    assert names(every(api, "/review/queue", reviewed="true", not_by="Ben")) == []
    act(api, "r6:c1", "undo", BEN)
    assert names(every(api, "/review/queue", reviewed="true", not_by="Ben")) == ["r6:c1"]


def test_cursors_of_other_lists_are_refused(api: TestClient) -> None:
    cursor = api.get(f"{API}/review/queue?limit=1").json()["next"]
    assert refused(api.get(f"{API}/review/queue?order=newest&cursor={cursor}"), 422)["errors"][0]["where"] == "cursor"
    for bad in ("x", "W10", "W3RydWUsMSwyXQ"):  # nonsense, [], [true,1,2]
        refused(api.get(f"{API}/review/queue?cursor={bad}"), 422)
    refused(api.get(f"{API}/review/queue?order=oldest"), 422)


def test_acts_are_kept_and_told_at_once(api: TestClient, path: Path) -> None:
    found = act(api, "r1:c1", "accept", why="as it says")
    assert [(r["what"], r["who"], r["why"]) for r in found["reviews"]] == [("accept", "Ana", "as it says")]
    assert found["weights"] == {str(found["decided_by"]): "decides"}
    found = act(
        api,
        "r3:c1",
        "correct",
        fields={"type": "shelling", "counts": [{"what": "killed", "min": 13}], "date": "2016-12~"},
    )
    assert (found["shown"]["type"], found["read"]["type"]) == ("shelling", "air_strike")
    assert found["claim"]["counts"][0] | {"mention": None} == {
        "what": "killed", "min": 13, "max": None, "approx": False, "of": None, "mention": None
    }  # fmt: skip
    assert api.get(f"{API}/reports/r3").json()["claims"][0]["date"] == "2016-12~"
    accounts = api.get(f"{API}/incidents/{found['incident']}").json()["accounts"]
    assert {a["report"]: a["type"] for a in accounts}["r3"] == "shelling"
    found = act(api, "r5:c1", "reject", why="a rehearsal")
    assert found["told"] is False
    assert found["incident"] is None
    assert api.get(f"{API}/reports/r5").json()["claims"] == []
    assert [line["what"] for line in every(api, "/audit", limit=50)][-3:] == [
        "claim accepted",
        "claim corrected",
        "claim rejected",
    ]
    progress = api.get(f"{API}/review/progress").json()
    assert {k: progress[k] for k in ("claims", "reviewed", "accepted", "corrected", "rejected")} == {
        "claims": 9, "reviewed": 3, "accepted": 1, "corrected": 1, "rejected": 1
    }  # fmt: skip
    with Ledger(path) as ledger:
        assert asdict(ledger.review_progress()) == progress
        row = json.loads(json.dumps(asdict(ledger.reviewed(ClaimRef("r3", "c1")))))
    assert {k: show(api, "r3:c1")[k] for k in row} == row


def test_any_field_can_be_corrected(api: TestClient) -> None:
    text = api.get(f"{API}/reports/r4").json()["report"]["text"]
    at = text.index("Aleppo")
    fields = {
        "certainty": "hedged",
        "clause": {"start": at - 7, "end": text.index(", killing")},
        "trigger": {"start": at - 7, "end": at - 1, "text": "struck"},
        "sources": [["Daily Wire", "Southern Agency"]],
        "actors": ["Red Brigade", {"name": "a column", "entity": None}],
        "targets": [{"name": "Southern Agency", "entity": "actor:southern-agency"}],
        "places": ["Idlib"],
    }
    found = act(api, "r4:c1", "correct", fields=fields)
    shown = found["shown"]
    assert shown["text"] == "struck Aleppo"
    assert shown["trigger"] == found["claim"]["trigger"] == {"start": at - 7, "end": at - 1, "text": "struck"}
    assert shown["sources"] == [["Daily Wire", "Southern Agency"]]
    assert shown["actors"] == [
        {"name": "Red Brigade", "entity": "actor:red-brigade"},
        {"name": "a column", "entity": None},
    ]
    assert shown["targets"] == [{"name": "Southern Agency", "entity": "actor:southern-agency"}]
    assert shown["places"] == [{"name": "Idlib", "entity": "geonames:169389"}]
    assert found["reader_differs"] == ["certainty", "clause", "sources", "actors", "targets", "places"]
    assert found["newer"] is False
    # another type says nothing of what words told the first
    assert act(api, "r4:c1", "correct", fields={"type": "shelling"})["shown"]["trigger"] is None


def test_what_will_not_do_is_refused_in_words(api: TestClient) -> None:
    def post(verb: str, body: dict[str, Any], status: int, ref: str = "r1/c1") -> dict[str, Any]:
        return refused(api.post(f"{API}/claims/{ref}/{verb}", json=body, headers=WHO), status)

    for fields, field in (
        ({"type": "picnic"}, "type"),
        ({"certainty": "sure"}, "certainty"),
        ({"date": "last week"}, "date"),
        ({"clause": "words of nobody"}, "clause"),
        ({"clause": {"start": 9000, "end": 9010}}, "clause"),
        ({"trigger": "Bulletin"}, "trigger"),
        ({"counts": [{"what": "killed", "min": 3, "max": 2}]}, "counts"),
        ({"counts": [{"what": "spoons", "min": 3}]}, "counts"),
        ({"places": ["  "]}, "places"),
    ):
        told = post("correct", {"fields": fields}, 422)
        assert told["errors"][0]["where"] == field, told
    assert "no such" not in post("correct", {"fields": {"colour": "red"}}, 422)["detail"]
    post("reject", {}, 422)
    post("reject", {"why": "  "}, 422)
    post("accept", {"why": None, "more": 1}, 422)
    assert "says that already" in post("correct", {"fields": {"type": "territory_taken"}}, 409)["detail"]
    assert "has no claim c9" in post("accept", {}, 409, "r1/c9")["detail"]
    assert "no report has the id" in post("accept", {}, 409, "r99/c1")["detail"]
    assert "no review" in post("undo", {}, 409)["detail"]
    refused(api.get(f"{API}/claims/r99/c1/reviews"), 404)
    refused(api.post(f"{API}/claims/r1/c1/accept", json={}, headers={"X-Tadmor-Who": " "}), 400)
    refused(api.post(f"{API}/claims/r1/c1/accept", json={}, headers=WHO | {"Origin": "http://elsewhere.example"}), 403)
    assert show(api, "r1:c1")["reviews"] == []


def test_two_coders_are_kept_with_where_they_differ(api: TestClient) -> None:
    act(api, "r1:c1", "correct", fields={"type": "armed_clash"})
    found = act(api, "r1:c1", "accept", BEN, blind=True)
    assert {who: coding["type"] for who, coding in found["coders"].items()} == {
        "Ana": "armed_clash",
        "Ben": "territory_taken",
    }
    assert found["coders_differ"] == ["type"]
    assert found["settled"] is False
    assert found["shown"]["type"] == "territory_taken"  # the newest counts
    act(api, "r2:c1", "accept")
    act(api, "r2:c1", "reject", BEN, why="hearsay")
    differ = every(api, "/review/coders")
    assert [(d["ref"]["report"], d["fields"]) for d in differ] == [("r1", ["type"]), ("r2", ["claim"])]
    settled = act(
        api, "r1:c1", "correct", WHO | {"X-Tadmor-Who": "Cem"}, fields={"type": "armed_clash"}, adjudicate=True
    )
    assert settled["settled"] is True
    assert settled["shown"]["type"] == "armed_clash"
    assert [d["ref"]["report"] for d in every(api, "/review/coders", unsettled=True)] == ["r2"]
    fields = {a["field"]: a for a in api.get(f"{API}/review/agreement").json()["items"]}
    assert fields["type"]["items"] == 1
    assert fields["type"]["equal"] == 0.0
    assert fields["claim"]["items"] == 2
    assert fields["claim"]["alpha"] == pytest.approx(0.0)
    # whoever codes blind sees what the reader had, and nothing of the others
    blind = {i["ref"]["report"]: i for i in every(api, "/review/queue", blind=True)}
    assert blind["r1"]["coding"]["type"] == "territory_taken"
    assert blind["r2"]["told"] is True
    assert not any(i["reviewed"] for i in blind.values())


def test_an_act_on_a_claim_that_others_changed_meanwhile_is_refused(api: TestClient) -> None:
    found = act(api, "r1:c1", "accept", seen=0)
    body = {"fields": {"type": "armed_clash"}, "seen": 0}
    told = refused(api.post(f"{API}/claims/r1/c1/correct", json=body, headers=BEN), 409)
    assert told["detail"] == "Ana has decided on it since you looked at it: look again"
    found = act(api, "r1:c1", "correct", BEN, fields=body["fields"], seen=found["decided_by"])
    refused(api.post(f"{API}/claims/r1/c1/reject", json={"why": "no", "seen": 0}, headers=WHO), 409)
    act(api, "r1:c1", "undo", BEN)
    act(api, "r1:c1", "undo")
    answer = api.post(f"{API}/claims/r1/c1/accept", json={"seen": found["decided_by"]}, headers=WHO)
    assert "was taken back since you looked" in refused(answer, 409)["detail"]


def test_undo_brings_back_what_was_before(api: TestClient) -> None:
    act(api, "r1:c1", "correct", fields={"type": "armed_clash"})
    act(api, "r9%2Fodd%20id:c1", "reject", why="a film")
    answer = api.post(f"{API}/review/undo", json={"why": "it was none"}, headers=WHO).json()
    assert answer["withdrawn"]["what"] == "reject"
    assert answer["claim"]["ref"] == {"report": "r9/odd id", "claim": "c1"}
    assert answer["claim"]["told"] is True
    assert set(answer["claim"]["weights"].values()) == {"withdrawn", "withdraws"}
    assert "no review" in refused(api.post(f"{API}/review/undo", json={}, headers=BEN), 409)["detail"]
    back = act(api, "r1:c1", "undo")
    assert back["claim"]["shown"]["type"] == "territory_taken"
    assert [r["what"] for r in back["claim"]["reviews"]] == ["correct", "withdraw"]


def test_a_claim_that_no_reader_found(api: TestClient) -> None:
    body = {"report": "r7", "fields": {"clause": "Northern Agency said", "type": "statement"}}
    told = refused(api.post(f"{API}/claims", json=body, headers=WHO), 422)
    assert told["errors"][0]["where"] == "type"
    body["fields"] |= {"type": "talks", "actors": ["Red Brigade"]}  # type: ignore[operator]
    found = api.post(f"{API}/claims", json=body, headers=WHO).json()
    assert found["ref"] == {"report": "r7", "claim": "p1"}
    assert (found["read"], found["claim_read"]) == (None, None)
    assert found["shown"]["actors"] == [{"name": "Red Brigade", "entity": "actor:red-brigade"}]
    refused(api.post(f"{API}/claims", json=body, headers=WHO), 409)
    assert act(api, "r7:p1", "undo")["claim"]["told"] is False


def test_a_newer_reader_that_differs_is_told_and_changes_nothing(path: Path) -> None:
    with client(path) as api:
        act(api, "r3:c1", "correct", fields={"type": "shelling"})
    again = told("r3", "Aleppo", "2016-12-13", killed=12, published="2016-12-13")
    with Ledger(path) as ledger:
        assert ledger.store.add(replace(again, reader=replace(again.reader, version="2")))
    with client(path) as api:
        found = show(api, "r3:c1")
        assert (found["shown"]["type"], found["shown"]["date"]) == ("shelling", "2016-12-12")
        assert (found["reader"], found["reader_differs"], found["newer"]) == ("made 2", ["type", "date"], True)
        assert [(d["fields"], d["by"]["who"]) for d in every(api, "/review/disagreements", newer=True)] == [
            (["type", "date"], "Ana")
        ]


def test_reviewed_reports_are_gold(api: TestClient, path: Path) -> None:
    act(api, "r1:c1", "correct", fields={"places": ["Old Mill"]})
    api.post(
        f"{API}/claims",
        json={"report": "r2", "fields": {"clause": "Red Brigade struck", "type": "armed_clash"}},
        headers=WHO,
    )
    answer = api.get(f"{API}/review/gold")
    assert answer.headers["x-tadmor-left-out"] == "1 report left out: reviewed in part"
    assert answer.headers["content-disposition"] == 'attachment; filename="tadmor-gold.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["r1.json"]
        row = json.loads(archive.read("r1.json"))
    assert [c["place"] for c in row["claims"]] == ["Old Mill"]
    with Ledger(path) as ledger:
        folder = path.parent / "gold"
        assert ledger.export_reviewed(folder) == (1, 1)
    assert json.loads((folder / "r1.json").read_text()) == row
    with zipfile.ZipFile(io.BytesIO(api.get(f"{API}/review/gold?partial=true").content)) as archive:
        assert archive.namelist() == ["r1.json", "r2.json"]


def test_answers_are_as_the_openapi_document_says(api: TestClient) -> None:
    act(api, "r1:c1", "correct", fields={"type": "armed_clash"}, why="two sides")
    act(api, "r1:c1", "accept", BEN, blind=True)
    act(api, "r2:c1", "reject", why="hearsay")
    document = api.get(f"{API}/openapi.json").json()
    schemas = document["components"]["schemas"]
    paths = {p: m for p, m in document["paths"].items() if "/review" in p or "/claims" in p}
    asked = {
        "/review/queue": "/review/queue", "/review/progress": "/review/progress", "/review/agreement": "/review/agreement",
        "/review/disagreements": "/review/disagreements", "/review/coders": "/review/coders",
        "/claims/{report}/{claim}/reviews": "/claims/r1/c1/reviews",
    }  # fmt: skip
    shaped = set()
    for path, methods in paths.items():
        for method, operation in methods.items():
            assert operation["tags"] == ["review"]
            assert operation["summary"]
            assert operation["description"]
            short = path.removeprefix(API)
            if method != "get" or short not in asked:
                continue
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            validator = Draft202012Validator({**schema, "components": {"schemas": schemas}})
            validator.validate(api.get(API + asked[short]).json())
            shaped.add(short)
    assert shaped == asked.keys()
    undone = schemas["Undone"]
    Draft202012Validator({**undone, "components": {"schemas": schemas}}).validate(act(api, "r2:c1", "undo"))
    assert {"get", "post"} == {m for methods in paths.values() for m in methods}


def test_a_name_that_a_correction_leaves_keeps_what_stood_beside_it(tmp_path: Path) -> None:
    made = told("r1", "Aleppo", "2016-12-12", group="the fighters")
    mentions = tuple(replace(m, entity=None) if m.id == "m1" else m for m in made.mentions)
    with Ledger(fill(tmp_path / "war.db", [replace(made, mentions=mentions)])) as ledger:
        before = next(ledger.store.accounts()).actors[0]
        assert (before.entity, before.side) == (None, "opposition")
        fields = {"actors": [{"name": "the fighters", "entity": None}, "a column"]}
        ledger.correct(ClaimRef("r1", "c1"), fields, who="Ana")
        after = next(ledger.store.accounts()).actors
        assert [(a.name, a.side) for a in after] == [(before.name, "opposition"), ("a column", None)]


def test_a_trigger_is_set_from_the_command_line_and_shown(tmp_path: Path) -> None:
    path = fill(tmp_path / "war.db", [told("r1", "Aleppo", "2016-12-12")])
    run = CliRunner().invoke(
        cli, ["review", "--ledger", str(path), "correct", "r1:c1", "--who", "Ana", "--set", "trigger=struck Aleppo"]
    )
    assert run.exit_code == 0, run.output
    shown = CliRunner().invoke(cli, ["review", "--ledger", str(path), "show", "r1:c1"], env={"COLUMNS": "200"})
    assert "trigger: 'struck Aleppo'" in shown.output
    with Ledger(path) as ledger:
        assert ledger.agreement()[0].items == 0
        assert ledger.disagreements() == []  # it points at words, and says nothing else
