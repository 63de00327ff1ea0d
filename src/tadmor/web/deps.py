"""What routes ask of a request: the ledger, its state, and who decides."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends, Header, Request

from tadmor.web.errors import Problem
from tadmor.web.opened import Opened
from tadmor.web.team import Sights, asking_of, may
from tadmor.web.team_roles import Right


def _opened(request: Request) -> Opened:
    """The ledger as whoever asks may see it."""
    sights = _sights(request)
    return sights.public() if getattr(request.state, "sight", "") == "public" else sights.full


def _public(request: Request) -> Opened:
    return _sights(request).public()


def _full(request: Request) -> Opened:
    return _sights(request).full


def _sights(request: Request) -> Sights:
    found = request.app.state.sights
    assert isinstance(found, Sights)
    return found


def _state(request: Request) -> str:
    return str(request.state.ledger)


def _who(
    request: Request,
    given: Annotated[
        str | None,
        Header(
            alias="X-Tadmor-Who",
            max_length=600,
            description="Who decides, for the audit log; letters beyond ASCII as percent-encoded UTF-8. In team mode it is not "
            "looked at: who decides is the member.",
        ),
    ] = None,
) -> str:
    if request.app.state.team is not None:
        asking = asking_of(request)
        if asking is None:
            raise Problem(401, "sign in first")
        return asking.name
    name = " ".join(readable(given or "").split())
    if not name or not name.isprintable() or len(name) > 200:
        raise Problem(400, "it is not said who does this: send a name of up to 200 letters in the header X-Tadmor-Who")
    return name


def _may(request: Request) -> Callable[[Right], None]:
    return lambda right: may(request, right)


def readable(header: str) -> str:
    """The value of a header, which may hold UTF-8 as it is or percent-encoded."""
    with suppress(UnicodeError):
        header = header.encode("latin-1").decode("utf-8")
    return unquote(header)


Here = Annotated[Opened, Depends(_opened)]
Public = Annotated[Opened, Depends(_public)]
"""The ledger without what is withheld, whoever asks: for what leaves it as a file."""
Full = Annotated[Opened, Depends(_full)]
"""The ledger with what is withheld, for routes that only those may ask who see that."""
State = Annotated[str, Depends(_state)]
Who = Annotated[str, Depends(_who)]
May = Annotated[Callable[[Right], None], Depends(_may)]
"""Asks for a right beyond that of the route, where it hangs on what is sent. Raises Problem (403)."""
