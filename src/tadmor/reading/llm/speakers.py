"""Speakers of the model to attributions of the report: those that the rules found where they fit, else new ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tadmor.model import Attribution, Source, Span
from tadmor.reading.document import Document
from tadmor.reading.llm.names import Roster
from tadmor.reading.llm.quotes import Pair, Verbatim, key, nearest

Chain = tuple[str, ...]


class Speakers:
    """The attributions of a report, with those that only the model tells."""

    def __init__(self, document: Document, roster: Roster, verbatim: Verbatim) -> None:
        self._document = document
        self._roster = roster
        self._verbatim = verbatim
        self._text = document.report.text
        self._all: dict[str, Attribution] = {a.id: a for a in document.attributions}
        self._own: dict[tuple[Pair, str | None], str] = {}
        self._voice = {key(n) for n in (document.report.publisher, "the report", "report") if n}

    @property
    def attributions(self) -> tuple[Attribution, ...]:
        """All attributions, those of the rules first in their order, an outer one before what is nested in it."""
        return tuple(self._all.values())

    def chains(
        self, told: Sequence[Sequence[str]], clauses: Sequence[Pair], left: Counter[str]
    ) -> tuple[tuple[Chain, ...], tuple[tuple[str, ...], ...]] | None:
        """Chains of attribution ids with the names of their speakers; None when a speaker is told that the text has not.

        A claim whose speaker cannot be found must not pass for the report's own: it is left out by the caller. A speaker who is
        the report's publisher, and is not named in the text, is the report itself.
        """
        chains: list[Chain] = []
        names: list[tuple[str, ...]] = []
        missing = False
        for chain in told:
            own = [n for n in chain if not (key(n) in self._voice and not self._verbatim.name(n))]
            if not own:
                continue
            if not all(self._verbatim.name(n) for n in own):
                missing = True
                left["a chain of sources with a speaker who is not in the text"] += 1
                continue
            ids: list[str] = []
            words: list[str] = []
            for name in own:
                attribution = self._of(name, clauses, ids[-1] if ids else None)
                source = attribution.source
                assert source is not None
                if attribution.id not in ids and (not words or key(words[-1]) != key(source.name)):
                    ids.append(attribution.id)
                    words.append(source.name)
            if tuple(words) not in names:
                chains.append(tuple(ids))
                names.append(tuple(words))
        if missing and not chains:
            return None
        return tuple(chains), tuple(names)

    def _of(self, name: str, clauses: Sequence[Pair], via: str | None) -> Attribution:
        """The attribution by which this speaker says the clause."""
        wanted = key(name)
        for a in self._document.attributions:
            if a.source is None or wanted not in (key(a.source.name), key(a.source.text)):
                continue
            if any(s.start < c[1] and c[0] < s.end for s in a.content for c in clauses):
                return self._all[a.id]
        at = nearest(self._verbatim.name(name), clauses[0])
        known = self._own.get((at, via))
        if known is None:
            known = self._own[at, via] = f"a{len(self._all) + 1}"
            self._all[known] = Attribution(known, self._source(at), None, (), via)
        attribution = self._all[known]
        self._all[known] = replace(attribution, content=self._content(attribution.content, clauses[0]))
        return self._all[known]

    def _source(self, at: Pair) -> Source:
        text = self._text[at[0] : at[1]]
        mention = self._roster.speaker(at)
        name = text
        if mention is not None and (
            key(mention.text) == key(text) or (mention.start <= at[0] and at[1] <= mention.end)
        ):
            # the mention is the speaker, and not somebody for whom he speaks: "the head of the group" is not the group
            name = self._document.representative.get(mention.id, text)
        return Source(*at, text, " ".join(name.split()), mention.id if mention is not None else None)

    def _content(self, content: Sequence[Span], clause: Pair) -> tuple[Span, ...]:
        """The content with the clause in it; spans that overlap become one."""
        pairs = sorted([*((s.start, s.end) for s in content), clause])
        out: list[Pair] = []
        for a, b in pairs:
            if out and a < out[-1][1]:
                out[-1] = (out[-1][0], max(b, out[-1][1]))
            else:
                out.append((a, b))
        return tuple(Span(a, b, self._text[a:b]) for a, b in out)
