"""Single things, decisions, search, export and the OpenAPI document."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from tadmor import Ledger
from tadmor.publish import control_rows
from tadmor.record import to_record
from test_web_made import API, WHO, client, every, fill, refused, told, war

HOSTILE = '"><img src=x onerror=alert(1)></script>\u2028\u202e'


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("web") / "war.db", war())


@pytest.fixture(scope="module")
def api(path: Path) -> Iterator[TestClient]:
    with client(path) as found:
        yield found


def test_the_map_of_a_day_is_that_of_the_command_line(api: TestClient, path: Path) -> None:
    for on, options in (
        ("2016-12-20", {}),
        ("2016-12-12", {"according_to": "Southern Agency"}),
        ("2016-12-20", {"known_at": "2016-12-11"}),
    ):
        answer = api.get(f"{API}/control", params={"on": on, **options})
        assert answer.headers["content-type"] == "application/geo+json"
        expected = io.StringIO()
        with Ledger(path) as ledger:
            control_rows.write_map(ledger.control_map(on, **options), expected)
        assert answer.text == expected.getvalue()
        assert answer.json()["features"]
    assert api.get(f"{API}/control?on=2016-12-20&country=fr").json()["features"] == []
    assert len(api.get(f"{API}/control?on=2016-12-20&country=sy").json()["features"]) == 2


def test_timelines_agree_with_the_place(api: TestClient) -> None:
    places = {p["key"]: p for p in api.get(f"{API}/control/timelines").json()["places"]}
    assert places.keys() == {"geonames:163808", "geonames:169389"}
    palmyra = places["geonames:163808"]
    assert palmyra["intervals"][-1] == {
        "holder": "red brigade",
        "side": "opposition",
        "status": "held",
        "from": "2016-12-11",
        "to": None,
    }
    assert (palmyra["name"], palmyra["lat"], palmyra["lon"], palmyra["country"]) == ("Palmyra", 34.56, 38.28, "SY")
    whole = api.get(f"{API}/places/geonames:163808").json()
    # the place also has what is only inferred of the days before the first account
    assert [(i["holder"], i["status"], i["side"]) for i in whole["control"] if i["claims"]] == [
        (i["holder"], i["status"], i["side"]) for i in palmyra["intervals"]
    ]
    one = api.get(f"{API}/control/timelines", params={"known_at": "2015-04"}).json()["places"]
    assert [p["key"] for p in one] == ["geonames:169389"]
    other = api.get(f"{API}/control/timelines", params={"according_to": "Southern Agency"}).json()["places"]
    assert [p["key"] for p in other] == ["geonames:163808"]


def test_a_place_with_the_ribbons_of_its_sources(api: TestClient, path: Path) -> None:
    whole = api.get(f"{API}/places/geonames:163808").json()
    assert whole["place"]["claims"] == 3
    assert {c["report"] for i in whole["control"] for c in i["claims"]} == {"r1", "r2"}
    assert all(c["sentence"] for i in whole["control"] for c in i["claims"])
    assert [(s["name"], s["side"], s["kind"]) for s in whole["sources"]] == [
        ("Northern Agency", "government", "agency"),
        ("Southern Agency", "opposition", "agency"),
    ]
    assert whole["sources"][1]["intervals"][0]["claims"] == [{"report": "r2", "claim": "c1"}]
    assert [i["type"] for i in whole["incidents"]] == ["chemical_attack", "territory_taken"]
    assert whole["total"] == 2
    with Ledger(path) as ledger:
        control = ledger.control("Palmyra")
    assert [i["from"] for i in whole["control"]] == [i.start for i in control.items]
    mill = api.get(f"{API}/places/name:old%20mill").json()
    assert (mill["place"]["name"], mill["place"]["lat"], len(mill["incidents"])) == ("Old Mill", None, 1)


def test_an_incident_with_its_accounts(api: TestClient) -> None:
    id = api.get(f"{API}/incidents?place=Aleppo&type=air_strike").json()["items"][0]["id"]
    whole = api.get(f"{API}/incidents/{id[:9]}").json()
    assert whole["id"] == id
    assert [a["report"] for a in whole["accounts"]] == ["r3", "r4"]
    account = whole["accounts"][1]
    assert account["sources"] == ["Southern Agency"]
    assert account["sides"] == ["opposition"]
    assert (account["places"], account["actors"]) == (["Aleppo"], ["Red Brigade"])
    assert account["clause"] == "Red Brigade struck Aleppo, killing 30"
    assert account["clause"] in account["sentence"]
    text = api.get(f"{API}/reports/r4").json()["report"]["text"]
    assert text[account["start"] : account["end"]] == account["clause"]
    assert account["incident"] == id
    assert [d["kind"] for d in whole["disputes"]] == ["contradiction"]
    assert whole["decisions"] == []


def test_a_report_is_the_reading_with_its_incidents(api: TestClient, path: Path) -> None:
    with Ledger(path) as ledger:
        expected = to_record(ledger.store.reading("r9/odd id"))
    answer = api.get(f"{API}/reports/r9%2Fodd%20id").json()
    incidents = answer.pop("incidents")
    assert answer.pop("sides") == {"a1": "government"}
    assert answer == json.loads(json.dumps(expected))
    whole = api.get(f"{API}/incidents/{incidents['c1']}").json()
    assert whole["claims"] == [{"report": "r9/odd id", "claim": "c1"}]


def test_a_source_and_who_tells_the_same(api: TestClient) -> None:
    for name in ("Northern Agency", "northern agency", "actor:northern-agency"):
        whole = api.get(f"{API}/sources/{name}").json()
        assert whole["source"]["entity"] == "actor:northern-agency"
    assert [c["report"] for c in whole["claims"]][-1] == "r6"
    beside = {w["name"]: (w["agree"], w["dispute"]) for w in whole["with"]}
    assert beside == {"Southern Agency": (1, 1)}


def test_decisions_are_kept_under_a_name(tmp_path: Path) -> None:
    with client(fill(tmp_path / "war.db", war())) as api:
        ids = {i["place"]["name"]: i["id"] for i in every(api, "/incidents", type="air_strike")}
        pair = [ids["Aleppo"], ids["Idlib"]]
        refused(api.post(f"{API}/incidents/merge", json={"ids": pair}), 400)
        refused(api.post(f"{API}/incidents/merge", json={"ids": pair}, headers={"X-Tadmor-Who": "  "}), 400)
        who = {"X-Tadmor-Who": "Zo%C3%AB"}
        merged = api.post(f"{API}/incidents/merge", json={"ids": pair, "why": "one raid"}, headers=who).json()["ids"]
        assert len(merged) == 1
        whole = api.get(f"{API}/incidents/{merged[0]}").json()
        assert len(whole["claims"]) == 3
        assert [(d["who"], d["why"], d["standing"]) for d in whole["decisions"]] == [("Zoë", "one raid", "holds")]

        body = {"claims": [{"report": "r5", "claim": "c1"}], "why": "another town"}
        parts = api.post(f"{API}/incidents/{merged[0]}/split", json=body, headers=WHO).json()["ids"]
        assert len(parts) == 2
        alone = next(i for i in parts if len(api.get(f"{API}/incidents/{i}").json()["claims"]) == 1)
        body = {"claim": {"report": "r4", "claim": "c1"}, "to": alone}
        assert api.post(f"{API}/incidents/move", json=body, headers=WHO).status_code == 200
        rated = api.post(f"{API}/sources/Northern%20Agency/rating", json={"letter": "B"}, headers=WHO).json()
        assert (rated["name"], rated["letter"], rated["who"]) == ("Northern Agency", "B", "Ana")
        assert api.get(f"{API}/sources/Northern Agency").json()["source"]["reliability"] == "B"
        assert [a["what"] for a in every(api, "/audit")] == [
            "incidents merged", "incident split", "claim moved", "source rated",
        ]  # fmt: skip
        assert every(api, "/audit", since="2999") == []

        refused(api.post(f"{API}/incidents/merge", json={"ids": [pair[0]]}, headers=WHO), 422)
        refused(api.post(f"{API}/incidents/merge", json={"ids": ["i0", "i1"], "who": "Eve"}, headers=WHO), 422)
        refused(api.post(f"{API}/incidents/merge", json={"ids": ["i00000000", "i11111111"]}, headers=WHO), 409)
        refused(api.post(f"{API}/sources/nobody/rating", json={"letter": "B"}, headers=WHO), 409)
        refused(api.post(f"{API}/sources/Northern Agency/rating", json={"letter": "G"}, headers=WHO), 422)
        refused(
            api.post(f"{API}/incidents/merge", content=b"{", headers={**WHO, "content-type": "application/json"}), 422
        )


def test_search_finds_sentences_names_and_incidents(api: TestClient) -> None:
    found = api.get(f"{API}/search", params={"q": "STRUCK aleppo"}).json()
    sentences = [i for i in found["items"] if i["kind"] == "sentence"]
    assert {s["report"] for s in sentences} == {"r3", "r4", "r8"}
    for s in sentences:
        text = api.get(f"{API}/reports/{s['report']}").json()["report"]["text"]
        assert text[s["start"] : s["end"]] == s["label"]
        assert s["claim"] == "c1"
        assert s["href"] == f"/report/{s['report']}#s={s['start']}-{s['end']}"
    assert {i["kind"] for i in found["items"]} == {"sentence", "incident"}
    names = api.get(f"{API}/search", params={"q": "palmyra"}).json()["items"]
    assert names[0]["kind"] == "place"
    assert names[0]["href"] == "/place/geonames%3A163808"
    assert api.get(f"{API}/search", params={"q": "struck brigade nothing"}).json()["items"] == []
    assert api.get(f"{API}/search", params={"q": "%"}).json()["items"] == []
    assert api.get(f"{API}/search", params={"q": " "}).json()["items"] == []
    only = api.get(f"{API}/search", params={"q": "struck", "place": "Idlib"}).json()["items"]
    assert {i["report"] for i in only if i["kind"] == "sentence"} == {"r5", "r6"}


def test_pages_of_a_search_lose_and_double_nothing(tmp_path: Path) -> None:
    extra = " ".join(f"Then wave {n} of smoke rose." for n in range(5))
    made = [
        told(f"r{n}", "Aleppo", "2016-12-11", extra=f" {extra}", published=f"2016-12-{11 + n // 2}") for n in range(4)
    ]
    with client(fill(tmp_path / "war.db", made)) as api:
        whole = [i for i in every(api, "/search", 500, q="smoke") if i["kind"] == "sentence"]
        assert len(whole) == 20
        for limit in (1, 3, 7):
            assert every(api, "/search", limit, q="smoke") == whole


@pytest.mark.parametrize("form", ["jsonl", "csv", "geojson", "acled", "ucdp", "parquet", "annotations", "claimreview"])
def test_exports_are_those_of_the_command_line(api: TestClient, path: Path, form: str) -> None:
    answer = api.get(f"{API}/export", params={"form": form})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="tadmor-')
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "x-content-type-options" in answer.headers
    with Ledger(path) as ledger:
        if form == "parquet":
            binary = io.BytesIO()
            note = ledger.export(form, binary)
            expected = binary.getvalue()
        else:
            text = io.StringIO(newline="")
            note = ledger.export(form, text)
            expected = text.getvalue().encode()
    assert answer.content == expected
    assert (note is None) == ("x-tadmor-left-out" not in answer.headers)


def test_exports_are_filtered(api: TestClient) -> None:
    def reports(**asked: str) -> list[str]:
        text = api.get(f"{API}/export", params={"form": "csv", **asked}).text
        return [row["report"] for row in csv.DictReader(io.StringIO(text))]

    assert reports(place="Idlib") == ["r5", "r6"]
    assert reports(source="Southern Agency") == ["r2", "r4"]
    assert reports(side="opposition") == ["r1", "r2", "r3", "r4"]
    assert reports(type="arrest") == ["r8"]
    answer = api.get(f"{API}/export", params={"form": "jsonl", "of": "incidents", "from": "2016-12-14"})
    assert len(answer.text.splitlines()) == 3
    lines = api.get(f"{API}/export", params={"side": "opposition"}).text.splitlines()
    assert [json.loads(x)["report"]["id"] for x in lines] == ["r1", "r2", "r3", "r4"]


def test_hostile_text_comes_back_as_json_alone(tmp_path: Path) -> None:
    made = told("<b>id</b>", "Aleppo", "2016-12-11", title=HOSTILE, publisher=HOSTILE, agency=HOSTILE, extra=HOSTILE)
    with client(fill(tmp_path / "war.db", [made])) as api:
        incident = api.get(f"{API}/incidents").json()["items"][0]["id"]
        for where in (
            "/incidents", f"/incidents/{incident}", "/reports", "/reports/%3Cb%3Eid%3C%2Fb%3E", "/sources",
            "/search?q=struck", "/places/geonames:170063", "/control?on=2016", "/reports/%3Cscript%3E", "/audit",
        ):  # fmt: skip
            answer = api.get(API + where)
            assert "json" in answer.headers["content-type"]
            assert answer.headers["x-content-type-options"] == "nosniff"
            answer.json()
        found = api.get(f"{API}/reports").json()["items"][0]
        assert found["title"] == HOSTILE
        item = next(i for i in api.get(f"{API}/search?q=struck").json()["items"] if i["kind"] == "sentence")
        assert item["href"].startswith("/report/%3Cb%3Eid%3C%2Fb%3E#s=")
        for form in ("csv", "annotations", "claimreview"):
            assert api.get(f"{API}/export?form={form}").headers["content-disposition"].startswith("attachment")


def test_odd_strings_do_not_break_answers(tmp_path: Path) -> None:
    made = told("odd\ud800", "Aleppo", "2016-12-11", title="half \udc00 a pair", agency="A \ud83d B", extra=" \x00 .")
    with client(fill(tmp_path / "war.db", [made])) as api:
        for where in ("/incidents", "/reports", "/sources", "/search?q=half", "/search?q=struck", "/places/Aleppo"):
            assert api.get(API + where).status_code == 200
        assert api.get(f"{API}/reports").json()["items"][0]["title"] == "half \udc00 a pair"
        for form in ("jsonl", "csv", "geojson", "annotations"):
            assert api.get(f"{API}/export?form={form}").status_code == 200


@pytest.mark.parametrize(
    "q", ["' OR 1=1 --", "\x00", "_", "\\", "a" * 200, "'; DROP TABLE report; --", "\ud7ff\ue000x"]
)
def test_hostile_questions_are_only_words(api: TestClient, q: str) -> None:
    for where in ("/search", "/reports", "/places", "/sources"):
        assert api.get(API + where, params={"q": q}).status_code == 200
    for name in ("place", "source", "side"):
        assert api.get(f"{API}/incidents", params={name: q}).json()["items"] == []
    refused(api.get(f"{API}/search", params={"q": "a" * 201}), 422)
    assert api.get(f"{API}/info").json()["reports"] == 9


def test_answers_are_as_the_openapi_document_says(api: TestClient) -> None:
    document = api.get(f"{API}/openapi.json").json()
    schemas = document["components"]["schemas"]
    id = every(api, "/incidents")[0]["id"]
    examples = {
        "/info": "", "/audit": "", "/control": "?on=2016-12-20", "/control/timelines": "", "/places": "",
        "/places/{key}": "geonames:163808", "/incidents": "", "/incidents/points": "", "/incidents/{id}": id,
        "/reports": "", "/reports/{id}": "r1", "/sources": "", "/sources/{name}": "Northern Agency",
        "/search": "?q=palmyra",
    }  # fmt: skip
    tags = {t["name"] for t in document["tags"]}
    shaped = set()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["tags"], path
            assert set(operation["tags"]) <= tags
            assert operation["summary"]
            assert operation["description"]
            good = [code for code in operation["responses"] if code.startswith("2")]
            content = operation["responses"][good[0]]["content"]
            assert all(kind.get("schema") or "octet-stream" in name for name, kind in content.items()), path
            short = path.removeprefix(API)
            if method != "get" or short not in examples:
                continue
            asked = short.split("{")[0] + examples[short] if "{" in short else short + examples[short]
            schema = next(c["schema"] for c in content.values() if c.get("schema"))
            answer = api.get(API + asked).json()
            Draft202012Validator({**schema, "components": {"schemas": schemas}}).validate(answer)
            shaped.add(short)
    assert shaped == examples.keys()


def test_a_page_lists_the_routes_without_anything_from_elsewhere(api: TestClient) -> None:
    page = api.get(f"{API}/")
    assert "/api/v1/incidents/{id}" in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "<script" not in page.text
