"""Searching by another name leads to nobody and no place that is withheld, nor tells who goes by which name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from tadmor.ledger import Store
from team_made import client
from test_web_made import API, told


def found(app: FastAPI, role: str, q: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client(app, role).get(f"{API}/search", params={"q": q}).json()["items"]
    return items


def reports(app: FastAPI, role: str, q: str) -> list[str]:
    return [i["report"] for i in found(app, role, q) if i["kind"] == "sentence"]


def test_another_name_of_a_place_leads_to_it_no_more(app: FastAPI, store: Store) -> None:
    assert {i["kind"] for i in found(app, "viewer", "Tadmur")} == {"place", "incident", "sentence"}
    store.withhold("place", "Palmyra", who="Edda")
    for q in ("Tadmur", "struck Tadmur", "Palmyra"):
        assert found(app, "viewer", q) == []
        assert found(app, "coder", q) == []
    assert "Palmyra" in repr(found(app, "editor", "Tadmur"))


def test_a_name_that_is_withheld_before_it_was_met_does_not_tell_who_goes_by_it(app: FastAPI, path: Path) -> None:
    reading = told("commander", "Aleppo", "2016-12-14", group="Green Commander")
    who, *rest = reading.mentions
    names = ("Kumsa Diriba", "Jaal Marroo", "Kumsa Diriba struck")
    with Store(path) as store:
        store.add(replace(reading, mentions=(replace(who, entity="person:jaal-marroo"), *rest)))
        for q in names:
            assert reports(app, "viewer", q) == ["commander"]
        store.withhold("person", "Kumsa Diriba", who="Edda")
    for q in names:
        assert found(app, "viewer", q) == []
    assert reports(app, "editor", "Kumsa Diriba") == ["commander"]
    assert set(reports(app, "viewer", "Commander")) == {"commander"}


def test_what_stands_beside_is_covered_in_what_another_name_finds(app: FastAPI, store: Store) -> None:
    reading = told("square", "Palmyra", "2016-12-15", title="The square", extra=" Ahmad al-Khatib fled.")
    store.add(reading)
    store.withhold("person", "Ahmad al-Khatib", who="Edda")
    items = [i for i in found(app, "viewer", "Tadmur") if i["kind"] == "sentence"]
    assert "square" in {i["report"] for i in items}
    assert "hatib" not in repr(items).casefold()
