"""A small ledger for the tests of the API, made without a reader, and a client that asks as a page of the app does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from tadmor.ledger import Store
from tadmor.model import Attribution, Claim, Count, Mention, Passage, ReaderInfo, Reading, Report, Source, Span
from tadmor.web.app import create_app

BASE = "http://127.0.0.1:8765"
API = "/api/v1"
WHO = {"X-Tadmor-Who": "Ana", "Origin": BASE}
READER = ReaderInfo("made", "1")
TOWNS = {
    "Palmyra": ("geonames:163808", 34.56, 38.28),
    "Aleppo": ("geonames:170063", 36.2, 37.16),
    "Idlib": ("geonames:169389", 35.93, 36.63),
    "Old Mill": (None, None, None),
}
SIDES = {"Northern Agency": "government", "Southern Agency": "opposition"}


def told(
    id: str,
    town: str,
    day: str,
    *,
    type: str = "air_strike",
    group: str = "Red Brigade",
    agency: str | None = "Northern Agency",
    killed: int | None = None,
    published: str | None = "2016-12-20",
    title: str = "",
    extra: str = "",
    url: str | None = None,
    publisher: str | None = "Daily Wire",
) -> Reading:
    """A reading of one claim: the agency says that the group did something in the town on a day."""
    head = f"{title or f'Bulletin {id}'}\n"
    clause = f"{group} struck {town}"
    tail = f", killing {killed}" if killed is not None else ""
    text = f"{head}{clause}{tail}, {agency or 'it was'} said.{extra}\n"
    start = len(head)
    at = start + len(group) + len(" struck ")
    entity, lat, lon = TOWNS[town]
    mentions = [
        Mention(
            "m1", start, start + len(group), group, "actor", entity=f"actor:{group.lower().replace(' ', '-')}",
            name=group, kind="armed group", side="opposition",
        ),
        Mention(
            "m2", at, at + len(town), town, "place", entity=entity, name=town, lat=lat, lon=lon,
            country="SY" if entity else None,
        ),
    ]  # fmt: skip
    said: tuple[Attribution, ...] = ()
    if agency:
        where = text.index(agency, start)
        source = Source(
            where, where + len(agency), agency, agency, None, f"actor:{agency.lower().replace(' ', '-')}", False,
            "agency", SIDES.get(agency),
        )  # fmt: skip
        said = (Attribution("a1", source, Span(where + len(agency) + 1, where + len(agency) + 5, "said"), ()),)
    claim = Claim(
        "c1",
        type,
        "asserted",
        start,
        start + len(clause + tail),
        clause + tail,
        trigger=Span(at - 7, at - 1, "struck"),
        sources=(("a1",),) if agency else (),
        source_names=((agency,),) if agency else (),
        actors=("m1",),
        actor_names=(group,),
        places=("m2",),
        place_names=(town,),
        date=day or None,
        counts=(Count("killed", killed, killed),) if killed is not None else (),
        score=0.75,
    )
    report = Report(
        id,
        text,
        title=title or f"Bulletin {id}",
        url=url,
        publisher=publisher,
        published=published,
        published_basis="metadata" if published else "none",
        passages=(Passage(0, len(head) - 1, "headline"), Passage(len(head), len(text) - 1, "body")),
    )
    return Reading(report, READER, tuple(mentions), said, (claim,), (), ())


def war() -> list[Reading]:
    """Who takes and strikes what in a week, by two agencies that differ."""
    return [
        told("r1", "Palmyra", "2016-12-11", type="territory_taken", published="2016-12-11", url="https://wire.example/1"),
        told("r2", "Palmyra", "2016-12-11", type="territory_taken", published="2016-12-12", agency="Southern Agency"),
        told("r3", "Aleppo", "2016-12-12", killed=12, published="2016-12-13"),
        told("r4", "Aleppo", "2016-12-12", killed=30, published="2016-12-13", agency="Southern Agency"),
        told("r5", "Idlib", "2016-12-14", killed=3, published="2016-12-15", agency=None),
        told("r6", "Idlib", "2015-03-28", type="territory_taken", published="2015-03-29"),
        told("r7", "Old Mill", "2016-12-15", published="2016-12-16"),
        told("r8", "Aleppo", "", type="arrest", published=None),
        told("r9/odd id", "Palmyra", "2016-12-16", type="chemical_attack", published="2016-12-17", url="javascript:alert(1)"),
    ]  # fmt: skip


def fill(path: Path, readings: list[Reading]) -> Path:
    """A ledger of these readings."""
    with Store(path) as store:
        for reading in readings:
            assert store.add(reading)
    return path


@contextmanager
def client(path: Path, **options: Any) -> Iterator[TestClient]:
    """The app on a ledger; the rules reader reads what is added."""
    app = create_app(path, reader="rules", **options)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as found:
        yield found


def every(client: TestClient, path: str, limit: int = 2, **asked: Any) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    out: list[dict[str, Any]] = []
    cursor = None
    for _ in range(200):
        answer = client.get(API + path, params={**asked, "limit": limit, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= limit
        out += page["items"]
        cursor = page["next"]
        if cursor is None:
            return out
    raise AssertionError("the list does not end")


def refused(answer: Any, status: int) -> dict[str, Any]:
    """The problem that an answer is."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told.keys() >= {"type", "title", "status", "detail"}
    assert told["status"] == status
    assert told["detail"]
    return dict(told)
