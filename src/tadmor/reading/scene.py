"""The scene of a report: its mentions by offset, as those who judge claims ask for them again and again."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

from tadmor.model import Attribution, Level, Mention, MentionType, Report
from tadmor.reading import coreference_places, people
from tadmor.reading.document import Document
from tadmor.reading.mention_words import is_capital
from tadmor.reading.text import tokens

_RECENT = 12  # places named before "the city" among which its name is looked for
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
        self._party: dict[str, str] = {}  # by mention: it is asked for again and again
        self._proposed: dict[tuple[int, int, MentionType], Mention] = {}
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
        self._named = coreference_places.counted(document.mentions)
        self._parties: dict[str, int] = {}
        for m in self.actors:
            self._parties[self.party(m)] = self._parties.get(self.party(m), 0) + 1
        self._most_party = max(self._parties.values(), default=0)
        begin = next(iter(document.sentences), None)
        self.opening = [m for m in self.mentions if begin is not None and m.start < begin.end]
        self.first_names = {self.name(m) for m in self.opening} | {self.party(m) for m in self.opening}
        self.mention = {m.id: m for m in document.mentions}
        self.heard: set[str] = set()
        self.attribution = {a.id: a for a in document.attributions}
        self._cued = sorted((a for a in document.attributions if a.cue is not None), key=_cue_start)
        self._cue_starts = [_cue_start(a) for a in self._cued]
        self.told_by: dict[str, list[Attribution]] = {}
        for a in document.attributions:
            if a.source is not None and a.source.mention and a.content:
                self.told_by.setdefault(a.source.mention, []).append(a)
        self.speakers = {a.source.mention for a in document.attributions if a.source is not None and a.source.mention}

    def propose(self, start: int, end: int, kind: MentionType) -> Mention:
        """A span that no mention covers as a mention of its own, the same one when asked again."""
        known = self._proposed.get((start, end, kind))
        if known is None:
            text = self.report.text[start:end]
            level: Level = "name" if is_capital(tokens(text)[-1]) else "nominal"
            number = 1 + len(self.document.mentions) + len(self.unnamed)
            known = Mention(f"m{number}", start, end, text, kind, level)
            self._proposed[start, end, kind] = self.unnamed[known.id] = known
        return known

    def hear(self, voices: Sequence[Attribution]) -> None:
        """Takes in attributions that were not known when the document was analysed."""
        self.document = self.document.hearing(voices)
        self.attribution |= {a.id: a for a in voices}
        self.heard |= {a.id for a in voices}

    def name(self, mention: Mention) -> str:
        """The fullest name of a mention in the report."""
        return self.names.get(mention.id) or mention.text

    def party(self, mention: Mention) -> str:
        """The name of a mention as somebody who acts or suffers."""
        known = self._party.get(mention.id)
        if known is None:
            known = self._party[mention.id] = people.plain_name(self.name(mention), mention)
        return known

    def is_often(self, mention: Mention) -> bool:
        """Whether no other place, or party, is named more often in the report."""
        if mention.type == "place":
            return self.often.get(self.name(mention)) == self.most
        return self._parties.get(self.party(mention)) == self._most_party

    def whole(self, mention: Mention, head: str) -> str | None:
        """The name of the place that "the ``head``" is where a mention speaks of a part of it, None when none may be."""
        stop = bisect.bisect_left(self.place_starts, mention.start)
        recent = [(m, self.name(m)) for m in self.places[max(0, stop - _RECENT) : stop]]
        return coreference_places.antecedent(mention, head, recent, self._named)

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
