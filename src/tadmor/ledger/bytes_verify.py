"""Whether what the ledger says still stands in the bytes that it was read from: text by text and span by span."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select

from tadmor.errors import InputError, LedgerError
from tadmor.gather.again import read_again
from tadmor.ledger import applying, bytes_store
from tadmor.ledger import tables as t
from tadmor.model import Reading, Span

State = Literal["matches", "differs", "no bytes"]
Fault = Literal["bytes", "text", "span"]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Something that no longer matches.

    ``what`` is bytes (they are not those that were kept), text (they give another one, or the ledger's was changed) or span;
    ``where`` names a span, such as "claim c3, trigger"; ``start``, ``end``, ``text`` are as the ledger has them (code points of
    its text); ``why`` says what is found instead.
    """

    what: Fault
    why: str
    where: str = ""
    start: int | None = None
    end: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """One text of a report: how many ``spans`` were looked at, and how many ``moved`` to another place in what is read today."""

    report: str
    version: int
    state: State
    spans: int
    moved: int
    mismatches: tuple[Mismatch, ...]


def texts(connection: Connection, report: str | None = None) -> list[int]:
    """The rows of all texts, or of those of one report, in the order in which they were added."""
    stmt = select(t.report.c.row).order_by(t.report.c.row)
    return list(connection.scalars(stmt if report is None else stmt.where(t.report.c.id == report)))


def verify(connection: Connection, row: int) -> Verified:
    """Verify one text: that the ledger's own was not changed, that its bytes are those kept, and that they still give it.

    Where they give another text today (a newer Tadmor may leave other parts of a page out), each span of each of its readings is
    looked for: at its place, else anywhere. No reader is run.
    """
    r = t.report.c
    found = connection.execute(select(r.id, r.version, r.text, r.text_hash).where(r.row == row)).one()
    faults: list[Mismatch] = []
    if hashlib.sha256(found.text.encode("utf-8", "surrogatepass")).hexdigest() != found.text_hash:
        faults.append(
            Mismatch("text", "the text in the ledger was changed after it was kept: its SHA-256 is another one")
        )
    now: str | None = None
    bare = False
    try:
        original = bytes_store.original_of(connection, row)
        bare = original is None
        now = read_again(original).text if original is not None else None
    except LedgerError as error:
        faults.append(Mismatch("bytes", str(error)))
    except InputError as error:
        faults.append(Mismatch("text", f"its bytes give no report any more: {error}"))
    except Exception as error:  # a fault of a reader of a form on one text must not end the verifying of the others
        faults.append(Mismatch("text", f"its bytes cannot be read any more: {type(error).__name__}: {error}"))
    folded = _folded(now) if now is not None and now != found.text else ""
    readings = connection.scalars(select(t.reading.c.row).where(t.reading.c.report == row).order_by(t.reading.c.number))
    seen = moved = 0
    for key in readings.all():
        for where, span in _spans(connection, key):
            seen += 1
            if found.text[span.start : span.end] != span.text:
                why = f"the ledger's text has {_quoted(found.text[span.start : span.end])} there"
                faults.append(Mismatch("span", why, where, span.start, span.end, span.text))
            elif now is not None and now != found.text and now[span.start : span.end] != span.text:
                if _folded(span.text) in folded:
                    moved += 1
                else:
                    faults.append(
                        Mismatch(
                            "span", "the text of its bytes has no such words", where, span.start, span.end, span.text
                        )
                    )
    if now is not None and now != found.text:
        faults.insert(0, Mismatch("text", f"its bytes give another text today: {_first_difference(found.text, now)}"))
    state: State = "differs" if faults else "no bytes" if bare else "matches"
    return Verified(found.id, found.version, state, seen, moved, tuple(faults))


def _spans(connection: Connection, reading: int) -> Iterator[tuple[str, Span]]:
    """Every span of a reading, as it was read and, where people decided, as it is told."""
    read = applying.whole(connection, reading, as_read=True)
    yield from _of(read)
    told = applying.whole(connection, reading)
    known = {(c.id, c.start, c.end, c.text) for c in read.claims}
    for claim in told.claims:
        if (claim.id, claim.start, claim.end, claim.text) not in known:
            yield f"claim {claim.id} as reviewed", Span(claim.start, claim.end, claim.text)


def _of(reading: Reading) -> Iterator[tuple[str, Span]]:
    for c in reading.claims:
        yield f"claim {c.id}", Span(c.start, c.end, c.text)
        if c.trigger is not None:
            yield f"claim {c.id}, trigger", c.trigger
        yield from ((f"claim {c.id}, also", s) for s in c.also)
    for a in reading.attributions:
        if a.source is not None:
            yield f"attribution {a.id}, source", Span(a.source.start, a.source.end, a.source.text)
        if a.cue is not None:
            yield f"attribution {a.id}, cue", a.cue
        yield from ((f"attribution {a.id}, content", s) for s in a.content)
    for m in reading.mentions:
        yield f"mention {m.id}", Span(m.start, m.end, m.text)


def _folded(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str, limit: int = 60) -> str:
    text = _folded(text)
    return f"“{text if len(text) <= limit else text[: limit - 1] + '…'}”"


def _first_difference(old: str, new: str) -> str:
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, at - 20)
    return f"from character {at} on {_quoted(new[start : at + 40])} for {_quoted(old[start : at + 40])}"
