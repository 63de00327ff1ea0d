"""Telling of files in folders that are of no known form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

_NAMED = 3


def say(inputs: Iterable[str]) -> None:
    """One line on standard error when folders hold files that are of no known form; nothing when they hold none."""
    from tadmor.gather.left_out import left_out

    if found := list(left_out(inputs)):
        click.echo(words(found), err=True)


def words(names: Sequence[str]) -> str:
    """How many files were left out, with the names of the first three."""
    from tadmor.gather.clean import short
    from tadmor.publish.plural import many

    first, more = [short(name) for name in names[:_NAMED]], len(names) - _NAMED
    last = f"{more:,} more" if more > 0 else first.pop()
    named = f"{', '.join(first)} and {last}" if first else last
    return f"{many(len(names), 'file')} of no known form {'was' if len(names) == 1 else 'were'} left out: {named}"
