"""Numbers with their nouns, as the command line, tables and pages write them."""

from __future__ import annotations


def many(number: int, noun: str, plural: str = "") -> str:
    """The number and what is counted: "1 claim", "1,204 claims"; ``plural`` where it is not the noun with an s."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
