"""The claim types of the codebook, with their ACLED and PLOVER codes and the control that each implies (``taxonomy.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from tadmor.errors import BadChoice

Implies = Literal["holds", "loses", "contests", "besieges", "defends"]
TELLING: tuple[Implies, ...] = ("holds", "loses", "besieges")  # what tells of a holder, and not only of a fight

CERTAINTIES = ("asserted", "hedged", "denied", "expected")
UTTERANCES = (
    "accusation",
    "threat",
    "demand",
    "rejection",
)  # the speaker is the actor; certainty is the utterance's


@dataclass(frozen=True, slots=True)
class ClaimType:
    """One type: ``implies`` says what it means for who holds the place, or None; ``family`` groups kindred types."""

    name: str
    family: str
    acled: str | None
    plover: str | None
    implies: Implies | None

    @property
    def label(self) -> str:
        """The name as people read it, in tables and pages as in the app: "territory taken"."""
        return self.name.replace("_", " ")


@cache
def types() -> dict[str, ClaimType]:
    """All claim types by name, in the codebook's order."""
    raw = tomllib.loads(files("tadmor").joinpath("taxonomy.toml").read_text(encoding="utf-8"))
    return {
        name: ClaimType(name, row["family"], row.get("acled"), row.get("plover"), row.get("implies"))
        for name, row in raw.items()
    }


def get(name: str) -> ClaimType:
    """The type of that name. Raises KeyError for a name that the codebook does not have."""
    return types()[name]


def known(names: Iterable[str]) -> None:
    """Raises BadChoice for a name that the codebook does not have."""
    for name in names:
        if name not in types():
            raise BadChoice(f"{name!r} is no claim type; they are {', '.join(types())}")


@cache
def of_control() -> tuple[str, ...]:
    """The names of the types that say something of who holds a place."""
    return tuple(t.name for t in types().values() if t.implies)
