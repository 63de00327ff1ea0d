"""What the words around a number make of it: rules that the weights of counting take as one of their signs.

The noun that is counted ("air strikes", "prisoners") and the nearest verb that takes or leaves it ("killing 20", "12 were
wounded") decide. A verb reaches only over its own phrase, so that one number is not counted twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from tadmor.resolve.claim_counts_phrases import Phrase
from tadmor.resolve.quantities_nouns import lexicon, units

_PEOPLE = frozenset({"killed", "injured", "casualties", "captured", "missing", "displaced", "civilians", "fighters"})
_BREAK = re.compile(
    r"[;:.]\s|\b(?:while|after|before|when|which|who|whose|where|as well as|in addition to)\b", re.IGNORECASE
)
PART = re.compile(
    r"\b(?:including|among(?:st)?(?: them| whom)?|mostly|of them|of whom|some of)\s+(?:(?:at least|about|over|"
    r"more than|up to|some|another|the)\s+)?$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z][\w-]*|[;,]|\d[\d,.]*")
_REACH = 6  # words between a number's noun phrase and the verb that says what became of it


def ruled(kind: str, text: str, start: int, end: int, phrases: Sequence[Phrase]) -> list[str | None]:
    """The codebook's word for each phrase of a clause of type ``kind``, or None where nothing is counted."""
    said: list[str | None] = []
    previous: tuple[str, Phrase] | None = None
    for index, phrase in enumerate(phrases):
        right = end
        for later in phrases[index + 1 :]:  # "27 civilians including three children were killed": reach past the part
            if not PART.search(text[max(start, later.start - 40) : later.start]):
                right = later.start
                break
        left = phrases[index - 1].end if index else start
        part = index > 0 and PART.search(text[left : phrase.start]) is not None
        what = _what(kind, phrase, text, start, left, right, right < end, previous, part)
        said.append(what)
        if what is not None and not part:
            previous = (what, phrase)
    for index in range(len(phrases) - 2, -1, -1):  # "76 children and 41 women were among those killed"
        phrase, later = phrases[index], phrases[index + 1]
        undecided = said[index] in (None, "fighters") and units().get(phrase.noun or "") == "person"
        joined = re.fullmatch(r"\s*(?:,|and|,\s*and|or)\s+", text[phrase.end : later.start])
        if undecided and joined and said[index + 1] in ("killed", "injured"):
            said[index] = said[index + 1]
    return said


@cache
def _verbs() -> tuple[dict[str, str], dict[str, str]]:
    """What a word before, and a word after, the counted phrase makes of it."""
    table = lexicon()["what"]
    return (
        {word: what for what, row in table.items() for word in row["before"]},
        {word: what for what, row in table.items() for word in row["after"]},
    )


def _what(
    kind: str,
    phrase: Phrase,
    text: str,
    start: int,
    left: int,
    right: int,
    more: bool,
    previous: tuple[str, Phrase] | None,
    part: bool,
) -> str | None:
    """The codebook's word for what is counted, or None when it is nothing that a claim counts."""
    if phrase.mention and phrase.mention.unit == "percent":
        return "other" if kind in _SHARED else None
    if phrase.mention and phrase.mention.unit == "ha":
        return "area_ha" if kind.startswith("territory") else "other"
    noun = phrase.noun or ""
    unit = units().get(noun)
    if noun in _FATE_NOUNS:
        return _FATE_NOUNS[noun]
    if unit in ("strike", "vehicle"):
        return "strikes" if unit == "strike" else "vehicles"
    nation = bool(phrase.of and phrase.of.split()[-1][0].isupper() and phrase.of.endswith("s"))
    if unit == "person" or noun.startswith("#") or nation or not noun or noun in _LOOSE:
        if part and previous and previous[0] in _PEOPLE:
            return previous[0]
        fate = _fate(text[left : phrase.start], text[phrase.end : right], text[start : phrase.start])
        if fate == "killed" and (both := _BOTH.match(text[phrase.end : right])) is not None:
            # "12 were killed and wounded 30" has a number for each
            apart = more and len(both["rest"].split()) < 3 and "or" not in both["joint"].lower()
            fate = fate if apart else "casualties"
        if fate and _fits(fate, kind):
            return fate
        if noun in _BY_NOUN:
            return _BY_NOUN[noun]
        joined = previous is not None and _JOINED.fullmatch(text[previous[1].end : phrase.start]) is not None
        if previous and joined and previous[0] in _PEOPLE:
            return previous[0]
        if noun in _ARMED and kind in _ARMED_TYPES:
            return "fighters"
        return _by_type(kind, bool(noun) or nation)
    if kind in _NO_THINGS or not noun.endswith("s") or noun in _IDLE:
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


_BOTH = re.compile(
    r"[^,;.]{0,40}?\b(?:killed|dead)\s+(?P<joint>or|and)\s+(?:injured|wounded|hurt)\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_EITHER = re.compile(
    r"\b(?:killed|killing)\s+(?:or|and)\s+(?:injured|injuring|wounded|wounding)\s+(?:\S+\s+){0,3}$", re.IGNORECASE
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


def _fits(fate: str, kind: str) -> bool:
    if fate not in ("captured", "displaced"):
        return True
    if fate == "captured":
        return kind in (
            "arrest",
            "abduction",
            "agreement",
            "armed_clash",
            "attack_on_civilians",
            "territory_taken",
        )
    return kind in ("displacement", "siege", "advance", "air_strike", "territory_taken", "casualties")


def _by_type(kind: str, noun: bool) -> str | None:
    """What persons are counted as when no verb says so: by the claim's type."""
    if kind == "casualties":
        return "killed"
    if kind == "protest":
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
    }.get(kind)


def cues(back: Sequence[str], ahead: Sequence[str]) -> tuple[str, str]:
    """What the nearest telling word before (from the number outwards) and after the phrase makes of it, with its distance."""
    before, after = _verbs()
    out = []
    for words, table in ((back, before), (ahead, after)):
        found = next(((table[w], i) for i, w in enumerate(words) if w in table), None)
        out.append(f"{found[0]}{'' if found[1] < 2 else '~' if found[1] < 5 else '~~'}" if found else "-")
    return out[0], out[1]
