"""The scene of a report: its mentions by offset, as those who judge claims ask for them again and again."""

from __future__ import annotations

import bisect

from tadmor.model import Attribution, Mention, Report
from tadmor.reading import people
from tadmor.reading.document import Document

_KINDS = ("actor", "person", "nationality", "place")


class Scene:
    """The mentions of one document by offset, with what is asked of them again and again."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.report: Report = document.report
        self.names = dict(document.representative)
        self.unnamed: dict[str, Mention] = {}
        for mention, name in people.unnamed(document):
            self.names[mention.id] = name
            self.unnamed[mention.id] = mention
        known = _free(document)
        self.mentions = sorted([*known, *self.unnamed.values()], key=lambda m: (m.start, m.end))
        self.actors = [m for m in self.mentions if m.type in ("actor", "person")]
        self.actor_starts = [m.start for m in self.actors]
        self.starts = [m.start for m in self.mentions]
        self.places = [m for m in self.mentions if m.type == "place"]
        self.place_starts = [m.start for m in self.places]
        self.often: dict[str, int] = {}
        for m in self.places:
            self.often[self.name(m)] = self.often.get(self.name(m), 0) + 1
        self.most = max(self.often.values(), default=0)
        self.mention = {m.id: m for m in document.mentions}
        self.attribution = {a.id: a for a in document.attributions}
        self._cued = sorted((a for a in document.attributions if a.cue is not None), key=_cue_start)
        self._cue_starts = [_cue_start(a) for a in self._cued]
        self.told_by: dict[str, list[Attribution]] = {}
        for a in document.attributions:
            if a.source is not None and a.source.mention and a.content:
                self.told_by.setdefault(a.source.mention, []).append(a)
        self.speakers = {a.source.mention for a in document.attributions if a.source is not None and a.source.mention}

    def name(self, mention: Mention) -> str:
        """The fullest name of a mention in the report."""
        return self.names.get(mention.id) or mention.text

    def party(self, mention: Mention) -> str:
        """The name of a mention as somebody who acts or suffers."""
        return people.plain_name(self.name(mention), mention)

    def attributions_by_cue(self, start: int, end: int) -> list[Attribution]:
        """Attributions whose cue begins in the span."""
        return self._cued[bisect.bisect_left(self._cue_starts, start) : bisect.bisect_left(self._cue_starts, end)]

    def within(self, start: int, end: int) -> list[Mention]:
        """Actors, persons, nationalities and places that lie in the span."""
        i = bisect.bisect_left(self.starts, start)
        out = []
        while i < len(self.mentions) and self.mentions[i].start < end:
            if self.mentions[i].end <= end:
                out.append(self.mentions[i])
            i += 1
        return out

    def earlier_places(self, start: int, most: int = 6) -> list[Mention]:
        """The last places named before an offset, nearest first, each once."""
        return self._earlier(self.places, self.place_starts, start, most)

    def earlier_actors(self, start: int, most: int = 3) -> list[Mention]:
        """The last actors and persons named before an offset, nearest first, each once."""
        return self._earlier(self.actors, self.actor_starts, start, most)

    def _earlier(self, among: list[Mention], starts: list[int], start: int, most: int) -> list[Mention]:
        i = bisect.bisect_left(starts, start)
        seen: set[str] = set()
        out = []
        for m in reversed(among[max(0, i - 4 * most) : i]):
            if self.name(m) not in seen:
                seen.add(self.name(m))
                out.append(m)
            if len(out) == most:
                break
        return out


def _free(document: Document) -> list[Mention]:
    """Mentions that may fill roles: none that is part of an actor's longer name, or of a compound such as "US-led"."""
    text = document.report.text
    out = []
    reach = -1
    for m in sorted(document.mentions, key=lambda m: (m.start, -m.end)):
        if m.type in ("actor", "person"):
            reach = max(reach, m.end)
        elif m.end <= reach or (m.type == "place" and text[m.end : m.end + 1] == "-"):
            continue
        if m.type in _KINDS:
            out.append(m)
    return out


def _cue_start(attribution: Attribution) -> int:
    return attribution.cue.start if attribution.cue is not None else -1
