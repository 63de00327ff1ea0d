"""Mentions told by lexicon: weapons, countries that act, places that are described rather than named."""

from __future__ import annotations

from functools import cache

from tadmor.reading.cues import DETERMINERS, VERBS, cue_lexicon, mention_lexicon
from tadmor.reading.mention_nominals import ADJECTIVE_ENDINGS, Candidate, is_head, modifies_next
from tadmor.reading.mention_words import hyphenated, is_capital
from tadmor.reading.recognise import Found
from tadmor.reading.text import Token

_WHERE = frozenset(
    "in from near into across of at through inside outside throughout over around within on northern southern eastern "
    "western central , to toward towards".split()
)


@cache
def _begun() -> frozenset[str]:
    """The words with which names of weapons begin."""
    return frozenset(words[0] for words in mention_lexicon().equipment)


def equipment(ws: list[Token], cover: list[Found | None]) -> list[Candidate]:
    """Weapons by lexicon and by model ("Su-24"), with what stands before them as part of their name."""
    lexicon, begun = mention_lexicon(), _begun()
    out: list[Candidate] = []
    i = 0
    while i < len(ws):
        most = min(3, len(ws) - i) if ws[i].lower in begun else 0
        span = next((n for n in range(most, 0, -1) if tuple(w.lower for w in ws[i : i + n]) in lexicon.equipment), 0)
        model = not span and _is_model(ws[i], cover[i])
        if model:
            span = 1
        if (
            not span
            or (ws[i].lower in ("mine", "plane", "shells", "mines", "guns") and i and ws[i - 1].lower == "of")
            or (
                i
                and ws[i - 1].lower in ("he", "they", "it", "who", "which", "army")
                and span == 1
                and ws[i].lower == "shells"
            )
        ):
            i += 1
            continue
        last = i + span - 1
        while last + 1 < len(ws) and (ws[last + 1].lower,) in lexicon.equipment:
            last += 1
        first = i
        while (
            first > 0
            and i - first < 6
            and (
                ws[first - 1].lower in lexicon.equipment_modifiers
                or (ws[first - 1].lower,) in lexicon.equipment
                or (hyphenated(ws[first - 1]) and cover[first - 1] is None and not is_capital(ws[first - 1]))
            )
        ):
            first -= 1
        if first > 0 and ws[first - 1].lower in ("a", "an"):
            first -= 1
        out.append(Candidate(ws[first].start, ws[last].end, "equipment", "name" if model else "nominal", None, 4))
        i = last + 1
    return out


def _is_model(w: Token, found: Found | None) -> bool:
    if found is not None and found.type != "quantity":
        return False
    prefix, dash, rest = w.lower.partition("-")
    return bool(dash) and rest[:1].isdigit() and w.text[0].isupper() and prefix in mention_lexicon().model_prefixes


def states(ws: list[Token], cover: list[Found | None]) -> list[Candidate]:
    """Countries and capitals that act or speak: before a verb, or as the doer after "by"."""
    lexicon = mention_lexicon()
    out = []
    i = 0
    while i < len(ws):
        if not is_capital(ws[i]) or (ws[i].lower == "us" and ws[i].text != "US"):
            i += 1
            continue
        size = next(
            (n for n in (3, 2, 1) if i + n <= len(ws) and " ".join(w.lower for w in ws[i : i + n]) in lexicon.states), 0
        )
        if not size:
            i += 1
            continue
        last = i + size - 1
        start = i - 1 if i and ws[i - 1].lower == "the" else i
        before = ws[start - 1].lower if start else ""
        found = cover[i]
        if (_doer(ws, last + 1) and before not in _WHERE) or (before in ("by", "and") and start > 1 and before == "by"):
            out.append(
                Candidate(
                    ws[start].start,
                    ws[last].end,
                    "actor",
                    "name",
                    found.entity if found and found.type == "actor" else None,
                    2,
                )
            )
        i = last + 1
    return out


def _doer(ws: list[Token], i: int) -> bool:
    """Whether a finite verb stands at ``i``, adverbs passed over."""
    lexicon = cue_lexicon()
    while i < len(ws) and ws[i].lower in lexicon.adverbs:
        i += 1
    if i >= len(ws) or is_capital(ws[i]):
        return False
    w = ws[i].lower
    return (
        (w in VERBS and not w.endswith("ing"))
        or (w in lexicon.always and not w.endswith("ing"))
        or w in lexicon.before
        or (w in lexicon.auxiliaries or (w.endswith("ed") and len(w) > 3))
    )


def place_nominals(ws: list[Token], cover: list[Found | None]) -> list[Candidate]:
    """Places that are described, not named, with their article: "the besieged town"."""
    lexicon = mention_lexicon()
    out = []
    for i, w in enumerate(ws):
        if w.lower not in lexicon.place_nominal or is_capital(w) or cover[i] is not None:
            continue
        if i + 1 < len(ws) and (ws[i + 1].lower in lexicon.place_nominal or is_head(ws[i + 1]) or modifies_next(ws, i)):
            continue
        first = i
        while (
            first > 0
            and i - first < 4
            and (
                hyphenated(ws[first - 1])
                or ws[first - 1].lower in lexicon.place_nominal
                or ws[first - 1].lower in lexicon.modifiers
                or ws[first - 1].lower.endswith(ADJECTIVE_ENDINGS)
            )
            and ws[first - 1].lower not in DETERMINERS
        ):
            first -= 1
        if first == 0 or ws[first - 1].lower not in ("the", "a", "an", "this", "another", "our", "their"):
            continue
        out.append(Candidate(ws[first - 1].start, w.end, "place", "nominal", None, 5))
    return out
