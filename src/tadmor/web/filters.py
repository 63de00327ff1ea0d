"""The filters that lists share, with the names and meanings of the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from tadmor import edtf, taxonomy
from tadmor.ledger import queries
from tadmor.publish.periods import ends, widened, window
from tadmor.web.errors import Unfit
from tadmor.web.making import Made

NAMED = "name:"
"""What the key of a place begins with that is known by its name only."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; None, and no types, ask nothing. ``start`` and ``end`` are EDTF and known to be in form."""

    place: str | None = None
    start: str | None = None
    end: str | None = None
    types: tuple[str, ...] = ()
    source: str | None = None
    side: str | None = None
    credibility: int | None = None
    reviewed: bool | None = None

    @property
    def none(self) -> bool:
        """Whether nothing is asked."""
        return self == Filters()

    def of_claims(self, *, wide: bool = False) -> queries.Filters:
        """The filters of claims; ``wide`` with ten days more at either end, as claims of one incident may date it apart."""
        start, end = widened(self.start, self.end) if wide else (self.start, self.end)
        types = None if wide else list(self.types) or None
        return queries.Filters(
            place=self.place, start=start, end=end, source=self.source, types=types, reviewed=self.reviewed
        )

    def takes(self, made: Made) -> bool:
        """Whether an incident fulfils what is asked of incidents as such."""
        if self.types and made.type not in self.types:
            return False
        if self.side is not None and self.side.casefold() not in made.sides:
            return False
        return self.credibility is None or made.admiralty <= self.credibility

    def dated(self, date: str | None) -> bool:
        """Whether the date of an incident has a day in common with the period; one without a date never has."""
        period = window(self.start, self.end)
        return period is None or (date is not None and edtf.overlap(date, period))


Date = Annotated[
    str | None, Query(max_length=40, description="A day, month or year (2016-12-11, 2016-12, 2016), or an interval.")
]
Name = Annotated[str | None, Query(max_length=400)]


def checked_date(value: str | None) -> str | None:
    """The date, once it is known to be one. Raises BadDate."""
    if value is not None:
        edtf.bounds(value)
    return value


def checked_types(types: Sequence[str]) -> tuple[str, ...]:
    """The claim types, once they are known to be some. Raises Unfit."""
    for name in types:
        if name not in taxonomy.types():
            raise Unfit("type", f"{name[:80]!r} is none; they are {', '.join(taxonomy.types())}")
    return tuple(sorted(set(types)))


def place_meant(place: str | None) -> str | None:
    """The name or identity of a place that is given as a name, an identity, or a key of the list of places."""
    return place.removeprefix(NAMED) if place else None


def filters(
    place: Annotated[
        str | None, Query(max_length=400, description="A place, by any of its names, its identity or its key.")
    ] = None,
    start: Annotated[str | None, Query(alias="from", max_length=40, description="First day, month or year.")] = None,
    end: Annotated[str | None, Query(alias="to", max_length=40, description="Last day, month or year.")] = None,
    type: Annotated[
        list[str] | None, Query(max_length=100, description="A claim type; may be given more than once.")
    ] = None,
    source: Annotated[
        str | None, Query(max_length=400, description="Who says so, by any name or the identity.")
    ] = None,
    side: Annotated[
        str | None, Query(max_length=200, description="A side for which somebody tells the incident.")
    ] = None,
    credibility: Annotated[
        int | None, Query(ge=1, le=6, description="Admiralty credibility of the incident, at least as good as this.")
    ] = None,
    reviewed: Annotated[
        bool | None,
        Query(description="With a claim that people reviewed (true), or with one that they have not (false)."),
    ] = None,
) -> Filters:
    """The filters of a request. Raises BadDate, Unfit."""
    ends(start or None, end or None)
    return Filters(
        place=place_meant(place),
        start=start or None,
        end=end or None,
        types=checked_types(type or ()),
        source=source or None,
        side=side or None,
        credibility=credibility,
        reviewed=reviewed,
    )


Asked = Annotated[Filters, Depends(filters)]
