"""The forms in which a ledger is exported, and how each is written. What cannot be written is left out, counted and named."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TextIO, TypeVar, cast

from tadmor.errors import BadChoice
from tadmor.model import Account, ClaimRef, Incident, Reading, Report
from tadmor.publish import csv_, geojson, jsonl
from tadmor.publish.plural import many
from tadmor.publish.rows import LeftOut
from tadmor.publish.wire import incident_to_record
from tadmor.publish.world import World
from tadmor.record import to_record

FORMS = ("jsonl", "csv", "geojson", "acled", "ucdp", "parquet", "annotations", "claimreview")
OF = ("claims", "incidents")
BINARY = frozenset({"parquet"})
"""Forms that are written to a binary stream."""
EITHER = frozenset({"jsonl", "csv", "geojson", "parquet"})
"""Forms that hold claims or incidents, as asked for; the others hold one of the two."""

CLAIMS_ALONE = frozenset({"annotations"})
"""Forms that hold nothing but claims."""

Told = tuple[Incident, Sequence[Account]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to export, each asked for only by the forms that need it, and already filtered.

    ``chosen`` gives the claims that fulfil the filters, or None when there are no filters; ``readings`` are whole.
    """

    readings: Callable[[], Iterable[Reading]]
    accounts: Callable[[], Iterable[Account]]
    incidents: Callable[[], Iterable[Told]]
    chosen: Callable[[], set[ClaimRef] | None]
    world: Callable[[], World]


@dataclass(slots=True)
class _Left:
    """What was left out, by reason, and what failed, with the first error."""

    noun: str
    reasons: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    error: str = ""

    def each(self, items: Iterable[T], make: Callable[[T], Iterable[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
        """The rows of the items; an item whose rows cannot be made is counted and the rest go on."""
        for item in items:
            try:
                rows = list(make(item))
            except LeftOut as reason:
                self.reasons[str(reason)] += 1
            except Exception as error:  # one damaged item must not stop the export of the others
                self.failed += 1
                self.error = self.error or f"{type(error).__name__}: {error}"
            else:
                yield from rows

    def note(self) -> str | None:
        """One line for each reason; None when nothing was left out."""
        lines = [_left_out(n, self.noun, reason) for reason, n in sorted(self.reasons.items())]
        if self.failed:
            lines.append(_left_out(self.failed, self.noun, f"cannot be written; the first: {self.error}"))
        return "\n".join(lines) or None


def _left_out(number: int, noun: str, reason: str) -> str:
    return f"{many(number, noun)} left out: {reason}"


def of_incidents(form: str, of: str | None) -> bool:
    """Whether a form holds incidents, as asked for, rather than claims."""
    return of == "incidents" if form in EITHER else form not in CLAIMS_ALONE


def write(
    form: str, stream: TextIO | BinaryIO, material: Material, *, of: str | None = None, owner: str | None = None
) -> str | None:
    """Write one form (:data:`FORMS`) to the stream; returns what was left out, a line for each reason, or None.

    ``of`` chooses claims or incidents where a form can hold either; jsonl without it holds whole readings, the others claims.
    ``owner`` is who stands for the reviews. Raises BadChoice for another form, for ``of`` where it does not fit, and for
    parquet on a stream of text.
    """
    if form not in FORMS:
        raise BadChoice(f"no such form: {form!r}; they are {', '.join(FORMS)}")
    if of is not None and (of not in OF or form not in EITHER):
        raise BadChoice(
            f"{form} is always of {'claims' if form in CLAIMS_ALONE else 'incidents'}"
            if of in OF
            else f"an export is of claims or incidents, not of {of!r}"
        )
    if form in BINARY:
        if isinstance(stream, io.TextIOBase):
            raise BadChoice(f"{form} is binary and cannot be written to a stream of text")
        return _parquet(cast(BinaryIO, stream), material, of)
    text = cast(TextIO, stream)
    if form in ("acled", "ucdp"):
        return _codebook(form, text, material)
    if form == "annotations":
        return _annotations(text, material)
    if form == "claimreview":
        return _reviews(text, material, owner)
    return _incidents(form, text, material) if of == "incidents" else _claims(form, text, material, of)


def _claims(form: str, stream: TextIO, material: Material, of: str | None) -> str | None:
    if form == "jsonl" and of is None:
        left = _Left("report")
        for row in left.each(material.readings(), lambda r: [to_record(r)]):
            jsonl.write(row, stream)
        return left.note()
    if form == "jsonl":
        left = _Left("report")
        chosen = material.chosen()
        for row in left.each(material.readings(), lambda r: _claim_records(r, chosen)):
            jsonl.write(row, stream)
        return left.note()
    left = _Left("claim")
    if form == "csv":
        rows = left.each(material.accounts(), lambda a: [csv_.claim_row(a)])
        csv_.write_rows(rows, csv_.CLAIM_COLUMNS, stream)
    else:
        geojson.write(left.each(material.accounts(), geojson.claim_features), stream)
    return left.note()


def _claim_records(reading: Reading, chosen: set[ClaimRef] | None) -> Iterator[dict[str, Any]]:
    """The claims of a reading as they stand in its record, each with the report that it is from."""
    for claim in to_record(reading)["claims"]:
        if chosen is None or ClaimRef(reading.report.id, claim["id"]) in chosen:
            mark = {"retracted": reading.report.retracted} if reading.report.retracted is not None else {}
            yield {"report": reading.report.id, **claim, **mark}


def _incidents(form: str, stream: TextIO, material: Material) -> str | None:
    left = _Left("incident")
    if form == "geojson":
        geojson.write(left.each(material.incidents(), lambda told: geojson.incident_features(*told)), stream)
    elif form == "csv":
        rows = left.each(material.incidents(), lambda told: [csv_.incident_row(*told)])
        csv_.write_rows(rows, csv_.INCIDENT_COLUMNS, stream)
    else:
        for row in left.each(
            material.incidents(), lambda told: [incident_to_record(told[0], {a.ref: a for a in told[1]})]
        ):
            jsonl.write(row, stream)
    return left.note()


def _parquet(stream: BinaryIO, material: Material, of: str | None) -> str | None:
    from tadmor.publish import parquet

    if of == "incidents":
        left = _Left("incident")
        rows = left.each(material.incidents(), lambda told: [parquet.incident_row(*told)])
        parquet.write(rows, parquet.incident_schema(), stream)
    else:
        left = _Left("claim")
        rows = left.each(material.accounts(), lambda a: [parquet.claim_row(a)])
        parquet.write(rows, parquet.claim_schema(), stream)
    return left.note()


def _codebook(form: str, stream: TextIO, material: Material) -> str | None:
    from tadmor.publish import acled, ucdp

    make = acled.row if form == "acled" else ucdp.row
    columns = (*acled.COLUMNS, *acled.OWN) if form == "acled" else (*ucdp.COLUMNS, *ucdp.OWN)
    world, left = material.world(), _Left("incident")
    rows = left.each(material.incidents(), lambda told: [make(told[0], told[1], world)])
    csv_.write_rows(rows, columns, stream)
    return left.note()


def _annotations(stream: TextIO, material: Material) -> str | None:
    from tadmor.publish import annotations

    chosen, left = material.chosen(), _Left("claim")
    claims = (
        (reading, claim)
        for reading in material.readings()
        for claim in reading.claims
        if chosen is None or ClaimRef(reading.report.id, claim.id) in chosen
    )
    annotations.write(left.each(claims, lambda pair: [annotations.annotation(*pair)]), stream, "Claims of a ledger")
    return left.note()


def _reviews(stream: TextIO, material: Material, owner: str | None) -> str | None:
    from tadmor.publish import claimreview

    world, left = material.world(), _Left("incident")

    def reports(report: str) -> Report | None:
        reading = world.reading(report)
        return reading.report if reading else None

    def make(told: Told) -> Iterator[dict[str, Any]]:
        return claimreview.reviews(told[0], told[1], reports, owner=owner, reliability=world.reliability)

    rows = left.each(material.incidents(), make)
    claimreview.write(rows, stream)
    return left.note()
