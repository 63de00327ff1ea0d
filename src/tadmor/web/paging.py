"""Pages: a cursor says after which item the next page begins, by the key that the list is sorted by.

So a page neither loses nor doubles an item when others are added meanwhile; an item whose key changes between two pages may be
met twice or not at all.
"""

from __future__ import annotations

import base64
import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query

from tadmor.web.errors import Unfit

T = TypeVar("T")
Key = tuple[Any, ...]

MOST, USUAL = 500, 50

Cursor = Annotated[
    str | None, Query(max_length=2000, description="`next` of the page before; leave it out for the first page.")
]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many items at most.")]


def pack(key: Key) -> str:
    """A key as an opaque cursor."""
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def unpack(cursor: str | None, *kinds: type | tuple[type, ...]) -> Key | None:
    """The key of a cursor, whose parts are of these kinds. Raises Unfit for a cursor that no page gave."""
    if cursor is None:
        return None
    try:
        given = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError) as error:
        raise Unfit("cursor", "is none that a page gave") from error
    if not isinstance(given, list) or len(given) != len(kinds):
        raise Unfit("cursor", "is of another list")
    for part, kind in zip(given, kinds, strict=True):
        if not isinstance(part, kind) or (isinstance(part, bool) and kind is int):
            raise Unfit("cursor", "is of another list")
        if isinstance(part, int) and abs(part) >= 2**63:
            raise Unfit("cursor", "is none that a page gave")
    return tuple(given)


def page(
    items: Sequence[T], key: Callable[[T], Key], cursor: str | None, limit: int, *kinds: type | tuple[type, ...]
) -> tuple[Sequence[T], str | None]:
    """A page of a sorted list, and the cursor of the next; None at the end. Raises Unfit."""
    after = unpack(cursor, *kinds)
    start = 0 if after is None else bisect_right(items, after, key=key)
    shown = items[start : start + limit]
    more = start + limit < len(items)
    return shown, pack(key(shown[-1])) if more else None
