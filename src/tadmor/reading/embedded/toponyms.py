"""The names of places in one report: how often each is named, where, in what lists, and which lies in which by its own words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from tadmor.model import Mention
from tadmor.reading import arguments
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
_OFTEN = 4  # so many names of those that the report names most often


def folded(name: str) -> str:
    """A name as it is compared within one report: "the city of Aleppo" and "Aleppo city" are Aleppo."""
    plain = re.sub(r"[-\s]+", " ", name.casefold())
    return _TAIL.sub("", _LEAD.sub("", plain)) or name.casefold()


def core(key: str) -> str:
    """A folded name without what says of what kind the place is: two names with one core are seldom two places of one claim."""
    return _ARTICLE.sub("", _KIND.sub("", key)) or key


def part_of(some: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether the words stand in the others one after the other."""
    n = len(some)
    return any(list(whole[i : i + n]) == list(some) for i in range(len(whole) - n + 1))


class Toponyms:
    """What a report says of its places before any claim is looked at. Keys are folded names."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        sentences = scene.document.sentences
        self._starts = [s.start for s in sentences]
        self.sentences = max(1, len(sentences))
        self._keys = {m.id: folded(scene.name(m)) for m in scene.places}
        self.named: dict[str, list[Mention]] = {}
        for m in scene.places:
            self.named.setdefault(self.key(m), []).append(m)
        self.count = {k: len(ms) for k, ms in self.named.items()}
        self.most = max(self.count.values(), default=0)
        self.total = len(scene.places)
        self.lines = {k: [self.line(m.start) for m in ms] for k, ms in self.named.items()}
        self.head, self.opening = (frozenset(k for k, at in self.lines.items() if i in at) for i in (0, 1))
        self.often = sorted(self.count, key=lambda k: (-self.count[k], self.named[k][0].start))[:_OFTEN]
        self.holds = self._nested()
        self.mates = self._listed()

    def key(self, m: Mention) -> str:
        """What the mention's name is compared by."""
        return self._keys.get(m.id) or folded(self.scene.name(m))

    def line(self, offset: int) -> int:
        """Index of the sentence at an offset."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def is_country(self, key: str) -> bool:
        """Whether the name is that of a country."""
        return key in self.named and arguments.is_country(self.named[key][0])

    def nearest(self, key: str, start: int) -> Mention:
        """The last mention of a name before an offset, else its first."""
        named = self.named[key]
        return next((m for m in reversed(named) if m.start <= start), named[0])

    def _nested(self) -> dict[str, set[str]]:
        """For each name those that the report says to lie in it: "X in M", "X, M"."""
        text, out = self.scene.report.text, dict[str, set[str]]()
        for a, b in zip(self.scene.places, self.scene.places[1:], strict=False):
            if 0 < b.start - a.end < _NEAR and _IN.fullmatch(text, a.end, b.start):
                out.setdefault(self.key(b), set()).add(self.key(a))
        return out

    def _listed(self) -> dict[str, frozenset[str]]:
        """For each mention of a list ("Homs, Hama and Idlib") the names of that list."""
        named = self.scene.places
        together = arguments.lists(self.scene.report.text, named)
        return {
            m.id: frozenset(self.key(named[i]) for i in g) for m, g in zip(named, together, strict=True) if len(g) > 1
        }
