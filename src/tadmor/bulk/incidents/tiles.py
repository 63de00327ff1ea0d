"""Tiles: where and when an account belongs, as one number that sorts by month and then by place.

A tile is a month and a cell of one degree of latitude and longitude. Accounts without a day belong to the month of their report,
those without a point on the map to a cell of their own; a tile says nothing about what is compared with what.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from tadmor.reconcile.days import FAR
from tadmor.reconcile.names import is_country
from tadmor.reconcile.traits import Traits

_CELLS = 1 << 17  # cells of the world, and room for what has none
_NOWHERE = 360 * 180


def tile(item: Traits) -> int:
    """The tile of an account."""
    days, told = item.days, item.told
    day = days[0] if days and days[0] > 1 else days[1] if days and days[1] != FAR else told
    month = 0
    if day is not None:
        date = dt.date.fromordinal(min(max(1, day), FAR))
        month = date.year * 12 + date.month
    point = next(
        ((p.lat, p.lon) for p in item.places if p.lat is not None and p.lon is not None and not is_country(p)), None
    )
    return month * _CELLS + (_NOWHERE if point is None else _cell(*point))


def _cell(lat: float, lon: float) -> int:
    row, column = math.floor(lat + 90.0), math.floor(lon + 180.0)
    return min(max(row, 0), 179) * 360 + column % 360


def grouped(counts: Mapping[int, int], size: int) -> list[int]:
    """The first tile of each group of tiles: neighbours in order, so many that a group has about ``size`` accounts."""
    bounds: list[int] = []
    held = size
    for at in sorted(counts):
        if held >= size:
            bounds.append(at)
            held = 0
        held += counts[at]
    return bounds


def group_of(at: int, bounds: Sequence[int]) -> int:
    """The group of tiles in which a tile is; the first for what lies before it."""
    return max(0, bisect_right(bounds, at) - 1)
