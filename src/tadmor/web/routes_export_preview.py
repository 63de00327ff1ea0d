"""What an export would hold, told before it is taken."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import select

from tadmor.ledger import queries
from tadmor.ledger import tables as t
from tadmor.publish import exports
from tadmor.web import incident_list, routes_export
from tadmor.web.answers import Answer, dumped
from tadmor.web.deps import Full, Public, State
from tadmor.web.errors import Unfit
from tadmor.web.filters import Asked, Filters
from tadmor.web.opened import Opened
from tadmor.web.routes_export import Form, Of
from tadmor.web.schemas_control import Shape

router = APIRouter(prefix="/export", tags=["export"])
_OF_INCIDENTS = frozenset({"acled", "ucdp", "claimreview"})


class Preview(Shape):
    """What a file would hold: claims that fulfil the filters, how many of them people reviewed, of how many reports.

    ``incidents`` is null for a form that holds claims; ``left_out`` says what the form cannot hold, and why. It and ``bytes`` are
    null where the file is not made.
    """

    form: Form
    of: Of | None
    claims: int
    reviewed: int
    reports: int
    incidents: int | None
    bytes: int | None = Field(description="The size of the file.")
    left_out: list[str] | None = Field(examples=[["3 claims left out: no place that is resolved"]])
    withheld: bool = Field(description="Whether anything of this ledger is withheld, which is in no file.")


@router.get("/preview", response_model=None, responses={200: {"model": Preview}})
def preview(
    here: Public,
    full: Full,
    state: State,
    asked: Asked,
    form: Annotated[Form, Query(description="The form (docs/exports.md).")] = "jsonl",
    of: Annotated[Of | None, Query(description="Claims or incidents, for jsonl, csv, geojson and parquet.")] = None,
    owner: Annotated[str | None, Query(max_length=200, description="Whose reviews they are (claimreview).")] = None,
    measure: Annotated[
        bool, Query(description="False only counts, at once; true makes the file, which may take a while.")
    ] = True,
) -> Answer:
    """What an export would hold and leave out: the file is made, measured and thrown away."""
    if of and form not in exports.EITHER:
        raise Unfit("of", f"does not go with {form}, which is always of one of the two")

    def make() -> bytes:
        size, left_out = None, None
        if measure:
            file, size, note = routes_export.written(here, state, asked, form, of, owner)
            file.close()
            left_out = note.splitlines() if note else []
        counted = here.once(state, ("counted", asked), lambda: _counted(here, state, asked))
        of_incidents = form in _OF_INCIDENTS or of == "incidents"
        return dumped(
            {
                "form": form,
                "of": of,
                **counted,
                "incidents": _incidents(here, state, asked) if of_incidents else None,
                "bytes": size,
                "left_out": left_out,
                "withheld": here is not full,  # the public sight is another one only where something is withheld
            }
        )

    return Answer(here.once(state, ("preview", asked, form, of, owner, measure), make))


def _counted(here: Opened, state: str, asked: Filters) -> dict[str, Any]:
    """Claims that are told and fulfil the filters, those of them that people reviewed, and their reports."""
    told = routes_export.of_incidents(here, state, asked)
    c = t.claim.c
    stmt = (
        select(t.report.c.id, c.id, c.review)
        .select_from(queries.CLAIMS)
        .where(queries.CURRENT, queries.TOLD, *asked.of_claims().conditions())
    )
    with here.reading() as connection:
        rows = [row for row in connection.execute(stmt) if told is None or (row[0], row[1]) in told]
    return {
        "claims": len(rows),
        "reviewed": sum(review is not None for _, _, review in rows),
        "reports": len({report for report, _, _ in rows}),
    }


def _incidents(here: Opened, state: str, asked: Filters) -> int:
    """How many incidents fulfil the filters."""
    _, _, total = incident_list.listing(here, state, asked, cursor=None, limit=1, order="oldest")
    return total if total is not None else sum(1 for _ in incident_list.all_made(here, state, asked))
