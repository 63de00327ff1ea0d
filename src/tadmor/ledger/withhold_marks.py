"""What the marks withhold, worked out and kept: which reports and claims, and the texts with names covered.

A claim is withheld when its report is, or when a person or place that is withheld is among its places, parties and sources or is
named in what it states. Where a name merely stands in a sentence nearby, it is covered there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Text, bindparam, delete, insert, select, type_coerce, update

from tadmor.ledger import tables as t
from tadmor.ledger.kept import chunks
from tadmor.ledger.withhold_names import Names
from tadmor.ledger.withhold_tables import covered, withheld

Kind = Literal["report", "person", "place"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_CHILDREN = (t.claim_place, t.claim_source, t.claim_party)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark, with who made it, when (ISO, UTC) and why, and the same of its lifting; it holds while ``lifted_at`` is None.

    ``name`` is the id of a report, else a name; ``entity`` the identity that it stands for, if any.
    """

    row: int
    kind: Kind
    name: str
    entity: str | None
    at: str
    who: str
    why: str | None
    lifted_at: str | None
    lifted_by: str | None
    lifted_why: str | None


def marks(connection: Connection, *, lifted: bool = False) -> list[Mark]:
    """The marks that hold, oldest first; with ``lifted`` all that ever did."""
    w = withheld.c
    stmt: Any = select(
        w.row, w.kind, w.name, w.entity, w.at, w.who, w.why, w.lifted_at, w.lifted_by, w.lifted_why
    ).order_by(w.row)
    return [Mark(*row) for row in connection.execute(stmt if lifted else stmt.where(w.lifted_at.is_(None)))]


def names(connection: Connection) -> Names:
    """The names and identities of persons and places that are withheld, with every name under which an identity was met."""
    return _names_of(connection, [m for m in marks(connection) if m.kind != "report"])


def _names_of(connection: Connection, found: list[Mark]) -> Names:
    entities = sorted({m.entity for m in found if m.entity})
    met: list[str] = []
    for batch in chunks(entities):
        met += connection.scalars(select(t.naming.c.name).where(t.naming.c.entity.in_(batch)))
    return Names([*(m.name for m in found), *filter(told_by_name, met)], entities)


def stands(connection: Connection, mark: Mark) -> bool:
    """Whether anything in the ledger has what a mark withholds: its report, or a text or claim with its name or identity."""
    if mark.kind == "report":
        return True  # only one that is there can be marked
    known, r = _names_of(connection, [mark]), t.report.c
    texts = connection.execute(select(r.id, r.title, r.text))
    if any(known.hits(part) for row in texts for part in row if known.maybe(part)):
        return True
    return bool(_by_parts(connection, known, None) or _by_words(connection, t.claim.c.reading > 0, known))


def told_by_name(name: str) -> bool:
    """Whether somebody or some place met under these words is named by them, not merely described ("the provincial capital")."""
    return not name.islower()


def renew(connection: Connection, reading: int | None = None) -> None:
    """Work out what the marks withhold: of all readings, or of one that has come or is told otherwise."""
    if reading is not None and not _any(connection):
        return
    known = names(connection)
    ids = [m.name for m in marks(connection) if m.kind == "report"]
    r, c = t.report.c, t.claim.c
    report = (
        None if reading is None else connection.scalar(select(t.reading.c.report).where(t.reading.c.row == reading))
    )
    reports = r.row == report if report is not None else r.row > 0
    claims = c.reading == reading if reading is not None else c.reading > 0
    connection.execute(update(t.report).where(reports, r.withheld == 1).values(withheld=0))
    connection.execute(update(t.claim).where(claims, c.withheld == 1).values(withheld=0))
    connection.execute(
        delete(covered).where(covered.c.report == report if report is not None else covered.c.report > 0)
    )
    _cover(connection, reports, known)
    for batch in chunks(ids):
        connection.execute(update(t.report).where(reports, r.id.in_(batch)).values(withheld=1))
    hidden = select(t.reading.c.row).join(t.report, r.row == t.reading.c.report).where(r.withheld == 1)
    connection.execute(update(t.claim).where(claims, c.reading.in_(hidden)).values(withheld=1))
    if known:
        found = _by_parts(connection, known, reading) | _by_words(connection, claims, known)
        hide = update(t.claim).where(c.reading == bindparam("r"), c.position == bindparam("p")).values(withheld=1)
        if found:
            connection.execute(hide, [{"r": a, "p": b} for a, b in sorted(found)])


def _any(connection: Connection) -> bool:
    return connection.scalar(select(withheld.c.row).where(withheld.c.lifted_at.is_(None)).limit(1)) is not None


def _cover(connection: Connection, reports: Any, known: Names) -> None:
    """Keep the covered texts of reports; one whose id has a name in it is withheld whole, since its address would tell it."""
    if not known:
        return
    r = t.report.c
    rows: list[dict[str, Any]] = []
    hidden: list[int] = []
    for row, id, title, text in connection.execute(select(r.row, r.id, r.title, r.text).where(reports)):
        if known.hits(id):
            hidden.append(row)
        if known.maybe(title) or known.maybe(text):
            shown = known.text(title), known.text(text)
            if shown != (title, text):
                rows.append({"report": row, "title": shown[0], "text": shown[1]})
    for batch in chunks(rows):
        connection.execute(insert(covered), batch)
    for batch in chunks(hidden):
        connection.execute(update(t.report).where(r.row.in_(batch)).values(withheld=1))


def _by_parts(connection: Connection, known: Names, reading: int | None) -> set[tuple[int, int]]:
    """Claims, by reading and position, with a withheld identity or name among their places, sources and parties."""
    out: set[tuple[int, int]] = set()
    for table in _CHILDREN:
        x = table.c
        for column, values in ((x.entity, known.entities), (x.folded, known.keys)):
            for batch in chunks(sorted(values)):
                stmt = select(x.reading, x.position).where(column.in_(batch))
                rows = connection.execute(stmt if reading is None else stmt.where(x.reading == reading))
                out |= {(row.reading, row.position) for row in rows}
    return out


def _by_words(connection: Connection, claims: Any, known: Names) -> set[tuple[int, int]]:
    """Claims that name somebody or some place withheld in what they state, as it is told or as it was read."""
    c = t.claim.c
    raw = [type_coerce(column, Text).label(f"raw_{column.name}") for column in (c.record, c.context, c.as_read)]
    likely = [
        (reading, position)
        for reading, position, *parts in connection.execute(select(c.reading, c.position, *raw).where(claims))
        if any(part and known.maybe(part) for part in parts)
    ]
    out = set()
    for reading, position in likely:
        record, context, as_read = connection.execute(
            select(c.record, c.context, c.as_read).where(c.reading == reading, c.position == position)
        ).one()
        before = as_read or {"record": None, "context": None}
        stated = (record, _parts(context), before["record"], _parts(before["context"]))
        if any(map(known.hits, stated)):
            out.add((reading, position))
    return out


def _parts(context: dict[str, Any] | None) -> Any:
    """What an account adds to a claim, without the sentence around it."""
    return None if context is None else {k: v for k, v in context.items() if k != "sentence"}
