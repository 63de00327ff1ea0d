"""The signs by which it is judged what a number is to a claim, for every number in or near the clauses that state it.

Each sign is a short string; ``training/derive_counts.py`` weighs them and ``claim_counts`` adds the weights up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tadmor.model import Claim, Mention, Reading
from tadmor.resolve.claim_counts_phrases import Phrase, phrases, sentence
from tadmor.resolve.claim_counts_rules import PART, cues, ruled
from tadmor.resolve.quantities_nouns import units

_WORD = re.compile(r"[A-Za-z][\w’'-]*|\d[\d,.]*|[,;:()“”\"]")
_STRONG = re.compile(
    r"\b(?:while|after|before|when|which|who|whose|where|that|as|with|but|since|following|during|in)\b|[;:,]",
    re.IGNORECASE,
)
_WIDEST = 700  # characters of a sentence that are looked at; in a longer one only the clause is


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase that may be counted by a claim: where it stands (0 the quote's sentence, else the n-th other clause)."""

    phrase: Phrase
    region: int
    signs: tuple[str, ...]
    rule: str | None
    joined: bool
    unit: str


def unit_of(phrase: Phrase) -> str:
    """Person, strike or vehicle, or a name, another thing, or none said."""
    noun = phrase.noun or ""
    return units().get(noun, "name" if noun.startswith("#") else "thing" if noun else "none")


class Numbers:
    """The candidates of a reading's claims."""

    def __init__(self, reading: Reading):
        self._text = reading.report.text
        self._quantities = sorted((m for m in reading.mentions if m.type == "quantity"), key=lambda m: m.start)
        self._spans = [
            (start, end, claim.type, claim.id)
            for claim in reading.claims
            for start, end in ((claim.start, claim.end), *((s.start, s.end) for s in claim.also))
        ]
        self._phrases: dict[tuple[int, int], list[Phrase]] = {}

    def of(self, claim: Claim) -> list[Candidate]:
        """All candidates of a claim, region by region in text order."""
        out: list[Candidate] = []
        seen: set[int] = set()
        for region, (start, end) in enumerate(((claim.start, claim.end), *((s.start, s.end) for s in claim.also))):
            for candidate in self._near(claim, region, start, end):
                if candidate.phrase.start not in seen:
                    seen.add(candidate.phrase.start)
                    out.append(candidate)
        return out

    def _near(self, claim: Claim, region: int, start: int, end: int) -> list[Candidate]:
        text = self._text
        low, high = sentence(text, start, end)
        if high - low > _WIDEST:
            low, high = start, end
        if (low, high) not in self._phrases:
            self._phrases[low, high] = phrases(text, low, high, self._quantities)
        found = self._phrases[low, high]
        rules = _rules(claim.type, text, start, end, [p for p in found if start <= p.start and p.end <= end + 1])
        wide = _rules(claim.type, text, low, high, found)
        around = [s for s in self._spans if s[0] < high and s[1] > low]
        out = []
        inside = 0
        for index, phrase in enumerate(found):
            before = found[index - 1] if index else None
            inside += start <= phrase.start < end
            rule = rules.get(phrase.start)
            signs = self._signs(
                claim, region, (start, end), (low, high), phrase, before, around, inside, rule, wide.get(phrase.start)
            )
            gap = text[before.end : phrase.start] if before else ""
            joined = (
                before is not None and re.fullmatch(r"[^.;:]{0,40}?(?:,|\band\b|\bor\b)[^.;:]{0,25}", gap) is not None
            )
            out.append(Candidate(phrase, region, tuple(signs), rule, joined, unit_of(phrase)))
        return out

    def _signs(
        self,
        claim: Claim,
        region: int,
        clause: tuple[int, int],
        wide: tuple[int, int],
        phrase: Phrase,
        before: Phrase | None,
        around: Sequence[tuple[int, int, str, str]],
        rank: int,
        rule: str | None,
        sentence_rule: str | None,
    ) -> list[str]:
        text, kind = self._text, claim.type
        noun = phrase.noun or "-"
        unit = unit_of(phrase)
        form = phrase.form if phrase.mention is None else _amount(phrase.mention)
        number = "number" if phrase.mention is not None else "one"
        where = "in" if clause[0] <= phrase.start < clause[1] else "left" if phrase.start < clause[0] else "right"
        where = f"{where}-{'quote' if not region else 'also'}"
        left = text[max(wide[0], before.end if before else wide[0]) : phrase.start]
        back = [w.lower() for w in _WORD.findall(text[max(wide[0], phrase.start - 90) : phrase.start])][::-1]
        ahead = [w.lower() for w in _WORD.findall(text[phrase.end : min(wide[1], phrase.end + 110)])]
        back += ["<s>"] * (4 - len(back))
        ahead += ["</s>"] * (4 - len(ahead))
        taken, leaves = cues(back[:9], ahead[:9])
        cover = self._cover(claim, clause, phrase, around)
        part = "part" if PART.search(left) else "whole"
        out = [
            "bias",
            f"number:{number}",
            f"rule:{rule}:{number}",
            f"rule-type:{rule}:{kind}:{number}",
            f"rule-unit:{rule}:{unit}",
            f"rule-form:{rule}:{form}",
            f"wide:{sentence_rule}:{where}:{number}",
            f"wide-type:{sentence_rule}:{kind}:{where[:2]}",
            f"type:{kind}:{number}",
            f"type-unit:{kind}:{unit}:{number}",
            f"type-noun:{kind}:{noun}",
            f"noun:{noun}",
            f"noun-where:{noun}:{where}",
            f"tail:{noun[-3:]}",
            f"unit:{unit}:{number}",
            f"form:{form}",
            f"form-type:{form}:{kind}",
            f"form-unit:{form}:{unit}",
            f"where:{where}:{number}",
            f"where-type:{where}:{kind}",
            f"where-cover:{where}:{cover}",
            f"cover:{cover}:{number}",
            f"cover-type:{cover}:{kind}",
            f"rank:{min(rank, 3)}:{where}",
            f"p1:{back[0]}",
            f"p2:{back[1]} {back[0]}",
            f"n1:{ahead[0]}",
            f"n2:{ahead[0]} {ahead[1]}",
            f"p1-unit:{back[0]}:{unit}",
            f"n1-unit:{ahead[0]}:{unit}",
            f"n1-form:{ahead[0]}:{form}",
            f"p1-type:{back[0]}:{kind}",
            f"n1-type:{ahead[0]}:{kind}",
            f"taken:{taken}",
            f"leaves:{leaves}",
            f"cues:{taken}:{leaves}:{unit}",
            f"cues-type:{taken}:{leaves}:{kind}:{number}",
            f"part:{part}:{number}",
            f"certainty:{claim.certainty}:{number}:{rule}",
            f"alone:{len({s[3] for s in around}) == 1}:{where}",
        ]
        out += [f"b:{w}" for w in dict.fromkeys(back[:6])] + [f"a:{w}" for w in dict.fromkeys(ahead[:6])]
        out += _rivals(claim, clause, phrase, around, where)
        if not where.startswith("in"):
            gap = text[phrase.end : clause[0]] if where.startswith("left") else text[clause[1] : phrase.start]
            words = gap.split()
            size = "0" if len(words) < 2 else "4" if len(words) < 5 else "10" if len(words) < 11 else "far"
            out.append(f"gap:{where}:{size}:{cover}")
            strong = [m[0].lower() for m in _STRONG.finditer(gap)]
            out += [f"break:{where}:{b}" for b in dict.fromkeys(strong)] + [f"breaks:{where}:{min(len(strong), 3)}"]
            out.append(f"out-type-cues:{where}:{kind}:{taken}:{leaves}")
            edge = (
                _WORD.findall(text[clause[1] : clause[1] + 30])[:1]
                if where.startswith("right")
                else _WORD.findall(text[clause[0] : clause[0] + 30])[:1]
            )
            out.append(f"edge:{where}:{edge[0].lower() if edge else '-'}")
        if phrase.mention is not None and phrase.mention.unit not in (None, "person", "strike", "vehicle"):
            out.append(f"measure:{phrase.mention.unit}")
            out.append(f"measure-type:{phrase.mention.unit}:{kind}")
        if phrase.of:
            out += [f"of:{w.lower()}" for w in phrase.of.split()[:-1][-3:]]
            out.append(f"cap:{phrase.of[0].isupper()}:{phrase.of.split()[-1][0].isupper()}:{number}")
        return out

    def _cover(
        self, claim: Claim, clause: tuple[int, int], phrase: Phrase, around: Sequence[tuple[int, int, str, str]]
    ) -> str:
        """Which other claim the number stands in: none, or a narrower or wider one, a toll or another of some kind."""
        others = [s for s in around if s[3] != claim.id and s[0] <= phrase.start < s[1]]
        if not others:
            return "none"
        narrow = min(others, key=lambda s: s[1] - s[0])
        size = "narrow" if narrow[1] - narrow[0] < clause[1] - clause[0] else "wide"
        what = (
            narrow[2]
            if narrow[2] in ("casualties", "attack_on_civilians", "arrest", "displacement", "accusation")
            else "other"
        )
        return f"{size}-{'same' if narrow[2] == claim.type else what}"


def _rivals(
    claim: Claim, clause: tuple[int, int], phrase: Phrase, around: Sequence[tuple[int, int, str, str]], where: str
) -> list[str]:
    """The other claims of the sentence: their types, on which side of the number they stand, and which is nearest."""
    others = [s for s in around if s[3] != claim.id]
    if not others:
        return [f"rival:none:{where}"]

    def gap(start: int, end: int) -> int:
        return max(start - phrase.end, phrase.start - end, 0)

    nearest = min(others, key=lambda s: (gap(s[0], s[1]), s[1] - s[0]))
    mine, its = gap(*clause), gap(nearest[0], nearest[1])
    nearer = "mine" if mine < its else "its" if its < mine else "both"
    first = clause[0] <= min(s[0] for s in others)
    side = "before" if nearest[1] <= phrase.start else "after" if nearest[0] >= phrase.end else "around"
    order = "me-first" if clause[0] < nearest[0] else "it-first"
    return [
        f"rival:{nearer}:{where}:{first}",
        f"rival-type:{nearer}:{where}:{nearest[2]}",
        f"rival-types:{nearer}:{where[:2]}:{nearest[2]}:{claim.type}",
        f"rival-side:{side}:{order}:{where}",
        f"rival-side-type:{side}:{order}:{where[:2]}:{nearest[2]}",
        *(f"other:{t}:{claim.type}:{where[:2]}" for t in sorted({s[2] for s in others})),
    ]


def _rules(kind: str, text: str, start: int, end: int, found: Sequence[Phrase]) -> dict[int, str | None]:
    numbers = [p for p in found if p.mention is not None]
    out = dict(zip((p.start for p in found), ruled(kind, text, start, end, found), strict=True))
    return out | dict(zip((p.start for p in numbers), ruled(kind, text, start, end, numbers), strict=True))


@cache
def _size(low: float) -> str:
    return "1" if low == 1 else "2-3" if low <= 3 else "4-30" if low <= 30 else "31-400" if low <= 400 else "big"


def _amount(mention: Mention) -> str:
    low = mention.min if mention.min is not None else mention.max or 0.0
    open_end = "" if mention.max == mention.min else "+" if mention.max is None else "-"
    vague = "v" if mention.text[:1].isalpha() and mention.max is None else ""
    return f"{_size(low)}{open_end}{vague}"
