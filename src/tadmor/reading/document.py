"""A report analysed up to its claims: sentences, mentions, who is who, and who says what."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tadmor.model import Attribution, Mention, MentionType, Report
from tadmor.reading import attributions, coreference, mentions
from tadmor.reading.attributions_assembly import Said
from tadmor.reading.attributions_issued import issued
from tadmor.reading.recognise import Recogniser
from tadmor.reading.text import Sentence, sentences


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a report before its claims are found.

    ``mentions`` are sorted by start, none overlaps another of its type. ``representative`` maps every mention id to the
    fullest name of its referent in the report. ``speech`` holds the ids of those attributions that report an account of
    somebody, as against an attitude ("hopes to") or a bare hedge ("reportedly"); only they make chains.
    ``issued`` is the id of the attribution by which the whole report is somebody's statement, if it is.
    """

    report: Report
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    attributions: tuple[Attribution, ...]
    representative: Mapping[str, str]
    speech: frozenset[str] = frozenset()
    issued: str | None = None
    _starts: tuple[int, ...] = field(default=(), repr=False)
    _by_id: Mapping[str, Attribution] = field(default_factory=dict, repr=False)
    _content: tuple[tuple[int, int, str], ...] = field(default=(), repr=False)
    _longest_content: int = field(default=0, repr=False)

    def mentions_in(self, start: int, end: int, *types: MentionType) -> list[Mention]:
        """Mentions that lie wholly in ``[start, end)``, of the given types or of all, in text order."""
        out = []
        for i in range(bisect_left(self._starts, start), len(self.mentions)):
            mention = self.mentions[i]
            if mention.start >= end:
                break
            if mention.end <= end and (not types or mention.type in types):
                out.append(mention)
        return out

    def chains_for(self, start: int, end: int) -> tuple[tuple[str, ...], ...]:
        """Chains of attribution ids, outermost first, of everybody to whom most of ``[start, end)`` is attributed.

        A link that repeats the speaker of the link before it is left out. Two speakers of one cue give two chains.
        """
        need = (end - start) / 2
        covered: dict[str, int] = {}
        low = bisect_left(self._content, (start - self._longest_content, 0, ""))
        for a, b, name in self._content[low:]:
            if a >= end:
                break
            share = min(b, end) - max(a, start)
            if share > 0:
                covered[name] = covered.get(name, 0) + share
        holders = {name for name, share in covered.items() if share > need and name in self.speech}
        outer = {link for name in holders for link in self.path(name)[:-1]}
        chains = []
        for name in sorted(holders - outer, key=lambda n: int(n[1:])):
            chain = self.chain(name)
            if chain and chain not in chains:
                chains.append(chain)
        return tuple(chains)

    def chain(self, name: str) -> tuple[str, ...]:
        """The attribution with those accounts that it is nested in, outermost first, a speaker once."""
        chain: list[str] = []
        for link in self.path(name):
            if (link in self.speech or link == name) and (
                not chain or self.source_name(chain[-1]) != self.source_name(link)
            ):
                chain.append(link)
        return tuple(chain)

    def source_name(self, attribution_id: str) -> str:
        """The fullest name of the attribution's source in the report, or an empty string when it has none."""
        source = self._by_id[attribution_id].source
        return source.name if source else ""

    def hearing(self, voices: Sequence[Attribution]) -> Document:
        """The document with attributions without a cue that were heard only when its clauses were looked at, each an account."""
        return replace(
            self,
            attributions=(*self.attributions, *voices),
            speech=self.speech | {a.id for a in voices},
            _by_id={**self._by_id, **{a.id: a for a in voices}},
        )

    def path(self, name: str) -> list[str]:
        """The attribution with those that it is nested in, outermost first."""
        path = [name]
        while (via := self._by_id[path[-1]].via) and via not in path:
            path.append(via)
        return path[::-1]


Refine = Callable[[Report, Sequence[Sentence], tuple[Mention, ...]], tuple[Mention, ...]]
Say = Callable[[Report, Sequence[Sentence], Sequence[Mention], Mapping[str, str]], Said]


def analyse(
    report: Report, recognisers: Sequence[Recogniser], *, refine: Refine | None = None, say: Say = attributions.find
) -> Document:
    """Analyses a report with what the recognisers know; a pure function, linear in the length of the text.

    ``refine`` may better the mentions before anything is built on them, ``say`` finds the attributions: the rules, or
    another way that a reader has.
    """
    split = sentences(report)
    found = mentions.find(report, split, recognisers)
    if refine is not None:
        found = refine(report, split, found)
    representative = coreference.representatives(report, split, found)
    said = say(report, split, found, representative)
    content = sorted((s.start, s.end, a.id) for a in said.attributions for s in a.content)
    statement = issued(report, split, found, f"a{len(said.attributions) + 1}")
    told = (*said.attributions, *([statement] if statement is not None else []))
    return Document(
        report=report,
        sentences=split,
        mentions=found,
        attributions=told,
        representative=representative,
        speech=said.speech,
        issued=statement.id if statement is not None else None,
        _starts=tuple(m.start for m in found),
        _by_id={a.id: a for a in told},
        _content=tuple(content),
        _longest_content=max((b - a for a, b, _ in content), default=0),
    )
