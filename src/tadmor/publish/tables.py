"""Tables for people at a terminal: the claims of a reading, incidents, control of a place, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from tadmor import taxonomy
from tadmor.model import Account, ClaimRef, CountRange, Incident, Reading
from tadmor.publish.csv_ import choice, count_words
from tadmor.publish.parties import TURNED, parties
from tadmor.publish.plural import many
from tadmor.publish.wire import speakers
from tadmor.reconcile.counts import at_least

_CERTAINTY = {"asserted": "", "hedged": "yellow", "denied": "red", "expected": "cyan"}
UNKNOWN = "unknown"
_PARTIES = 2  # of either side, that an incident is told by
SHORT_ID = 10  # characters of an incident's id: of a million incidents the beginning of one is hardly that of another


def console(stream: TextIO) -> Console:
    """A console on the stream: colours only where it is a terminal, its width 120 where it has none of its own."""
    plain = Console(file=stream)
    return plain if plain.is_terminal else Console(file=stream, width=120, highlight=False)


def show(view: RenderableType, stream: TextIO) -> None:
    """Print for people; where the stream is no terminal, without the spaces that fill its lines."""
    out = console(stream)
    if out.is_terminal:
        out.print(view)
        return
    with out.capture() as printed:
        out.print(view)
    stream.write("".join(f"{line.rstrip()}\n" for line in printed.get().splitlines()))


def reading_table(reading: Reading) -> Group:
    """The claims of one reading, and what it says of who holds what."""
    report = reading.report
    head = Text.assemble((report.title or report.id, "bold"))
    published = f"{report.published} ({report.published_basis})" if report.published else "unknown"
    about = Text(
        f"{report.publisher or 'publisher unknown'} · published {published} · {many(len(reading.claims), 'claim')} · {report.id}",
        style="dim",
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, options in (
        ("", {"style": "dim"}),
        ("Who says", {"max_width": 26}),
        ("What", {"max_width": 34}),
        ("Where", {"max_width": 18}),
        ("When", {"no_wrap": True}),
        ("How many", {"max_width": 20}),
        ("Certainty", {}),
    ):
        table.add_column(name, **options)
    for claim in reading.claims:
        who = "\n".join(" › ".join(chain) for chain in claim.source_names) or "the report itself"
        table.add_row(
            claim.id,
            escape(who),
            escape(what(claim.type, claim.actor_names, claim.target_names)),
            escape(", ".join(claim.place_names)) or "–",
            claim.date or UNKNOWN,
            escape(", ".join(count_words(n.what, n.min, n.max, n.approx) for n in claim.counts)),
            Text(claim.certainty, style=_CERTAINTY[claim.certainty]),
        )
    if reading.unread:
        names = [Text(f"{kind}: {', '.join(found)}") for kind, found in _names(reading) if found]
        return Group(head, about, *(Text(f"! {w}", style="yellow") for w in reading.warnings), *names)
    parts: list[Text | Table | str] = [head, about, "", table]
    if reading.control:
        control = Table(
            box=None, pad_edge=False, header_style="bold", title="Who holds what, by this report", title_justify="left"
        )
        for name in ("Place", "Status", "Holder", "As of", "Claims"):
            control.add_column(name)
        for s in reading.control:
            mark = " (disputed)" if s.disputed else ""
            control.add_row(
                escape(s.place), s.status + mark, escape(s.holder or UNKNOWN), s.as_of or UNKNOWN, ", ".join(s.claims)
            )
        parts += ["", control]
    parts += [Text(f"! {w}", style="yellow") for w in reading.warnings]
    return Group(*parts)


def _names(reading: Reading) -> Iterator[tuple[str, list[str]]]:
    """What a report that nobody has read names all the same: each once, by its name in the registry or the gazetteer."""
    for kind, word in (("actor", "actors"), ("place", "places"), ("time", "dates")):
        found = (m.value if kind == "time" else m.name or m.text for m in reading.mentions if m.type == kind)
        yield word, list(dict.fromkeys(name for name in found if name))


def what(type_name: str, actors: Sequence[str], targets: Sequence[str]) -> str:
    """What is claimed in few words: "air strike: Russia → ISIS"."""
    label = taxonomy.get(type_name).label
    who, whom = ", ".join(actors), ", ".join(targets)
    if who and whom:
        return f"{label}: {who} → {whom}"
    return f"{label}: {who}" if who else f"{label} → {whom}" if whom else label


def occurrence(incident: Incident, told: Sequence[Account]) -> str:
    """What happened in few words, by the parties that most of its accounts name."""
    both = parties(told, incident.type)
    who, whom = ([p.name for p in side[:_PARTIES]] for side in (both.actors, both.targets))
    return what(incident.type, whom, who) if incident.type in TURNED else what(incident.type, who, whom)


def incidents_table(incidents: Iterable[Incident], accounts: Mapping[ClaimRef, Account]) -> Table:
    """Incidents, each with the beginning of its id, who tells of it and what they differ about."""
    table = Table(box=None, pad_edge=False, header_style="bold", show_lines=False, padding=(0, 1, 1, 0))
    table.add_column("Id", no_wrap=True, min_width=SHORT_ID)
    for name, width in (("When", 22), ("Where", 16), ("What", 28), ("Told by", 28), ("Credibility", 12)):
        table.add_column(name, max_width=width)
    for i in incidents:
        told = sorted({s for ref in i.claims if ref in accounts for s in speakers(accounts[ref])})
        gone = sum(accounts[ref].retracted is not None for ref in i.claims if ref in accounts)
        label = occurrence(i, [accounts[ref] for ref in i.claims if ref in accounts])
        counts = "; ".join(
            f"{n.what} {_range(n.min, n.max)}, best {n.best:,.0f}" if choice(n) else f"{n.what} {_range(n.min, n.max)}"
            for n in i.counts
        )
        lines = [escape(label)]
        if counts:
            lines.append(f"[dim]{escape(counts)}[/dim]")
        lines += [f"[dim]{escape(words)}[/dim]" for n in i.counts if len(n.by_side) > 1 for words in side_words(n)]
        for d in i.disputes:
            positions = " / ".join(f"{p.says} ({', '.join(p.sources)})" for p in d.positions)
            lines.append(f"[yellow]{d.about}, {d.kind}:[/yellow] {escape(positions)}")
        table.add_row(
            i.id[:SHORT_ID],
            i.date or UNKNOWN,
            escape(i.place.name) if i.place else UNKNOWN,
            "\n".join(lines),
            escape("\n".join(told)) + (f"\n[red]{gone} retracted[/red]" if gone else ""),
            f"{i.credibility.admiralty} {i.credibility.grade}",
        )
    return table


def side_words(count: CountRange) -> list[str]:
    """The range as each side gives it, and who: "killed, as the government side tells it: 12–17 (SANA)"."""
    return [
        f"{count.what}, as {f'the {s.side} side tells' if s.side else 'those of no side tell'} it:"
        f" {_range(s.min, s.max)} ({', '.join(s.sources)})"
        for s in count.by_side
    ]


def sources_table(rows: Iterable[Mapping[str, object]]) -> Table:
    """Sources with how much they say, and how reliable people hold them to be."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Source", "Kind", "Side", "Claims", "Reports", "First", "Last", "Reliability"):
        table.add_column(name, justify="right" if name in ("Claims", "Reports") else "left")
    for r in rows:
        table.add_row(
            *(
                escape(str(r[k] if r[k] is not None else "–"))
                for k in ("name", "kind", "side", "claims", "reports", "first", "last", "reliability")
            )
        )
    return table


def _range(low: float | None, high: float | None) -> str:
    """As the app has it, but for the dash: "12", "12–17", "more than 300"."""
    if low is not None and high is not None:
        return f"{low:,.0f}" if low == high else f"{low:,.0f}–{high:,.0f}"
    if low is not None:
        return at_least(low)
    return "an unknown number" if high is None else f"at most {high:,.0f}"
