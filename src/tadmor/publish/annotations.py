"""W3C Web Annotations: one for each claim, on the clauses of the report that state it.

Web Annotation Data Model, W3C Recommendation of 23 February 2017. Positions count Unicode code points of the report's text
as the ledger keeps it (``report.text`` of the record format), from 0, end-exclusive, as the model has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TextIO

from tadmor.model import Claim, Reading, Report, Span
from tadmor.publish import jsonl
from tadmor.publish.identifiers import VOCABULARY, urn, web
from tadmor.record import claim_to_record

_PDF_FRAGMENTS = "http://tools.ietf.org/rfc/rfc3778"
_CONTEXT = 32  # code points before and after a clause that tell it from its like
_BODY = (
    "certainty",
    "source_names",
    "actor_names",
    "target_names",
    "place_names",
    "date",
    "counts",
    "codes",
    "score",
)
CONTEXT: tuple[object, ...] = ("http://www.w3.org/ns/anno.jsonld", {"@vocab": VOCABULARY})


def annotation(reading: Reading, claim: Claim) -> dict[str, Any]:
    """One claim as an annotation; a clause that is not where the claim has it is left out of the targets.

    Raises ValueError when none is.
    """
    report = reading.report
    clauses = [Span(claim.start, claim.end, claim.text), *claim.also]
    found = [s for s in clauses if s.start < s.end and report.text[s.start : s.end] == s.text]
    if not found:
        raise ValueError(f"the clause of {report.id}:{claim.id} is not in the text of its report")
    record = claim_to_record(claim)
    name = urn("claim", report.id, claim.id)
    return {
        "id": urn("annotation", report.id, claim.id),
        "type": "Annotation",
        "motivation": "classifying",
        "creator": {"type": "Software", "name": f"Tadmor, reader {reading.reader.name} {reading.reader.version}"},
        "body": {
            "id": name,
            "type": "Claim",
            "report": report.id,
            "claim": claim.id,
            "claim_type": claim.type,
            **{key: record[key] for key in _BODY},
            **({"retracted": report.retracted} if report.retracted is not None else {}),
        },
        "target": [target(report, span) for span in found],
    }


def target(report: Report, span: Span) -> dict[str, Any]:
    """The clause in its report, by position and by quotation, either of which finds it.

    Where the report has pages, the page of a PDF that the clause begins on is told, too.

    Where the same words with the same surroundings come again, those surroundings grow until the quotation finds one place.
    """
    before, after = _surroundings(report.text, span)
    page = next((p.page for p in report.passages if p.start <= span.start < p.end), None)
    on = (
        [{"type": "FragmentSelector", "conformsTo": _PDF_FRAGMENTS, "value": f"page={page}"}]
        if page is not None
        else []
    )
    return {
        "type": "SpecificResource",
        "source": web(report.url) or urn("report", report.id),
        "selector": [
            {"type": "TextPositionSelector", "start": span.start, "end": span.end},
            {"type": "TextQuoteSelector", "exact": span.text, "prefix": before, "suffix": after},
            *on,
        ],
    }


def _surroundings(text: str, span: Span) -> tuple[str, str]:
    width = _CONTEXT
    while True:
        before, after = text[max(0, span.start - width) : span.start], text[span.end : span.end + width]
        whole = before + span.text + after
        first = text.find(whole)
        if text.find(whole, first + 1) < 0 or width >= len(text):
            return before, after
        width *= 2


def write(items: Iterable[dict[str, Any]], stream: TextIO, label: str) -> int:
    """Write one AnnotationCollection whose single page holds all; returns how many there were."""
    context = jsonl.line({"@context": list(CONTEXT)})[1:-1]
    head = jsonl.line({"id": urn("annotations"), "type": "AnnotationCollection", "label": label})[1:-1]
    page = jsonl.line({"id": urn("annotations", "1"), "type": "AnnotationPage", "startIndex": 0})[1:-1]
    stream.write(f'{{{context}, {head},\n"first": {{{page}, "items": [')
    written = 0
    for item in items:
        stream.write(("," if written else "") + "\n" + jsonl.line(item))
        written += 1
    stream.write(f'\n]}},\n"total": {written}}}\n')
    return written
