"""What people decide about incidents: merge, split, move; each act is kept for good, with a line in the audit log.

An act is kept as pairs of claims (``reconcile.constraints``). What it names is looked up in the transaction that keeps it, so
that of two people who decide at once the later decides about what the earlier has made of the incidents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, func, select, update

from tadmor.errors import LedgerError
from tadmor.ledger import grouping, keeping, queries
from tadmor.ledger import tables as t
from tadmor.ledger.answers import Decision, Standing
from tadmor.ledger.by import By
from tadmor.ledger.kept import KeptRows, chunks, members_of
from tadmor.listing import listed
from tadmor.model import ClaimRef
from tadmor.reconcile.constraints import Constraint, merged, moved, settled, split
from tadmor.reconcile.incidents import incident_id

_SHOWN = 6  # ids or claims that an error names
_LOOKED_AT = 300  # beginnings of ids that more claims than this have are surely of many incidents
_HEX = frozenset("0123456789abcdef")


def find(connection: Connection, id: str) -> tuple[ClaimRef, ...]:
    """The claims of the incident with this id, or the only one whose id begins so, in order.

    An id that an incident had before leads to the one in which its first claim stands now. Raises LedgerError when there is
    none, or more than one.
    """
    start = id.strip().lower()
    if not start.startswith("i") or not _HEX.issuperset(start[1:]):
        raise LedgerError(f"{id!r} is no id of an incident: `tadmor incidents` shows them, as in i3f9a02c41")
    m = t.member.c
    stmt = select(m.id, m.incident).where(m.id >= start, m.id < start + "g").order_by(m.id).limit(_LOOKED_AT)
    found: dict[int, set[str]] = defaultdict(set)
    for member, incident in connection.execute(stmt):
        found[incident].add(member)
    groups = _groups(connection, found)
    now = {i: refs for i, refs in groups.items() if incident_id(refs) in found[i]}
    meant = now or groups  # an id of today before one of yesterday
    if not meant:
        raise LedgerError(f"no incident has the id {id}: `tadmor incidents` lists them with their ids")
    if len(meant) > 1:
        ids = sorted(incident_id(refs) for refs in meant.values())
        more = ", ..." if len(ids) > _SHOWN else ""
        raise LedgerError(f"{id} may be {', '.join(ids[:_SHOWN])}{more}: give more of the id")
    return next(iter(meant.values()))


def merge(connection: Connection, ids: Sequence[str], by: By) -> list[str]:
    """All claims of these incidents tell of one occurrence; the ids of what came of it. Raises LedgerError."""
    groups = dict.fromkeys(find(connection, id) for id in ids)
    if len(groups) < 2:
        raise LedgerError(f"{' and '.join(ids) or 'nothing'} is one incident: name two or more that are to be one")
    return _act(connection, "incidents merged", merged(*groups), [r for g in groups for r in g], by)


def part(connection: Connection, id: str, refs: Iterable[ClaimRef], by: By) -> list[str]:
    """These claims of an incident tell of another occurrence than the rest; the ids of what came of it. Raises LedgerError."""
    group, chosen = find(connection, id), set(refs)
    own = incident_id(group)
    strange = sorted(chosen - set(group))
    if strange:
        raise LedgerError(f"{_named(strange)} not in incident {own}; in it are {_listed(group)}")
    rest = [ref for ref in group if ref not in chosen]
    if not rest or not chosen:
        raise LedgerError(
            f"incident {own} has {len(group)} claims: name some of them, not {'all' if chosen else 'none'}"
        )
    given = [*_kept_together(connection, group, rest), *split(chosen, rest), *merged(chosen)]
    return _act(connection, "incident split", given, group, by)


def move(connection: Connection, ref: ClaimRef, id: str, by: By) -> list[str]:
    """The claim tells of the occurrence of this incident, not of that in which it stands. Raises LedgerError."""
    there, here = find(connection, id), _standing_in(connection, ref)
    if ref in there:
        raise LedgerError(f"{label(ref)} is in incident {incident_id(there)} already")
    rest = [r for r in here if r != ref]
    given = [*_kept_together(connection, here, rest), *moved(ref, here, there)]
    return _act(connection, "claim moved", given, [*here, *there], by)


def constrain(connection: Connection, given: Sequence[Constraint], by: By) -> list[str]:
    """Keep pairs of claims as somebody decided them. Raises KeyError for a claim that is in no incident."""
    return _act(connection, "incidents decided", given, sorted({r for c in given for r in (c.a, c.b)}), by)


def history(connection: Connection, refs: Collection[ClaimRef]) -> list[Decision]:
    """The acts of deciding that were about any of these claims, oldest first, and whether they still hold."""
    kept = KeptRows(connection)
    rows = {row for row, ref, _ in members_of(connection, {r.report for r in refs}) if ref in set(refs)}
    known = set(kept.refs(rows))
    mine = kept.touching(known)
    if not mine:
        return []
    while True:  # whether a decision holds hangs on all that was decided of what it binds, and so on
        about = {row for d in kept.touching(known).values() for row in (d.a, d.b) if row is not None}
        more = set(kept.refs(about)) - known
        if not more:
            break
        known |= more
    numbered = kept.numbered(known)
    valid = {id(c) for c in settled(list(numbered.values()), known)}
    acts: dict[int, list[bool | None]] = defaultdict(list)
    own = {d.act for d in mine.values()}
    for number, decided in kept.touching(known).items():
        if decided.act is not None and decided.act in own:
            acts[decided.act].append(id(numbered[number]) in valid if number in numbered else None)
    a = t.audit.c
    lines: list[Decision] = []
    for batch in chunks(sorted(acts)):
        stmt = select(a.row, a.at, a.what, a.who, a.why).where(a.row.in_(batch)).order_by(a.row)
        for row, at, what, who, why in connection.execute(stmt):
            lines.append(Decision(at, what, who, why, _standing(acts[row])))
    return lines


def label(ref: ClaimRef) -> str:
    """A claim as it is written at the shell: report:claim."""
    return f"{ref.report}:{ref.claim}"


def _standing(pairs: Sequence[bool | None]) -> Standing:
    told = [p for p in pairs if p is not None]
    if not told:
        return "rests"
    return "holds" if all(told) else "holds in part" if any(told) else "overruled"


def _act(
    connection: Connection, what: str, given: Sequence[Constraint], refs: Collection[ClaimRef], by: By
) -> list[str]:
    """Keep the pairs and tell the audit log what the incidents were before and are now; returns the ids of these."""
    before = _told(connection, refs)
    last = connection.scalar(select(func.max(t.decision.c.row))) or 0
    grouping.decide(connection, given, by.at, by.who, by.why)
    after = _told(connection, refs)
    line = keeping.audit(connection, at=by.at, what=what, who=by.who, before=before, after=after, why=by.why)
    connection.execute(update(t.decision).where(t.decision.c.row > last).values(act=line))
    return [i["id"] for i in after["incidents"]]


def _told(connection: Connection, refs: Collection[ClaimRef]) -> dict[str, Any]:
    """The incidents of these claims, for the audit log."""
    wanted = set(refs)
    rows = [row for row, ref, _ in members_of(connection, {r.report for r in wanted}) if ref in wanted]
    kept = KeptRows(connection)
    groups = sorted(set(kept.groups(kept.refs(rows)).values()))
    return {
        "incidents": [
            {"id": incident_id(g), "claims": [{"report": r.report, "claim": r.claim} for r in g]} for g in groups
        ]
    }


def _groups(connection: Connection, incidents: Iterable[int]) -> dict[int, tuple[ClaimRef, ...]]:
    """The claims of incidents, by the number of each."""
    kept, m = KeptRows(connection), t.member.c
    first: dict[int, ClaimRef] = {}
    for batch in chunks(sorted(incidents)):  # an incident's number is the row of a member, which may be out of sight
        least = select(m.incident, func.min(m.row)).where(m.incident.in_(batch)).group_by(m.incident)
        for incident, row in connection.execute(least).all():
            first[incident] = kept.refs([row])[0]
    groups = kept.groups(list(first.values()))
    return {i: groups[ref] for i, ref in first.items()}


def _standing_in(connection: Connection, ref: ClaimRef) -> tuple[ClaimRef, ...]:
    """The incident of a claim. Raises LedgerError when it is in none."""
    kept = KeptRows(connection)
    for row, other, _ in members_of(connection, [ref.report]):
        if other == ref:
            return kept.groups(kept.refs([row]))[ref]
    row = connection.scalar(queries.current_reading(ref.report))
    if row is None:
        raise LedgerError(
            f"no report has the id {ref.report!r}: write a claim as report:claim, as `tadmor incidents show` prints it"
        )
    claims = connection.scalars(select(t.claim.c.id).where(t.claim.c.reading == row).order_by(t.claim.c.position)).all()
    if ref.claim not in claims:
        has = f"{claims[0]} to {claims[-1]}" if len(claims) > 1 else ", ".join(claims) or "no claims"
        raise LedgerError(f"report {ref.report} has no claim {ref.claim}: it has {has}")
    raise LedgerError(f"{label(ref)} is in no incident: it tells of a state that lasts, or of what is only expected")


def _kept_together(connection: Connection, group: Sequence[ClaimRef], rest: Sequence[ClaimRef]) -> list[Constraint]:
    """What people had put together in the group, less what now leaves it: it was bound through what leaves, too."""
    kept = KeptRows(connection)
    rows = [row for row, ref, _ in members_of(connection, {r.report for r in group}) if ref in set(group)]
    known = set(kept.refs(rows))
    root = {ref: ref for ref in known}

    def top(ref: ClaimRef) -> ClaimRef:
        while root[ref] != ref:
            ref = root[ref]
        return ref

    for held in settled(kept.decided(known), known):
        if held.one:
            root[top(held.a)] = top(held.b)
    bound: dict[ClaimRef, list[ClaimRef]] = defaultdict(list)
    for ref in rest:
        bound[top(ref)].append(ref)
    return [c for refs in bound.values() for c in merged(refs)]


def _listed(refs: Sequence[ClaimRef]) -> str:
    return listed([label(ref) for ref in refs], _SHOWN)


def _named(refs: Sequence[ClaimRef]) -> str:
    return f"{_listed(refs)} {'is' if len(refs) == 1 else 'are'}"
