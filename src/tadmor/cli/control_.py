"""``tadmor control``: who held a place, according to whom; for a whole table of places and days; or a map of a day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tadmor.cli import control_join, options
from tadmor.cli.control_join import written
from tadmor.cli.verb import Verb
from tadmor.listing import listed

if TYPE_CHECKING:
    from tadmor import Ledger
    from tadmor.publish.control_timeline import Detail

_FORMS = {
    "place": {".txt": "table", ".json": "json", ".csv": "csv", ".geojson": "geojson"},
    "join": {".jsonl": "jsonl", ".csv": "csv"},
    "map": {".geojson": "geojson", ".svg": "svg"},
}
_NAMED = 6  # of the places without a point
_NEAR = 3  # names like one that the ledger does not know


@click.command("control", cls=Verb)
@click.argument("place", required=False)
@options.ledger
@click.option("--on", type=options.DATE, help="Only who held it on this day; with --map, the day of the map.")
@click.option("--according-to", metavar="NAME", help="As this source alone tells it.")
@click.option("--known-at", type=options.DATE, help="As it was known on this day: later reports are left out.")
@click.option("--brief", "detail", flag_value="brief", help="The timeline alone, without the evidence.")
@click.option("--all", "detail", flag_value="all", help="Every sentence of the evidence.")
@click.option(
    "--join",
    "points",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A CSV with columns place and on (id, country, lat, lon when there).",
)
@click.option("--map", "as_map", is_flag=True, help="Every place known on the day of --on.")
@click.option(
    "--country",
    "countries",
    type=options.COUNTRY,
    multiple=True,
    metavar="CODE",
    help="With --map: only places of this country (SY).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "jsonl", "csv", "geojson", "svg"]),
    help="One place: table (default), json, csv or geojson. --join: jsonl (default) or csv. --map: geojson (default) or svg.",
)
@options.output
def command(
    place: str | None,
    ledger_path: options.Where,
    on: str | None,
    according_to: str | None,
    known_at: str | None,
    detail: Detail | None,
    points: Path | None,
    as_map: bool,
    countries: tuple[str, ...],
    form: str | None,
    output: Path | None,
) -> None:
    """Who held PLACE, from when to when, according to whom, and what speaks against it."""
    if (place is not None) + (points is not None) + as_map != 1:
        raise click.UsageError("give a place, or --join FILE for many, or --map for all")
    if as_map and on is None:
        raise click.UsageError("--map needs the day: --on DATE")
    if countries and not as_map:
        raise click.UsageError("--country goes with --map")
    if on is not None and points is not None:
        raise click.UsageError("--on goes with a place or --map: with --join each row has its own day in the column on")
    form = _form("map" if as_map else "join" if points else "place", form, output)
    if detail and form != "table":
        raise click.UsageError(f"--{detail} goes with the table of one place, not with {form}")
    from tadmor.api import Ledger

    with Ledger(options.existing(ledger_path)) as ledger:
        if points is not None:
            control_join.join(ledger, points, form, known_at, according_to, output)
        elif place is not None:
            _one(ledger, place, form, on, according_to, known_at, detail or "some", output)
        else:
            assert on is not None
            _map(ledger, on, form, according_to, known_at, countries, output)


def _form(what: str, form: str | None, output: Path | None) -> str:
    """The form asked for, else the one that the output's name ends with, else the first."""
    suffixes = _FORMS[what]
    allowed = list(suffixes.values())
    if form is None:
        return options.form_of(output, suffixes, allowed[0])
    if form not in allowed:
        asked = {"place": "one place is printed", "join": "--join prints", "map": "--map prints"}[what]
        raise click.UsageError(f"{asked} as {', '.join(allowed[:-1])} or {allowed[-1]}, not {form}")
    return form


def _one(
    ledger: Ledger,
    place: str,
    form: str,
    on: str | None,
    according_to: str | None,
    known_at: str | None,
    detail: Detail,
    output: Path | None,
) -> None:
    found = ledger.control(place, on=on, according_to=according_to, known_at=known_at)
    with written(output) as stream:
        if form == "json":
            from tadmor.publish import wire

            row = {
                "place": wire.place_to_record(found.place),
                "intervals": [wire.interval_to_record(i, found.accounts) for i in found.items],
            }
            stream.write(json.dumps(row, ensure_ascii=False, indent=2) + "\n")
        elif form == "csv":
            from tadmor.publish import control_rows, csv_

            rows = (control_rows.flat(control_rows.interval_row(found.place, i)) for i in found.items)
            csv_.write_rows(rows, control_rows.COLUMNS, stream)
        elif form == "geojson":
            from tadmor.publish import control_rows

            control_rows.write_intervals(found.place, found.items, stream)
        else:
            from tadmor.publish import control_timeline, tables

            name = found.place.name if found.place.name == place else f"{place} ({found.place.name})"
            name += f" on {on}" if on else ""
            name += f", according to {according_to}" if according_to else ""
            name += f", as known on {known_at}" if known_at else ""
            view = control_timeline.control_view(
                found.place,
                found.items,
                found.accounts,
                title=name,
                detail=detail,
                width=tables.console(stream).width,
            )
            tables.show(view, stream)
    if not found.items and next(ledger.store.accounts(place=place), None) is None:
        click.echo(f"no claim in the ledger names a place {place!r}{_alike(ledger, place)}", err=True)
    elif not found.items:
        whose = f"of {according_to}" if according_to else "in the ledger"
        click.echo(f"no claim {whose} says who held {place}" + (f" on {on}" if on else ""), err=True)
        if according_to:
            click.echo("`tadmor sources` lists who speaks in the ledger", err=True)
    elif form == "geojson" and found.place.lat is None:
        click.echo(f"{place} has no point that is known: its intervals have no geometry", err=True)


def _alike(ledger: Ledger, place: str) -> str:
    """The names of places in the ledger that are most like this one, to be added to what is said of it."""
    from difflib import get_close_matches

    known = {row.name.casefold(): row.name for row in ledger.store.places()}
    near = [known[key] for key in get_close_matches(place.casefold(), known, _NEAR)]
    return f"; names like it: {', '.join(near)}" if near else ""


def _map(
    ledger: Ledger,
    on: str,
    form: str,
    according_to: str | None,
    known_at: str | None,
    countries: tuple[str, ...],
    output: Path | None,
) -> None:
    from tadmor.publish.plural import many

    shown = ledger.control_map(on, according_to=according_to, known_at=known_at, countries=countries)
    with written(output) as stream:
        if form == "svg":
            from tadmor.publish import control_map

            stream.write(control_map.svg(shown))
        else:
            from tadmor.publish import control_rows

            control_rows.write_map(shown, stream)
    if shown.without_point:
        number = many(len(shown.without_point), "place")
        click.echo(f"left out for want of a point: {number}: {listed(shown.without_point, _NAMED)}", err=True)
    if not shown.places:
        click.echo(f"no claim in the ledger says who held any place on {on}", err=True)
