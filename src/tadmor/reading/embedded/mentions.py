"""Mentions by the network and by rules together: one labelling of the text in which both have a vote.

The network says for every piece how likely it begins, continues or lies outside a mention of each type. What the rules and
recognisers found is added to that as a vote, weighed by type, and the best labelling as a whole is taken: one in
which no mention is cut inside a word or crosses a sentence (Viterbi decoding of the BIO labels). Mentions of the labelling
never overlap; named places and nationalities that the gazetteer knows stay beside it, as what they name has a position.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from tadmor.model import Level, Mention, MentionType, Report
from tadmor.reading.cues import mention_lexicon
from tadmor.reading.embedded.rows import parted
from tadmor.reading.embedded.session import Encoded, Floats
from tadmor.reading.mention_words import is_capital, words
from tadmor.reading.text import Sentence, Token

TYPES: tuple[MentionType, ...] = ("actor", "person", "nationality", "place", "time", "quantity", "equipment")
HEAD = "mentions"
# Log-odds that a rule's mention adds to the network's, one of 0, 1 and 3 for each type: how far the rules are trusted beside it.
# Chosen on the development part of re3d, as the network has its training part by heart; the figures are flat around each. For
# quantities 1 and 3 are alike there, and 3 keeps the grammar's amounts, which the counts of claims are read from.
VOTES: dict[MentionType, float] = {
    "actor": 1.0,
    "person": 3.0,
    "nationality": 3.0,
    "place": 1.0,
    "time": 3.0,
    "quantity": 3.0,
    "equipment": 0.0,
}
# Log-odds taken off the beginning of a mention of a type of which the network learnt to see more than other corpora have. One
# of 0, 1 and 2, chosen on the development part of re3d and sixty articles each of LGL and GeoVirus: better or the same there.
DOUBT: dict[MentionType, float] = {"place": 2.0}
_SURE = 6.0  # a piece whose best label is this much less likely than none, and that no rule names, is outside
_ABBREVIATED = re.compile(r"(?:\b[A-Z]\.)+[A-Z]$|\b(?:a\.m|p\.m)$")
_ARTICLES = frozenset("the a an".split())
_LINKS = frozenset("of in at from for with on near around between against who that which and or to".split())
_TRAILING = _LINKS | _ARTICLES
_WHERE = ("place", "nationality")
_PRONOUNS = frozenset("himself herself itself themselves ourselves myself those its their our".split())
_BEFORE_NAMES = _ARTICLES | frozenset(
    "north south east west northern southern eastern western central northeast northwest southeast southwest north-east"
    " north-west south-east south-west northeastern northwestern southeastern southwestern north-eastern north-western"
    " south-eastern south-western greater upper lower".split()
)
_LEADING = frozenset("and or but of by with for to from as than".split())


@dataclass(frozen=True, slots=True)
class Labelled:
    """A stretch of the text that is a mention of a type."""

    start: int
    end: int
    type: MentionType


def merge(
    report: Report, sentences: Sequence[Sentence], found: Sequence[Mention], encoded: Encoded
) -> tuple[Mention, ...]:
    """Mentions in text order, ids m1, m2, ...; those of one type never overlap.

    ``found`` are the mentions of the rules and recognisers: where one has the span or the last word of a mention of its type, its
    level and identity are kept.
    """
    text = report.text
    spans = [s for x in labelled(text, sentences, found, encoded) if (s := trimmed(text, x)) is not None]
    by_type: dict[MentionType, list[Mention]] = {}
    for m in sorted(found, key=lambda m: m.start):
        by_type.setdefault(m.type, []).append(m)
    starts = {kind: [m.start for m in of_kind] for kind, of_kind in by_type.items()}

    def touched(kind: MentionType, x: Labelled) -> list[Mention]:
        return _overlapping(by_type.get(kind, []), starts.get(kind, []), x.start, x.end)

    def named(x: Labelled) -> bool:
        return any(p.level == "name" and p.start <= x.start and x.end <= p.end for p in touched("person", x))

    out = []
    for x in spans:
        near = touched(x.type, x)
        if x.type == "place" and not near and named(x):
            continue  # "Haftar" in a report on Khalifa Haftar: no place of that name is known
        out.append(_mention(text, x, near))
    out = _with_known_places(text, sorted(found, key=lambda m: m.start), out)
    out.sort(key=lambda m: (m.start, -m.end, TYPES.index(m.type)))
    return tuple(Mention(f"m{i}", m.start, m.end, m.text, m.type, m.level, m.entity) for i, m in enumerate(out, 1))


def labelled(text: str, sentences: Sequence[Sentence], found: Sequence[Mention], encoded: Encoded) -> list[Labelled]:
    """The best labelling of the text with both votes, in text order, as the network's pieces cut it."""
    logits = encoded.logits[HEAD]
    if not len(logits):
        return []
    votes = _votes(found, encoded)
    scores = logits - logits[:, :1] + votes
    for kind, doubt in DOUBT.items():
        scores[:, 1 + 2 * TYPES.index(kind)] -= doubt
    glued = _glued(text, encoded)
    word = np.cumsum(~glued) - 1
    open_ = (scores[:, 1:].max(1) > -_SURE) | (votes > 0).any(1)
    open_ = (np.bincount(word, open_) > 0)[word]
    out = []
    for a, b in _stretches(open_, _firsts(sentences, encoded) & ~glued):
        for low, high, chosen in _best(scores[a:b], glued[a:b]):
            out.append(Labelled(int(encoded.starts[a + low]), int(encoded.ends[a + high - 1]), TYPES[chosen]))
    return out


def _votes(found: Sequence[Mention], encoded: Encoded) -> Floats:
    """What the rules add, piece by piece: for the beginning and the inside of each mention, against running on past its end."""
    votes = np.zeros_like(encoded.logits[HEAD])
    for m in found:
        low, high = encoded.pieces(m.start, m.end)
        vote, kind = VOTES[m.type], TYPES.index(m.type)
        if low == high or not vote:
            continue
        votes[low, 1 + 2 * kind] += vote
        votes[low + 1 : high, 2 + 2 * kind] += vote
        if high < len(votes):
            votes[high, 2 + 2 * kind] -= vote
    return votes


def _glued(text: str, encoded: Encoded) -> npt.NDArray[np.bool_]:
    """Whether a piece goes on with the word of the piece before it."""
    glued = np.zeros(len(encoded.starts), dtype=np.bool_)
    for i in np.flatnonzero(encoded.starts[1:] == encoded.ends[:-1]) + 1:
        at = int(encoded.starts[i])
        glued[i] = text[at].isalnum() and text[at - 1].isalnum()
    return glued


def _firsts(sentences: Sequence[Sentence], encoded: Encoded) -> npt.NDArray[np.bool_]:
    """Whether a piece is the first of a sentence."""
    first = np.zeros(len(encoded.starts), dtype=np.bool_)
    at = np.searchsorted(encoded.ends, [s.start for s in sentences], side="right")
    first[at[at < len(first)]] = True
    return first


def _stretches(open_: npt.NDArray[np.bool_], first: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of pieces that may be in a mention, none across the beginning of a sentence."""
    out: list[tuple[int, int]] = []
    begin: int | None = None
    for i in range(len(open_)):
        if begin is not None and (first[i] or not open_[i]):
            out.append((begin, i))
            begin = None
        if begin is None and open_[i]:
            begin = i
    return [*out, (begin, len(open_))] if begin is not None else out


def _best(scores: Floats, glued: npt.NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """The best labelling of a stretch: (first piece, piece after the last, type). A mention begins and ends with words."""
    begins, insides = scores[:, 1::2], scores[:, 2::2]
    kinds = begins.shape[1]
    outside, inside = float(scores[0, 0]), begins[0]
    # For each piece and type: whether the mention began here; for outside: which label stood before (-1 none).
    fresh = np.zeros((len(scores), kinds), dtype=np.bool_)
    before = np.full(len(scores), -1, dtype=np.int64)
    fresh[0] = True
    for i in range(1, len(scores)):
        if glued[i]:
            outside, inside = outside + float(scores[i, 0]), inside + insides[i]
            continue
        last = int(inside.argmax())
        before[i] = last if inside[last] > outside else -1
        reached = max(outside, float(inside[last]))
        begun, goes_on = reached + begins[i], inside + insides[i]
        fresh[i] = begun >= goes_on
        outside, inside = reached + float(scores[i, 0]), np.where(fresh[i], begun, goes_on)
    last = int(inside.argmax())
    label = last if inside[last] > outside else -1
    out, end = [], len(scores)
    for i in range(len(scores) - 1, -1, -1):
        if glued[i] and i:
            continue
        if label >= 0 and not fresh[i, label]:
            continue
        if label >= 0:
            out.append((i, end, label))
        label, end = int(before[i]), i
    return out[::-1]


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span (code points) up to the ends of its words."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


@lru_cache(maxsize=2048)  # a span is in view of many clauses
def trimmed(text: str, x: Labelled) -> Labelled | None:
    """The mention without words that only lead to or from it; None when nothing but an article is left.

    It ends before a bracket that closes what opened before it: "NLA" of "the Norland Liberation Army (NLA) fighters".
    """
    ws = words(text, x.start, x.end)
    low, high = 0, len(ws)
    while high > low and (ws[high - 1].lower in _TRAILING or _is_mark(ws[high - 1], ws[low:high])):
        high -= 1
    while low < high and (ws[low].lower in _LEADING or _is_mark(ws[low], ws[low:high])):
        low += 1
    high = next((i for i in range(low + 1, high) if ws[i].text in ")]" and _is_mark(ws[i], ws[low:i])), high)
    if low == high or all(w.lower in _ARTICLES for w in ws[low:high]):
        return None
    start, end = ws[low].start, ws[high - 1].end
    if text.startswith(".", end) and _ABBREVIATED.search(text, start, end):
        end += 1
    return Labelled(start, end, x.type)


def _is_mark(w: Token, among: Sequence[Token]) -> bool:
    """Whether an outer word is a mark that is no part of the mention; a bracket with its counterpart is, and so is a sign."""
    if w.text[0].isalnum() or w.text in ("$", "£", "€", "%", "°", "@"):
        return False
    partner = {")": "(", "]": "["}.get(w.text)
    return partner is None or all(o.text != partner for o in among)


def _overlapping(among: Sequence[Mention], starts: Sequence[int], start: int, end: int) -> list[Mention]:
    """Those of some mentions without overlaps, sorted by start, that the span touches."""
    i = bisect_left(starts, end)
    out = []
    while i > 0 and among[i - 1].end > start:
        i -= 1
        out.append(among[i])
    return out


def _mention(text: str, x: Labelled, known: Sequence[Mention]) -> Mention:
    """The mention, with level and identity of the rules' mention of its span or head where there is one."""
    head = _head(text, x.start, x.end)
    own = [m for m in known if (m.start, m.end) == (x.start, x.end)] or [
        m for m in known if _head(text, m.start, m.end).start == head.start
    ]
    if own:
        best = max(own, key=lambda m: (m.entity is not None, m.end - m.start))
        return Mention("", x.start, x.end, text[x.start : x.end], x.type, best.level, best.entity)
    return Mention("", x.start, x.end, text[x.start : x.end], x.type, _level(text, x, head))


@lru_cache(maxsize=512)  # asked for beside each of the mentions that overlap
def _head(text: str, start: int, end: int) -> Token:
    """The last word before the first "of", "in" or comma: "commander" of "the commander of the brigade"."""
    ws = words(text, start, end)
    for i, w in enumerate(ws[1:], 1):
        if w.lower in _LINKS or w.text in (",", "(", "'s", "’s"):
            return ws[i - 1]
    return ws[-1]


def _level(text: str, x: Labelled, head: Token) -> Level:
    """What form the mention has: a pronoun by lexicon; a name when its head is written as one and is no title or weapon."""
    if x.type in ("nationality", "time", "quantity"):
        return "name"
    if x.type == "equipment":
        return "nominal"
    pronouns, common = _closed_words()
    if text[x.start : x.end].lower() in pronouns:
        return "pronoun"
    if head.lower in mention_lexicon().titles or not is_capital(head):
        return "nominal"
    opens = head.start == x.start and _opens(text, x.start)
    return "nominal" if opens and head.lower in common else "name"


@cache
def _closed_words() -> tuple[frozenset[str], frozenset[str]]:
    """Pronouns, and common nouns for people, bodies and places."""
    lexicon = mention_lexicon()
    return (
        lexicon.person_pronouns | lexicon.actor_pronouns | lexicon.neutral_pronouns | _PRONOUNS,
        lexicon.actor_plural | lexicon.actor_singular | lexicon.person_nominal | lexicon.place_nominal,
    )


def _opens(text: str, start: int) -> bool:
    """Whether a capital may be there only because a sentence begins."""
    before = text[max(0, start - 6) : start].rstrip(" \"“‘'")
    return not before or before[-1] in ".!?:\n"


def _with_known_places(text: str, found: Sequence[Mention], merged: Sequence[Mention]) -> list[Mention]:
    """The mentions with every named place and nationality that the rules found; ``found`` is sorted by start.

    A name keeps the longer place around it only where that is the name in a fuller form ("northern Syria", "the Mosul Dam"):
    "the old city of Mosul" and "Mosul and Kirkuk" would have no position.
    """
    out = [m for m in merged if m.type not in _WHERE]
    for kind in _WHERE:
        names = [m for m in found if m.type == kind and m.level == "name"]
        names = [m for m in names if kind != "nationality" or not _belongs(m, out)]
        starts = [m.start for m in names]
        taken: set[int] = set()
        for longer in (m for m in merged if m.type == kind):
            inside = _overlapping(names, starts, longer.start, longer.end)
            if row := parted(text, longer, inside) if kind == "place" else []:
                out += row
                taken.update(name.start for name in inside)
            elif all(_is_fuller(text, longer, name) for name in inside):
                out.append(longer)
                taken.update(name.start for name in inside)
        out += [name for name in names if name.start not in taken]
    return out


def _belongs(nationality: Mention, among: Sequence[Mention]) -> bool:
    """Whether a nationality is part of another name: of an organisation ("the Lorvian Red Crescent"), a person."""
    return any(
        m.start <= nationality.start
        and nationality.end <= m.end
        and m.end - m.start > nationality.end - nationality.start
        and (m.type in ("person", "place", "equipment") or (m.type == "actor" and m.level == "name"))
        for m in among
    )


def _is_fuller(text: str, longer: Mention, name: Mention) -> bool:
    """Whether the longer span is the name itself with words before or after it that belong to a name, and nothing else."""
    if not (longer.start <= name.start and name.end <= longer.end) or longer.level != "name":
        return False
    before, after = words(text, longer.start, name.start), words(text, name.end, longer.end)
    return all(w.lower in _BEFORE_NAMES or is_capital(w) for w in before) and all(is_capital(w) for w in after)
