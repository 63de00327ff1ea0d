"""The record format: a reading as the JSON object that ``tadmor read --format jsonl`` prints, and back again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tadmor.errors import InputError
from tadmor.model import (
    Attribution,
    Claim,
    ControlStatement,
    Count,
    Failure,
    Mention,
    Passage,
    ReaderInfo,
    Reading,
    Relation,
    Report,
    Source,
    Span,
)

_RESOLVED = ("entity", "name", "kind", "side", "lat", "lon", "country", "value", "min", "max", "unit", "radius_km")

_RELATION = ("kind", "direction", "distance_km", "lat", "lon", "radius_km", "of")


def to_record(reading: Reading) -> dict[str, Any]:
    """The reading as plain data, keys in the order of the format."""
    unread = {"unread": reading.unread} if reading.unread else {}  # the reason; the first warning says it in words
    return {
        "report": report_to_record(reading.report),
        "reader": {"name": reading.reader.name, "version": reading.reader.version},
        **unread,
        "mentions": [_mention(m) for m in reading.mentions],
        "attributions": [_attribution(a) for a in reading.attributions],
        "claims": [claim_to_record(c) for c in reading.claims],
        "control": [_control(c) for c in reading.control],
        "warnings": list(reading.warnings),
    }


def failure_to_record(failure: Failure) -> dict[str, Any]:
    """The line that stands for an input that could not be read."""
    return {"report": {"id": failure.id, "path": failure.path}, "error": failure.error}


def report_to_record(report: Report) -> dict[str, Any]:
    """A report as plain data."""
    row: dict[str, Any] = {
        "id": report.id,
        "path": report.path,
        "title": report.title,
        "url": report.url,
        "publisher": report.publisher,
        "language": report.language,
        "published": report.published,
        "published_basis": report.published_basis,
        "text": report.text,
        "passages": [_passage(p) for p in report.passages],
    }
    if report.metadata:
        row["metadata"] = dict(report.metadata)
    if report.retracted is not None:
        row["retracted"] = report.retracted
    return row


def claim_to_record(claim: Claim) -> dict[str, Any]:
    """A claim as plain data."""
    return {
        "id": claim.id,
        "type": claim.type,
        "certainty": claim.certainty,
        "start": claim.start,
        "end": claim.end,
        "text": claim.text,
        "also": [_span(s) for s in claim.also],
        "trigger": _span(claim.trigger) if claim.trigger else None,
        "sources": [list(chain) for chain in claim.sources],
        "source_names": [list(chain) for chain in claim.source_names],
        "actors": list(claim.actors),
        "actor_names": list(claim.actor_names),
        "targets": list(claim.targets),
        "target_names": list(claim.target_names),
        "places": list(claim.places),
        "place_names": list(claim.place_names),
        "times": list(claim.times),
        "date": claim.date,
        "counts": [
            {"what": n.what, "min": n.min, "max": n.max, "approx": n.approx, "of": n.of, "mention": n.mention}
            for n in claim.counts
        ],
        "codes": {"acled": claim.acled, "plover": claim.plover},
        "score": claim.score,
    }


def from_record(row: Mapping[str, Any]) -> Reading:
    """The reading that :func:`to_record` wrote. Raises InputError when the row is no reading."""
    try:
        return _from_record(row)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(f"no record of a reading: {type(error).__name__}: {error}") from error


def _from_record(row: Mapping[str, Any]) -> Reading:
    reader = row["reader"]
    return Reading(
        report=report_from_record(row["report"]),
        reader=ReaderInfo(reader["name"], reader["version"]),
        mentions=tuple(_mention_from(m) for m in row["mentions"]),
        attributions=tuple(_attribution_from(a) for a in row["attributions"]),
        claims=tuple(claim_from_record(c) for c in row["claims"]),
        control=tuple(
            ControlStatement(
                c["place"], c["holder"], c["status"], c["as_of"], tuple(c["claims"]), c.get("disputed", False)
            )
            for c in row.get("control", ())
        ),
        warnings=tuple(row.get("warnings", ())),
    )


def report_from_record(row: Mapping[str, Any]) -> Report:
    """The report that :func:`report_to_record` wrote."""
    return Report(
        id=row["id"],
        text=row["text"],
        title=row.get("title") or "",
        path=row.get("path"),
        url=row.get("url"),
        publisher=row.get("publisher"),
        language=row.get("language"),
        published=row.get("published"),
        published_basis=row.get("published_basis", "none"),
        passages=tuple(
            Passage(p["start"], p["end"], p["kind"], p.get("repeats"), p.get("page")) for p in row.get("passages", ())
        ),
        metadata=dict(row.get("metadata") or {}),
        retracted=row.get("retracted"),
    )


def claim_from_record(row: Mapping[str, Any]) -> Claim:
    """The claim that :func:`claim_to_record` wrote."""
    codes = row.get("codes") or {}
    return Claim(
        id=row["id"],
        type=row["type"],
        certainty=row["certainty"],
        start=row["start"],
        end=row["end"],
        text=row["text"],
        trigger=_span_from(row.get("trigger")),
        also=_spans_from(row.get("also", ())),
        sources=_chains(row.get("sources", ())),
        source_names=_chains(row.get("source_names", ())),
        actors=tuple(row.get("actors", ())),
        actor_names=tuple(row.get("actor_names", ())),
        targets=tuple(row.get("targets", ())),
        target_names=tuple(row.get("target_names", ())),
        places=tuple(row.get("places", ())),
        place_names=tuple(row.get("place_names", ())),
        times=tuple(row.get("times", ())),
        date=row.get("date"),
        counts=tuple(
            Count(n["what"], n.get("min"), n.get("max"), n.get("of"), bool(n.get("approx")), n.get("mention"))
            for n in row.get("counts", ())
        ),
        acled=codes.get("acled"),
        plover=codes.get("plover"),
        score=row.get("score", 0.5),
    )


def _span(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.text}


def _span_from(row: Mapping[str, Any] | None) -> Span | None:
    return Span(row["start"], row["end"], row["text"]) if row else None


def _spans_from(rows: Iterable[Mapping[str, Any]]) -> tuple[Span, ...]:
    return tuple(Span(r["start"], r["end"], r["text"]) for r in rows)


def _chains(rows: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(chain) for chain in rows)


def _passage(p: Passage) -> dict[str, Any]:
    row: dict[str, Any] = {"start": p.start, "end": p.end, "kind": p.kind}
    if p.repeats is not None:
        row["repeats"] = p.repeats
    if p.page is not None:
        row["page"] = p.page
    return row


def _mention(m: Mention) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": m.id,
        "start": m.start,
        "end": m.end,
        "text": m.text,
        "type": m.type,
        "level": m.level,
    }
    if m.type in ("actor", "person", "place", "nationality"):
        row["entity"] = m.entity
    for key in _RESOLVED:
        value = getattr(m, key)
        if value is not None:
            row[key] = value
    if m.relation is not None:
        row["relation"] = {key: getattr(m.relation, key) for key in _RELATION}
    if m.type == "time":
        row["value"] = m.value
    if m.type == "quantity":
        row["min"], row["max"], row["approx"] = m.min, m.max, m.approx
    return row


def _mention_from(row: Mapping[str, Any]) -> Mention:
    return Mention(
        id=row["id"],
        start=row["start"],
        end=row["end"],
        text=row["text"],
        type=row["type"],
        level=row.get("level") or "name",
        approx=bool(row.get("approx")),
        relation=Relation(**{key: row["relation"].get(key) for key in _RELATION}) if row.get("relation") else None,
        **{key: row.get(key) for key in _RESOLVED},
    )


def _attribution(a: Attribution) -> dict[str, Any]:
    source = None
    if a.source:
        s = a.source
        source = {
            "start": s.start,
            "end": s.end,
            "text": s.text,
            "name": s.name,
            "mention": s.mention,
            "entity": s.entity,
            "anonymous": s.anonymous,
            "kind": s.kind,
            "side": s.side,
        }
    return {
        "id": a.id,
        "source": source,
        "cue": _span(a.cue) if a.cue else None,
        "content": [_span(s) for s in a.content],
        "via": a.via,
    }


def _attribution_from(row: Mapping[str, Any]) -> Attribution:
    s = row.get("source")
    source = None
    if s:
        source = Source(
            s["start"],
            s["end"],
            s["text"],
            s.get("name") or s["text"],
            s.get("mention"),
            s.get("entity"),
            bool(s.get("anonymous")),
            s.get("kind") or "other",
            s.get("side"),
        )
    return Attribution(
        row["id"], source, _span_from(row.get("cue")), _spans_from(row.get("content", ())), row.get("via")
    )


def _control(c: ControlStatement) -> dict[str, Any]:
    return {
        "place": c.place,
        "holder": c.holder,
        "status": c.status,
        "as_of": c.as_of,
        "claims": list(c.claims),
        "disputed": c.disputed,
    }
