"""The app answers from PostgreSQL as from a file, to every question of its OpenAPI document, and keeps what is decided there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from databases import SERVER, WITHOUT, Places, Where
from tadmor.ledger import Store, store
from tadmor.model import ClaimRef
from tadmor.web import routes_watch
from test_web_made import API, WHO, client, every, fill, told, war

pytestmark = pytest.mark.skipif(not SERVER, reason=WITHOUT)
ASKED = (
    "/search?q=palmyra", "/search?q=%C3%84gypten", "/search?q=100%25", "/search?q=struck%20aleppo&source=Southern%20Agency",
    "/search?q=tadmur&limit=2", "/search?q=struck%20tadmur&type=territory_taken", "/search?q=red%20tadmur&side=opposition",
    "/incidents?place=Palmyra", "/incidents?from=2016-12-12&to=2016-12-14&order=oldest", "/incidents?type=air_strike&reviewed=no",
    "/incidents?side=government&credibility=1-4", "/reports?q=bulletin&limit=3", "/reports?source=Northern%20Agency",
    "/places?q=pal", "/sources?limit=2", "/control?on=2016-12-16", "/control?on=2016-12-16&according_to=Southern%20Agency",
    "/control/timelines?known_at=2016-12-12", "/export?form=csv", "/export?form=jsonl&place=Aleppo", "/export?form=geojson",
)  # fmt: skip


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, TestClient]]:
    """The app on the same ledger in each kind of database."""
    folder = tmp_path_factory.mktemp("both")
    kinds = {kind: Places(kind, folder) for kind in ("sqlite", "postgresql")}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(store, "now", lambda: "2016-12-24T08:00:00+00:00")
        where = {kind: decided(places.new("war")) for kind, places in kinds.items()}
    with client(where["sqlite"]) as one, client(where["postgresql"]) as other:  # type: ignore[arg-type]
        yield {"sqlite": one, "postgresql": other}
    for places in kinds.values():
        places.release()


def decided(where: Where) -> Where:
    more = [told("x1", "Palmyra", "2016-12-11", extra=" Ägypten said 100% of it."), told("x2", "Old Mill", "2016")]
    fill(where, [*war(), *more])  # type: ignore[arg-type]
    with Store(where) as opened:
        opened.rate("Northern Agency", "B", who="Ana")
        ids = sorted({i.id for i, a in opened.incidents() if a[0].places and a[0].places[0].name == "Aleppo"})
        opened.merge(ids[:2], who="Ana", why="one raid")
    return where


def test_every_question_has_one_answer(both: dict[str, TestClient], monkeypatch: pytest.MonkeyPatch) -> None:
    noon = dt.datetime(2016, 12, 24, 12, tzinfo=dt.UTC)
    monkeypatch.setattr(routes_watch, "utc", lambda: noon)  # or two answers fall on either side of a second
    document = both["sqlite"].get(f"{API}/openapi.json")
    assert document.status_code == 200
    plain = [p for p, verbs in document.json()["paths"].items() if "get" in verbs and "{" not in p]
    incident = every(both["sqlite"], "/incidents")[0]["id"]
    named = [f"/incidents/{incident}", "/reports/r1", "/places/geonames:163808", "/places/Old%20Mill", "/claims/r1/c1"]
    compared = 0
    for path in [*plain, *(API + p for p in (*ASKED, *named))]:
        answers = [found.get(path) for found in both.values()]
        codes = [a.status_code for a in answers]
        assert codes[0] == codes[1], path
        assert codes[0] < 500, (path, answers[0].text)
        assert bare(answers[0]) == bare(answers[1]), path
        compared += codes[0] == 200
    assert compared > 20


def bare(answer: Any) -> Any:
    """An answer without what says which ledger it is of."""
    if answer.headers.get("content-type") != "application/json":
        return answer.text
    return {k: v for k, v in answer.json().items() if k != "ledger"}


def test_pages_are_the_same_whatever_their_size(both: dict[str, TestClient]) -> None:
    for path in ("/incidents", "/reports", "/places", "/sources", "/audit"):
        one, other = (every(found, path, limit=3) for found in both.values())
        assert one == other, path
        assert one


def test_what_is_decided_in_the_app_is_kept(tmp_path: Path) -> None:
    places = Places("postgresql", tmp_path)
    where = places.new()
    fill(where, war())  # type: ignore[arg-type]
    with client(where) as found:  # type: ignore[arg-type]
        before = found.get(f"{API}/info").json()
        assert before["reports"] == 9
        rated = found.post(f"{API}/sources/Northern%20Agency/rating", json={"letter": "D", "why": "late"}, headers=WHO)
        assert rated.status_code in (200, 201), rated.text
        assert found.get(f"{API}/info").headers["etag"] != "", "the state of the ledger is another one"
    with Store(where, create=False) as opened:
        assert [(r.letter, r.who) for r in opened.ratings()] == [("D", "Ana")]
        assert opened.reviewed(ClaimRef("r1", "c1")).told
    places.release()
