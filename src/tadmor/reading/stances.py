"""Stances: constructions that settle a claim's certainty by themselves, whatever the statistics of its words.

"Denied that ...", "had not ...", "no sign that ...", "is to ...", "reportedly ...": each governs the trigger in a way that the
codebook decides (rules 1 to 4). A construction counts only where it governs: next to the trigger's verb, or as the opening
of the clause that holds it. Where none stands, the reader's own judgement holds. The words are in ``data/stances.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache

from tadmor.model import Certainty
from tadmor.reading.drafts import Draft
from tadmor.reading.triggers import read_data
from tadmor.taxonomy import UTTERANCES

_BARRED = frozenset(("aid", "displacement"))  # "denied aid": withheld, not said to be untrue
_REACH = 300  # characters on each side of a trigger that are looked at: keeps the work linear in the text
_PERFECT = re.compile(r"\bto\s+have\s+(?:\w+ly\s+|been\s+)?$", re.IGNORECASE)
_DENIAL_REACH = 160  # characters from a verb of denial to the trigger that it may still govern


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """Compiled constructions by name; those for one type only are named ``undone_before.siege`` and the like.

    What is named ``after`` begins where the trigger ends; the others end where it begins, or open its clause.
    """
    raw = tomllib.loads(read_data("stances.toml"))
    parts: dict[str, str] = {name: "|".join(words) for name, words in raw["words"].items()}
    # What may stand between a governing word and the trigger's verb, and between a verb of doing and a trigger that is a noun.
    parts["group"] = rf"(?:(?:be|been|being|have|has|had|{parts['adverbs']}|\w+ly)\s+){{0,4}}"
    parts["doing"] = rf"(?:(?:{parts['light']})\s+(?:[\w’'-]+\s+){{0,3}})?"

    def build(pattern: str) -> re.Pattern[str]:
        return re.compile(re.sub(r"<(\w+)>", lambda m: f"(?:{parts[m[1]]})", pattern), re.IGNORECASE)

    built = {name: build(pattern) for name, pattern in raw["patterns"].items()}
    for side in ("undone_before", "undone_after"):
        built.update({f"{side}.{name}": build(pattern) for name, pattern in raw[side].items()})
    return built


def stance(draft: Draft) -> Certainty | None:
    """The certainty that a construction about the trigger settles, or None where the wording leaves it open."""
    if draft.type in UTTERANCES:
        return None
    sentence = draft.line.sentence
    words = draft.line.words
    at, stop = words[draft.first].start - sentence.start, words[draft.last].end - sentence.start
    before = sentence.text[max(0, at - _REACH) : at]
    after = sentence.text[stop : min(draft.end - sentence.start, stop + _REACH)]
    clause = sentence.text[max(0, draft.start - sentence.start, at - _REACH) : at]
    return _settled(draft.type, words[draft.first].lower, before, after, clause)


@lru_cache(maxsize=256)  # asked of one clause as it is compared with others, and again as it is told
def _settled(type_: str, verb: str, before: str, after: str, clause: str) -> Certainty | None:
    p = _patterns()
    if p["undenied"].search(before):
        return None
    if _denied(p, type_, before):
        return "denied"
    subject = not verb.endswith(("ed", "ing")) and not p["boundary"].search(after[:60])
    expected = p["expected"].search(before) or p["expected_noun"].search(before) or p["condition"].search(before)
    if _undone(p, type_, before, after):
        return "expected" if expected else "denied"
    if p["negated"].search(before) or p["nobody"].search(before) or p["no_noun"].search(before):
        return "denied"
    if expected or (p["may"].search(before) and _base(verb)):
        return "expected"
    if subject and p["negated_after"].match(after):
        return "denied"
    if subject and p["expected_after"].match(after):
        return "expected"
    if subject and p["hedged_after"].match(after):
        return "hedged"
    if _hedged(p, type_, before, clause):
        return "hedged"
    # "claimed to have repelled": what is told in the perfect has happened, for whoever tells it.
    return "asserted" if _PERFECT.search(before) else None


def _base(verb: str) -> bool:
    return not verb.endswith(("ed", "ing", "en", "wn"))


def _denied(p: Mapping[str, re.Pattern[str]], type_: str, before: str) -> bool:
    """Whether a verb of denial, or "no sign", opens the clause that the trigger stands in."""
    for pattern in (p["denying"], p["no_sign"]):
        if (
            pattern is p["denying"]
            and type_ in _BARRED
            and not re.search(r"\b(?:that|having|reports?|claims?)\b", before)
        ):
            continue
        last = _last(pattern, before)
        if last is None:
            continue
        between = before[last.end() :]
        if len(between) <= _DENIAL_REACH and not p["boundary"].search(between):
            return True
    return False


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return found[-1] if found else None


def _undone(p: Mapping[str, re.Pattern[str]], type_: str, before: str, after: str) -> bool:
    """Whether the state that the trigger names is said to be over: a siege lifted, a truce broken."""
    lead, tail = p.get(f"undone_before.{type_}"), p.get(f"undone_after.{type_}")
    return bool(lead and lead.search(before)) or bool(tail and tail.match(after))


def _hedged(p: Mapping[str, re.Pattern[str]], type_: str, before: str, clause: str) -> bool:
    if p["hedged"].search(before) or p["reported"].search(before) or p["hedged_noun"].search(before):
        return True
    adverb = _last(p["adverb"], clause)
    if adverb is not None and not p["boundary"].search(clause[adverb.end() :]):
        return True
    opening = _last(p["hedged_clause"], before)
    if opening is not None and not p["boundary"].search(before[opening.end() :]):
        return True
    # An arrest of a suspect is certain; a suspect's attack is not.
    doer = p["hedged_doer"].search(clause) if type_ != "arrest" else None
    return doer is not None and not p["boundary"].search(clause[doer.end() :])
