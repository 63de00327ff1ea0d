"""The words for files that were left out, since they are of no known form."""

from __future__ import annotations

from collections.abc import Sequence

from tadmor.gather.clean import short
from tadmor.listing import listed
from tadmor.publish.plural import many

_NAMED = 3


def left_out_words(names: Sequence[str]) -> str:
    """How many files were left out, with the names of the first three."""
    named = listed([short(name) for name in names], _NAMED, last=" and ")
    return f"{many(len(names), 'file')} of no known form {'was' if len(names) == 1 else 'were'} left out: {named}"
