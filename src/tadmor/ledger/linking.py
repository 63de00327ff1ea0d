"""A coding as a claim that is told: its record, and the identities of its places, parties and voices.

What a correction leaves as it was keeps what it had. What is new is looked for among the things that the report names, then
among those of that name in the ledger; what is found nowhere, or is several, keeps its name and has no identity.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select

from tadmor import taxonomy
from tadmor.ledger import tables as t
from tadmor.ledger.coding import NAMED, Coding, coding_of, nearest
from tadmor.ledger.folding import fold
from tadmor.ledger.rows import context_of
from tadmor.model import Claim, Count, Party, Place, Reading, Span, Voice
from tadmor.reconcile.accounts import accounts, named, parties_of, places_of
from tadmor.record import claim_from_record, claim_to_record

Record = dict[str, Any]
_ROLES = {
    "actors": ("actors", "actor_names"),
    "targets": ("targets", "target_names"),
    "places": ("places", "place_names"),
}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim as it is told: its record, and as ``context`` what an account has beside it."""

    record: Record
    context: dict[str, Any]

    @property
    def coding(self) -> Coding:
        """What people see and correct of it."""
        return coding_of(self.record, self.context)


def blank(id: str) -> Claimed:
    """A claim that says nothing yet."""
    claim = Claim(id, "other", "asserted", 0, 0, "")
    return Claimed(claim_to_record(claim), {"places": [], "actors": [], "targets": [], "voices": [], "sentence": ""})


def linked(connection: Connection, base: Claimed, coding: Coding, reading: Reading) -> Claimed:
    """``base`` with the fields of the coding; offsets and ids are of ``reading``. Certain, as a person said so: score 1."""
    was = base.coding
    claim = _claim(claim_from_record(base.record), was, coding)
    context = dict(base.context)
    names = named(reading)
    retyped = coding["type"] != was["type"]  # only in some types does a phrase for a part of a place name that place
    for field in NAMED:
        if coding[field] == was[field] and not (retyped and field == "places"):
            continue
        ids, words = _ROLES[field]
        entries = coding[field]
        words_and_ids: dict[str, Any] = {ids: (), words: tuple(e["name"] for e in entries)}
        claim = replace(claim, **words_and_ids)
        had = {} if retyped else _had(was[field], base.context[field])
        found: Sequence[Any]
        if field == "places":
            found = [place for _, place in places_of(claim, names)]
            make: Callable[..., tuple[Any, ...]] = _place
        else:
            found = [party for _, party in parties_of((), [e["name"] for e in entries], names)]
            make = _party
        context[field] = _once(
            had.get((e["name"], e.get("entity", ""))) or make(connection, e, f)
            for e, f in zip(entries, found, strict=True)
        )
    if coding["sources"] != was["sources"]:
        claim = replace(claim, **_chains(claim, coding["sources"]))
        told = _account(replace(claim, sources=()), reading)["voices"]
        known = {(*v[5], v[0]): v for v in base.context["voices"]}
        context["voices"] = [known.get((*v[5], v[0])) or _voice(connection, v, reading) for v in told]
    if (coding["start"], coding["end"]) != (was["start"], was["end"]) or not context["sentence"]:
        context["sentence"] = _account(claim, reading)["sentence"]
    return Claimed(claim_to_record(replace(claim, score=1.0)), context)


def relinked(made: Claimed, reading: Reading, read: Claimed | None, *, same_text: bool) -> Claimed | None:
    """A claim that was made for another reading of the report, with the ids of this one.

    Names, identities and figures stay as people left them. With another text the clause must stand in it, word for word, else
    that of ``read``, the same claim as this reading has it; None when there is neither.
    """
    claim = claim_from_record(made.record)
    by_name = _mentions(reading)
    chains = {tuple(names): ids for c in reading.claims for ids, names in zip(c.sources, c.source_names, strict=False)}
    claim = replace(
        claim,
        sources=tuple(chains.get(tuple(names), ()) for names in claim.source_names),
        actors=_ids(claim.actor_names, by_name["actor"]),
        targets=_ids(claim.target_names, by_name["actor"]),
        places=_ids(claim.place_names, by_name["place"]),
        times=(),
        counts=tuple(replace(n, mention=None) for n in claim.counts),
    )
    context = made.context
    if not same_text:
        anchored = _anchored(claim, reading.report.text)
        if anchored is None and read is not None:
            there = claim_from_record(read.record)
            anchored = replace(
                claim, start=there.start, end=there.end, text=there.text, also=there.also, trigger=there.trigger
            )
        if anchored is None:
            return None
        claim = anchored
        context = context | {"sentence": _account(claim, reading)["sentence"]}
    return Claimed(claim_to_record(claim), context)


def _anchored(claim: Claim, text: str) -> Claim | None:
    at = nearest(text, claim.text, claim.start)
    if at is None:
        return None
    moved = at - claim.start
    also = []
    for span in claim.also:
        found = nearest(text, span.text, span.start + moved)
        if found is not None:
            also.append(Span(found, found + len(span.text), span.text))
    trigger = claim.trigger
    if trigger is not None:
        inside = claim.start <= trigger.start and trigger.end <= claim.end
        trigger = Span(trigger.start + moved, trigger.end + moved, trigger.text) if inside else None
    return replace(claim, start=at, end=at + len(claim.text), also=tuple(also), trigger=trigger)


def _claim(claim: Claim, was: Coding, coding: Coding) -> Claim:
    """The claim with all fields of the coding but names and sources."""
    start, end = coding["start"], coding["end"]
    words = coding["trigger"]
    trigger = Span(words["start"], words["end"], words["text"]) if words else None
    if coding["type"] != was["type"]:
        kind = taxonomy.get(coding["type"])
        claim = replace(claim, type=kind.name, acled=kind.acled, plover=kind.plover)
    if coding["date"] != was["date"]:
        claim = replace(claim, date=coding["date"], times=())
    if coding["counts"] != was["counts"]:
        known = {(n.what, n.min, n.max, n.of, n.approx): n for n in claim.counts}
        made = [Count(n["what"], n["min"], n["max"], n.get("of"), bool(n.get("approx"))) for n in coding["counts"]]
        claim = replace(claim, counts=tuple(known.get((n.what, n.min, n.max, n.of, n.approx), n) for n in made))
    also = claim.also
    if (start, end) != (was["start"], was["end"]):
        also = tuple(s for s in also if s.end <= start or s.start >= end)
    return replace(
        claim, certainty=coding["certainty"], start=start, end=end, text=coding["text"], trigger=trigger, also=also
    )


def _chains(claim: Claim, chains: Sequence[Sequence[str]]) -> dict[str, Any]:
    known = {tuple(names): ids for ids, names in zip(claim.sources, claim.source_names, strict=False)}
    names = tuple(tuple(chain) for chain in chains)
    return {"sources": tuple(known.get(chain, ()) for chain in names), "source_names": names}


def _account(claim: Claim, reading: Reading) -> dict[str, Any]:
    (account,) = accounts(replace(reading, claims=(claim,)))
    return context_of(account)


def _had(
    entries: Sequence[Mapping[str, Any]], rows: Sequence[Sequence[Any]]
) -> dict[tuple[str, str | None], Sequence[Any]]:
    """What stands beside the names of a claim, by name and identity; nothing when it cannot be told which is whose."""
    if len(entries) != len(rows):
        return {}
    return {(e["name"], e["entity"]): row for e, row in zip(entries, rows, strict=True)}


def _once(rows: Any) -> list[list[Any]]:
    return [list(row) for row in dict.fromkeys(map(tuple, rows))]


def _place(connection: Connection, entry: Mapping[str, Any], found: Place) -> tuple[Any, ...]:
    if "entity" in entry and entry["entity"] is None:
        return entry["name"], None, None, None, None
    wanted = entry.get("entity")
    if wanted and wanted == found.entity:
        return found.name, found.entity, found.lat, found.lon, found.country
    if wanted and entry.get("lat") is not None and entry.get("lon") is not None:
        return entry["name"], wanted, float(entry["lat"]), float(entry["lon"]), entry.get("country")
    if wanted or (found.entity is None and found.lat is None):
        p = t.claim_place.c
        known = _known(connection, t.claim_place, (p.entity, p.lat, p.lon, p.country), entry["name"], wanted)
        if known or wanted:
            return (entry["name"], *(known or (wanted, None, None, None)))
    return found.name, found.entity, found.lat, found.lon, found.country


def _party(connection: Connection, entry: Mapping[str, Any], found: Party) -> tuple[Any, ...]:
    if "entity" in entry and entry["entity"] is None:
        return entry["name"], None, None, None
    wanted = entry.get("entity")
    if wanted and wanted == found.entity:
        return found.name, found.entity, found.kind, found.side
    if wanted or found.entity is None:
        p = t.claim_party.c
        known = _known(connection, t.claim_party, (p.name, p.entity, p.kind, p.side), entry["name"], wanted)
        if known:
            return known
        if wanted:
            return entry["name"], wanted, entry.get("kind"), entry.get("side")
    return found.name, found.entity, found.kind, found.side


def _voice(connection: Connection, told: Sequence[Any], reading: Reading) -> list[Any]:
    """A voice of which only names are known, with what the report, the ledger or else the words say of it."""
    from tadmor.resolve.sources import describe

    name, through = told[0], list(told[5])
    for attribution in reading.attributions:
        source = attribution.source
        if source is not None and fold(source.name) == fold(name):
            v = Voice(name, source.entity, source.kind, source.side, source.anonymous)
            return [v.name, v.entity, v.kind, v.side, v.anonymous, through]
    s = t.claim_source.c
    known = _known(connection, t.claim_source, (s.entity, s.kind, s.side, s.anonymous), name, None, or_none=True)
    if known and known[1]:
        return [name, known[0], known[1], known[2], bool(known[3]), through]
    kind, anonymous, side = describe(name)
    return [name, None, kind, side, anonymous, through]


def _known(
    connection: Connection,
    table: Any,
    columns: Sequence[Any],
    name: str,
    entity: str | None,
    *,
    or_none: bool = False,
) -> tuple[Any, ...] | None:
    """What the ledger has most often of that identity; of that name, when it is that of one identity (or none, ``or_none``)."""
    c = table.c
    stmt = select(*columns, c.entity.label("who")).group_by(*columns).order_by(func.count().desc(), *columns)
    if entity is not None:
        row = connection.execute(stmt.where(c.entity == entity).limit(1)).first()
        return tuple(row)[:-1] if row else None
    n = t.naming.c
    called = select(n.entity).where(n.folded == fold(name))
    rows = connection.execute(stmt.where((c.folded == fold(name)) | c.entity.in_(called)).limit(50)).all()
    rows = [row for row in rows if row.who is not None] or (list(rows) if or_none else [])
    return tuple(rows[0])[:-1] if rows and len({row.who for row in rows}) == 1 else None


def _mentions(reading: Reading) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {"actor": {}, "place": {}}
    for m in reading.mentions:
        kind = "place" if m.type == "place" else "actor" if m.type in ("actor", "person") else None
        if kind:
            for name in (m.text, m.name):
                if name:
                    found[kind].setdefault(fold(name), m.id)
    return found


def _ids(names: Sequence[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """Ids in parallel with the names, or none: a list that is not parallel would hide names."""
    ids = [known.get(fold(name)) for name in names]
    return tuple(i for i in ids if i) if all(ids) else ()
