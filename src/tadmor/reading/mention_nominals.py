"""Noun phrases whose head names people or bodies: "armed rebel fighters", "the ministry", "a senior officer"."""

from __future__ import annotations

from dataclasses import dataclass

from tadmor.model import Level, MentionType
from tadmor.reading.cues import DETERMINERS, FUNCTION, VERBS, cue_lexicon, mention_lexicon
from tadmor.reading.mention_words import clitic, hyphenated, is_capital
from tadmor.reading.recognise import Found
from tadmor.reading.text import Token

_MAX_LEFT = 10
ADJECTIVE_ENDINGS = (
    "al",
    "ic",
    "ish",
    "ese",
    "ian",
    "ous",
    "ive",
    "ary",
    "led",
    "backed",
    "aligned",
    "linked",
    "affiliated",
    "ist",
)
_BARE_NEEDS_MODIFIER = frozenset(
    "people members sources men women children parties units teams partners powers students workers users displaced hosts "
    "friends guards cells pilots patients passengers companies sick wounded communities members leaders groups supporters".split()
)
_COUNTING = frozenset("both each one two three four five six seven eight nine ten".split())
_SPECIFIC = frozenset(
    "fighters militants forces troops group regime soldiers army rebels terrorists gunmen insurgents militia "
    "militiamen jihadists members units commanders leaders organisation organization extremists takfiris".split()
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may become a mention; ``rank`` decides between overlapping ones, lower first."""

    start: int
    end: int
    type: MentionType
    level: Level
    entity: str | None
    rank: int


def nominals(ws: list[Token], cover: list[Found | None], taken: set[int]) -> list[Candidate]:
    """Candidates for actors and persons described by a noun phrase; ``taken`` are words of persons\' names."""
    lexicon = mention_lexicon()
    out: list[Candidate] = []
    done = -1
    for i, w in enumerate(ws):
        if i <= done or i in taken:
            continue
        plural, singular, person = (
            w.lower in lexicon.actor_plural,
            w.lower in lexicon.actor_singular,
            w.lower in lexicon.person_nominal,
        )
        if not (plural or singular or person) or (cover[i] is not None and cover[i].type in ("time", "quantity")):  # type: ignore[union-attr]
            continue
        if i + 1 < len(ws) and is_head(ws[i + 1]) and not clitic(ws, i + 1):
            continue
        if (person and _verb_reading(ws, i)) or (not plural and modifies_next(ws, i)):
            continue
        first = _left(ws, cover, i, taken)
        determined = ws[first].lower in DETERMINERS or ws[first].text[0].isdigit()
        modified = i - first > determined
        if (
            singular
            and not determined
            and not (modified and any(is_capital(x) or cover[k] for k, x in enumerate(ws[first:i], first)))
        ):
            if not (person and determined):
                continue
        elif person and not singular and not plural and not determined:
            office = is_capital(w) and i + 1 < len(ws) and ws[i + 1].lower in ("for", "of")
            apposed = i + 1 < len(ws) and ws[i + 1].lower == "of" and i > 0 and ws[first - 1].text == ","
            if not (office or apposed):
                continue
        last = _right(ws, cover, i)
        if plural and w.lower in _BARE_NEEDS_MODIFIER and not (determined or modified or last > i):
            continue
        kind: MentionType = (
            "person" if person and not plural and not (singular and modified and not determined) else "actor"
        )
        if singular and person:
            kind = "person"
        inner = next((cover[k] for k in range(first, i + 1) if cover[k] is not None and cover[k].type == "actor"), None)  # type: ignore[union-attr]
        specific = inner is not None and inner.level == "name" and w.lower in _SPECIFIC
        entity = inner.entity if inner is not None and specific else None
        level: Level = "name" if specific or (is_capital(w) and i > first) else "nominal"
        out.append(Candidate(ws[first].start, ws[last].end, kind, level, entity, 2))
        done = last
    return out


def is_head(w: Token) -> bool:
    """Whether the word can be the head of a phrase for people or bodies."""
    lexicon = mention_lexicon()
    return w.lower in lexicon.actor_plural or w.lower in lexicon.actor_singular or w.lower in lexicon.person_nominal


def modifies_next(ws: list[Token], i: int) -> bool:
    """Whether the word only describes the noun after it: "a government offensive", "a major advance"."""
    if i + 1 >= len(ws):
        return False
    n = ws[i + 1]
    return (
        n.text[0].islower()
        and n.lower not in FUNCTION
        and n.lower not in VERBS
        and n.lower not in cue_lexicon().always
        and n.lower not in cue_lexicon().before
        and n.lower not in DETERMINERS
        and not n.lower.endswith(("ed", "ing", "ly"))
        and n.lower not in cue_lexicon().auxiliaries
        and n.lower not in cue_lexicon().adverbs
        and not n.lower.endswith("s")
    )


def _verb_reading(ws: list[Token], i: int) -> bool:
    """Whether a word such as "guide" or "leaves" is likelier a verb here: it follows a pronoun, "to" or an auxiliary."""
    return i > 0 and (
        ws[i - 1].lower in cue_lexicon().auxiliaries or ws[i - 1].lower in ("to", "they", "we", "who", "i", "you")
    )


def _left(ws: list[Token], cover: list[Found | None], head: int, taken: set[int]) -> int:
    """The first word of the noun phrase that ends in ``head``."""
    lexicon = mention_lexicon()
    first = head
    while first > 0 and head - first < _MAX_LEFT:
        w = ws[first - 1]
        found = cover[first - 1]
        if found is not None and found.type == "time":
            break
        if w.lower in _COUNTING or (w.lower == "that" and (head - first or ws[head].lower in lexicon.actor_plural)):
            break
        if w.lower in DETERMINERS:
            first -= 1
            if first > 0 and ws[first - 1].lower in ("all", "both") and w.lower in ("the", "these", "those"):
                first -= 1
            break
        if w.text in ("'s", "’s"):
            if first < 2:
                break
            first -= 2
            continue
        if w.text[0].isdigit() and not w.text[-1].isalpha():
            if first > 1 and ws[first - 2].lower in ("the", "these", "those", "its", "their"):
                first -= 2
            break
        if not (w.text[0].isalnum()) or w.lower in FUNCTION or (w.lower in VERBS and not is_capital(w)):
            break
        known_word = w.lower in lexicon.modifiers or w.lower in lexicon.demonyms or is_head(w)
        if known_word or is_capital(w) or hyphenated(w) or found is not None or w.lower.endswith(ADJECTIVE_ENDINGS):
            if first - 1 in taken and not clitic(ws, first):
                break
            first -= 1
            continue
        break
    while first < head and ws[first].lower in VERBS:
        first += 1
    return first


def _right(ws: list[Token], cover: list[Found | None], head: int) -> int:
    """The last word of the noun phrase: "of" and a name or noun phrase belong to relational heads."""
    lexicon = mention_lexicon()
    if ws[head].lower not in lexicon.relational or head + 2 >= len(ws):
        return head
    if ws[head + 1].lower != "of" and not (
        ws[head + 1].lower == "for" and ws[head].lower in lexicon.person_nominal and is_capital(ws[head])
    ):
        return head
    i = head + 2
    if ws[i].lower in DETERMINERS:
        i += 1
    last = head
    while i < len(ws) and i - head < _MAX_LEFT:
        w = ws[i]
        if (
            w.text[0].isalnum()
            and w.lower not in FUNCTION
            and w.lower not in VERBS
            and (
                is_capital(w)
                or is_head(w)
                or w.lower in lexicon.modifiers
                or w.lower in lexicon.place_nominal
                or cover[i] is not None
                or w.lower in lexicon.demonyms
                or hyphenated(w)
            )
        ):
            last = i
            i += 1
            continue
        if w.lower in ("of", "al", "-") and last == i - 1 and i + 1 < len(ws) and is_capital(ws[i + 1]):
            i += 1
            continue
        break
    return last
