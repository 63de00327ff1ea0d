"""What a cue governs: the clause after it, the clause or quotation before it, the quotation that goes on after its speaker."""

from __future__ import annotations

from tadmor.reading.attributions_blocks import Block
from tadmor.reading.attributions_cues import Cue, following
from tadmor.reading.cues import DETERMINERS, FUNCTION, PREPOSITIONS, VERBS, cue_lexicon
from tadmor.reading.mention_words import is_capital

_WH = frozenset("whether how why what who where when if which".split())
_CONTRAST = frozenset("but while although though whereas despite".split())
_HEARERS = frozenset("him her them me us you reporters journalists".split())
_SUBORDINATE = frozenset("when after as if while although though because since before once".split())
_SETTINGS = frozenset("end comma in on at to during by via through from".split())
_LONGEST_CLAUSE = 40
_SKIP_TO = 16

Words = tuple[int, int]


def governed(block: Block, cue: Cue, high: int) -> Words | None:
    """The content after the cue, past a hearer ("told reporters"), a day and a place of saying; None when nothing follows."""
    lexicon = cue_lexicon()
    i = cue.last + 1
    if i > high and not block.opens(i):
        return None
    if block.text(i) == "," and block.lower(i + 1) == "however" and block.text(i + 2) == ",":
        i += 2
    if block.text(i) == ",":
        i += 1
    if cue.form in lexicon.recipient:
        i = _past_hearer(block, i, high)
    elif cue.speech:
        i = _past_setting(block, i, high)
    if i > high or block.text(i) in (".", ";", "?", "!"):
        return None
    span = forward(block, i, high)
    opening = block.sentence[cue.head][0]
    if span is not None and cue.first - opening < _LONGEST_CLAUSE and block.lower(opening) in _SUBORDINATE:
        return _within_subordinate(block, cue, span)
    return span


def _within_subordinate(block: Block, cue: Cue, span: Words) -> Words:
    """In "When a reporter asked X whether ..., X left" the content ends where the main clause begins."""
    low = block.sentence[cue.head][0]
    if any(block.text(k) == "," for k in range(low, cue.first)):
        return span
    for k in range(span[0] + 1, span[1]):
        if block.text(k) == "," and block.quote[k] is None:
            return span[0], k - 1
    return span


def _past_hearer(block: Block, i: int, high: int) -> int:
    if block.lower(i) in _HEARERS and block.lower(i + 1) not in ("and", "of"):
        return i + 1 if i < high else i
    mention = block.mention_from.get(i)
    after = i
    while mention is not None and after <= high and block.ws[after].end <= mention.end:
        after += 1
    for k in range(i, min(high, i + _SKIP_TO) + 1):
        low = block.lower(k)
        if block.opens(k) and mention is not None and k - after > 1 and not block.is_mark(k - 1):
            break
        if block.opens(k) or (low in ("that", "whether", "how", "why", "of", "about", "to") and k > i):
            return k
        if block.text(k) == ":":
            return k + 1
        if block.text(k) in (".", ";"):
            break
        if low in VERBS and k > i:
            break
    if mention is not None:
        return _past_setting(block, after, high)
    if block.lower(i) in DETERMINERS or (i <= high and is_capital(block.ws[i])):
        i += 1
        while i <= high and is_capital(block.ws[i]) and block.lower(i) not in DETERMINERS:
            i += 1
        if block.lower(i - 1) in DETERMINERS:
            i += 1
        return i
    return i + 1 if i < high and not block.is_mark(i) else i


def _past_setting(block: Block, i: int, high: int) -> int:
    """Past "on Sunday", "in a statement", "at a news conference" where a clause or quotation still follows."""
    start = i
    if block.lower(i) in ("late", "early", "earlier", "later"):
        i += 1
    mention = block.mention_from.get(i)
    if mention is not None and mention.type == "time" and i + 1 <= high:
        while i <= high and block.ws[i].end <= mention.end:
            i += 1
        if block.text(i) == "," and block.opens(i + 1):
            return i + 1
        start = i
    if (
        block.lower(i) in PREPOSITIONS
        and block.lower(i) not in ("of", "about", "for", "against", "with", "as")
        and (
            block.lower(i) != "to"
            or ((named := block.mention_from.get(i + 1)) is not None and named.type != "equipment")
        )
    ):
        for k in range(i + 1, min(high, i + _SKIP_TO) + 1):
            low = block.lower(k)
            if block.opens(k) or low == "that":
                return k
            if block.text(k) == ":":
                return k + 1
            if block.text(k) == ",":
                return k + 1
            if low in VERBS or block.text(k) in (".", ";"):
                break
    if block.text(i) == ":":
        return i + 1
    return i if i > start else start


def forward(block: Block, start: int, high: int) -> Words | None:
    """From ``start`` to the end of what is said: a closing quotation mark, a contrast, another cue, the sentence's end."""
    if start > high and not block.opens(start):
        return None
    if block.opens(start):
        close = block.quote[start][1]  # type: ignore[index]
        if close >= high - 1 or block.text(close - 1) in (".", "?", "!"):
            return start, close
        if block.text(close - 1) == ",":
            return start, close
        end = _clause_end(block, close + 1, high)
        return start, max(close, end)
    end = _clause_end(block, start, high)
    while end > start and block.text(end) in (",", ".", ";", ":", "—", "–", "-", "?", "!", "…"):
        end -= 1
    return (start, end) if end >= start and not (end == start and block.is_mark(end)) else None


def _clause_end(block: Block, start: int, high: int) -> int:
    lexicon = cue_lexicon()
    k = start
    while k <= high:
        quote = block.quote[k]
        if quote is not None and quote[0] == k and quote[1] > k:
            if quote[1] >= high:
                return quote[1]
            k = quote[1] + 1
            continue
        word = block.lower(k)
        if block.text(k) == "," and k < high:
            nxt = block.lower(k + 1)
            if (nxt in _CONTRAST and block.lower(k + 2) != "that") or nxt in ("according",):
                return k - 1
            if (nxt in lexicon.always or nxt in lexicon.before) and nxt.endswith("ing") and k + 2 <= high:
                return k - 1
            if nxt == "and" and block.lower(k + 2) in lexicon.always and k > start + 2:
                return k - 1
        elif (
            (
                word in ("and", "but")
                and k > start + 2
                and block.lower(k + 1) in lexicon.always
                and block.lower(k + 1).endswith(("ed", "said", "says"))
            )
            or (word in ("according",) and block.lower(k + 1) == "to" and k > start)
            or (k > start and (block.text(k) == ";" or (block.text(k) == "—" and not _paired_dash(block, k, high))))
        ):
            return k - 1
        k += 1
    return high


def _paired_dash(block: Block, k: int, high: int) -> bool:
    return any(block.text(j) == "—" for j in range(k + 1, min(high, k + 25) + 1))


def split_by_speaker(block: Block, cue: Cue, source: Words, low: int, barrier: int, span: Words) -> list[Words]:
    """The content with what stands before a speaker who interrupts it: "The town, he said, had fallen"."""
    comma = source[0] - 1
    if block.text(comma) == "," and comma > low and block.text(cue.last + 1) == "," and cue.speech:
        return [*backward(block, comma, low, barrier), span]
    return [span]


def backward(block: Block, end: int, low: int, barrier: int) -> list[Words]:
    """The clause or quotation that ends at word ``end``: back to where its quotation opened, else to the sentence's start."""
    while end >= 0 and block.text(end) in (",", "—", "–", "-"):
        end -= 1
    if end < 0:
        return []
    start = low
    quote = block.quote[end]
    if quote is not None and quote[0] < low:
        start = quote[0]
        if block.sentence[start][0] != start and not block.opens(start):
            start = low
    elif quote is not None:
        start = quote[0] if _stands_alone(block, quote[0], low) else low
    if start > end:
        return []
    if barrier >= start and quote is None:
        start = barrier + 1
        while start < end and (block.is_mark(start) or block.lower(start) in ("and", "but", "that")):
            start += 1
    if block.lower(start) in ("but", "and", "still", "meanwhile", "however") and start < end and quote is None:
        start += 1
        if block.text(start) == ",":
            start += 1
    return [(start, end)] if start < end or (start == end and not block.is_mark(end)) else []


def _stands_alone(block: Block, start: int, low: int) -> bool:
    return start == low or block.text(start - 1) in (",", ":", ".") or start - low < 2


def continuation(block: Block, start: int, high: int) -> list[Words]:
    """The quotation that goes on after the speaker: '"...", said X, "..."' and '"...", said X. "..."'."""
    for k in range(start, min(high + 2, start + 30, len(block.ws))):
        if block.opens(k):
            if block.text(k - 1) in (",", ".", "—", ":") or k - 1 == high:
                return [(k, block.quote[k][1])]  # type: ignore[index]
            return []
        if block.lower(k) in cue_lexicon().always and k > start:
            return []
    return []


def around(block: Block, first: int, last: int, low: int, high: int) -> list[Words]:
    """The clause about an adverb: the words of the sentence before and after it."""
    start = low
    for k in range(first - 1, low, -1):
        if block.text(k) in (";", "—") or (
            block.text(k) == "," and block.lower(k + 1) in _CONTRAST | {"and", "who", "which"}
        ):
            start = k + 1
            break
    spans = [(start, first - 1)] if first > start else []
    rest = forward(block, last + 1, high)
    if rest is not None:
        spans.append(rest)
    return spans


def of_phrase(block: Block, first: int, end: int, low: int, high: int) -> list[Words]:
    """The content of "according to X": the clause before it, after it when it opens the sentence, or both."""
    spans: list[Words] = []
    if first > low + 1:
        spans += backward(block, first - 1, low, -1)
    nxt = end + 1
    if block.text(nxt) == "," and nxt < high and (not spans or block.text(first - 1) == ","):
        rest = forward(block, nxt + 1, high)
        if rest is not None:
            spans.append(rest)
    elif not spans and nxt < high:
        rest = forward(block, nxt, high)
        if rest is not None:
            spans.append(rest)
    return spans


def points_back(block: Block, cue: Cue, source: Words, low: int, span: Words | None) -> bool:
    """Whether what was said stands before its speaker: '"...," X said' and '..., X said.'"""
    at = source[0] - 1
    if at < 0:
        return False
    quoted = block.closes(at) or (block.text(at) == "," and block.closes(at - 1))
    after = following(block, cue.last)
    if quoted and not (span is not None and block.opens(span[0])):
        return span is None or "that" not in after
    if at < low:
        return False
    if block.bare and span is None and not block.is_mark(at):
        return is_clause(block, low, at)
    if block.text(at) != ",":
        return False
    if span is None:
        return is_clause(block, low, at - 1)
    settles = bool(after & _SETTINGS) or is_day(block, cue.last + 1)
    if not settles or _clause_in(block, span):
        return False
    return is_clause(block, low, at - 1) or (cue.speech and not after & {"to"} and _stands_whole(block, low, at - 1))


def _stands_whole(block: Block, first: int, last: int) -> bool:
    """Whether words before a speaker who says no more are what was said, though their verb is not known as one."""
    opener = block.lower(first)
    return last - first >= 2 and opener not in _SUBORDINATE and opener not in PREPOSITIONS and opener not in _WH


def is_day(block: Block, i: int) -> bool:
    """Whether a time expression begins at ``i``."""
    mention = block.mention_from.get(i)
    return mention is not None and mention.type == "time"


def is_clause(block: Block, first: int, last: int) -> bool:
    """Whether the words have a finite verb and do not begin as a subordinate clause or a prepositional phrase alone."""
    if last - first < 1:
        return False
    opener = block.lower(first)
    has_verb = any(
        (w.lower in VERBS or w.lower in cue_lexicon().auxiliaries or (w.lower.endswith("ed") and k > first))
        and not w.lower.endswith("ing")
        for k, w in enumerate(block.ws[first : last + 1], first)
    )
    if not has_verb:
        return False
    if opener in (
        "when",
        "after",
        "before",
        "as",
        "while",
        "if",
        "although",
        "though",
        "because",
        "since",
        "once",
        "asked",
        "whether",
        "until",
    ):
        return any(block.text(k) == "," for k in range(first, last))
    if opener in PREPOSITIONS:
        return any(block.text(k) == "," for k in range(first, last)) or last - first > 9
    return True


def _clause_in(block: Block, span: Words) -> bool:
    return (
        any(
            (w.lower in VERBS or (w.lower in FUNCTION and w.lower in cue_lexicon().auxiliaries))
            and not w.lower.endswith("ing")
            for w in block.ws[span[0] : span[1] + 1]
        )
        and block.lower(span[0]) not in _SETTINGS
    )
