"""Reports that were retracted: their claims stay told, with that mark, and say who marked them and why."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from tadmor.errors import LedgerError
from tadmor.ledger import tables as t
from tadmor.ledger.by import By
from tadmor.ledger.keeping import audit
from tadmor.ledger.review_tables import contest


def retract(connection: Connection, report: str, by: By) -> str:
    """Mark every text of the report that the ledger has as retracted; returns its id. A text that comes later has no mark.

    Raises LedgerError when there is no such report, or no reason is given.
    """
    if not by.why or not by.why.strip():
        raise LedgerError("it is not said why the report is retracted: give the reason (--why)")
    id = report_id(connection, report)
    r = t.report.c
    before = _marks(connection, id)
    mark = {"at": by.at, "who": by.who, "why": by.why.strip()}
    connection.execute(update(t.report).where(r.id == id).values(retracted=mark))
    _unweigh(connection, id)
    audit(
        connection,
        at=by.at,
        what="report retracted",
        who=by.who,
        before={"report": id, "retracted": before},
        after={"report": id, "retracted": mark, "versions": len(_rows(connection, id))},
        why=mark["why"],
    )
    return id


def reinstate(connection: Connection, report: str, by: By) -> str:
    """Take the mark back; returns the id of the report. Raises LedgerError when it has none."""
    id = report_id(connection, report)
    before = _marks(connection, id)
    if before is None:
        raise LedgerError(f"the report {id} is not retracted")
    connection.execute(update(t.report).where(t.report.c.id == id).values(retracted=None))
    _unweigh(connection, id)
    audit(
        connection,
        at=by.at,
        what="report reinstated",
        who=by.who,
        before={"report": id, "retracted": before},
        after={"report": id, "retracted": None},
        why=by.why,
    )
    return id


def _unweigh(connection: Connection, id: str) -> None:
    """Forget how disputed the incidents are of which the report tells: the mark changes it, and the queue works it out anew."""
    m = t.member.c
    told = (
        select(m.incident)
        .join(t.reading, t.reading.c.row == m.reading)
        .join(t.report, t.report.c.row == t.reading.c.report)
        .where(t.report.c.id == id, m.incident.is_not(None))
    )
    connection.execute(delete(contest).where(contest.c.incident.in_(told)))


def report_id(connection: Connection, report: str) -> str:
    """The id of the report that is called so, by its own id or that of a text of it. Raises LedgerError."""
    r, a = t.report.c, t.alias.c
    if connection.scalar(select(r.row).where(r.id == report).limit(1)) is not None:
        return report
    stmt = select(r.id).join(t.alias, a.report == r.row).where(a.id == report).order_by(a.added_at.desc(), r.row.desc())
    found = connection.scalar(stmt.limit(1))
    if found is None:
        raise LedgerError(
            f"the ledger has no report with the id {report!r}: `tadmor export --format jsonl` has the ids of all"
        )
    return str(found)


def _rows(connection: Connection, id: str) -> list[int]:
    return list(connection.scalars(select(t.report.c.row).where(t.report.c.id == id)))


def _marks(connection: Connection, id: str) -> dict[str, str] | None:
    """The mark of the report's latest text that has one."""
    r = t.report.c
    stmt = select(r.retracted).where(r.id == id, r.retracted.is_not(None)).order_by(r.version.desc()).limit(1)
    found: dict[str, str] | None = connection.scalar(stmt)
    return found
