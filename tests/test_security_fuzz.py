"""Whatever fits or misfits the API's document is answered, and never by a fault of the app (schemathesis).

`make test` sends a few of them to each operation; `make fuzz` sends 300 (or as many as TADMOR_FUZZ says).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, openapi

from team_made import Client, cheap, client, made, team_app
from test_web_made import BASE

EXAMPLES = int(os.environ.get("TADMOR_FUZZ", "4"))
_APART = frozenset({("post", "/api/v1/session/password"), ("delete", "/api/v1/session"), ("post", "/api/v1/purges")})
"""What would end the session that asks, or takes a second each: these are asked fewer times, by a session of their own."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with pytest.MonkeyPatch.context() as patch:
        cheap(patch)
        with team_app(made(tmp_path_factory.mktemp("team") / "team.db")) as found:
            yield found


@pytest.fixture(scope="module")
def schema(app: FastAPI) -> Any:
    return openapi.from_dict(app.openapi())


def operations() -> list[tuple[str, str]]:
    """Method and path of every operation, as the document of an app on no ledger in particular has them."""
    from tadmor.web.team_roles import ROUTES

    return [(method.lower(), f"/api/v1{path}") for method, path in ROUTES]


def sent(here: Client, case: Any) -> Any:
    """The answer to a generated request, sent as it is but for what no client can put on the wire."""
    asked = case.as_transport_kwargs(base_url=BASE)
    headers = {
        k: v
        for k, v in dict(asked.pop("headers") or {}).items()
        if k.lower() not in ("host", "content-length", "transfer-encoding", "user-agent", "cookie", "authorization")
    }
    given_ = {k: v for k, v in asked.items() if k in ("params", "json", "data", "files") and v is not None}
    if isinstance(given_.get("files"), list):
        given_["files"] = [(name, _part(part)) for name, part in given_["files"]]
    if isinstance(given_.get("data"), str | bytes):
        given_["content"] = given_.pop("data")
    try:
        return here.request(asked["method"], asked["url"], headers=headers, **given_)
    except (UnicodeEncodeError, TypeError):  # the client itself cannot send it
        return None


def _part(part: Any) -> Any:
    """A part of a form as the client can send it: what is no text or file goes as text."""
    if isinstance(part, tuple):
        return (part[0], _part(part[1]), *part[2:])
    return part if isinstance(part, str | bytes) else str(part)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), operations(), ids=lambda x: str(x))
def test_no_request_breaks_the_app(app: FastAPI, schema: Any, method: str, path: str) -> None:
    operation = schema[path][method]
    apart = (method, path) in _APART
    here = client(app, "admin")

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @settings(
            max_examples=max(1, min(EXAMPLES, 20) if apart else EXAMPLES // 2),
            deadline=None,
            database=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            asking = client(app, "admin") if apart else here
            answer = sent(asking, case)
            if answer is None:
                return
            assert answer.status_code < 500, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
            assert answer.headers["x-content-type-options"] == "nosniff"
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == "application/problem+json"

        try:
            ask()
        except Unsatisfiable:  # nothing about this operation can be asked amiss
            assert mode is GenerationMode.NEGATIVE
