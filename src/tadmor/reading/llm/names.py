"""Names of the model to mentions of the report: who and where, each by a mention in or near the clause."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from tadmor.model import Level, Mention, MentionType
from tadmor.reading import people
from tadmor.reading.document import Document
from tadmor.reading.llm.quotes import Pair, Verbatim, distance, key, nearest, spaced

_PARTIES: tuple[MentionType, ...] = ("actor", "person", "nationality", "place")
_PLAIN = ("actor", "person", "nationality")
_PLACES: tuple[MentionType, ...] = ("place",)
_SPEAKERS: tuple[MentionType, ...] = ("actor", "person")


class Roster:
    """The mentions of a report, those that its recognisers and rules found and those that only the model names.

    Who is in the text only as part of another word, the rebels of "rebel-held" and Russia of "Russian jets", is found by the
    names that all readers give such words.
    """

    def __init__(self, document: Document, verbatim: Verbatim) -> None:
        self._text = document.report.text
        self._verbatim = verbatim
        self._known = document.mentions
        self._names = document.representative
        self._added: dict[tuple[Pair, MentionType], Mention] = {}
        self._by_key: dict[str, list[Mention]] = {}
        for m in document.mentions:
            for name in {key(m.text), key(self._names.get(m.id, m.text))}:
                self._by_key.setdefault(name, []).append(m)
        self._spare: dict[str, Mention] = {}
        self._plain: dict[str, list[tuple[Mention, str]]] = {}
        for mention, name in people.unnamed(document):
            self._spare[mention.id] = mention
            self._plain.setdefault(key(name), []).append((mention, name))
        for m in document.mentions:
            if m.type in _PLAIN:
                name = people.plain_name(self._names.get(m.id, m.text), m)
                self._plain.setdefault(key(name), []).append((m, name))
        self._starts = [m.start for m in document.mentions]
        self._reach = max((m.end - m.start for m in document.mentions), default=0)

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """All mentions in text order."""
        return tuple(sorted([*self._known, *self._added.values()], key=lambda m: (m.start, m.end, m.type)))

    def party(self, name: str, clauses: Sequence[Pair]) -> tuple[Mention, str] | None:
        """The mention of somebody who acts or suffers, with the name as the report has it; None when it has it nowhere."""
        return self._found(name, clauses, _PARTIES, "actor")

    def place(self, name: str, clauses: Sequence[Pair]) -> tuple[Mention, str] | None:
        """The mention of a place, with the name as the report has it; None when it has it nowhere."""
        return self._found(name, clauses, _PLACES, "place")

    def speaker(self, span: Pair) -> Mention | None:
        """The mention that a speaker's words contain or lie in: the longest."""
        near = [m for m in self._overlapping(span) if m.type in _SPEAKERS]
        return max(near, key=lambda m: (m.level == "name", m.end - m.start), default=None)

    def of_type(self, kind: MentionType, span: Pair) -> list[Mention]:
        """Mentions of a type that overlap the span, in text order."""
        return [m for m in self._overlapping(span) if m.type == kind]

    def _found(
        self, name: str, clauses: Sequence[Pair], types: tuple[MentionType, ...], new: MentionType
    ) -> tuple[Mention, str] | None:
        places = self._verbatim.name(name)
        if not places:
            return self._by_form(name, clauses[0]) if new == "actor" else None
        # what stands in the clause under the name, "the group" for who is named elsewhere, is the mention that is meant
        same = [m for m in self._by_key.get(key(name), ()) if m.type in types]
        for clause in clauses:
            within = [m for m in same if clause[0] <= m.start and m.end <= clause[1]]
            if within:
                return within[0], self._name(within[0], places, clause)
        clause = clauses[0]
        at = nearest(places, min(clauses, key=lambda c: min(distance(p, c) for p in places)))
        covering = [m for m in self._overlapping(at) if m.type in types]
        if covering:
            # an exact one before one of the likelier type, before one that only overlaps
            best = min(covering, key=lambda m: ((m.start, m.end) != at, types.index(m.type), m.start - m.end))
            if best.type != "place" or new == "place" or (best.start, best.end) == at:
                return best, self._name(best, places, clause)
        mention = self._add(at, new)
        return mention, self._name(mention, places, clause)

    def _by_form(self, name: str, clause: Pair) -> tuple[Mention, str] | None:
        """Somebody whose name stands in the text in another form: "Russian" for Russia."""
        found = self._plain.get(key(name))
        if not found:
            return None
        mention, plain = min(found, key=lambda f: (distance((f[0].start, f[0].end), clause), f[0].start))
        if mention.id in self._spare:
            at = (mention.start, mention.end)
            mention = self._add(at, mention.type)
        return mention, plain

    def _name(self, mention: Mention, places: Sequence[Pair], clause: Pair) -> str:
        """The name as the report has it near the clause; of who is only described there, the fullest in the report."""
        full = self._names.get(mention.id, mention.text)
        if mention.level != "name" and key(full) != key(mention.text):
            return full
        a, b = nearest(places, clause)
        return " ".join(self._text[a:b].split())

    def _add(self, at: Pair, kind: MentionType) -> Mention:
        known = self._added.get((at, kind))
        if known is None:
            blocking = [m for m in self._added.values() if m.type == kind and m.start < at[1] and at[0] < m.end]
            if blocking:
                return blocking[0]  # no mention overlaps another of its type
            text = self._text[at[0] : at[1]]
            level: Level = "name" if not spaced(text) or any(c.isupper() for c in text) else "nominal"
            number = 1 + len(self._known) + len(self._added)
            known = self._added[at, kind] = Mention(f"m{number}", *at, text, kind, level)
        return known

    def _overlapping(self, span: Pair) -> list[Mention]:
        first = bisect_left(self._starts, span[0] - self._reach)
        out = []
        for i in range(first, len(self._known)):
            m = self._known[i]
            if m.start >= span[1]:
                break
            if m.end > span[0]:
                out.append(m)
        return out
