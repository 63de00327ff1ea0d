"""``tadmor audit``: who did what, when and why."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from tadmor.cli import options
from tadmor.cli.verb import Verb
from tadmor.listing import listed

if TYPE_CHECKING:
    from rich.table import Table

    from tadmor.ledger import AuditRow

_CLAIMS = 4  # of an incident that the table names; JSON Lines has all


@click.command("audit", cls=Verb)
@options.ledger
@click.option("--since", type=options.DATE, help="Only what was done from this day on (UTC).")
@click.option(
    "--what",
    "kinds",
    multiple=True,
    metavar="TEXT",
    help='Only lines whose kind holds this, such as "split" or "source rated"; may be given again.',
)
@options.form("table", "jsonl", default="table")
def command(ledger_path: options.Where, since: str | None, kinds: tuple[str, ...], form: str) -> None:
    """Who did what, when and why: what people decided and rated, and which reading took the place of which.

    Lines are only ever added to the audit log; the newest are last. Times are UTC.
    """
    from dataclasses import asdict

    from tadmor.api import Ledger
    from tadmor.publish import jsonl, tables

    with Ledger(options.existing(ledger_path)) as ledger:
        every = ledger.audit(since=since)
    rows = [r for r in every if not kinds or any(k.casefold() in r.what.casefold() for k in kinds)]
    if form == "jsonl":
        for row in rows:
            jsonl.write(asdict(row), sys.stdout)
    elif rows:
        tables.show(_table(rows), sys.stdout)
    if not rows:
        found = ", ".join(sorted({r.what for r in every}))
        why = f"of that kind; there are {found}" if found else "yet" if since is None else f"since {since}"
        click.echo(f"nothing is in the audit log {why}", err=True)


def _table(rows: Iterable[AuditRow]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 1, 0))
    for name, width in (("When", 19), ("Who", 18), ("What", 20), ("Before", 24), ("After", 24), ("Why", 20)):
        table.add_column(name, max_width=width)
    for r in rows:
        when = r.at[:19].replace("T", " ")
        before, after = _words(r.before), _words(r.after)
        after = "as before" if before and before == after else after
        table.add_row(when, *(escape(x) for x in (r.who, r.what, before, after, r.why or "")))
    return table


def _words(value: Any) -> str:
    """What stands before or after a change, in few words."""
    from tadmor.publish.plural import many

    if not isinstance(value, Mapping):
        return "" if value is None else str(value)
    if "incidents" in value:
        return "\n".join(_incident(i) for i in value["incidents"])
    if "pairs" in value:
        return many(len(value["pairs"]), "pair of claims", "pairs of claims")
    if "reliability" in value:
        return f"{value['source']}: {value['reliability']}"
    if "report" in value and "claim" in value:
        return f"{value['report']}:{value['claim']}\n{_coding({k: v for k, v in value.items() if k not in ('report', 'claim')})}"
    return ", ".join(f"{k} {v if isinstance(v, str | int) else json.dumps(v)}" for k, v in value.items())


def _incident(value: Mapping[str, Any]) -> str:
    claims = [f"{c['report']}:{c['claim']}" for c in value["claims"]]
    return f"{value['id']}: {listed(claims, _CLAIMS)}"


def _coding(fields: Mapping[str, Any]) -> str:
    """A claim as people told it, in one line when it is all of it, else the fields that are given."""
    from tadmor.ledger.coding import SETTABLE
    from tadmor.publish import review_view

    if "type" in fields and "text" in fields:
        where = [place["name"] for place in fields.get("places") or ()]
        return ", ".join(str(t) for t in (review_view.what_of(fields), *where, fields.get("date")) if t)
    return "\n".join(f"{k}: {review_view.words(k, fields)}" for k in fields if k in SETTABLE) or str(fields)
