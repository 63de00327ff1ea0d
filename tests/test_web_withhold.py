"""What the screens of a report, a place and a source ask, so that it is withheld and, some day, withheld no longer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from team_made import NAMES, cheap, client, made, team_app
from test_web_made import API

SHOWN = {  # what the app sends, and where a viewer is told of it
    "report": ("r1", "/reports/r1"),
    "place": ("geonames:163808", "/places/geonames:163808"),
    "person": ("Northern Agency", "/sources/Northern%20Agency"),
}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    with pytest.MonkeyPatch.context() as patch:
        cheap(patch)
        with team_app(made(tmp_path / "team.db")) as found:
            yield found


@pytest.mark.parametrize("kind", SHOWN)
def test_what_a_screen_withholds_is_seen_by_editors_alone_until_it_is_lifted(app: FastAPI, kind: str) -> None:
    name, page = SHOWN[kind]
    editor, viewer = client(app, "editor"), client(app, "viewer")
    before, exported = viewer.get(API + page), viewer.get(f"{API}/export?form=jsonl&of=claims").text
    assert before.status_code == 200

    mark = editor.post(f"{API}/withheld", json={"kind": kind, "name": name, "why": "a family asked for it"})
    assert mark.status_code == 200, mark.text
    told = mark.json()
    assert (told["kind"], told["who"], told["why"]) == (kind, NAMES["editor"], "a family asked for it")
    assert name in (told["name"], told["entity"])
    assert editor.get(f"{API}/withheld").json()["items"] == [told], "by which the screen knows that it is withheld"
    assert viewer.get(API + page).status_code == 404
    assert editor.get(API + page).status_code == 200
    assert len(viewer.get(f"{API}/export?form=jsonl&of=claims").text) < len(exported)

    again = editor.post(f"{API}/withheld", json={"kind": kind, "name": name, "why": "once more"})
    assert again.status_code == 409
    assert "withheld already" in again.json()["detail"]

    lifted = editor.post(f"{API}/withheld/{told['row']}/lift", json={"why": "they are safe now"}).json()
    assert (lifted["lifted_by"], lifted["lifted_why"]) == (NAMES["editor"], "they are safe now")
    assert editor.get(f"{API}/withheld").json()["items"] == []
    assert viewer.get(API + page).json() == before.json()
    assert viewer.get(f"{API}/export?form=jsonl&of=claims").text == exported
    log = [(row["what"], row["why"]) for row in editor.get(f"{API}/audit").json()["items"]]
    assert {("withheld", "a family asked for it"), ("withheld no longer", "they are safe now")} <= set(log)


@pytest.mark.parametrize("role", ["viewer", "coder"])
def test_who_may_not_withhold_is_not_even_told_what_is(app: FastAPI, role: str) -> None:
    here = client(app, role)
    assert "withhold" not in {r["right"] for r in here.get(f"{API}/session").json()["rights"]}
    for kind, (name, page) in SHOWN.items():
        assert here.post(f"{API}/withheld", json={"kind": kind, "name": name, "why": "no"}).status_code == 403
        assert here.get(API + page).status_code == 200
    assert here.get(f"{API}/withheld").status_code == 403
