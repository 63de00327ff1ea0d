"""Lists, filters, pages and ETags of the API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tadmor import Ledger
from tadmor.ledger import Store
from tadmor.publish.wire import incident_to_record
from tadmor.reconcile.incidents import date_of
from test_web_made import API, WHO, client, every, fill, refused, told, war


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("web") / "war.db", war())


@pytest.fixture(scope="module")
def api(path: Path) -> Iterator[TestClient]:
    with client(path) as found:
        yield found


def test_info_says_what_the_ledger_holds(api: TestClient) -> None:
    told = api.get(f"{API}/info").json()
    assert told["ledger"] == "war.db"
    assert (told["reports"], told["undated"], told["claims"]) == (9, 1, 9)
    assert told["incidents"] == len(every(api, "/incidents"))
    assert told["readers"] == [{"name": "made", "version": "1"}]
    assert (told["first"], told["last"]) == ("2015-03-28", "2016-12-16")
    assert told["types"] == ["territory_taken", "air_strike", "chemical_attack", "arrest"]
    assert told["sides"] == ["government", "opposition"]
    assert told["tiles"] is None


def test_the_info_of_an_empty_ledger(tmp_path: Path) -> None:
    with client(fill(tmp_path / "empty.db", [])) as api:
        told = api.get(f"{API}/info").json()
        assert (told["reports"], told["incidents"], told["first"], told["types"]) == (0, 0, None, [])
        for where in ("/incidents", "/places", "/reports", "/sources", "/audit", "/search?q=x", "/incidents/points"):
            assert api.get(API + where).json()["items"] == []
        assert api.get(f"{API}/control/timelines").json() == {"places": []}
        assert api.get(f"{API}/control?on=2016").json()["features"] == []
        assert api.get(f"{API}/export?form=csv").status_code == 200


def test_incidents_are_those_of_the_command_line(api: TestClient, path: Path) -> None:
    with Ledger(path) as ledger:
        found = ledger.incidents()
        expected = [incident_to_record(i, found.accounts) for i in found.items]
    assert every(api, "/incidents", order="oldest") == expected
    newest = every(api, "/incidents")
    assert {i["id"] for i in newest} == {i["id"] for i in expected}
    dated = [i["date"] for i in newest if i["date"]]
    assert dated == sorted(dated, reverse=True)
    assert [i["date"] for i in newest][-1] is None


@pytest.mark.parametrize("where", ["/incidents", "/places", "/reports", "/sources"])
@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_lose_and_double_nothing(api: TestClient, where: str, limit: int) -> None:
    whole = api.get(f"{API}{where}?limit=500").json()
    assert whole["next"] is None
    assert len(whole["items"]) > 2
    assert every(api, where, limit) == whole["items"]


@pytest.mark.parametrize(
    ("asked", "reports"),
    [
        ({"place": "palmyra"}, {"r1", "r2", "r9/odd id"}),
        ({"place": "geonames:163808"}, {"r1", "r2", "r9/odd id"}),
        ({"place": "name:old mill"}, {"r7"}),
        ({"from": "2016-12-13"}, {"r5", "r7", "r9/odd id"}),
        ({"from": "2015", "to": "2015"}, {"r6"}),
        ({"type": ["chemical_attack", "arrest"]}, {"r8", "r9/odd id"}),
        ({"source": "Southern Agency"}, {"r1", "r2", "r3", "r4"}),
        ({"side": "Opposition"}, {"r1", "r2", "r3", "r4"}),
        ({"place": "Aleppo", "type": "air_strike", "from": "2016-12-12", "to": "2016-12-12"}, {"r3", "r4"}),
        ({"place": "Old Mill", "from": "0001-01-01", "to": "9999-12-31"}, {"r7"}),
        ({"place": "nowhere"}, set()),
        ({"reviewed": "true"}, set()),
        ({"reviewed": "false", "place": "Old Mill"}, {"r7"}),
    ],
)
def test_filters_of_incidents(api: TestClient, asked: dict[str, Any], reports: set[str]) -> None:
    found = every(api, "/incidents", **asked)
    assert {c["report"] for i in found for c in i["claims"]} == reports
    points = api.get(f"{API}/incidents/points", params=asked).json()
    assert {p["id"] for p in points["items"]} == {i["id"] for i in found if i["place"]["lat"] is not None}
    assert points["left"] == 0


def test_credibility_is_at_least_as_good_as_asked(api: TestClient) -> None:
    grades = sorted({i["credibility"]["admiralty"] for i in every(api, "/incidents")})
    assert len(grades) > 1
    for grade in grades:
        found = every(api, "/incidents", credibility=grade)
        assert {i["credibility"]["admiralty"] for i in found} == {g for g in grades if g <= grade}
        reports = {c["report"] for i in found for c in i["claims"]}
        assert {r["id"] for r in every(api, "/reports", credibility=grade)} == reports


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({}, ["r9/odd id", "r7", "r5", "r4", "r3", "r2", "r1", "r6", "r8"]),
        ({"q": "bulletin R5"}, ["r5"]),
        ({"q": "%"}, []),
        ({"place": "Idlib"}, ["r5", "r6"]),
        ({"side": "opposition"}, ["r4", "r2"]),
        ({"type": "arrest"}, ["r8"]),
        ({"source": "daily wire"}, ["r5"]),
    ],
)
def test_reports(api: TestClient, asked: dict[str, Any], ids: list[str]) -> None:
    found = every(api, "/reports", **asked)
    assert [r["id"] for r in found] == ids


def test_only_addresses_of_the_web_are_links(api: TestClient) -> None:
    urls = {r["id"]: r["url"] for r in every(api, "/reports")}
    assert urls["r1"] == "https://wire.example/1"
    assert urls["r9/odd id"] is None


def test_places_and_sources_by_a_part_of_their_names(api: TestClient) -> None:
    assert [p["key"] for p in every(api, "/places", q="ALEP")] == ["geonames:170063"]
    assert [p["key"] for p in every(api, "/places", q="mill")] == ["name:old mill"]
    assert [s["name"] for s in every(api, "/sources", q="agency")] == ["Northern Agency", "Southern Agency"]
    assert [s["name"] for s in every(api, "/sources", place="Idlib")] == ["Northern Agency", "Daily Wire"]
    assert [s["name"] for s in every(api, "/sources", side="opposition")] == ["Southern Agency"]


@pytest.mark.parametrize(
    ("where", "asked"),
    [
        ("/incidents", {"limit": 0}),
        ("/incidents", {"limit": 501}),
        ("/incidents", {"limit": "many"}),
        ("/incidents", {"cursor": "!"}),
        ("/incidents", {"cursor": "W10"}),
        ("/incidents", {"cursor": "WzEsMl0"}),
        ("/incidents", {"cursor": "WzEwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAsMCwiaSJd"}),
        ("/incidents", {"type": "picnic"}),
        ("/incidents", {"from": "yesterday"}),
        ("/incidents", {"to": "2016-13"}),
        ("/incidents", {"credibility": 7}),
        ("/incidents", {"order": "random"}),
        ("/places", {"cursor": "WzEsMl0"}),
        ("/control", {}),
        ("/control", {"on": "soon"}),
        ("/control", {"on": "2016", "country": "Syria"}),
        ("/control/timelines", {"known_at": "soon"}),
        ("/audit", {"since": "soon"}),
        ("/export", {"form": "pdf"}),
        ("/export", {"form": "acled", "of": "claims"}),
    ],
)
def test_what_will_not_do_is_said_so(api: TestClient, where: str, asked: dict[str, Any]) -> None:
    refused(api.get(API + where, params=asked), 422)


@pytest.mark.parametrize(
    "where", ["/incidents/i0123456789", "/places/mars", "/reports/none", "/sources/x/y", "/jobs/no"]
)
def test_what_is_not_there(api: TestClient, where: str) -> None:
    refused(api.get(API + where), 404)


@pytest.mark.parametrize(("method", "where"), [("GET", "/nothing"), ("DELETE", "/reports"), ("PUT", "/info")])
def test_there_is_no_such_route(api: TestClient, method: str, where: str) -> None:
    headers = {"content-type": "application/json", **WHO}
    refused(api.request(method, API + where, headers=headers), 404)


def test_etags_change_when_anything_is_written_and_only_then(tmp_path: Path) -> None:
    path = fill(tmp_path / "war.db", war())
    with client(path) as api:
        addresses = ("/info", "/incidents", "/places/geonames:163808", "/control/timelines", "/search?q=struck")

        def tags() -> set[str]:
            return {api.get(API + a).headers["etag"] for a in addresses}

        first = tags()
        assert len(first) == 1
        tag = first.pop()
        for address in addresses:
            again = api.get(API + address, headers={"If-None-Match": f'"other", {tag}'})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert tags() == {tag}

        seen = {tag}
        with Store(path) as store:

            def changed() -> None:
                now = api.get(f"{API}/info").headers["etag"]
                assert now not in seen
                seen.add(now)

            store.add(told("r10", "Idlib", "2016-12-18"))
            changed()
            copy = told("r10", "Idlib", "2016-12-18")
            assert not store.add(copy)
            assert api.get(f"{API}/info").headers["etag"] in seen
            store.rate("Northern Agency", "B", who="Ana")
            changed()
            ids = [i["id"] for i in api.get(f"{API}/incidents?place=Idlib").json()["items"]]
            store.merge(ids[:2], who="Ana")
            changed()
            from dataclasses import replace

            store.add(replace(copy, report=replace(copy.report, published="2016-12-19", published_basis="given")))
            changed()
            store.known(replace(copy.report, id="another name of it"), copy.reader)
            changed()
        assert api.get(f"{API}/info", headers={"If-None-Match": tag}).status_code == 200
        assert len(api.get(f"{API}/incidents?place=Idlib").json()["items"]) == len(ids) - 1


def test_errors_have_no_etag(api: TestClient) -> None:
    assert "etag" not in api.get(f"{API}/reports/none").headers


@given(
    st.lists(
        st.sampled_from(
            ("2016", "2016-12", "2016-12-11", "2016-12-12", "2016-12-11/..", "../2016-12-12", "2016-12-10/2016-12-13")
        ),
        min_size=1,
        max_size=6,
    )
)
def test_the_date_by_which_a_list_is_sorted_is_that_of_the_incident(dates: list[str]) -> None:
    from dataclasses import replace

    from tadmor.reconcile.accounts import accounts
    from tadmor.reconcile.incidents import incident

    made = []
    for n, day in enumerate(dates):
        made += accounts(told(f"r{n}", "Aleppo", day))
    whole = incident([replace(a) for a in made])
    assert whole is not None
    assert date_of(dates) == whole.date


def test_what_is_kept_changes_with_what_is_added(tmp_path: Path) -> None:
    path = fill(tmp_path / "war.db", war())
    with client(path) as api:

        def timelines() -> dict[str, Any]:
            return {p["key"]: p["intervals"] for p in api.get(f"{API}/control/timelines").json()["places"]}

        def lists() -> list[Any]:
            return [every(api, "/incidents", 500), api.get(f"{API}/incidents/points").json(), timelines()]

        before = timelines()
        lists()
        with Store(path) as store:
            later = told("r11", "Palmyra", "2016-12-18", type="territory_lost", published="2016-12-19")
            store.add(later)
            after = timelines()
            assert after["geonames:169389"] == before["geonames:169389"]
            assert after["geonames:163808"] != before["geonames:163808"]
            store.rate("Southern Agency", "E", who="Ana")
            store.rate("Northern Agency", "A", who="Ana")
            store.add(told("r3", "Aleppo", "2016-12-12", killed=14, published="2016-12-13"))  # another text of it
            kept = lists()
    with client(path) as anew:
        api = anew
        assert lists() == kept
