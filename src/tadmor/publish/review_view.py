"""Review for people at a terminal: the queue, a claim with its reviews, agreement, and where readers differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from tadmor.ledger import Agreement, CodersDiffer, Disagreement, Queued, Reviewed
from tadmor.ledger.coding import SETTABLE, part
from tadmor.ledger.deciding import label
from tadmor.publish.csv_ import count_words
from tadmor.publish.tables import what

_WEIGHT = {"decides": "stands", "counts": "", "earlier": "earlier", "withdrawn": "withdrawn", "withdraws": ""}


def words(field: str, coding: Mapping[str, Any]) -> str:
    """A field of a coding in words; "–" when it says nothing."""
    value = part(coding, field)
    if field == "clause":
        return f"{value[2]!r} ({value[0]}-{value[1]})"
    if field == "trigger":
        return f"{value['text']!r} ({value['start']}-{value['end']})" if value else "–"
    if field == "sources":
        return "; ".join(" › ".join(chain) for chain in value) or "the report itself"
    if field in ("actors", "targets", "places"):
        return "; ".join(e["name"] + (f" ({e['entity']})" if e.get("entity") else "") for e in value) or "–"
    if field == "counts":
        return "; ".join(count_words(n["what"], n["min"], n["max"], bool(n.get("approx"))) for n in value) or "–"
    return str(value) if value is not None else "–"


def told(found: Reviewed) -> str:
    """How a claim is told, in a line."""
    by = found.decided_by
    if not found.told:
        return "it is told no more"
    if not by:
        return f"told as it was read: {what_of(found.shown)}"
    changed = [f for f in SETTABLE if found.read and part(found.shown, f) != part(found.read, f)]
    fields = "".join(f"; {f}: {words(f, found.shown)}" for f in changed if f not in ("type", "actors", "targets"))
    lost = [p["name"] for p in found.shown["places"] if not p.get("entity")] if "places" in changed else []
    unknown = f" (no place of the gazetteer: {', '.join(lost)})" if lost else ""
    return f"told as: {what_of(found.shown)}, by {by.who}{fields}{unknown}"


def queue_table(rows: Iterable[Queued]) -> Table:
    """The queue."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 1, 0))
    for name, width in (("Claim", 24), ("What", 26), ("Where", 16), ("When", 12), ("Sentence", 44), ("Score", 5)):
        table.add_column(name, max_width=width)
    for r in rows:
        marks = [m for m, on in (("reviewed", r.reviewed), ("rejected", not r.told)) if on]
        if r.disputes:
            marks.append(f"{r.disputes} disputes")
        kind = escape(what_of(r.coding)) + (f"\n[dim]{', '.join(marks)}[/dim]" if marks else "")
        table.add_row(
            escape(label(r.ref)),
            kind,
            escape(", ".join(p["name"] for p in r.coding["places"])) or "–",
            r.coding["date"] or "unknown",
            escape(r.sentence),
            f"{r.score:.2f}",
        )
    return table


def view(found: Reviewed) -> Group:
    """A claim with all that was said of it."""
    head = Text.assemble((label(found.ref), "bold"), f"  {found.title}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("", "Told" if found.told else "Rejected", "As read"):
        table.add_column(name, max_width=52)
    for field in SETTABLE:
        read = words(field, found.read) if found.read else "–"
        shown = words(field, found.shown)
        mark = "yellow" if read != shown else ""
        table.add_row(field, Text(shown, style=mark), Text(read, style="dim"))
    parts: list[Any] = [head, Text(found.sentence, style="italic"), "", table]
    if found.reviews:
        reviews = Table(box=None, pad_edge=False, header_style="bold", title="Reviews", title_justify="left")
        for name, width in (("When", 19), ("Who", 18), ("What", 12), ("Sets", 40), ("Why", 24), ("", 10)):
            reviews.add_column(name, max_width=width)
        for r in found.reviews:
            sets = [f for f in SETTABLE if r.before and r.after and part(r.before, f) != part(r.after, f)]
            told = "; ".join(f"{f}: {words(f, r.after)}" for f in sets) if r.what == "correct" and r.after else ""
            kind = f"{r.what}, settles" if r.adjudicates else r.what
            when = r.at[:19].replace("T", " ")
            reviews.add_row(when, escape(r.who), kind, escape(told), escape(r.why or ""), _WEIGHT[found.weights[r.id]])
        parts += ["", reviews]
    return Group(*parts)


def agreement_table(rows: Iterable[Agreement]) -> Table:
    """Alpha of each field."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Field", "Alpha", "Same", "Claims", "Coders"):
        table.add_column(name, justify="left" if name == "Field" else "right")
    for a in rows:
        alpha = f"{a.alpha:.3f}" if a.alpha is not None else "–"
        equal = f"{a.equal:.0%}" if a.equal is not None else "–"
        table.add_row(a.field, alpha, equal, str(a.items), str(a.coders))
    return table


def disagreements_table(rows: Iterable[Disagreement]) -> Table:
    """Where the reader differs from people."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 1, 0))
    for name, width in (("Claim", 24), ("Field", 10), ("People", 36), ("Reader", 36), ("By", 16)):
        table.add_column(name, max_width=width)
    for d in rows:
        by = escape(f"{d.by.who}, {d.by.at[:10]}")
        for n, field in enumerate(d.fields):
            people, read = (_side(field, coding) for coding in (d.people, d.read))
            table.add_row(
                escape(label(d.ref)) if not n else "", field, escape(people), escape(read), by if not n else ""
            )
    return table


def coders_table(rows: Iterable[CodersDiffer]) -> Table:
    """Where coders differ."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 1, 0))
    for name, width in (("Claim", 24), ("Field", 10), ("Who", 18), ("Has", 56), ("", 8)):
        table.add_column(name, max_width=width)
    for d in rows:
        mark = "settled" if d.settled else ""
        for n, (field, who) in enumerate((f, w) for f in d.fields for w in d.codings):
            head = (escape(label(d.ref)), mark) if not n else ("", "")
            table.add_row(head[0], field, escape(who), escape(_side(field, d.codings[who])), head[1])
    return table


def _side(field: str, coding: Mapping[str, Any] | None) -> str:
    if coding is None:
        return "no claim"
    return what_of(coding) if field == "claim" else words(field, coding)


def what_of(coding: Mapping[str, Any]) -> str:
    """What a coding claims, in few words: "air strike: Russia → ISIS"."""
    return what(coding["type"], *([e["name"] for e in coding[f]] for f in ("actors", "targets")))
