"""One incident with all its accounts side by side, for people at a terminal and as plain data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from tadmor.ledger.answers import Decision
from tadmor.model import Account, ClaimRef, CountRange, Dispute, Incident
from tadmor.publish.csv_ import choice, count_words
from tadmor.publish.plural import many
from tadmor.publish.tables import UNKNOWN, occurrence, side_words
from tadmor.publish.wire import holders, incident_to_record, number, ref_to_record, speakers
from tadmor.reconcile.sources import partisan_side, sides_of

NO_SIDE = "of no side"


def record(incident: Incident, accounts: Mapping[ClaimRef, Account], decisions: Iterable[Decision]) -> dict[str, Any]:
    """The incident with the keys of the record format, its ``accounts``, and the ``decisions`` that people took of it."""
    return incident_to_record(incident, accounts) | {
        "accounts": [_account(accounts[ref]) for ref in incident.claims if ref in accounts],
        "decisions": [
            {"at": d.at, "what": d.what, "who": d.who, "why": d.why, "standing": d.standing} for d in decisions
        ],
    }


def view(incident: Incident, accounts: Mapping[ClaimRef, Account], decisions: Sequence[Decision]) -> Group:
    """Id, credibility with its reasons, ranges, disputes with who holds what since when, every account by side, decisions."""
    told = [accounts[ref] for ref in incident.claims if ref in accounts]
    label = occurrence(incident, told)
    where = incident.place.name if incident.place else "place unknown"
    parts = [
        Text.assemble((incident.id, "bold"), f"  {incident.date or UNKNOWN}  {where}  ", (label, "bold")),
        Text(
            f"{many(incident.sources, 'source')}, {incident.independent_sources} independent, {many(len(told), 'claim')}"
            f" · credibility {incident.credibility.admiralty} ({incident.credibility.grade})",
            style="dim",
        ),
        *(Text(f"    {reason}", style="dim") for reason in incident.credibility.reasons),
    ]
    if incident.counts:
        parts += [Text(""), Text("How many", style="bold")]
        parts += [line for count in incident.counts for line in _count(count)]
    if incident.disputes:
        parts += [Text(""), Text("What they differ on", style="bold")]
        parts += [line for dispute in incident.disputes for line in _dispute(dispute, accounts)]
    parts += [Text(""), Text("Accounts, by the side that their source speaks for", style="bold"), *_accounts(told)]
    if decisions:
        parts += [Text(""), Text("What people decided", style="bold")]
        parts += [_decision(d) for d in decisions]
    return Group(*(_hung(part) for part in parts))


def _hung(line: Text) -> RenderableType:
    """The line, which goes on below its beginning where it is too long."""
    indent = len(line.plain) - len(line.plain.lstrip(" "))
    return Padding(line[indent:], (0, 0, 0, indent)) if indent else line


def _count(count: CountRange) -> Iterable[Text]:
    best = f", best {number(count.best):,}" if choice(count) else ""
    best += f": {count.rule}" if count.best is not None else ""
    yield Text(f"    {count_words(count.what, count.min, count.max)}{best}")
    for words in side_words(count):
        yield Text(f"        {words}", style="dim")


def _dispute(dispute: Dispute, accounts: Mapping[ClaimRef, Account]) -> Iterable[Text]:
    yield Text(f"    {dispute.about}, {dispute.kind}", style="yellow")
    for position in dispute.positions:
        yield Text(f"        {position.says}", style="bold")
        for holder in holders(position, accounts):
            side = f" [{holder.side}]" if holder.side else ""
            yield Text(f"            {holder.source}{side}, since {holder.since or UNKNOWN}")
            for sentence in dict.fromkeys(a.sentence for a in holder.accounts):
                yield Text(f"                “{sentence}”", style="dim")


def _accounts(told: Iterable[Account]) -> Iterable[Text]:
    groups: dict[str | None, list[Account]] = defaultdict(list)
    for account in told:
        for side in dict.fromkeys(partisan_side(v) for v in account.voices) or (None,):
            groups[side].append(account)
    for side in sorted(groups, key=lambda s: (s is None, s or "")):
        yield Text(f"    {side or NO_SIDE}", style="bold")
        for a in sorted(groups[side], key=lambda a: (a.known or "9999", a.ref)):
            date = f" of {a.claim.date}" if a.claim.date else ""
            yield Text.assemble(
                (f"      {a.ref.report}:{a.ref.claim}", "green"),
                f"  {'; '.join(speakers(a))}, {a.published or 'date unknown'}",
                (f"  ({a.claim.certainty} {a.claim.type.replace('_', ' ')}{date})", "dim"),
            )
            yield Text(f"          “{a.sentence}”")
            if a.retracted is not None:
                yield Text(f"          retracted: {a.retracted}", style="red")


def _decision(d: Decision) -> Text:
    why = f": {d.why}" if d.why else ""
    return Text.assemble(f"    {d.at[:19].replace('T', ' ')}  {d.who}  {d.what}{why}  ", (d.standing, "dim"))


def _account(a: Account) -> dict[str, Any]:
    return ref_to_record(a.ref) | {
        "type": a.claim.type,
        "certainty": a.claim.certainty,
        "date": a.claim.date,
        "says": speakers(a),
        "sides": sides_of(a),
        "counts": [
            {"what": n.what, "min": number(n.min), "max": number(n.max), "approx": n.approx, "of": n.of}
            for n in a.claim.counts
        ],
        "sentence": a.sentence,
        "publisher": a.publisher,
        "published": a.published,
        "known": a.known,
        "retracted": a.retracted,
    }
