"""The noun phrase of a speaker that ends before a cue. Both ends of a phrase are word indices, inclusive."""

from __future__ import annotations

from tadmor.reading.attributions_blocks import Block
from tadmor.reading.cues import DETERMINERS, FUNCTION, PREPOSITIONS, VERBS, cue_lexicon, mention_lexicon
from tadmor.reading.mention_words import is_capital

REACH = 40
ATTACHING = frozenset("of for in at from with on to about by near inside against".split())
_POSTMODIFIERS = frozenset("based living known close loyal linked held led run".split())
_PARTICIPLES = frozenset("made taken shot seen shown held led run sent written given known based found".split())
_QUANTIFIERS = frozenset("most many some half both all one two three each several few none much majority any".split())
_RELATIVE = frozenset("who which that whose whom where".split())
_CLAUSE_STARTERS = frozenset(
    "but while when because although though if unless as after before since whereas so than and or nor yet that".split()
)
SUBJECT_PRONOUNS = frozenset(
    "he she it they we i you who which that nobody everyone someone others many some most this these".split()
)
TIME_WORDS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow earlier later last early late".split()
)


def before(block: Block, end: int, low: int) -> tuple[int, int] | None:
    """The noun phrase whose last word is just before word ``end`` + 1, not reaching below ``low``; None when there is none.

    Appositions and relative clauses between commas belong to it: "X, the governor of Y, said".
    """
    if end < low:
        return None
    if block.text(end) == ")":
        opening = next((k for k in range(end - 1, max(low, end - 12), -1) if block.text(k) == "("), None)
        head = before(block, opening - 1, low) if opening is not None else None
        return (head[0], end) if head is not None else None
    if block.text(end) in (",", "-", "–", "—"):
        return _before_apposition(block, end, low)
    subject = _before_day(block, end, low)
    if subject is not None:
        return subject
    start = _base(block, end, low)
    if start is None:
        return None
    named = block.mention_to.get(start - 1)
    if (
        block.bare
        and named is not None
        and named[1].type == "person"
        and named[1].level == "name"
        and block.lower(start) in DETERMINERS
    ):
        start = max(low, named[0])
    return _trim(block, start, end)


def _before_day(block: Block, end: int, low: int) -> tuple[int, int] | None:
    """The subject where a day stands between it and its verb: "The ministry on Sunday said"."""
    day = block.mention_to.get(end)
    if day is None or day[1].type != "time" or day[0] <= low + 1:
        return None
    last = day[0] - 1
    if block.lower(last) in ("on", "in", "late", "early", "earlier"):
        last -= 1
    if last < low or (block.is_mark(last) and block.text(last) != ")"):
        return None
    subject = before(block, last, low)
    return subject if subject is not None and _participle_between(block, subject[0], last) is None else None


def _participle_between(block: Block, first: int, last: int) -> int | None:
    """A past participle among the words: then a day after it belongs to the phrase ("a video posted online Saturday")."""
    return next((k for k in range(first + 1, last + 1) if participle(block, k)), None)


def participle(block: Block, k: int) -> bool:
    """Whether the word at ``k`` looks like a past participle."""
    w = block.ws[k]
    return not is_capital(w) and (w.lower.endswith("ed") or w.lower in _PARTICIPLES)


def _before_apposition(block: Block, comma: int, low: int) -> tuple[int, int] | None:
    mark = block.text(comma)
    opening = None
    for k in range(comma - 1, max(low, comma - REACH) - 1, -1):
        if block.text(k) == mark and not _list_comma(block, k, low):
            opening = k
            break
        if block.text(k) in ("”", '"', "''", ";", ":", "“"):
            return None
    if opening is None or opening <= low:
        return None
    # the outermost of several appositions: go on while what stands between commas has no subject of its own
    inner_first = opening + 1
    if block.lower(inner_first) in (
        "but",
        "and",
        "while",
        "when",
        "as",
        "after",
        "if",
        "although",
        "because",
        "so",
        "that",
    ):
        return None
    head_end = opening - 1
    start = _base(block, head_end, low)
    if start is None:
        return None
    lexicon = mention_lexicon()
    first = block.lower(inner_first)
    looks = (
        first in DETERMINERS
        or first in _RELATIVE
        or first[:1].isdigit()
        or block.text(inner_first)[:1].islower()
        or first.rstrip(".") in lexicon.titles
        or mark != ","
        or is_capital(block.ws[inner_first])
    )
    if not looks:
        return None
    if block.text(start - 1) == "," and start - 2 >= low and block.text(inner_first)[:1].islower():
        again = _before_apposition(block, start - 1, low)
        if again is not None and head_end - again[0] < REACH and is_capital(block.ws[again[0]]):
            return again[0], comma - 1
    trimmed = _trim(block, start, head_end)
    return (trimmed[0], comma - 1) if trimmed else None


def _list_comma(block: Block, k: int, low: int) -> bool:
    """Whether the comma at ``k`` only sets off a short addition: a state after a town, an age, "Jr."."""
    return block.text(k + 2) == "," and k + 2 - k == 2 and is_capital(block.ws[k + 1]) and k - 1 >= low


def _base(block: Block, end: int, low: int) -> int | None:
    """First word of the noun phrase that ends at ``end``, with what is attached to its left by prepositions."""
    ws = block.ws
    if end < low or (block.is_mark(end) and ws[end].text not in ("%", "'s", "’s")):
        return None
    word = ws[end].lower
    if word in SUBJECT_PRONOUNS:
        return end
    if word in FUNCTION or (word in DETERMINERS and word not in ("many", "some", "most", "others", "both", "all")):
        return None
    i = end
    steps = 0
    while True:
        i = _simple(block, i, low)
        steps += 1
        k = i - 1
        if k <= low or steps > 6 or end - i > REACH:
            return i
        joint = ws[k].lower
        if joint in ATTACHING and _nominal(block, k - 1, low):
            i = k - 1
            continue
        if joint == "and" and _nominal(block, k - 1, low) and not _clause_before(block, k - 1, low):
            i = k - 1
            continue
        trailing = joint.endswith("ed") or joint in _POSTMODIFIERS
        if trailing and ws[i].lower in PREPOSITIONS and _nominal(block, k - 1, low):
            i = k - 1
            continue
        partner = block.mention_to.get(k - 1)
        if joint == "and" and partner is not None and block.lower(partner[0]) in ("a", "an") and partner[0] >= low:
            return partner[0]
        if joint == "of" and block.lower(k - 1) in _QUANTIFIERS:
            i = k - 1
            if block.lower(i - 1) == "least" and block.lower(i - 2) == "at" and i - 2 >= low:
                i -= 2
            return i
        reduced = _reduced(block, i, low)
        if reduced is not None:
            i = reduced
            continue
        relative = _relative(block, i, low)
        if relative is not None:
            i = relative
            continue
        return i


def _simple(block: Block, end: int, low: int) -> int:
    """First word of the plain noun phrase ending at ``end``: up to its determiner, a verb, a mark or a preposition."""
    ws = block.ws
    i = end
    while i >= low:
        if i in block.mention_to and (m := block.mention_to[i])[1].type in ("actor", "person", "place") and m[0] >= low:
            i = m[0]
            if ws[i].lower in DETERMINERS:
                return i
        if i == low:
            return i
        w = ws[i - 1]
        if w.text in ("'s", "’s", "'", "’") and i - 2 >= low and ws[i - 2].text[0].isalnum():
            i -= 2
            continue
        if w.text == "&" or (
            w.text in ("-", ".")
            and is_capital(ws[i])
            and i - 2 >= low
            and is_capital(ws[i - 2])
            and len(ws[i - 2].text) < 4
        ):
            i -= 2
            continue
        if not w.text[0].isalnum():
            return i
        if w.lower in DETERMINERS:
            i -= 1
            if (
                i > low
                and ws[i - 1].lower in ("all", "both", "some", "many", "most")
                and w.lower not in ("some", "many")
            ):
                i -= 1
            return i
        if w.lower in FUNCTION or w.lower in SUBJECT_PRONOUNS:
            return i
        if (w.lower in VERBS or w.lower in cue_lexicon().always) and not is_capital(w):
            return i
        if i - 1 in block.mention_to and block.mention_to[i - 1][1].type == "time":
            first = block.mention_to[i - 1][0]
            if first - 1 >= low and ws[first - 1].lower in ("a", "an", "the"):
                return first - 1
            return i
        i -= 1
    return max(i, low)


def _nominal(block: Block, k: int, low: int) -> bool:
    """Whether a noun phrase may end at ``k``."""
    if k < low or block.is_mark(k):
        return False
    w = block.ws[k]
    if w.lower in FUNCTION or w.lower in DETERMINERS or w.lower in PREPOSITIONS:
        return False
    if k in block.mention_to:
        return block.mention_to[k][1].type != "time"
    return not ((w.lower in VERBS or w.lower in cue_lexicon().always) and not is_capital(w)) and not w.lower.endswith(
        "ly"
    )


def _clause_before(block: Block, k: int, low: int) -> bool:
    """Whether the words before "and" are a clause with a verb of its own rather than a coordinated subject."""
    for j in range(k, max(low, k - 12) - 1, -1):
        w = block.ws[j]
        if w.text in (",", ";", ":", "“", '"', "''"):
            return False
        if w.lower in VERBS and not is_capital(w):
            return True
        if w.lower in cue_lexicon().always:
            return True
    return False


def _reduced(block: Block, i: int, low: int) -> int | None:
    """The noun before a reduced relative clause that runs up to word ``i``: "an image posted online by supporters"."""
    for k in range(i - 1, max(low, i - 9), -1):
        w = block.ws[k]
        if not w.text[0].isalnum() or w.lower in _CLAUSE_STARTERS or w.lower in cue_lexicon().auxiliaries:
            return None
        if participle(block, k):
            prepared = any(
                block.lower(j) in PREPOSITIONS or (j in block.mention_to and block.mention_to[j][1].type == "time")
                for j in range(k + 1, i + 1)
            )
            if prepared and _nominal(block, k - 1, low):
                return k - 1
            return None
    return None


def _relative(block: Block, i: int, low: int) -> int | None:
    """The noun before a relative clause that runs up to word ``i``: "a man who lives in Homs"."""
    for k in range(i - 1, max(low, i - 14), -1):
        w = block.ws[k]
        if w.text in (",", ";", ":", ".", '"', "“", "”", "''"):
            return None
        if w.lower in ("who", "which") and _nominal(block, k - 1, low):
            return k - 1
    return None


def _trim(block: Block, start: int, end: int) -> tuple[int, int] | None:
    """Drops a leading adverb, time or clause word; None when nothing is left."""
    while start <= end:
        w = block.ws[start]
        if (
            w.lower in cue_lexicon().adverbs
            or (w.lower in TIME_WORDS - {"early", "late"} and start < end)
            or w.lower in ("and", "but", "as")
            or (w.lower == "that" and start < end and block.lower(start - 1) in cue_lexicon().always)
        ):
            start += 1
            continue
        break
    return (start, end) if start <= end else None
