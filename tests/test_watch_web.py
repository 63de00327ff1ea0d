"""The status page's answers: how watching goes, what is kept unread, and having it read."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tadmor import gather, pipeline
from tadmor.gather.feeds import Item, Source
from tadmor.ledger import Store
from tadmor.ledger.watching import Host, stamp
from tadmor.web.app import create_app
from tadmor.web.schemas_watch import UnreadPage, Watched
from test_web_made import API, BASE, WHO

NOW = dt.datetime.now(dt.UTC)
CAKE = (
    "The bakery on Mill Lane has won the county prize for its walnut cake for the third year in a row, the organisers said."
    " Visitors may taste it at the summer fair next weekend, and tickets cost four pounds with a cup of tea."
)
ARABIC = "قالت وزارة الدفاع إن الجيش السوري سيطر على مدينة حلب يوم الأحد وإن 12 مسلحا قتلوا في الهجوم على داعش."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger with a feed in trouble, a report in Arabic and one about no conflict."""
    line = pipeline.default("rules")
    with Store(tmp_path / "war.db") as store:
        store.follow([Source("https://wire.example/feed", "Wire", "News"), Source("https://other.example/rss")], NOW)
        wire = store.feeds()[0]
        items = [Item("a" * 64, "https://wire.example/1", "One"), Item("b" * 64, "javascript:alert(1)", "<b>Two</b>")]
        store.note_feed(wire.row, items, now=NOW, asked_at=stamp(NOW), failures=2, error="the server answered 500")
        for waiting in list(store.items(due=NOW)):
            store.note_item(waiting.row, "failed", now=NOW, error="the server answered 404")
        store.note_host(Host("wire.example", stamp(NOW + dt.timedelta(hours=1)), 2, "the server answered 500"))
        store.watch("process 1 on desk", now=NOW, until=NOW + dt.timedelta(hours=1), every=900)
        cake = gather.from_text(CAKE, title="Cake wins prize", id="cake")
        store.add(line.leave(cake, "relevance", "set aside before reading: by its words it is about no conflict"))
        store.add(line.read(gather.from_text(ARABIC, id="arabic", published="2016-12-12")))
    return tmp_path / "war.db"


@pytest.fixture
def api(path: Path) -> Iterator[TestClient]:
    app = create_app(path, reader="rules")
    with TestClient(app, base_url=BASE) as client:
        yield client


def test_how_watching_goes(api: TestClient) -> None:
    answer = api.get(f"{API}/watch")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    found = Watched.model_validate(answer.json())
    assert found.watcher is not None
    assert found.watcher.alive
    wire = next(f for f in found.feeds if f.title == "Wire")
    assert (wire.folder, wire.failures, wire.failed, wire.waiting) == ("News", 2, 2, 0)
    assert found.hosts[0].name == "wire.example"
    assert found.unread == {"language": 1, "relevance": 1}


def test_an_address_that_is_none_of_the_web_is_no_link(api: TestClient) -> None:
    assert {f["url"] for f in api.get(f"{API}/watch").json()["failed"]} == {"https://wire.example/1", None}


def test_a_ledger_that_nobody_has_watched(tmp_path: Path) -> None:
    Store(tmp_path / "new.db").close()
    with TestClient(create_app(tmp_path / "new.db"), base_url=BASE) as client:
        found = client.get(f"{API}/watch").json()
    assert (found["watcher"], found["feeds"], found["unread"]) == (None, [], {})


def test_what_is_kept_unread_page_by_page(api: TestClient) -> None:
    first = api.get(f"{API}/unread", params={"limit": 1}).json()
    second = api.get(f"{API}/unread", params={"limit": 1, "cursor": first["next"]}).json()
    rows = [*first["items"], *second["items"]]
    assert [r["id"] for r in rows] == ["cake", "arabic"]
    assert second["next"] is None
    UnreadPage.model_validate(first)
    assert "Arabic" in rows[1]["why"]
    assert [r["id"] for r in api.get(f"{API}/unread", params={"reason": "language"}).json()["items"]] == ["arabic"]
    assert api.get(f"{API}/unread", params={"reason": "boredom"}).status_code == 422


def finished(api: TestClient, sent: Any) -> dict[str, Any]:
    assert sent.status_code == 202, sent.text
    for _ in range(600):
        job: dict[str, Any] = api.get(sent.headers["location"]).json()
        if job["state"] == "finished":
            return job
        time.sleep(0.05)
    raise AssertionError("the job does not end")


def test_having_a_report_read(api: TestClient) -> None:
    job = finished(api, api.post(f"{API}/unread/read", json={"reports": ["cake", "nobody"]}, headers=WHO))
    assert [k["report"] for k in job["kept"]] == ["cake"]
    assert "no such report" in job["failed"][0]["error"]
    assert api.get(f"{API}/watch").json()["unread"] == {"language": 1}
    assert api.get(f"{API}/reports/cake").json()["reader"]["name"] == "rules"
    again = finished(api, api.post(f"{API}/unread/read", json={"reports": ["cake"]}, headers=WHO))
    assert "read already" in again["failed"][0]["error"]


def test_nobody_reads_without_a_name(api: TestClient) -> None:
    assert api.post(f"{API}/unread/read", json={"reports": ["cake"]}, headers={"Origin": BASE}).status_code == 400


def test_an_unread_report_shows_what_it_names(api: TestClient) -> None:
    found = api.get(f"{API}/reports/arabic").json()
    assert found["unread"] == "language"
    assert found["claims"] == []
    assert {m["name"] for m in found["mentions"] if m["type"] == "actor"} >= {"Syrian army", "ISIS"}
    assert "Arabic" in found["warnings"][0]


@pytest.mark.parametrize(("words", "report"), [("walnut cake", "cake"), ("مدينة حلب", "arabic")])
def test_what_nobody_has_read_is_found_by_its_words(api: TestClient, words: str, report: str) -> None:
    found = api.get(f"{API}/search", params={"q": words}).json()["items"]
    assert [row["report"] for row in found if row["kind"] == "sentence"] == [report]
