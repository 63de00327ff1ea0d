"""What a claim may count: numbers with the noun phrase that they count, and single persons and things without a number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tadmor.model import Mention
from tadmor.resolve.quantities_nouns import counted_noun, lexicon, units

_SKIPPED = frozenset({"age", "currency", "calibre", "degree", "metre"})
_SENTENCE_END = re.compile(
    r"(?<!\b[A-Z]\.)(?<!\bLt\.)(?<!\bGen\.)(?<!\bCol\.)(?<!\bMaj\.)(?<!\bSgt\.)(?<!\bCapt\.)(?<!\bDr\.)(?<!\bMr\.)(?<!\bNo\.)"
    r"(?<=[.!?])[\"”’']?\s+(?=[A-Z0-9\"“‘\[(])|[\r\n]+"
)
_REACH = 300  # characters to either side of a clause that may still be its sentence
FATES = (
    r"(?:kill(?:ed|s|ing)|injur(?:ed|es|ing)|wound(?:ed|s|ing)|captur(?:ed|es|ing)|arrest(?:ed|s|ing)|detain(?:ed|s|ing)|"
    r"abduct(?:ed|s|ing)|kidnapp(?:ed|ing)|martyr(?:ed|ing)|murder(?:ed|ing)|slain|behead(?:ed|ing)|execut(?:ed|ing)|hanged|"
    r"assassinat(?:ed|ing)|gunned\s+down|shot(?:\s+dead|\s+down|\s+and\s+killed)?|stabbed|hurt|seized|taken\s+hostage|downed|"
    r"held\s+hostage|destroy(?:ed|ing)|found\s+dead|beaten|tortured|missing|released|freed)"
)
_ARTICLE = re.compile(
    r"\b(?P<form>an?|another|one\s+of\s+(?:the|its|their|his|them)|one\s+of)\s+(?=[A-Za-z]|\d+-(?:year|month|day)-old)",
    re.IGNORECASE,
)
_JOINED = re.compile(r"(?:,|\band)\s+(?:(?:with|also)\s+)?(?P<form>his|her|its|their|the)\s+(?=[a-z])")
_PASSIVE = re.compile(
    rf"(?P<np>[\w’'.-]+)(?:,|\s\([^)]{{1,30}}\))?\s+(?:(?:was|is|has\s+been|had\s+been|being|been|got|were)\s+(?:\w+ly\s+|also\s+|then\s+"
    rf"|later\s+|fatally\s+)?{FATES}|died|surrendered|dies|disappeared|succumbed|killed\s+(?:in|by)|dead\b|injured\b|wounded\b)",
    re.IGNORECASE,
)
_ACTIVE = re.compile(
    rf"\b(?:death\s+of|martyrdom\s+of|killing\s+of|murder\s+of|assassination\s+of|arrest\s+of|capture\s+of|abduction\s+of|kidnapping\s+of|"
    rf"execution\s+of|lives?\s+of|{FATES})\s+(?P<form>(?:his|her|its|their|the)\s+)?(?=(?P<np>[A-Za-z]))",
    re.IGNORECASE,
)
_GENITIVE = re.compile(
    r"(?P<np>[A-Z][\w-]+)(?:['’]s|s['’])\s+(?:death|killing|murder|arrest|assassination|capture|abduction|execution)\b"
)
_BARE = re.compile(rf"\b{FATES}\s+(?P<np>another|one)(?=[.,;]|\s+(?:and|in|on|at|when)\b|\s*$)", re.IGNORECASE)
_NAMED = re.compile(r"(?:[a-z]+\s+){1,3}[A-Z]|al-|el-")
_HIM = frozenset("him her himself herself he she".split())
_BREAKS = frozenset(
    "in at on of for with from to by and or which that as who was were is are has have had been be after before when while where "
    "during near into against since until but including among said says whose killed injured wounded dead shot died being left "
    "leaving".split()
)
_NOT_ONE = frozenset(
    "number lot few dozen handful couple group series total family host hundred thousand million score range day week month "
    "year time result part statement way bid result attempt response move sign source report case state "
    "country government city town".split()
)
_TITLE = frozenset("Mr Mrs Gen Col Lt Maj Capt Dr".split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """A number, or an article, name or pronoun that stands for one, with the noun phrase; offsets in the report's text.

    ``form`` is "number", "article", "another", "one of", "name", "pronoun", "definite", "possessive" or "bare" ("wounded
    another"); all but the first mean one.
    """

    start: int
    end: int
    noun: str | None
    of: str | None
    mention: Mention | None
    form: str = "number"

    @property
    def low(self) -> float | None:
        """The least number."""
        return self.mention.min if self.mention else 1

    @property
    def high(self) -> float | None:
        """The greatest number."""
        return self.mention.max if self.mention else 1


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence, or the sentences, that a clause stands in."""
    low = max(0, start - _REACH)
    first = low
    for match in _SENTENCE_END.finditer(text, low, start):
        first = match.end()
    after = _SENTENCE_END.search(text, end, min(len(text), end + _REACH))
    return min(first, start), after.start() if after else min(len(text), end + _REACH)


def phrases(text: str, start: int, end: int, quantities: Sequence[Mention]) -> list[Phrase]:
    """Everything between ``start`` and ``end`` that may be counted, in text order."""
    numbers = [p for m in quantities if start <= m.start and m.end <= end and (p := numbered(m, text, end)) is not None]
    ones: list[Phrase] = []
    for one in _singles(text, start, end):
        if not any(p.start < one.end and one.start < p.end for p in (*numbers, *ones)):
            ones.append(one)
    return sorted((*numbers, *ones), key=lambda p: p.start)


def numbered(mention: Mention, text: str, end: int) -> Phrase | None:
    """The number with what it counts, or None when it measures something that no claim counts."""
    if (mention.min is None and mention.max is None) or mention.unit in _SKIPPED:
        return None
    if mention.unit == "tonne" and _HEAVY.match(text, mention.end):
        return None
    if _aged(mention, text) or _earlier(mention, text) or _whole(mention, text):
        return None
    noun = counted_noun(text[:end], mention.end)
    if noun is None:
        return Phrase(mention.start, mention.end, None, None, mention)
    return Phrase(mention.start, noun[1], noun[2].lower(), text[noun[0] : noun[1]], mention)


_HEAVY = re.compile(
    r"\s+(?:\w+\s+){0,2}?(?:bombs?|shells?|missiles?|warheads?|rockets?|explosives?|payload|device|truck)\b"
)


def _aged(mention: Mention, text: str) -> bool:
    """Whether the number is an age that stands beside who is that old: "Oliver Hall, 24, from" and "a girl, 6"."""
    before = re.search(r"(?P<who>[\w’'-]+),\s*$", text[max(0, mention.start - 30) : mention.start])
    if before is None or not mention.text.isdigit():
        return False
    after, who = text[mention.end : mention.end + 1], before["who"]
    if who[0].isupper():
        return after in (",", ")")
    return (
        after in (",", ")", ".", ";", "")
        and int(mention.text) < 110
        and units().get(who) == "person"
        and not _plural(who)
    )


def _earlier(mention: Mention, text: str) -> bool:
    """Whether the number is what a toll was before it changed: "rose from 12 to 15"."""
    before = re.search(r"\bfrom\s+(?:\w+\s+){0,2}$", text[max(0, mention.start - 30) : mention.start])
    return before is not None and _TO_NUMBER.match(text, mention.end) is not None


_TO_NUMBER = re.compile(
    r"\s+to\s+(?:(?:at\s+least|more\s+than|over|about|around|some|nearly|almost)\s+)?\d", re.IGNORECASE
)
_WHOLE = re.compile(
    r"\bof\s+(?:the|its|their|his|her|those|these|our)\s+(?:(?:some|about|around|roughly|estimated|more than)\s+)?$"
)
_FATED = re.compile(
    r"\s+(?:\w+\s+)?(?:dead|killed|wounded|injured|hurt|missing|displaced|captured|detained|arrested|deaths|fatalities|"
    r"casualties|victims|bodies|martyrs|hostages|prisoners|captives|detainees|refugees)\b",
    re.IGNORECASE,
)


def _whole(mention: Mention, text: str) -> bool:
    """Whether the number only says of how many a part is told, "two of the three attackers", and not their fate."""
    before = _WHOLE.search(text[max(0, mention.start - 40) : mention.start])
    if before is None:
        return False
    part = re.search(
        r"(?:\d|\b(?:one|all|half|most|many|dozens|" + "|".join(lexicon()["words"]) + r"))\s+$",
        text[: mention.start - len(before[0])][-20:],
        re.IGNORECASE,
    )
    return part is not None and _FATED.match(text, mention.end) is None


def _singles(text: str, start: int, end: int) -> Iterator[Phrase]:
    for match in _ARTICLE.finditer(text, start, end):
        form = match["form"].lower().split()[0]
        form = "one of" if form == "one" else "article" if form in ("a", "an") else form
        if (found := _noun_phrase(text, match.end(), end)) is not None and _one(found, form):
            yield Phrase(match.start(), found[1], found[2], text[found[0] : found[1]], None, form)
    for match in _ACTIVE.finditer(text, start, end):
        yield from _object(text, match, end)
    for match in _PASSIVE.finditer(text, start, end):
        yield from _subject(text, match, start)
    for match in _BARE.finditer(text, start, end):
        yield Phrase(match.start("np"), match.end("np"), None, None, None, "bare")
    for match in _GENITIVE.finditer(text, start, end):
        yield Phrase(match.start("np"), match.end("np"), "#name", match["np"], None, "name")
    for match in _JOINED.finditer(text, start, end):
        found = _noun_phrase(text, match.end(), end)
        form = "definite" if match["form"] == "the" else "possessive"
        if found is not None and _one(found, form) and units().get(found[2]) == "person":
            yield Phrase(match.start("form"), found[1], found[2], text[found[0] : found[1]], None, form)


def _object(text: str, match: re.Match[str], end: int) -> Iterator[Phrase]:
    at = match.start("np")
    word = re.compile(r"[\w’'-]+").match(text, at, end)
    if word is None:
        return
    if word[0].lower() in _HIM or ((match["form"] or "").strip().lower() == "her" and word[0].lower() in _BREAKS):
        yield Phrase(at, word.end(), "#pronoun", word[0], None, "pronoun")
        return
    if word[0].lower() in ("a", "an", "another", "one") or word[0].lower() in _BREAKS:
        return
    found = _noun_phrase(text, at, end)
    if found is None:
        return
    if match["form"]:
        form = "definite" if match["form"].strip().lower() == "the" else "possessive"
        if _one(found, form):
            yield Phrase(match.start("form"), found[1], found[2], text[found[0] : found[1]], None, form)
    elif (word[0][0].isupper() or units().get(found[2]) == "person" or _NAMED.match(text, at, end)) and not _many(
        found
    ):
        noun = found[2] if found[2] in units() else "#name"
        yield Phrase(at, found[1], noun, text[found[0] : found[1]], None, "name")


def _subject(text: str, match: re.Match[str], start: int) -> Iterator[Phrase]:
    word = match["np"]
    at, stop = match.span("np")
    lower = word.lower()
    if lower in ("he", "she"):
        yield Phrase(at, stop, "#pronoun", word, None, "pronoun")
        return
    if lower in _BREAKS or lower in _NOT_ONE or not word[0].isalpha():
        return
    if word[0].isupper():
        if not (lower in units() and _plural(lower)) and word not in _TITLE:
            yield Phrase(at, stop, "#name", word, None, "name")
        return
    if units().get(lower) == "person" and not _plural(lower):
        before = re.search(
            r"(?:\b|^)(?P<form>the|his|her|its|their|[A-Z]\w*['’]s|a|an|[A-Z][a-z]+)\s+(?:[\w’'-]+\s+){0,4}$",
            text[max(start, at - 60) : at],
        )
        if before is not None:
            begin = max(start, at - 60) + before.start("form")
            form = "definite" if before["form"].lower() == "the" else "possessive"
            yield Phrase(begin, stop, lower, text[begin:stop], None, form)


def _many(found: tuple[int, int, str]) -> bool:
    return found[2] in units() and _plural(found[2])


def _plural(noun: str) -> bool:
    return noun.endswith("s") or noun in (
        "people",
        "men",
        "women",
        "children",
        "police",
        "staff",
        "troops",
        "personnel",
        "forces",
    )


def _one(found: tuple[int, int, str], form: str) -> bool:
    """Whether the noun phrase may name one person or thing."""
    noun = found[2]
    return noun not in _NOT_ONE and (form == "one of" or not _plural(noun))


_WORD = re.compile(r"\s*([A-Za-z0-9](?:[\w'’/-]|\.(?=\w)|(?<=\.[A-Z])\.)*)")


def _noun_phrase(text: str, at: int, end: int) -> tuple[int, int, str] | None:
    """A noun phrase that begins at ``at``: start, end, head noun in lower case."""
    words: list[re.Match[str]] = []
    while len(words) < 7 and (match := _WORD.match(text, at, end)) is not None and match[1].lower() not in _BREAKS:
        if words and match[1].lower() in ("a", "an", "the", "his", "her", "their", "its", "another"):
            break
        words.append(match)
        at = match.end()
    if not words or not (words[0][1][0].isalpha() or words[0][1].endswith("-old")):
        return None
    known = [i for i, w in enumerate(words) if w[1].lower() in units()]
    last = known[-1] if known else len(words) - 1
    if known:  # "a soldier Saturday": the phrase ends with the first known noun that no other noun follows at once
        for i in known:
            if i + 1 not in known:
                last = i
                break
    return words[0].start(1), words[last].end(1), words[last][1].lower()
