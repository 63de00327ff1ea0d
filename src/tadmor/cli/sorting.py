"""Options of what is read at all, and by how many processes, that several verbs share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tadmor.cli.options import Decorator

if TYPE_CHECKING:
    from tadmor.intake.sorting import Sorting

all_: Decorator = click.option(
    "--all", "all_", is_flag=True, help="Read every report, also what is about no conflict by its words."
)
no_fold: Decorator = click.option(
    "--no-fold", is_flag=True, help="Read every report, also what says nothing that an earlier one does not say."
)
jobs: Decorator = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many processes read side by side.",
)


def sorting(all_: bool, no_fold: bool) -> Sorting:
    """The steps that are taken before reading."""
    from tadmor.intake.sorting import Sorting

    return Sorting(relevance=not all_, fold=not no_fold)


def still_unread(number: int, reader: str) -> str:
    """That so many reports are still unread after an attempt to read them, and what reads them, for people."""
    return (
        f"{number:,} still unread: in a language that the {reader} reader does not know; a language model reads "
        f"{'it' if number == 1 else 'them'} (--reader llm --model NAME, docs/second-reader.md)"
    )


def unread(counts: dict[str, int]) -> str:
    """How many reports are kept unread, by reason, for people."""
    words = {
        "relevance": "about no conflict (--all reads them)",
        "reprint": "reprints (--no-fold reads them)",
        "language": "in a language that the reader does not know (--model reads them)",
    }
    return "; ".join(f"{n} kept unread: {words.get(reason, reason)}" for reason, n in sorted(counts.items()) if n)
