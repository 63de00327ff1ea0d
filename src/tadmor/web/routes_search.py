"""Search."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from tadmor.web import schemas
from tadmor.web.answers import Answer, listed
from tadmor.web.deps import Here, State
from tadmor.web.filters import Asked
from tadmor.web.paging import Cursor, Limit
from tadmor.web.search import search

router = APIRouter(prefix="/search", tags=["search"])


@router.get("", response_model=None, responses={200: {"model": schemas.FoundPage}})
def found(
    here: Here,
    state: State,
    asked: Asked,
    q: Annotated[str, Query(max_length=200, description="Words that must all stand in one sentence, or names.")] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Answer:
    """Sentences that hold all words, the newest first, before them on the first page places, sources and incidents.

    After them come those that state a claim about somebody or some place that is known by a name asked for (``meant``).
    """
    items, following = search(here, state, q, asked, cursor, limit)
    return listed(items, following)
