"""The names of places in one report: how often each is named, where, in what lists, and which lies in which by its own words."""

from __future__ import annotations

import re
from functools import lru_cache

from tadmor.model import Mention
from tadmor.reading import arguments
from tadmor.reading.embedded.namings import Namings, mates
from tadmor.reading.scene import Scene

_IN = re.compile(
    r",?\s+(?:(?:a|the)\s+)?(?:\w+\s+)?(?:in|of|near|outside|inside|within)\s+(?:(?:the|southern|northern|eastern|western"
    r"|central|nearby|neighbou?ring|rural)\s+){0,2}(?:(?:city|town|village|district|province|governorate|region|state)\s+of\s+)?"
    r"|,\s*"
)
_NEAR = 45  # code points between "X" and "M" of "X in M"
_LEAD = re.compile(r"^(?:the\s+)?(?:(?:city|town|village)\s+of\s+)?(?:the\s+)?")
_TAIL = re.compile(r"(?:['’]s?|\s+(?:city|town|village))$")
_KIND = re.compile(
    r"\s+(?:province|governorate|district|neighbou?rhood|quarter|village|city|town|countryside|region|area|camp|suburb)s?$"
)
_ARTICLE = re.compile(r"^(?:al|el|ar|as|ash|at|az|an|ad) ")


@lru_cache(maxsize=4096)  # the same few names are asked for at every claim
def folded(name: str) -> str:
    """A name as it is compared within one report: "the city of Aleppo" and "Aleppo city" are Aleppo."""
    plain = re.sub(r"[-\s]+", " ", name.casefold())
    return _TAIL.sub("", _LEAD.sub("", plain)) or name.casefold()


@lru_cache(maxsize=4096)
def core(key: str) -> str:
    """A folded name without what says of what kind the place is: two names with one core are seldom two places of one claim."""
    return _ARTICLE.sub("", _KIND.sub("", key)) or key


def part_of(some: list[str], whole: list[str]) -> bool:
    """Whether the words, of which there is at least one, stand in the others one after the other."""
    n = len(some)
    return some[0] in whole and any(whole[i : i + n] == some for i in range(len(whole) - n + 1))


class Toponyms(Namings):
    """What a report says of its places before any claim is looked at. Keys are folded names."""

    def __init__(self, scene: Scene) -> None:
        self._keys = {m.id: folded(scene.name(m)) for m in scene.places}
        super().__init__(scene, scene.places, self._keys)
        self.sentences = max(1, len(scene.document.sentences))
        self.holds = self._nested()
        self.mates = mates(scene, scene.places, self._keys)

    def key(self, m: Mention) -> str:
        """What the mention's name is compared by."""
        return self._keys.get(m.id) or folded(self.scene.name(m))

    def is_country(self, key: str) -> bool:
        """Whether the name is that of a country."""
        return key in self.named and arguments.is_country(self.named[key][0])

    def _nested(self) -> dict[str, set[str]]:
        """For each name those that the report says to lie in it: "X in M", "X, M"."""
        text, out = self.scene.report.text, dict[str, set[str]]()
        for a, b in zip(self.scene.places, self.scene.places[1:], strict=False):
            if 0 < b.start - a.end < _NEAR and _IN.fullmatch(text, a.end, b.start):
                out.setdefault(self.key(b), set()).add(self.key(a))
        return out
