"""Files for other programs: what the filters leave, in every form."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any, BinaryIO, Literal, TextIO, cast

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from tadmor.errors import LedgerError
from tadmor.ledger import grouping, rating
from tadmor.ledger import tables as t
from tadmor.ledger.kept import chunks
from tadmor.model import Account, ClaimRef, Incident, Reading
from tadmor.publish import exports
from tadmor.publish.world import World
from tadmor.reconcile.incidents import incident
from tadmor.web import incident_list
from tadmor.web.deps import Public, State
from tadmor.web.errors import Unfit
from tadmor.web.filters import Asked, Filters
from tadmor.web.opened import Opened

router = APIRouter(prefix="/export", tags=["export"])

Form = Literal["jsonl", "csv", "geojson", "acled", "ucdp", "parquet", "annotations", "claimreview"]
Of = Literal["claims", "incidents"]
_KINDS = {
    "jsonl": ("application/x-ndjson", "jsonl"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "geojson": ("application/geo+json", "geojson"),
    "acled": ("text/csv; charset=utf-8", "csv"),
    "ucdp": ("text/csv; charset=utf-8", "csv"),
    "parquet": ("application/vnd.apache.parquet", "parquet"),
    "annotations": ("application/ld+json", "jsonld"),
    "claimreview": ("application/ld+json", "jsonld"),
}
_IN_MEMORY = 4_000_000  # bytes; what is more goes to a temporary file
_CHUNK = 1 << 16


@router.get(
    "",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}},
)
def export(
    here: Public,
    state: State,
    asked: Asked,
    form: Annotated[Form, Query(description="The form (docs/exports.md).")] = "jsonl",
    of: Annotated[Of | None, Query(description="Claims or incidents, for jsonl, csv, geojson and parquet.")] = None,
    owner: Annotated[str | None, Query(max_length=200, description="Whose reviews they are (claimreview).")] = None,
) -> StreamingResponse:
    """What fulfils the filters and is not withheld, as a file; ``X-Tadmor-Left-Out`` says what the form cannot hold, and why."""
    if of and form not in exports.EITHER:
        raise Unfit("of", f"does not go with {form}, which is always of one of the two")
    file, size, note = written(here, state, asked, form, of, owner)
    kind, ending = _KINDS[form]
    what = of or ("claims" if form in ("csv", "geojson", "parquet", "annotations") else "readings")
    name = f"tadmor-{form if form in ('acled', 'ucdp', 'annotations', 'claimreview') else what}.{ending}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "content-length": str(size)}
    if note:
        headers["x-tadmor-left-out"] = _one_line(note)
    return StreamingResponse(_sent(file), media_type=kind, headers=headers)


def written(
    here: Opened, state: str, asked: Filters, form: Form, of: Of | None, owner: str | None
) -> tuple[BinaryIO, int, str | None]:
    """The file, its size in bytes, and what was left out of it; it is at its beginning, and the caller closes it."""
    file = cast(BinaryIO, tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - it is closed when all of it is sent
    try:
        material = _material(here, state, asked)
        if form in exports.BINARY:
            note = exports.write(form, file, material, of=of, owner=owner)
        else:
            # Half a surrogate pair, which UTF-8 cannot carry, becomes a question mark, as on the command line.
            text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")
            note = exports.write(form, cast(TextIO, text), material, of=of, owner=owner)
            text.flush()
            text.detach()
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file, size, note


def _sent(file: Any) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _one_line(note: str) -> str:
    text = "; ".join(note.splitlines())[:1000]
    return "".join(c if " " <= c <= "~" else "?" for c in text)


def _material(here: Opened, state: str, asked: Filters) -> exports.Material:
    """What there is to export; of side and credibility, which are asked of incidents, the claims of those that fulfil them."""
    of_claims: dict[str, Any] = {
        "place": asked.place,
        "start": asked.start,
        "end": asked.end,
        "source": asked.source,
        "types": list(asked.types) or None,
        "reviewed": asked.reviewed,
    }

    def accounts() -> Iterator[Account]:
        kept = of_incidents(here, state, asked)
        for account in here.store.accounts(**of_claims):
            if kept is None or (account.ref.report, account.ref.claim) in kept:
                yield account

    def chosen() -> set[ClaimRef] | None:
        return None if asked.none else {a.ref for a in accounts()}

    def readings() -> Iterator[Reading]:
        graded = asked.side is not None or asked.credibility is not None
        reports = {a.ref.report for a in accounts()} if graded else None
        for reading in here.store.readings(**of_claims):
            if reports is None or reading.report.id in reports:
                yield reading

    return exports.Material(
        readings=readings,
        accounts=accounts,
        incidents=lambda: _incidents(here, state, asked),
        chosen=chosen,
        world=lambda: _world(here),
    )


def of_incidents(here: Opened, state: str, asked: Filters) -> set[tuple[str, str]] | None:
    """The claims of incidents that fulfil what is asked of incidents, by report and claim id; None when nothing is."""
    if asked.side is None and asked.credibility is None:
        return None
    return incident_list.claims_of(here, state, replace(asked, types=()))


def _incidents(here: Opened, state: str, asked: Filters) -> Iterator[tuple[Incident, list[Account]]]:
    """The incidents that fulfil the filters with their accounts, the oldest first."""
    plain = not asked.types and asked.side is None and asked.credibility is None
    chosen = None if plain else {m.id for m in incident_list.all_made(here, state, asked)}
    wanted = [g for g in incident_list.candidates(here, state, asked, "oldest") if chosen is None or g.id in chosen]
    for batch in chunks(wanted, 200):
        with here.reading() as connection:
            letters = rating.reliability(connection)
            condition = t.member.c.incident.in_([g.key for g in batch])
            found = {}
            for accounts in grouping.groups(connection, [condition]):
                made = incident(accounts, reliability=letters)
                if made is not None:
                    found[made.id] = made, accounts
        yield from (found[g.id] for g in batch if g.id in found)


def _world(here: Opened) -> World:
    @lru_cache(maxsize=256)
    def reading(report: str) -> Reading | None:
        try:
            return here.store.reading(report)
        except LedgerError:
            return None

    return World(here.resources.registry, here.resources.gazetteer, reading, here.store.reliability())
