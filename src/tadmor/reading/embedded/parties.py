"""The parties of one report: who is named how often and where, in what lists, of what kind, and whom it lets speak."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from tadmor.model import Claim, Mention
from tadmor.reading import arguments, people
from tadmor.reading.drafts import Draft
from tadmor.reading.embedded.namings import Namings, mates
from tadmor.reading.scene import Scene
from tadmor.reading.triggers import read_data

KINDS = ("armed", "state", "harmed", "office", "thing")
_WORD = re.compile(r"\w+")


@cache
def _kinds() -> dict[str, frozenset[str]]:
    """Words that tell of what kind a party is (``data/people.toml``), in small letters."""
    raw = tomllib.loads(read_data("people.toml"))["kinds"]
    return {kind: frozenset(raw[kind]) for kind in KINDS}


@cache
def kind_of(name: str) -> str:
    """Of what kind a party is by the last of its words that tells it; an empty string when none does."""
    for word in reversed(_WORD.findall(name.lower())):
        for kind, words in _kinds().items():
            if word in words:
                return kind
    return ""


class Heard(NamedTuple):
    """A mention that may fill a role of a clause: its log-odds, the network's logit, and all that is known of it as a candidate.

    The last are ``roles.FEATURES``, nothing where only the lexicon has it; ``odds`` are then the lexicon's.
    """

    mention: Mention
    odds: float
    net: float
    known: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """A clause of a claim with the mentions that may fill each role, and those chosen for it by itself."""

    draft: Draft
    heard: Mapping[str, Sequence[Heard]]
    first: Mapping[str, Sequence[Mention]]


@dataclass(frozen=True, slots=True)
class Party:
    """A party that may fill a role: its key, the mention that stands for it, its name, the keys of those in a list with it."""

    key: str
    mention: Mention
    printed: str
    mates: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cast:
    """The parties that may fill a claim's roles.

    ``weighed`` has for each role the indices of those for which anything speaks, and last the number of parties, which stands
    for nobody; ``known`` a row of features for each of these. ``here`` says which parties the fullest clause's sentence names.
    """

    parties: Sequence[Party]
    weighed: Mapping[str, Sequence[int]]
    known: Mapping[str, Sequence[Sequence[float]]]
    here: Sequence[bool]


@dataclass(frozen=True, slots=True)
class Told:
    """A claim with its tellings, the fullest first, and the mentions that the rules give each role."""

    claim: Claim
    tellings: Sequence[Telling]
    chosen: Mapping[str, Sequence[Mention]]


class Parties(Namings):
    """What a report says of its parties before any claim is looked at.

    A party's key is its name as names are compared; parties with one ``group`` are known to be one by their identity, and
    namings are counted by groups.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._keys: dict[str, str] = {}
        self._groups: dict[str, str] = {}
        among = [m for m in scene.mentions if arguments.allowed("actor", m)]
        for m in among:
            if m.entity is not None and m.level == "name" and m.type != "nationality":
                self._groups.setdefault(self.key(m), m.entity)
        super().__init__(scene, among, {m.id: self.group(self.key(m)) for m in among})
        self.mates = mates(scene, among, self._keys)
        self.traits: dict[str, dict[str, float]] = {}  # by mention: what holds of it whatever the claim
        self.speaks = Counter(self.group(self.key(m)) for m in among if m.id in scene.speakers)

    def key(self, m: Mention) -> str:
        """What the mention's party is compared by."""
        known = self._keys.get(m.id)
        if known is None:
            name = self._scene.party(m)
            known = self._keys[m.id] = " ".join(people.key(name)) or name.casefold()
        return known

    def group(self, key: str) -> str:
        """The identity of a party, its key where it has none."""
        return self._groups.get(key, key)
