"""``tadmor gazetteer``: build a gazetteer of one's own, and see what a name may be."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from tadmor.cli import options
from tadmor.cli.verb import Verbs

_FIELDS = ("name", "lat", "lon", "point", "id", "aliases", "country", "admin1", "feature", "population", "pcode")


class _Point(click.ParamType[tuple[float, float]]):
    name = "lat,lon"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, float]:
        """Two numbers in degrees."""
        parts = str(value).split(",")
        try:
            lat, lon = float(parts[0]), float(parts[1])
        except (ValueError, IndexError):
            self.fail(f"{value!r} is no point: write LAT,LON in degrees, as in 34.56,38.28", param, ctx)
        if len(parts) != 2 or not (-90 <= lat <= 90 and -180 <= lon <= 180):
            self.fail(f"{value!r} is no point on the globe: write LAT,LON in degrees", param, ctx)
        return lat, lon


class _Column(click.ParamType[tuple[str, str]]):
    name = "field=column"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """A field of ours and the column that has it."""
        field, _, column = str(value).partition("=")
        if field not in _FIELDS or not column:
            self.fail(f"{value!r}: write FIELD=COLUMN, where FIELD is one of {', '.join(_FIELDS)}", param, ctx)
        return field, column


_country = click.option(
    "--country",
    type=options.COUNTRY,
    metavar="CODE",
    help="ISO 3166-1 code of two letters: the country that is meant, or of a table without one.",
)


@click.group("gazetteer", cls=Verbs)
def command() -> None:
    """The gazetteer: build one with files of your own, and see what a name may be."""


@command.command("build")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="[FILE]...")
@click.option(
    "-o",
    "--output",
    "--out",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("gazetteer.sqlite"),
    show_default=True,
    help="The gazetteer to make.",
)
@click.option("--base/--no-base", default=True, show_default=True, help="Start from the package's own places.")
@_country
@click.option(
    "--column",
    "columns",
    type=_Column(),
    multiple=True,
    help="Which column of a table is which: --column name=Settlement.",
)
def build(
    files: tuple[Path, ...], out: Path, base: bool, country: str | None, columns: tuple[tuple[str, str], ...]
) -> None:
    """Build a gazetteer from the package's own places and FILEs.

    FILE is of GeoNames (allCountries.txt or one country's, alternateNamesV2.txt, admin1CodesASCII.txt, admin2Codes.txt), a
    table of OCHA with p-codes (COD-AB), or any CSV with name, lat and lon, as Wikidata gives it; each also .zip or .gz.
    Rows that cannot be read are counted and the first few named. A build that was broken off goes on where it was when the
    same command is run again.
    """
    from tadmor.publish.plural import many
    from tadmor.resolve.gazetteer_build import build as build_gazetteer

    bar = _Bar()
    try:
        built = build_gazetteer(files, out, base=base, country=country, columns=dict(columns), watch=bar.show)
    except KeyboardInterrupt:
        bar.close()
        click.echo("stopped; run the same command again to go on from here", err=True)
        sys.exit(130)
    finally:
        bar.close()
    for source in built.sources:
        line = f"{source.path} ({source.kind}): {source.kept:,} of {many(source.rows, 'row')}"
        click.echo(line + (f", {source.bad:,} could not be read" if source.bad else ""), err=True)
        for reason in source.named:
            click.echo(f"  {reason}", err=True)
        if source.bad > len(source.named):
            click.echo(f"  and {source.bad - len(source.named):,} more", err=True)
    joined = f", {many(built.joined, 'row')} joined to places that were there" if built.joined else ""
    click.echo(f"{built.path}: {many(built.places, 'place')} with {many(built.names, 'name')}{joined}")


@command.command("search")
@click.argument("name")
@click.option(
    "--gazetteer",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A gazetteer made with `tadmor gazetteer build`; otherwise the package's own.",
)
@_country
@click.option("--near", type=_Point(), metavar="LAT,LON", help="A point that the place is near, in degrees.")
@click.option("--limit", type=click.IntRange(min=1), default=15, show_default=True, help="At most so many candidates.")
@options.form("table", "jsonl", default="table")
def search(
    name: str,
    gazetteer: Path | None,
    country: str | None,
    near: tuple[float, float] | None,
    limit: int,
    form: str,
) -> None:
    """What NAME may be, the likeliest first, and why each ranks where it does."""
    if not any(c.isalnum() for c in name):
        raise click.BadParameter(f"{name!r} is no name of a place: it has no letter", param_hint="NAME")
    from tadmor.resolve.gazetteer import Gazetteer
    from tadmor.resolve.gazetteer_search import search as search_gazetteer

    hits = search_gazetteer(Gazetteer.open(gazetteer), name, country=country, near=near, limit=limit)
    if not hits:
        raise click.ClickException(f"no place of the gazetteer has the name {name!r}")
    if form == "jsonl":
        from tadmor.publish import jsonl

        for hit in hits:
            c = hit.candidate
            row = {"id": c.id, "name": c.name, "lat": c.lat, "lon": c.lon, "country": c.country, "admin1": c.admin1}
            row |= {"feature": c.feature, "kind": c.kind, "population": c.population, "pcode": c.pcode}
            jsonl.write(row | {"within": list(c.within), "score": hit.score, "reasons": list(hit.reasons)}, sys.stdout)
        return
    from rich.table import Table

    from tadmor.publish import tables

    table = Table("Score", "Place", "Identity", "Where", "Why", box=None, pad_edge=False, header_style="bold")
    for hit in hits:
        c = hit.candidate
        where = f"{c.country or '?'}{'.' + c.admin1 if c.admin1 else ''} {c.lat:.3f}, {c.lon:.3f}"
        code = f"\n{c.pcode}" if c.pcode and c.pcode not in c.id else ""
        table.add_row(f"{hit.score:.1f}", c.name, c.id + code, where, "; ".join(hit.reasons))
    tables.show(table, sys.stdout)


class _Bar:
    """A bar of each file on standard error; silent where nobody watches a terminal."""

    def __init__(self) -> None:
        self._name: str | None = None
        self._bar: Any = None
        self._at = 0

    def show(self, name: str, done: int, of: int) -> None:
        """So many bytes of so many are done."""
        if not sys.stderr.isatty():
            return
        if name != self._name:
            self.close()
            self._name, self._at = name, 0
            if of:
                self._bar = click.progressbar(length=of, label=name, file=sys.stderr)
                self._bar.render_progress()
            else:
                click.echo(f"{name} ...", err=True)
        if self._bar is not None:
            self._bar.update(done - self._at)
            self._at = done

    def close(self) -> None:
        """End the bar's line."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None
