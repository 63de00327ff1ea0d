"""Errors as problem+json (RFC 9457): every one has type, title, status and detail, written for whoever reads it."""

from __future__ import annotations

import http
import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tadmor.errors import BadDate, InputError, LedgerError, MissingResource, TadmorError
from tadmor.web.answers import dumped

TYPE = "application/problem+json"
_log = logging.getLogger("tadmor.web")


class Problem(Exception):  # noqa: N818 - reads as the state it is
    """Something that is answered with a status of its own."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.more = status, detail, headers, more


class Unfit(Problem):
    """A value of the request that will not do: which, and why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(422, f"{name} {why}", errors=[{"where": name, "why": why}])


def problem(
    status: int, detail: str, *, headers: Mapping[str, str] | None = None, more: Mapping[str, Any] | None = None
) -> Response:
    """An error as an answer."""
    try:
        title = http.HTTPStatus(status).phrase
    except ValueError:
        title = "Error"
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **(more or {})}
    return Response(dumped(body), status, dict(headers or {}), TYPE)


def register(app: FastAPI) -> None:
    """Have every error of the app answered as a problem."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(TadmorError, _known)
    app.add_exception_handler(SQLAlchemyError, _busy)


def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem(error.status, error.detail, headers=error.headers, more=error.more)


def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = str(error.detail)
    if error.status_code == 404 and said == "Not Found":
        said = "there is nothing at this address"
    if error.status_code == 405:
        said = "this address does not take that method"
    return problem(error.status_code, said, headers=error.headers)


def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = []
    for e in error.errors():
        where = ".".join(str(part) for part in e["loc"][1:]) or str(e["loc"][0])
        found.append({"where": where, "why": str(e["msg"])})
    detail = "; ".join(f"{e['where']}: {e['why']}" for e in found) or "the request is not in form"
    return problem(422, detail, more={"errors": found})


def _known(request: Request, error: Exception) -> Response:
    detail = str(error)
    if isinstance(error, BadDate):
        return problem(422, f"{detail}; write 2016-12-11, 2016-12 or 2016")
    if isinstance(error, LedgerError):
        if error.__cause__ is not None:  # the database itself
            return problem(503, detail)
        return problem(404 if request.method in ("GET", "HEAD") else 409, detail)
    if isinstance(error, MissingResource):
        return problem(503, detail)
    return problem(422 if isinstance(error, InputError) else 500, detail)


def _busy(_: Request, error: Exception) -> Response:
    _log.error("the database gave no answer", exc_info=error)
    return problem(503, "the ledger gave no answer; try again in a moment")


def failed(error: Exception) -> Response:
    """The answer to a request on which the app broke: what went wrong stays in the log of whoever runs it."""
    _log.error("a request failed", exc_info=error)
    return problem(500, "the app failed on this request; the terminal in which it runs says more")
