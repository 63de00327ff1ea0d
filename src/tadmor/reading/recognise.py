"""What a reader is given to know names by: recognisers, which find spans in a text and say of what type they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tadmor.model import Level, MentionType


@dataclass(frozen=True, slots=True)
class Found:
    """A span that a recogniser knows, offsets counting code points of the text it was given.

    ``entity`` is a stable identity where the recogniser has one ("actor:islamic-state"), else None.
    """

    start: int
    end: int
    type: MentionType
    level: Level = "name"
    entity: str | None = None


Recogniser = Callable[[str], Sequence[Found]]
