"""A small ledger with a team on it, for tests: a member of each role, and clients that are signed in as them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tadmor.ledger import Store, team
from tadmor.web.app import create_app
from test_web_made import API, BASE, fill, war

PASSWORD = "a lantern under the bridge"
NAMES = {"viewer": "Vera", "coder": "Cora", "editor": "Edda", "admin": "Ada"}


def cheap(patch: pytest.MonkeyPatch) -> None:
    """Have passwords hashed at the least cost, where the hashing is not what is tested."""
    from argon2 import PasswordHasher

    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    patch.setattr(team, "_hasher", lambda: hasher)
    team.nobody.cache_clear()


@lru_cache(maxsize=1)
def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = fill(Path(folder) / "team.db", war())
        with Store(path) as store:
            for role, name in NAMES.items():
                store.team.add(name, role, PASSWORD, who="the test")
        return path.read_bytes()


def made(path: Path) -> Path:
    """The ledger of ``test_web_made`` with one member a role."""
    path.write_bytes(_template())
    return path


class Client(TestClient):
    """Sends the CSRF token of its session along, as the app does."""

    csrf = ""

    def request(self, method: str, url: Any, **options: Any) -> Any:
        headers = dict(options.pop("headers", None) or {})
        if self.csrf and method not in ("GET", "HEAD"):
            headers.setdefault("X-Tadmor-CSRF", self.csrf)
            if not options.get("files"):
                headers.setdefault("content-type", "application/json")
        return super().request(method, url, headers=headers, **options)

    def sign_in(self, name: str, password: str = PASSWORD) -> Any:
        answer = self.post(f"{API}/session", json={"name": name, "password": password})
        if answer.status_code == 200:
            self.csrf = answer.json()["csrf"]
        return answer


def client(app: FastAPI, role: str | None = None, base: str = BASE) -> Client:
    """A client of the app, signed in as the member of this role; the app's lifespan is not its concern."""
    found = Client(app, base_url=base, raise_server_exceptions=False)
    if role is not None:
        assert found.sign_in(NAMES[role]).status_code == 200
    return found


@contextmanager
def team_app(path: Path, **options: Any) -> Iterator[FastAPI]:
    """The app in team mode, running."""
    app = create_app(path, team=True, reader="rules", **options)
    with TestClient(app, base_url=BASE):
        yield app
