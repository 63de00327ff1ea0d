"""How many: the ``counts`` of claims, from the quantities that stand in their clause.

Counts that the reader linked keep their ``what`` and ``of`` and get the range of their mention. Where it linked none,
each quantity inside the claim's clause is taken for what the words around it say: the noun that it counts
("air strikes", "prisoners") and the nearest verb that takes or leaves it ("killing 20", "12 were wounded"). A verb
reaches only over its own phrase, so that one number is not counted twice. Distances, ages, money, percentages and the
tolls of other clauses are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from tadmor.model import Claim, Count, Mention, Reading
from tadmor.resolve.quantities import counted_noun, lexicon, units

_SKIPPED = frozenset({"km", "mile", "metre", "age", "currency", "calibre", "degree", "tonne"})
_PEOPLE = frozenset({"killed", "injured", "casualties", "captured", "missing", "displaced", "civilians", "fighters"})
_BREAK = re.compile(
    r"[;:.]\s|\b(?:while|after|before|when|which|who|whose|where|as well as|in addition to)\b", re.IGNORECASE
)
_PART = re.compile(
    r"\b(?:including|among(?:st)?(?: them| whom)?|mostly|of them|of whom|some of)\s+(?:(?:at least|about|over|"
    r"more than|up to|some|another|the)\s+)?$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z][\w-]*|[;,]|\d[\d,.]*")
_REACH = 6  # words between a number's noun phrase and the verb that says what became of it
_FATES = (
    r"kill(?:ed|s|ing)|injur(?:ed|es|ing)|wound(?:ed|s|ing)|captur(?:ed|es|ing)|arrest(?:ed|s|ing)|abduct(?:ed|"
    r"s|ing)|"
    r"kidnapp(?:ed|ing)|martyr(?:ed|ing)|claim(?:ed|ing) the li(?:fe|ves) of|behead(?:ed|ing)|execut(?:ed|ing)|"
    r"assassinat(?:ed|ing)|shot dead|hurt|dead"
)
_SINGLE = re.compile(rf"\b(?P<verb>{_FATES})\s+(?P<np>(?:a|an|another)\s+[^,;.]{{2,70}})", re.IGNORECASE)
_SINGLE_AFTER = re.compile(
    rf"\b(?P<np>(?:a|an|another)\s+[^;.]{{2,90}}?)\s+(?:was|has been|is|had been|were)\s+(?:(?:also|reportedly|"
    rf"shot and|then)\s+)?(?P<verb>{_FATES})\b",
    re.IGNORECASE,
)
_NOT_ONE = frozenset(
    {
        "number",
        "lot",
        "few",
        "dozen",
        "handful",
        "couple",
        "group",
        "series",
        "total",
        "family",
        "host",
        "member",
        "hundred",
        "thousand",
        "million",
        "score",
        "range",
    }
)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A number with the noun phrase that it counts, offsets in the clause's text."""

    start: int
    end: int
    noun: str | None
    of: str | None
    mention: Mention


def count_claims(reading: Reading) -> tuple[Claim, ...]:
    """The claims of ``reading`` with ``counts`` filled; quantity mentions must carry their ranges already."""
    by_id = {m.id: m for m in reading.mentions if m.type == "quantity"}
    ordered = sorted(by_id.values(), key=lambda m: m.start)
    return tuple(_counted(claim, reading.report.text, by_id, ordered) for claim in reading.claims)


def _counted(claim: Claim, text: str, by_id: dict[str, Mention], ordered: list[Mention]) -> Claim:
    if claim.counts:
        return replace(claim, counts=tuple(_ranged(n, by_id) for n in claim.counts))
    inside = [m for m in ordered if claim.start <= m.start and m.end <= claim.end]
    found = list(_found(claim, text, inside))
    return replace(claim, counts=tuple(_distinct(found)))


def _ranged(count: Count, by_id: dict[str, Mention]) -> Count:
    mention = by_id.get(count.mention or "")
    if mention is None or (count.min is not None or count.max is not None):
        return count
    return replace(count, min=mention.min, max=mention.max, approx=mention.approx)


def _distinct(counts: list[Count]) -> Iterator[Count]:
    seen: set[tuple[str, float | None, float | None, str | None]] = set()
    for count in counts:
        key = (count.what, count.min, count.max, count.of)
        if key not in seen:
            seen.add(key)
            yield count


def _found(claim: Claim, text: str, inside: list[Mention]) -> Iterator[Count]:
    phrases = [p for m in inside if (p := _phrase(m, text, claim.end)) is not None]
    said: list[str | None] = []
    previous: tuple[str, _Phrase] | None = None
    for index, phrase in enumerate(phrases):
        right = claim.end
        for later in phrases[index + 1 :]:  # "27 civilians including three children were killed": reach past the part
            if not _PART.search(text[max(claim.start, later.start - 40) : later.start]):
                right = later.start
                break
        left = phrases[index - 1].end if index else claim.start
        part = index > 0 and _PART.search(text[left : phrase.start]) is not None
        what = _what(claim, phrase, text, left, right, previous, part)
        said.append(what)
        if what is not None and not part:
            previous = (what, phrase)
    for index in range(len(phrases) - 2, -1, -1):  # "76 children and 41 women were among those killed"
        phrase, later = phrases[index], phrases[index + 1]
        undecided = said[index] in (None, "fighters") and units().get(phrase.noun or "") == "person"
        joined = re.fullmatch(r"\s*(?:,|and|,\s*and|or)\s+", text[phrase.end : later.start])
        if undecided and joined and said[index + 1] in ("killed", "injured"):
            said[index] = said[index + 1]
    for phrase, decided in zip(phrases, said, strict=True):
        if decided is not None:
            mention = phrase.mention
            yield Count(decided, mention.min, mention.max, phrase.of, mention.approx, mention.id)
    yield from _singles(claim, phrases)


def _phrase(mention: Mention, text: str, end: int) -> _Phrase | None:
    if (mention.min is None and mention.max is None) or mention.unit in _SKIPPED:
        return None
    if (
        text[mention.end : mention.end + 1] == ","
        and re.search(r"[A-Z][\w’'-]+,\s*$", text[max(0, mention.start - 30) : mention.start])
        and mention.text.isdigit()
    ):
        return None  # an age: "Oliver Hall, 24, from"
    noun = counted_noun(text[:end], mention.end)
    if noun is None:
        return _Phrase(mention.start, mention.end, None, None, mention)
    return _Phrase(mention.start, noun[1], noun[2].lower(), text[noun[0] : noun[1]], mention)


@cache
def _verbs() -> tuple[dict[str, str], dict[str, str]]:
    """What a word before, and a word after, the counted phrase makes of it."""
    table = lexicon()["what"]
    return (
        {word: what for what, row in table.items() for word in row["before"]},
        {word: what for what, row in table.items() for word in row["after"]},
    )


def _what(
    claim: Claim,
    phrase: _Phrase,
    text: str,
    left: int,
    right: int,
    previous: tuple[str, _Phrase] | None,
    part: bool,
) -> str | None:
    """The codebook's word for what is counted, or None when it is nothing that a claim counts."""
    if phrase.mention.unit == "percent":
        return "other" if claim.type in _SHARED else None
    if phrase.mention.unit == "ha":
        return "area_ha" if claim.type.startswith("territory") else "other"
    noun = phrase.noun or ""
    unit = units().get(noun)
    if noun in _FATE_NOUNS:
        return _FATE_NOUNS[noun]
    if unit in ("strike", "vehicle"):
        return "strikes" if unit == "strike" else "vehicles"
    nation = bool(phrase.of and phrase.of.split()[-1][0].isupper() and phrase.of.endswith("s"))
    if unit == "person" or nation or not noun or noun in _LOOSE:
        if part and previous and previous[0] in _PEOPLE:
            return previous[0]
        fate = _fate(text[left : phrase.start], text[phrase.end : right], text[claim.start : phrase.start])
        if fate == "killed" and re.match(
            r"[^,;.]{0,40}?\b(?:killed|dead)\s+(?:or|and)\s+(?:injured|wounded)\b", text[phrase.end : right]
        ):
            fate = "casualties" if re.search(r"\b(?:killed|dead)\s+or\s", text[phrase.end : right][:60]) else fate
        if fate and _fits(fate, claim):
            return fate
        if noun in _BY_NOUN:
            return _BY_NOUN[noun]
        joined = previous is not None and _JOINED.fullmatch(text[previous[1].end : phrase.start]) is not None
        if previous and joined and previous[0] in _PEOPLE:
            return previous[0]
        if noun in _ARMED and claim.type in _ARMED_TYPES:
            return "fighters"
        return _by_type(claim, bool(noun) or nation)
    if claim.type in _NO_THINGS or not noun.endswith("s") or noun in _IDLE:
        return None
    return "other"


_FATE_NOUNS = {
    "deaths": "killed",
    "fatalities": "killed",
    "martyrs": "killed",
    "bodies": "killed",
    "corpses": "killed",
    "dead": "killed",
    "injuries": "injured",
    "casualties": "casualties",
}
_BY_NOUN = {"prisoners": "captured", "hostages": "captured", "captives": "captured", "refugees": "displaced"}
_ARMED = frozenset(
    "fighters militants soldiers troops gunmen attackers bombers rebels terrorists jihadists insurgents mercenaries "
    "extremists guerrillas".split()
)
_ARMED_TYPES = frozenset(
    "armed_clash bombing attack_on_civilians threat demand destruction talks advance support".split()
)
_SHARED = frozenset({"territory_taken", "territory_lost", "territory_held", "displacement", "destruction"})
_LOOSE = frozenset({"more", "other", "others"})
_JOINED = re.compile(
    r"[^.;:]{0,60}?(?:,|\band\b|\bas well as\b)\s+(?:(?:at least|about|some|another|more than|over|around|"
    r"up to)\s+)?",
    re.IGNORECASE,
)
_NO_THINGS = frozenset({"accusation", "demand", "threat", "rejection", "support", "sanction", "talks"})
_IDLE = frozenset(
    "times days weeks months years hours areas sides parts stages phases countries nations fronts axes directions "
    "occasions".split()
)


def _fate(left: str, right: str, clause: str) -> str | None:
    """What the nearest verb makes of a counted phrase; ``left`` and ``right`` are the text to the next numbers."""
    before, after = _verbs()
    if _EITHER.search(left):
        return "casualties"
    back = list(reversed(_WORD.findall(_BREAK.split(left)[-1])))[:_REACH]
    edge = _BREAK.search(right)
    ahead = _WORD.findall(right[: edge.start()] if edge else right)[: _REACH + 8]
    behind = next(((before[w.lower()], i) for i, w in enumerate(back) if w.lower() in before), None)
    passive = _passive(left, clause)
    if passive == "said":
        behind = None
    forward = None
    for i, word in enumerate(ahead):
        if word.lower() not in after:
            continue
        if behind and i and ahead[i - 1].lower() in ("and", "or", ","):
            continue  # "killed 26 people and wounded 30": the second verb takes the second number
        forward = (after[word.lower()], i)
        break
    if passive == "bare" and forward and forward[1] <= 2:
        behind = None  # "4 killed 9 wounded"
    if behind and forward:
        return forward[0] if forward[1] == 0 or forward[1] < behind[1] else behind[0]
    if not behind and not forward and _TOLL.search(clause):
        return "killed"
    return behind[0] if behind else forward[0] if forward else None


_EITHER = re.compile(
    r"\b(?:killed|killing)\s+or\s+(?:injured|injuring|wounded|wounding)\s+(?:\S+\s+){0,3}$", re.IGNORECASE
)
_TOLL = re.compile(r"\btoll\b[^.;]{0,90}\b(?:to|at|of|than|reached|exceeded)\s+(?:\S+\s+){0,2}$", re.IGNORECASE)
_VERBS = r"(?:killed|injured|wounded|hurt|dead|captured|arrested|martyred|displaced|died)\b(?P<rest>[^;]*)$"
_PASSIVE = re.compile(rf"\b(?:was|were|been|being|are|is|got)\s+(?:\w+\s+)?{_VERBS}", re.IGNORECASE)
_BARE = re.compile(rf"^\s*{_VERBS}", re.IGNORECASE)


def _passive(left: str, clause: str) -> str | None:
    """Whether the verb to the left belongs to the number before it: "said" in "12 were killed and 30", else "bare"."""
    if len(left) >= len(clause):
        return None
    match = _PASSIVE.search(left)
    if match is not None and re.search(r"\band\b|,|^\s*$", match["rest"]):
        return "said"
    return "bare" if _BARE.search(left) else None


def _fits(fate: str, claim: Claim) -> bool:
    if fate not in ("captured", "displaced"):
        return True
    if fate == "captured":
        return claim.type in (
            "arrest",
            "abduction",
            "agreement",
            "armed_clash",
            "attack_on_civilians",
            "territory_taken",
        )
    return claim.type in ("displacement", "siege", "advance", "air_strike", "territory_taken", "casualties")


def _by_type(claim: Claim, noun: bool) -> str | None:
    """What persons are counted as when no verb says so: by the claim's type."""
    if claim.type == "casualties":
        return "killed"
    if claim.type == "protest":
        return "other"
    if not noun:
        return None
    return {
        "arrest": "captured",
        "abduction": "captured",
        "displacement": "displaced",
        "deployment": "fighters",
        "siege": "civilians",
        "aid": "civilians",
    }.get(claim.type)


def _singles(claim: Claim, phrases: list[_Phrase]) -> Iterator[Count]:
    """One person, said without a number: "killing a woman", "a soldier was wounded"."""
    for pattern in (_SINGLE, _SINGLE_AFTER):
        for match in pattern.finditer(claim.text):
            person = _person(match["np"])
            if person is None:
                continue
            at = claim.start + match.start("np")
            if any(p.start < at + person[1] and at < p.end for p in phrases):
                continue
            yield Count(_verb_what(match["verb"].lower()), 1, 1, person[0])


def _person(np: str) -> tuple[str, int] | None:
    """The one person that a noun phrase names first, without its article, and where its head ends; or None."""
    words = list(re.finditer(r"[\w’'-]+|[,;]", np))
    for index, word in enumerate(words[:7]):
        noun = word[0].lower()
        if noun in _NOT_ONE or noun in _FUNCTION:
            return None
        following = words[index + 1][0].lower() if index + 1 < len(words) else ""
        if not index or (following and following not in _FUNCTION and following not in _AFTER_NOUN):
            continue
        if units().get(noun) == "person" or _AGENT.search(noun):
            if noun.endswith("s") or noun in ("people", "men", "women", "children", "police", "staff"):
                return None
            return re.sub(r"^\w+\s+", "", np[: word.end()]), word.end()
    return None


_AGENT = re.compile(r"(?:man|woman|er|or|ist|ian|cleric|pilot|marine|chief)$")
_AFTER_NOUN = frozenset(
    ", ; who was were named called identified when while after during near outside inside also alongside".split()
)
_FUNCTION = frozenset({"in", "at", "on", "of", "for", "with", "from", "to", "by", "and", "which", "that", "as"})


def _verb_what(verb: str) -> str:
    if verb.startswith(("injur", "wound", "hurt")):
        return "injured"
    if verb.startswith(("captur", "arrest", "abduct", "kidnap")):
        return "captured"
    return "killed"


__all__ = ["count_claims"]
