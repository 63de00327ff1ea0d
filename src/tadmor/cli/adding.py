"""How reports are read and kept: the options that ``add`` and ``watch`` share, gathered into one value."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tadmor.cli import options, sorting

if TYPE_CHECKING:
    from tadmor.intake.sorting import Sorting
    from tadmor.ledger import Keeping
    from tadmor.reading.llm.settings import LlmSettings


@dataclass(frozen=True, slots=True)
class Adding:
    """What the options say: the reader and its files, what is read at all, by how many processes, and how bytes are kept."""

    max_bytes: int
    reader: str
    actors: Path | None
    gazetteer: Path | None
    originals: Keeping
    second: LlmSettings | None
    sorting: Sorting
    jobs: int


def adding(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of reading and keeping; the command is handed ``how``, an :class:`Adding`."""

    @functools.wraps(command)
    def with_adding(*, all_: bool, no_fold: bool, **given: Any) -> Any:
        told = {
            name: given.pop(name)
            for name in ("max_bytes", "reader", "actors", "gazetteer", "originals", "second", "jobs")
        }
        return command(how=Adding(sorting=sorting.sorting(all_, no_fold), **told), **given)

    wrapped: Callable[..., Any] = with_adding
    for option in reversed(
        (
            options.max_bytes,
            options.reader,
            options.actors,
            options.gazetteer,
            options.originals,
            options.second,
            sorting.all_,
            sorting.no_fold,
            sorting.jobs,
        )
    ):
        wrapped = option(wrapped)
    return wrapped
