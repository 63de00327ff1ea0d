"""What routes ask of a request: the ledger, its state, and who decides."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends, Header, Request

from tadmor.web.errors import Problem
from tadmor.web.opened import Opened


def _opened(request: Request) -> Opened:
    found = request.app.state.opened
    assert isinstance(found, Opened)
    return found


def _state(request: Request) -> str:
    return str(request.state.ledger)


def _who(
    given: Annotated[
        str | None,
        Header(
            alias="X-Tadmor-Who",
            max_length=600,
            description="Who decides, for the audit log; letters beyond ASCII as percent-encoded UTF-8.",
        ),
    ] = None,
) -> str:
    name = " ".join(readable(given or "").split())
    if not name or not name.isprintable() or len(name) > 200:
        raise Problem(400, "it is not said who does this: send a name of up to 200 letters in the header X-Tadmor-Who")
    return name


def readable(header: str) -> str:
    """The value of a header, which may hold UTF-8 as it is or percent-encoded."""
    with suppress(UnicodeError):
        header = header.encode("latin-1").decode("utf-8")
    return unquote(header)


Here = Annotated[Opened, Depends(_opened)]
State = Annotated[str, Depends(_state)]
Who = Annotated[str, Depends(_who)]
