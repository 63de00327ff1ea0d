"""Telling of files in folders that are of no known form."""

from __future__ import annotations

from collections.abc import Iterable

import click


def say(inputs: Iterable[str]) -> None:
    """One line on standard error when folders hold files that are of no known form; nothing when they hold none."""
    from tadmor.gather.left_out import left_out
    from tadmor.publish.left_out import left_out_words

    if found := list(left_out(inputs)):
        click.echo(left_out_words(found), err=True)
