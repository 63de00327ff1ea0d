"""Search by another name: what is asked for finds claims about whom or what is known by it, after those that hold the words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tadmor.ledger import Store
from tadmor.model import ClaimRef, Reading
from test_web_made import API, client, fill, told, war

ISLAMIC_STATE = "actor:islamic-state"
PALMYRA = "geonames:163808"


def of(reading: Reading, entity: str) -> Reading:
    """The reading with another identity of who did it."""
    first, *rest = reading.mentions
    return replace(reading, mentions=(replace(first, entity=entity), *rest))


def told_by(agency: str, entity: str, **how: Any) -> Reading:
    reading = told("by", "Idlib", "2016-12-14", agency=agency, **how)
    (said,) = reading.attributions
    assert said.source is not None
    return replace(reading, attributions=(replace(said, source=replace(said.source, entity=entity)),))


def readings() -> list[Reading]:
    return [
        *war(),
        of(told("d1", "Palmyra", "2016-12-11", group="Daesh", published="2016-12-20"), ISLAMIC_STATE),
        of(told("d2", "Aleppo", "2016-12-12", group="Islamic State", published="2016-12-21"), ISLAMIC_STATE),
        of(told("d3", "Old Mill", "2016-12-13", group="ISIS", published="2016-12-01"), ISLAMIC_STATE),
        told_by("state media", "actor:sana"),
    ]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("search") / "war.db", readings())


@pytest.fixture(scope="module")
def api(path: Path) -> Iterator[TestClient]:
    with client(path) as found:
        yield found


def asked(api: TestClient, q: str, kind: str = "sentence", **filters: str) -> list[dict[str, Any]]:
    answer = api.get(f"{API}/search", params={"q": q, **filters})
    assert answer.status_code == 200, answer.text
    return [i for i in answer.json()["items"] if i["kind"] == kind]


def test_a_party_is_found_under_its_other_names_after_the_words(api: TestClient) -> None:
    found = asked(api, "ISIS")
    assert [s["report"] for s in found] == ["d3", "d2", "d1"]  # the oldest first, since it alone has the word
    assert "meant" not in found[0]
    said = {"asked": "ISIS", "entity": ISLAMIC_STATE}
    assert [s["meant"] for s in found[1:]] == [[said | {"name": "Islamic State"}], [said | {"name": "Daesh"}]]
    assert [s["claim"] for s in found] == ["c1", "c1", "c1"]
    text = api.get(f"{API}/reports/d1").json()["report"]["text"]
    assert text[found[2]["start"] : found[2]["end"]] == found[2]["label"]
    assert found[2]["label"].startswith("Daesh struck Palmyra")


@pytest.mark.parametrize("q", ["Daesh", "daesh", "isis", "the Islamic State", "ISIL"])
def test_whatever_the_name_all_are_found(api: TestClient, q: str) -> None:
    assert {s["report"] for s in asked(api, q)} == {"d1", "d2", "d3"}


def test_a_place_is_found_under_its_other_names(api: TestClient) -> None:
    found = asked(api, "Tadmur")
    assert {s["report"] for s in found} == {"r1", "r2", "r9/odd id", "d1"}
    said = [{"asked": "Tadmur", "entity": PALMYRA, "name": "Palmyra"}]
    assert all(s["meant"] == said for s in found)
    (place,) = asked(api, "Tadmur", "place")
    assert (place["label"], place["key"], place["meant"]) == ("Palmyra", PALMYRA, said)
    assert "meant" not in asked(api, "palmyra", "place")[0]
    assert asked(api, "Tadmur", "incident")


def test_a_source_is_found_under_its_other_names(api: TestClient) -> None:
    (found,) = asked(api, "Syrian Arab News Agency")
    assert found["report"] == "by"
    assert found["meant"][0]["name"] == "state media"  # as it stands there
    (source,) = asked(api, "SANA", "source")
    assert (source["label"], source["href"]) == ("state media", "/source/actor%3Asana")
    assert source["meant"][0]["asked"] == "SANA"


def test_names_stand_among_other_words(api: TestClient) -> None:
    assert [s["report"] for s in asked(api, "tadmur ISIS")] == ["d1"]
    assert [m["asked"] for m in asked(api, "tadmur ISIS")[0]["meant"]] == ["tadmur", "ISIS"]
    assert [m["asked"] for m in asked(api, "tadmur daesh")[0]["meant"]] == ["tadmur"]
    assert {s["report"] for s in asked(api, "struck tadmur")} == {"r1", "r2", "r9/odd id", "d1"}
    assert asked(api, "tadmur nothing") == []
    assert asked(api, "tadmur aleppo") == []  # in no sentence together


def test_a_name_that_may_be_a_word_is_taken_for_one_among_words(api: TestClient) -> None:
    assert all("is" in s["label"].casefold() for s in asked(api, "struck is"))
    assert asked(api, "in nothing") == []


def test_filters_narrow_what_is_found_by_a_name(api: TestClient) -> None:
    assert [s["report"] for s in asked(api, "ISIS", place="Aleppo")] == ["d2"]
    assert {s["report"] for s in asked(api, "Tadmur", type="territory_taken")} == {"r1", "r2"}
    assert asked(api, "Tadmur", type="territory_taken", source="Nobody") == []
    assert {s["report"] for s in asked(api, "Tadmur", side="opposition")} == {"r2"}
    assert asked(api, "Tadmur", "place", type="territory_taken") == []


def test_only_the_sentence_that_states_the_claim_is_found(tmp_path: Path) -> None:
    made = told("r1", "Palmyra", "2016-12-11", extra=" Nobody was hurt. The road is closed.\nThe wire has more.")
    with client(fill(tmp_path / "war.db", [made])) as here:
        (found,) = asked(here, "Tadmur")
        assert found["label"] == "Red Brigade struck Palmyra, Northern Agency said."


def test_what_people_rejected_is_not_found_by_a_name(tmp_path: Path) -> None:
    path = fill(tmp_path / "war.db", war())
    with Store(path) as store:
        store.review(ClaimRef("r2", "c1"), "reject", who="Ana", why="misread")
    with client(path) as here:
        assert {s["report"] for s in asked(here, "Tadmur")} == {"r1", "r9/odd id"}


def test_pages_of_both_kinds_lose_and_double_nothing(tmp_path: Path) -> None:
    made = [
        told(f"r{n}", "Palmyra", "2016-12-11", published=f"2016-12-{11 + n // 2}", title=f"Tadmur {n}" * (n % 3 == 0))
        for n in range(8)
    ]
    with client(fill(tmp_path / "war.db", made)) as here:
        whole = page_by_page(here, 500)
        assert [("meant" in i) for i in whole] == [False] * 3 + [True] * 8
        for limit in (1, 2, 3, 5):
            assert page_by_page(here, limit) == whole


def page_by_page(api: TestClient, limit: int) -> list[dict[str, Any]]:
    """The sentences of all pages; before those of the first page stand names and incidents."""
    out: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        given = {"q": "tadmur", "limit": limit, **({"cursor": cursor} if cursor else {})}
        page = api.get(f"{API}/search", params=given).json()
        found = [i for i in page["items"] if i["kind"] == "sentence"]
        assert len(found) <= limit
        out += found
        cursor = page["next"]
        if cursor is None:
            return out
