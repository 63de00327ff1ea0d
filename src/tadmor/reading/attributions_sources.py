"""Sources as people know them: which mention a speaker's phrase names, the fullest name in the report, whether it is nameless."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tadmor.model import Mention, Source
from tadmor.reading.attributions_blocks import Block
from tadmor.reading.attributions_names import Known
from tadmor.reading.cues import DETERMINERS, cue_lexicon, mention_lexicon

_VERBAL = re.compile(r"was|were|is|are|has|have|had|which|who|that|[a-z]{3,}ed|[a-z]{3,}ing")
_FEW = frozenset("two three four five six seven eight nine ten eleven twelve several dozens scores hundreds".split())
_SAYS = frozenset("said says told added reported confirmed stressed".split())
_OUTLETS = frozenset("news agency television tv website newspaper channel reporter correspondent".split())
_RUN_ON = 4  # words of another clause that a speaker's phrase has before or behind it, where it has any
_OF = frozenset("of for to from at in with by on about".split())


@dataclass(frozen=True, slots=True)
class Speaker:
    """A source with its span, name and mention."""

    source: Source


def split_speakers(block: Block, source: tuple[int, int]) -> list[tuple[int, int]]:
    """Two speakers of one cue, "an official and the group": each a full mention of its own; else the phrase as it is."""
    first, last = source
    for k in range(first + 1, last):
        if block.lower(k) != "and":
            continue
        if _speaks(block, first, k - 1) and _speaks(block, k + 1, last) and _separate(block, first, k, last):
            return [(first, k - 1), (k + 1, last)]
        left, right = block.mention_to.get(k - 1), block.mention_from.get(k + 1)
        if left is None or right is None or left[0] != first or right.end != block.ws[last].end:
            continue
        if _complete(left[1]) and _complete(right):
            return [(first, k - 1), (k + 1, last)]
    return [source]


def _speaks(block: Block, first: int, last: int) -> bool:
    """Whether the words are a noun phrase that can speak for itself: a name, or an article, number or plural with its noun."""
    if any(block.is_mark(k) and block.text(k) not in ("'s", "’s", "-") for k in range(first, last + 1)):
        return False
    mention = block.mention_to.get(last)
    words = [block.lower(k) for k in range(first, last + 1)]
    if {"of", "for", "in", "at", "and"} & set(words):
        return False
    if mention is not None and mention[0] <= first + 1 and _complete(mention[1]):
        return True
    head = words[-1]
    lexicon, people = cue_lexicon(), mention_lexicon()
    known = head in lexicon.anonymous_heads or head in people.actor_plural or head in people.person_nominal
    known = known or head in people.actor_singular or head in people.organisation_heads or head in _SPEAKING
    known = known or (mention is not None and mention[1].type in ("actor", "person"))
    opens = words[0] in DETERMINERS or words[0][:1].isdigit() or head.endswith("s") or head in _SPEAKING
    return known and opens


def _separate(block: Block, first: int, conjunction: int, last: int) -> bool:
    """Whether both sides have their own article, or neither has one: "the army and navy chiefs" are one speaker's title."""
    left, right = block.lower(first) in DETERMINERS, block.lower(conjunction + 1) in DETERMINERS
    named = block.mention_from.get(conjunction + 1)
    free = block.lower(last).endswith("s") or (named is not None and named.level == "name")
    return right or not left or free


_SPEAKING = frozenset("media police medics residents witnesses activists".split())


def _complete(mention: Mention) -> bool:
    return mention.type in ("actor", "person", "place") and (
        mention.level == "name" or mention.text.split()[0].lower() in DETERMINERS
    )


def speaking_part(block: Block, source: tuple[int, int]) -> tuple[int, int]:
    """The part of a phrase that speaks, where text without commas has run another clause into it.

    "killing nine people Sputnik (reported)" gives Sputnik, "launched a rocket on the hospital a source in the militia (said)" the
    source, "a reporter who said that ..." the reporter.
    """
    first, last = source
    for k in range(first + 1, last):
        if block.lower(k) in ("who", "which") and block.lower(k + 1) in _SAYS and last - k >= _RUN_ON:
            last = k - 1 - block.is_mark(k - 1)
            break
    for k in range(last - 1, first + _RUN_ON, -1):
        heads = {block.lower(j) for j in range(k + 1, min(k + 4, last + 1))}
        if block.lower(k) in ("a", "an") and heads & cue_lexicon().anonymous_heads and _open(block, k - 1):
            return k, last
    start = _last_phrase(block, first, last)
    before = block.mention_to.get(start - 1)
    if before is None or start - first < 2:
        return first, last
    told = any(_VERBAL.fullmatch(block.lower(k)) for k in range(first, start))
    some = any(w in _FEW or w[:1].isdigit() for w in (block.lower(before[0]), block.lower(before[0] - 1)))
    there = before[1].type == "place" and start - first >= _RUN_ON and block.lower(before[0] - 1) in _OF
    return (start, last) if told or some or there else (first, last)


def _last_phrase(block: Block, first: int, last: int) -> int:
    """Where the last noun phrase begins that directly follows a mention: a mention of its own, a name, or "security sources"."""
    end = last
    while end > first and block.lower(end) in _OUTLETS and end not in block.mention_to:
        end -= 1
    mention = block.mention_to.get(end)
    if mention is not None:
        own = mention[1].type in ("actor", "person")
        return mention[0] - (block.lower(mention[0] - 1) in DETERMINERS) if own else first
    named = block.text(last)[:1].isupper()
    if not named and block.lower(last) not in cue_lexicon().anonymous_heads:
        return first
    k = last
    while k - 1 > first and last - k < 3 and k - 1 not in block.mention_to and block.text(k - 1)[:1].isupper() == named:
        k -= 1
    return k


def _open(block: Block, k: int) -> bool:
    """Whether a noun phrase may begin behind word ``k``: it is no preposition or conjunction that wants one."""
    return block.lower(k) not in _OF and block.lower(k) not in ("and", "or", "as", "like", "including")


def nameable(text: str, block: Block, source: tuple[int, int], representative: Mapping[str, str]) -> Speaker:
    """The source of a phrase. A person's name inside it is the speaker's, unless a preposition makes it somebody's spokesman."""
    start, end = block.ws[source[0]].start, block.ws[source[1]].end
    phrase = text[start:end]
    mention = _speaker_mention(text, block, start, end)
    if phrase.lower() in ("who", "which", "that"):
        mention = _antecedent(text, block, start)
    if mention is not None and (
        mention.level != "nominal" or representative.get(mention.id, mention.text) != mention.text
    ):
        name = representative.get(mention.id, mention.text)
    else:
        name = _plain(phrase)
    return Speaker(
        Source(
            start=start,
            end=end,
            text=phrase,
            name=name,
            mention=mention.id if mention is not None else None,
            anonymous=_anonymous(phrase, mention),
        )
    )


def _speaker_mention(text: str, block: Block, start: int, end: int) -> Mention | None:
    inside = [m for m in block.mentions_between(start, end) if m.type in ("actor", "person", "place")]
    if not inside:
        return None
    persons = [m for m in inside if m.type == "person" and m.level == "name"]
    for person in persons:
        if not _governed(text, start, person.start) and text[person.end : person.end + 2] not in ("'s", "’s"):
            return person
    if inside[0].type == "place" and inside[0].end < end:
        inside = [m for m in inside if m.type != "place"]
        if not inside:
            return None
    first = inside[0]
    comma = text.find(",", start, end)
    if (
        first.type == "actor"
        and first.level == "nominal"
        and len(inside) > 1
        and inside[1].level == "name"
        and inside[1].start >= first.end
    ):
        between = text[first.end : inside[1].start].strip()
        if between in ("", ","):
            return inside[1]
    leads = first.start == start or text[start : first.start].strip().lower() in ("the", "a", "an")
    if leads and (comma == -1 or first.end <= comma):
        tail = text[first.end : comma if comma != -1 else end].strip()
        if not tail or first.type == "person" or tail.split()[0].lower() in _OF | {"who", "which", "that"}:
            return first
    actors = [m for m in inside if m.type == "actor" and m.end == end]
    return actors[0] if actors and not _governed(text, start, actors[0].start) else None


def _antecedent(text: str, block: Block, start: int) -> Mention | None:
    """The actor or person just before a relative pronoun."""
    for mention in reversed(block.mentions_between(max(0, start - 80), start)):
        if mention.type in ("actor", "person", "place"):
            return mention if text[mention.end : start].strip(" ,(") == "" else None
    return None


class Heard:
    """Speakers so far, for those who go on speaking under a shorter name: "the group", "it", "the source"."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._body: Source | None = None
        self._nameless: Source | None = None
        self._last: Source | None = None

    def named(self, speaker: Speaker, speech: bool) -> Speaker:
        """The speaker, with the name of an earlier one where it only points back to it, and as full as the report has it."""
        speaker = self._pointed(speaker, speech)
        fuller = self._known.fuller(speaker.source.name, speaker.source.start)
        return speaker if fuller is None else Speaker(replace(speaker.source, name=fuller, anonymous=False))

    def _pointed(self, speaker: Speaker, speech: bool) -> Speaker:
        source = speaker.source
        words = [w for w in source.text.lower().split() if w != "same"]
        head = words[-1] if words else ""
        earlier: Source | None = None
        last, self._last = self._last, source
        if words == ["who"] and source.name == "who" and last is not None and 0 <= source.start - last.end <= 2:
            return Speaker(replace(source, name=last.name, anonymous=last.anonymous))
        if words in (["it"], ["they"]) and speech:
            earlier = self._body or self._nameless
            if source.name.lower() not in ("it", "they"):
                earlier = None
        elif speech and len(words) == 2 and words[0] == "the":
            if head in _BODIES:
                earlier = self._body
            elif self._nameless is not None and head.rstrip("s") in _heads(self._nameless.text):
                earlier = self._nameless
        if earlier is not None:
            return Speaker(replace(source, name=earlier.name, anonymous=earlier.anonymous))
        if speech and source.anonymous and words and words[0] != "the":
            self._nameless = source
        elif speech and not source.anonymous and len(words) > 0 and source.name[:1].isupper() and head not in _PERSONAL:
            self._body = source if _is_body(source) else self._body
        return speaker


def _heads(text: str) -> set[str]:
    """The words of a phrase up to its first preposition, in small letters and without the s of plurals."""
    words = re.findall(r"[\w-]+", text.lower())
    end = next((i for i, w in enumerate(words) if w in _OF), len(words))
    return {w.rstrip("s") for w in words[:end]}


_BODIES = frozenset(
    "group monitor alliance organisation organization agency network watchdog channel newspaper outlet".split()
)
_PERSONAL = frozenset("he she i we you who it they".split())


def _is_body(source: Source) -> bool:
    words = {w.strip(".,").lower() for w in source.name.split()}
    return bool(words & mention_lexicon().organisation_heads) or source.name.isupper()


def _governed(text: str, start: int, at: int) -> bool:
    """Whether a preposition directly before ``at`` makes what stands there belong to another noun."""
    before = text[start:at].split()
    if not before:
        return False
    word = before[-1].lower() if before[-1].lower() not in ("the", "a", "an") or len(before) < 2 else before[-2].lower()
    return word in _OF


def _plain(phrase: str) -> str:
    name = re.split(r",\s|\s[-–—]\s|\s\(|\swhich\s", phrase)[0].strip() or phrase
    return " ".join(name.split())


def _anonymous(phrase: str, mention: Mention | None) -> bool:
    words = [w.lower() for w in re.findall(r"[\w'’-]+", phrase)]
    lexicon = cue_lexicon()
    if lexicon.anonymous_words.intersection(words):
        return True
    if mention is not None and mention.level == "name" and mention.type in ("person", "actor", "place"):
        return False
    return bool(lexicon.anonymous_heads.intersection(words)) and not (
        mention is not None and mention.level == "pronoun"
    )
