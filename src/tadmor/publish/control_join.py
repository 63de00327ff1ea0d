"""Tables of points, each with who held the place on the day: what ``tadmor control --join`` adds to a row."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tadmor import edtf
from tadmor.model import ClaimRef, ControlInterval, Place
from tadmor.publish import wire
from tadmor.reconcile import ControlIndex


def joined(
    rows: Iterable[Mapping[str, Any]], index: ControlIndex, *, according_to: str | None, known_at: str | None
) -> Iterator[dict[str, Any]]:
    """Each row with holder, status, since, credibility, sources and claims; see ``tadmor.Ledger.join``."""
    answers = Answers()
    for row in rows:
        on = str(row.get("on") or "")
        held = None
        if edtf.valid(on):
            place = Place(
                str(row.get("place") or ""),
                lat=_float(row.get("lat")),
                lon=_float(row.get("lon")),
                country=row.get("country") or None,
            )
            held = index.first_on(place, on, according_to=according_to, known_at=known_at)
        yield dict(row) | answers.to(held)


class Answers:
    """What is said of a row, worked out once for each interval; the record of each claim is made once for all."""

    most = 16_384  # intervals, by their identity: to hash one is to hash all its claims

    def __init__(self) -> None:
        self._made: dict[int, tuple[ControlInterval, dict[str, Any]]] = {}
        self._records: dict[ClaimRef, dict[str, str]] = {}

    def to(self, held: ControlInterval | None) -> dict[str, Any]:
        """The columns to add, in lists of their own."""
        if held is None:
            return {
                "holder": None,
                "status": "unknown",
                "since": None,
                "credibility": None,
                "sources": [],
                "claims": [],
            }
        kept = self._made.get(id(held))
        if kept is None:
            if len(self._made) >= self.most:
                self._made.clear()
            kept = self._made[id(held)] = held, self._answer(held)
        answer = kept[1]
        return answer | {"sources": answer["sources"][:], "claims": answer["claims"][:]}

    def _answer(self, held: ControlInterval) -> dict[str, Any]:
        for ref in held.claims:
            if ref not in self._records:
                self._records[ref] = wire.ref_to_record(ref)
        return {
            "holder": held.holder,
            "status": held.status,
            "since": held.start,
            "credibility": held.credibility.admiralty,
            "sources": list(held.sources),
            "claims": [self._records[ref] for ref in held.claims],
        }


def _float(value: Any) -> float | None:
    if value is None or value == "":  # most rows have no coordinates
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
