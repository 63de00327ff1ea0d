"""Role by role: every route of the API's document is asked by everybody, and answers those only who may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from tadmor.ledger import Store, team_tokens
from tadmor.ledger.team import ROLES
from tadmor.web import team_roles
from tadmor.web.app import PREFIX, create_app
from tadmor.web.team_roles import RIGHTS, ROUTES, SCOPES, annotated, needed, rights_of
from team_made import NAMES, Client, cheap, client, made, team_app
from test_web_made import API, BASE

DOCS = Path(__file__).resolve().parents[1] / "docs"
FILLED = {
    "{id}": "r1",
    "{key}": "x",
    "{name}": "x",
    "{job}": "x",
    "{report}": "r1",
    "{claim}": "c1",
}  # others are numbers


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with pytest.MonkeyPatch.context() as patch:
        cheap(patch)
        with team_app(made(tmp_path_factory.mktemp("team") / "team.db")) as found:
            yield found


@pytest.fixture(scope="module")
def operations(app: FastAPI) -> list[tuple[str, str]]:
    return [
        (method.upper(), path.removeprefix(PREFIX))
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    ]


def filled(path: str) -> str:
    for name, value in FILLED.items():
        path = path.replace(name, value)
    return re.sub(r"\{[^}]*\}", "9999", path)


def ask(here: Client, method: str, path: str, **options: Any) -> Any:
    if method in ("GET", "HEAD"):
        return here.request(method, API + filled(path), **options)
    return here.request(method, API + filled(path), json={}, **options)


def test_every_route_is_in_the_table_and_the_table_has_no_other(operations: list[tuple[str, str]]) -> None:
    assert set(operations) == set(ROUTES)
    assert len(operations) > 40


def test_a_route_that_is_not_in_the_table_is_answered_to_nobody(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    here = client(app, "admin")
    assert here.get(f"{API}/places").status_code == 200
    monkeypatch.delitem(ROUTES, ("GET", "/places"))
    assert here.get(f"{API}/places").status_code == 403


def test_nobody_is_told_anything(app: FastAPI, operations: list[tuple[str, str]]) -> None:
    here = client(app)
    for method, path in operations:
        answer = ask(here, method, path)
        if ROUTES[method, path] == "open":
            assert answer.status_code in (200, 422), (method, path)
        else:
            assert answer.status_code == 401, (method, path, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
    for path in ("", "/", "/nothing", "/openapi.json", "/../info"):
        assert here.get(API + path).status_code == 401
    assert here.head(f"{API}/info").status_code == 401


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_the_table_says(app: FastAPI, operations: list[tuple[str, str]], role: str) -> None:
    here = client(app, role)
    for method, path in sorted(operations, key=lambda o: o == ("DELETE", "/session")):  # signing out comes last
        asks = ROUTES[method, path]
        answer = ask(here, method, path)
        if asks in ("open", "own") or asks in rights_of(role):
            assert answer.status_code not in (401, 403, 500), (method, path, answer.text)
        else:
            assert answer.status_code == 403, (method, path, answer.text)
    assert here.get(f"{API}/info").status_code == 401


@pytest.mark.parametrize("scope", SCOPES)
def test_each_token_reaches_its_scope_alone(app: FastAPI, operations: list[tuple[str, str]], scope: str) -> None:
    with Store(Path(app.state.opened.name)) as store:
        secret, _ = team_tokens.make(store.team, NAMES["admin"], scope, [scope], days=1, who="Ada")
    program = Client(app, base_url=BASE, headers={"Authorization": f"Bearer {secret}"}, raise_server_exceptions=False)
    for method, path in operations:
        asks = ROUTES[method, path]
        answer = ask(program, method, path)
        if asks == scope:
            assert answer.status_code not in (401, 403, 500), (method, path, answer.text)
        elif asks != "open":
            assert answer.status_code == 403, (method, path, answer.text)


def test_without_the_csrf_token_no_session_changes_anything(app: FastAPI, operations: list[tuple[str, str]]) -> None:
    here = client(app, "admin")
    other = client(app, "admin").csrf
    for sent in (b"", b"x", other.encode(), here.csrf.upper().encode(), "é".encode()):
        here.csrf, kept = "", here.csrf
        for method, path in operations:
            if method in ("GET", "HEAD") or (method, path) == ("POST", "/session"):
                continue
            answer = ask(here, method, path, headers={"X-Tadmor-CSRF": sent} if sent else {})
            assert answer.status_code == 403, (method, path, answer.text)
            assert "CSRF" in answer.json()["detail"]
        here.csrf = kept
    assert here.get(f"{API}/session").json()["name"] == "Ada"


def test_signing_in_from_another_page_is_refused(app: FastAPI) -> None:
    here = client(app)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = here.post(f"{API}/session", json={"name": "Ada", "password": "x"}, headers=headers)
        assert answer.status_code == 403


def test_coders_cannot_settle_between_coders(app: FastAPI) -> None:
    claim = f"{API}/claims/r5/c1/accept"
    assert client(app, "coder").post(claim, json={"adjudicate": True}).status_code == 403
    assert client(app, "coder").post(claim, json={}).status_code == 200
    assert client(app, "editor").post(claim, json={"adjudicate": True}).status_code == 200


def test_each_role_may_what_the_one_before_may() -> None:
    for less, more in pairwise(ROLES):
        assert rights_of(less) < rights_of(more)
    assert rights_of("admin") == set(RIGHTS)
    assert rights_of("stranger") == frozenset()
    assert needed("HEAD", "/info") == "read"
    assert needed("POST", "/info") is None


def test_the_document_says_what_each_route_asks_for(tmp_path: Path) -> None:
    app = create_app(made(tmp_path / "a.db"))
    document = app.openapi()
    assert document is app.openapi()
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            asks = ROUTES[method.upper(), path.removeprefix(PREFIX)]
            assert told["x-tadmor-right"] == asks
            assert ("security" in told) == (asks != "open")
            assert told["description"].count("In team mode for") == (asks != "open")
    assert annotated(document, PREFIX)["components"]["securitySchemes"].keys() == {"session", "token"}


def test_the_docs_have_the_table() -> None:
    text = (DOCS / "team.md").read_text()
    for row in team_roles.table():
        assert f"| {' | '.join(row)} |".replace("|  |", "| |").replace("|  |", "| |") in text
