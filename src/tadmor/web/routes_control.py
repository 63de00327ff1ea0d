"""Who held what: the map of a day, and all places over time."""

from __future__ import annotations

from io import StringIO
from typing import Annotated

from fastapi import APIRouter, Query

from tadmor.publish import control_rows
from tadmor.web import control_index, schemas_control
from tadmor.web.answers import Answer, dumped, encoded
from tadmor.web.deps import Here, State
from tadmor.web.errors import Unfit
from tadmor.web.filters import Date, Name, checked_date
from tadmor.web.opened import Opened

router = APIRouter(prefix="/control", tags=["control"])
_GEOJSON = "application/geo+json"


@router.get(
    "",
    response_model=None,
    responses={
        200: {
            "model": schemas_control.ControlMap,
            "content": {_GEOJSON: {"schema": {"$ref": "#/components/schemas/ControlMap"}}},
        }
    },
)
def control(
    here: Here,
    state: State,
    on: Annotated[str, Query(max_length=40, description="The day of the map.", examples=["2016-12-11"])],
    according_to: Name = None,
    known_at: Date = None,
    country: Annotated[list[str] | None, Query(max_length=50, description="ISO 3166-1 alpha-2, as SY.")] = None,
) -> Answer:
    """Every place known on a day with who held it, as GeoJSON; ``according_to`` as one source alone tells it."""
    checked_date(on)
    codes = frozenset(c.upper() for c in country or ())
    if any(len(c) != 2 or not c.isalpha() for c in codes):
        raise Unfit("country", "is a code of two letters, as SY")
    known_at = checked_date(known_at or None)

    def make() -> bytes:
        stream = StringIO()
        control_rows.write_map(control_index.day_map(here, state, on, according_to or None, known_at, codes), stream)
        return encoded(stream.getvalue())

    body = here.once(state, ("map as text", on, according_to or None, known_at, codes), make)
    return Answer(body, media_type=_GEOJSON)


@router.get("/timelines", response_model=None, responses={200: {"model": schemas_control.Timelines}})
def timelines(here: Here, state: State, according_to: Name = None, known_at: Date = None) -> Answer:
    """All places over time in one answer, for a slider; ``known_at`` as it was known on a day."""
    return Answer(told(here, state, according_to or None, checked_date(known_at or None)))


def told(here: Opened, state: str, according_to: str | None, known_at: str | None) -> bytes:
    """All places over time, worked out once for a state."""

    def make() -> bytes:
        return dumped({"places": control_index.timelines(here, state, according_to, known_at)})

    return here.once(state, ("timelines", according_to, known_at), make)
