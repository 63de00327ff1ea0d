"""The situation report: nothing stated without its source, ids that lead somewhere, both sides told, what is unknown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tadmor import Ledger
from tadmor.model import Reading
from test_export_make import ARMY, GOVERNOR, IDLIB, ISIS, MONITOR, PALMYRA, READINGS, Draft, make, reading

PROVINCE = ("Idlib", "admin1:SY.12", 35.8, 36.7)


def page(tmp_path: Path, readings: Sequence[Reading] = READINGS, **asked: str) -> ET.Element:
    """The page as a tree: it is well-formed XML but for its doctype and what HTML leaves unclosed in its head."""
    tmp_path.mkdir(exist_ok=True)
    with Ledger(make(tmp_path / "war.db", readings)) as ledger:
        html = ledger.sitrep(**asked)
    html = re.sub(r"<meta [^>]*>", "", html.removeprefix("<!DOCTYPE html>"))
    return ET.fromstring(html)


def words(found: ET.Element | None) -> str:
    assert found is not None
    return " ".join("".join(found.itertext()).split())


def having(root: ET.Element, tag: str, name: str) -> list[ET.Element]:
    return [e for e in root.iter(tag) if name in e.get("class", "").split()]


def a_day_apart() -> list[Reading]:
    """The first report dates the strike on Idlib, of which both tell, a day before the second."""
    first = READINGS[0]
    claims = tuple(replace(c, date="2016-12-10") if c.type == "air_strike" else c for c in first.claims)
    return [replace(first, claims=claims), READINGS[1]]


def test_every_position_has_its_sentences_also_those_outside_the_period(tmp_path: Path) -> None:
    root = page(tmp_path, a_day_apart(), start="2016-12-11", end="2016-12-11", place="Idlib")
    positions = having(root, "div", "position")
    assert len(positions) > 1
    assert all(p.find(".//blockquote") is not None for p in positions)
    marked = [words(p) for p in positions if "outside the scope of this page" in words(p)]
    assert marked
    assert all("killed 12 civilians" in p for p in marked)
    assert "1 claim of" in words(root.find(".//header"))  # those outside are shown beside it, and not counted


def test_ids_are_given_once_and_links_lead_somewhere(tmp_path: Path) -> None:
    text = "Jets struck Idlib. Jets struck Idlib province. Shells hit Idlib."
    twice = [
        reading("r-1", text, [Draft("air_strike", "Jets struck Idlib", places=[IDLIB, PALMYRA])]),
        reading("r:1", text + ".", [Draft("air_strike", "Jets struck Idlib province", places=[PROVINCE, PALMYRA])]),
    ]
    for readings in (twice, READINGS):
        root = page(tmp_path / str(len(readings[0].claims)), readings)
        ids = Counter(e.get("id") for e in root.iter() if e.get("id"))
        assert [name for name, n in ids.items() if n > 1] == []
        assert {a.get("href", "")[1:] for a in root.iter("a") if a.get("href", "").startswith("#")} <= set(ids)
        refs = {e.get("title") for e in root.iter("blockquote")}
        assert len(refs) == len([e for e in root.iter("blockquote") if e.get("id")])


def test_places_of_one_name_are_told_apart(tmp_path: Path) -> None:
    text = "Jets struck Idlib. Jets struck Idlib province."
    root = page(
        tmp_path,
        [
            reading(
                "r1",
                text,
                [
                    Draft("air_strike", "Jets struck Idlib", places=[IDLIB]),
                    Draft("air_strike", "Jets struck Idlib province", places=[PROVINCE]),
                ],
            )
        ],
    )
    assert sorted(words(h) for h in root.iter("h3")) == ["Idlib SY", "Idlib province, SY"]


def test_a_quote_links_to_its_report_in_its_language_and_only_to_the_web(tmp_path: Path) -> None:
    arabic = replace(READINGS[0].report, language="ar", title="سقوط تدمر", publisher="وكالة")
    root = page(tmp_path, [replace(READINGS[0], report=arabic)])
    quotes = list(root.iter("blockquote"))
    assert {q.get("cite") for q in quotes} == {"https://courier.example/palmyra"}
    links = [a for q in quotes for a in q.iter("a")]
    assert {words(a) for a in links} == {"سقوط تدمر"}
    assert all(a.find("bdi[@lang='ar']") is not None for a in links)
    assert all(q.find("p[@lang='ar']") is not None for q in quotes)
    evil = replace(READINGS[0].report, url="javascript:alert(1)")
    assert all(
        a.get("href", "").startswith("#") for a in page(tmp_path / "b", [replace(READINGS[0], report=evil)]).iter("a")
    )


def test_who_speaks_against_a_holder_stands_beside_who_speaks_for_it(tmp_path: Path) -> None:
    text = "ISIS took Palmyra from the army. The army holds Palmyra."
    told = reading(
        "r1",
        text,
        [
            Draft("territory_taken", "ISIS took Palmyra from the army", [ISIS], [ARMY], source=MONITOR),
            Draft("territory_held", "The army holds Palmyra", [ARMY], source=GOVERNOR),
        ],
    )
    root = page(tmp_path, [told])
    heads = [words(h) for h in root.iter("th")]
    assert heads[4:6] == ["According to", "Against it"]
    rows = [[words(c) for c in row.iter("td")] for row in root.iter("tr") if row.find("td") is not None]
    disputed = [row for row in rows if "disputed" in row[2]]
    assert disputed
    assert all({row[4], row[5]} == {"Palmyra Monitor", "Governor Badi"} for row in disputed)


@pytest.mark.parametrize(
    ("asked", "head"),
    [
        ({"start": "2016-12-11", "end": "2016-12-11"}, "11 December 2016 ·"),
        ({"start": "2016-12"}, "since December 2016 ·"),
        ({"end": "2016-12-12"}, "until 12 December 2016 ·"),
        ({"start": "2016-12-10", "end": "2016-12-12"}, "10 December 2016 to 12 December 2016 ·"),
        ({"start": "2016-12-10/2016-12-12", "end": "2016-12-10/2016-12-12"}, "10 December 2016 to 12 December 2016 ·"),
        ({"place": "Idlib"}, "Idlib · published 12 December 2016 to 13 December 2016 ·"),
    ],
)
def test_the_page_says_what_was_asked_for(tmp_path: Path, asked: dict[str, str], head: str) -> None:
    assert words(page(tmp_path, **asked).find(".//header/p")).startswith(head)


def test_the_day_of_the_holders_is_told_where_nobody_says_when_the_reports_were_published(tmp_path: Path) -> None:
    undated = replace(READINGS[0].report, published=None)
    heading = words(page(tmp_path, [replace(READINGS[0], report=undated)]).find(".//h2[@id='control']"))
    assert re.fullmatch(r"Who is said to hold what, on \d+ \w+ \d{4}", heading)


def test_an_empty_page_says_why(tmp_path: Path) -> None:
    assert "The ledger has no claim." in words(page(tmp_path / "a", []))
    assert "No claim in the ledger fits what was asked for." in words(page(tmp_path / "b", place="Aleppo"))


def test_numbers_of_what_is_unknown_agree_with_their_nouns(tmp_path: Path) -> None:
    told = reading("r1", "A car bomb went off.", [Draft("bombing", "A car bomb went off", places=[], date=None)])
    lines = [words(li) for li in page(tmp_path, [told]).iter("li")]
    assert "1 of 1 claim has no date that could be worked out." in lines
    assert "1 of 1 claim names no place." in lines
    assert "For 1 claim of a strike or attack nobody says who carried it out." in lines


def test_half_a_surrogate_pair_does_not_stop_the_page(tmp_path: Path) -> None:
    broken = replace(READINGS[0].report, title="Half \ud83d")
    with Ledger(make(tmp_path / "war.db", [replace(READINGS[0], report=broken)])) as ledger:
        assert ledger.sitrep().encode("utf-8")
