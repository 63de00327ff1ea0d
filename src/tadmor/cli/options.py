"""Options that several verbs share, so that each means the same everywhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from tadmor import edtf
from tadmor.cli.second import second as second  # the options of the second reader, beside the others
from tadmor.cli.second import total as total
from tadmor.reading.reader import CHOICES, READERS

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class Date(click.ParamType[str]):
    """A day, month or year (2016-12-11, 2016-12, 2016), or an EDTF interval."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The date as given, once it is known to be one."""
        text = str(value)
        if not edtf.valid(text):
            self.fail(f"{text!r} is not a date: write 2016-12-11, 2016-12 or 2016", param, ctx)
        return text


DATE = Date()


class Country(click.ParamType[str]):
    """The two letters of a country (ISO 3166-1 alpha-2), in either case; a name is answered with its letters."""

    name = "code"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The letters in upper case, once they are known to be those of a country."""
        from tadmor.publish import codebooks

        text = str(value).strip()
        if codebooks.country(text.upper()) is None:
            meant = f"; {found[0]} is {found[1]}" if (found := _country_named(text)) else ""
            self.fail(f"{text!r} is no country: write the two letters of a country, such as SY{meant}", param, ctx)
        return text.upper()


COUNTRY = Country()


def _country_named(text: str) -> tuple[str, str] | None:
    """Name and code of the country of that name; None where there is none, or no gazetteer to look it up in."""
    from tadmor.errors import MissingResource
    from tadmor.resolve.gazetteer import Gazetteer

    try:
        named = Gazetteer.open().strict(text)
    except MissingResource:  # to be told of elsewhere: here it costs no more than a hint
        return None
    return next(((c.name, c.country) for c in named if c.kind == "country" and c.country), None)


def _in_order(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """One end of a period; a usage error when it ends before it begins. Whichever end is given last finds the other."""
    ends = {**ctx.params, param.name: value}
    start, end = ends.get("start"), ends.get("end")
    if start and end:
        first, last = edtf.bounds(start)[0], edtf.bounds(end)[1]
        if first and last and last < first:
            raise click.UsageError(f"the period ends before it begins: --from {start} --to {end}", ctx)
    return value


Where = Path | str
"""Where a ledger is: the path of a file, or the URL of a PostgreSQL database."""


class LedgerPlace(click.ParamType[Where]):
    """The path of a file, or a database URL (postgresql://host/name)."""

    name = "path or URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Where:
        """A URL as it is, a path as one; a folder is an error."""
        if "://" in os.fspath(value):
            return str(value)
        path = click.Path(path_type=Path, dir_okay=False).convert(value, param, ctx)
        assert isinstance(path, Path)
        return path


LEDGER = LedgerPlace()

ledger: Decorator = click.option(
    "--ledger",
    "ledger_path",
    type=LEDGER,
    default=Path("tadmor.db"),
    show_default=True,
    envvar="TADMOR_LEDGER",
    show_envvar=True,
    help="The ledger: a file, or postgresql://host/database.",
)
target: Decorator = click.option(
    "--to",
    "target",
    type=LEDGER,
    required=True,
    metavar="PATH|URL",
    help="A file that is not there yet, or an empty PostgreSQL database.",
)
published: Decorator = click.option(
    "--published",
    type=DATE,
    help="Date of publication. For one report it overrides; for many it is the fallback for those without a date.",
)
max_bytes: Decorator = click.option(
    "--max-bytes",
    type=click.IntRange(min=1),
    default=20_000_000,
    show_default=True,
    help="Largest single item that is read.",
)
start: Decorator = click.option("--from", "start", type=DATE, callback=_in_order, help="First day, month or year.")
end: Decorator = click.option("--to", "end", type=DATE, callback=_in_order, help="Last day, month or year.")
place: Decorator = click.option("--place", help="A place, by any of its names.")


def _file(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
    """The file; None, which is standard output, for ``-``, as other programs have it."""
    return None if value == Path("-") else value


output: Decorator = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_file,
    help="Write to this file instead of standard output.",
)
reader: Decorator = click.option(
    "--reader",
    type=click.Choice(CHOICES),
    default=READERS[0],
    show_default=True,
    help="How reports are read; llm and mixed ask a language model (--model).",
)
actors: Decorator = click.option(
    "--actors",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A JSON or TOML file of actors that are added to the registry, or take the place of its entries.",
)
gazetteer: Decorator = click.option(
    "--gazetteer",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A gazetteer that `tadmor gazetteer build` wrote, used instead of the shipped one.",
)
originals: Decorator = click.option(
    "--originals",
    type=click.Choice(("gzip", "plain", "off")),
    default="gzip",
    show_default=True,
    help="How the bytes of each report are kept in the ledger, for `tadmor verify`: packed, as they are, or not at all.",
)
INPUTS: Decorator = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")


def form(*choices: str, default: str) -> Decorator:
    """``--format`` with these choices."""
    return click.option(
        "--format", "form", type=click.Choice(choices), default=default, show_default=True, help="Form of the output."
    )


def form_of(output: Path | None, suffixes: Mapping[str, str], default: str) -> str:
    """The form that the name of the output ends with, for where none is asked for; ``default`` where there is no suffix.

    A usage error for a suffix of no form: a table in a file named map.png is what nobody wants.
    """
    suffix = output.suffix if output else ""
    if suffix and suffix.lower() not in suffixes:
        *others, last = suffixes
        raise click.UsageError(
            f"{output}: no form has the suffix {suffix}; name it {', '.join(others)} or {last}, or say which form with --format"
        )
    return suffixes.get(suffix.lower(), default)


def shown(where: Where) -> str:
    """Where the ledger is, for messages: without a password."""
    if isinstance(where, Path):
        return str(where)
    from tadmor.ledger import database

    return database.named(where)


def existing(where: Where) -> Where:
    """Where the ledger is, or a usage error that says how to make one. Raises LedgerError for a database without one."""
    if isinstance(where, str):
        from tadmor.ledger import Store

        Store(where, create=False).close()
    elif not where.exists():
        raise click.ClickException(f"there is no ledger at {where}: make one with `tadmor add INPUT --ledger {where}`")
    return where
