"""The noun phrase of a speaker that begins after a cue: "said X, the governor". Both ends are word indices, inclusive."""

from __future__ import annotations

from tadmor.reading.attributions_blocks import Block
from tadmor.reading.attributions_phrases import ATTACHING, REACH, SUBJECT_PRONOUNS, TIME_WORDS, participle
from tadmor.reading.cues import DETERMINERS, FUNCTION, VERBS, cue_lexicon, mention_lexicon
from tadmor.reading.mention_words import is_capital


def after(block: Block, start: int, high: int, *, reduced: bool = False) -> tuple[int, int] | None:
    """The noun phrase that begins at ``start``, not reaching beyond ``high``, with its appositions.

    With ``reduced`` it may go on with a participle: "according to a poll taken last week".
    """
    ws = block.ws
    if start > high or (block.is_mark(start) and ws[start].text not in ("“", '"')):
        return None
    if ws[start].lower in SUBJECT_PRONOUNS and ws[start].lower not in (
        "this",
        "these",
        "some",
        "many",
        "most",
        "others",
    ):
        return start, start
    if ws[start].lower in FUNCTION or (ws[start].lower in VERBS and not is_capital(ws[start])):
        return None
    i = start
    end = start
    while i <= high and i - start < REACH:
        w = ws[i]
        mention = block.mention_from.get(i)
        if reduced and i > start and not block.is_mark(i - 1) and participle(block, i):
            end, i = _through_clause(block, i, high)
            break
        if mention is not None and mention.type == "time" and block.lower(i - 1) not in ("a", "an", "the"):
            break
        if mention is not None and mention.type in ("actor", "person", "place"):
            while i < high and ws[i].end < mention.end:
                i += 1
            end = i
            i += 1
            continue
        if w.text in (",",):
            if _apposition_follows(block, i + 1, high):
                i += 1
                continue
            break
        if w.text in ("'s", "’s", "&", "-", "'", "’") or (
            w.text == "." and len(ws[i - 1].text) <= 3 and is_capital(ws[i - 1]) and i < high
        ):
            i += 1
            continue
        if not w.text[0].isalnum():
            break
        if w.lower in ("who", "whose") and end > start - 1:
            end, i = _through_clause(block, i, high)
            continue
        if w.lower in ATTACHING:
            if w.lower in ("in", "on", "at", "to", "about", "from", "by", "with") and not _place_follows(block, i + 1):
                break
            i += 1
            continue
        if w.lower in ("and",):
            if (
                block.mention_from.get(i + 1) is None
                or block.mention_from[i + 1].level == "pronoun"
                or _finite_soon(block, i + 1, high)
            ):
                break
            i += 1
            continue
        if w.lower in FUNCTION or (w.lower in TIME_WORDS and i > start):
            break
        if i > start and w.lower in VERBS and not is_capital(w):
            break
        if i > start and w.lower.endswith("ing") and not is_capital(w) and block.is_mark(i - 1):
            break
        end = i
        i += 1
    return start, end


def _place_follows(block: Block, i: int) -> bool:
    for k in (i, i + 1):
        mention = block.mention_from.get(k)
        if mention is not None:
            return mention.type in ("place", "actor") and mention.level != "pronoun"
        if block.lower(k) not in DETERMINERS:
            break
    return False


def _apposition_follows(block: Block, i: int, high: int) -> bool:
    """Whether after a comma a description goes on: an article, an age, a small-letter noun or a title, and no new clause."""
    if i > high:
        return False
    w = block.ws[i]
    lexicon = mention_lexicon()
    if w.lower in ("who", "whose"):
        return True
    if w.lower in cue_lexicon().adverbs or w.lower in FUNCTION or w.lower.endswith(("ing", "ly")):
        return False
    mention = block.mention_from.get(i)
    if mention is not None and mention.type == "time":
        return False
    describes = (
        w.lower in ("a", "an", "the", "one", "its", "his", "her", "another")
        or w.lower.rstrip(".") in lexicon.titles
        or w.lower in lexicon.person_nominal
        or (w.text.isdigit() and block.text(i + 1) in (",", "."))
        or w.lower in ("president", "deputy", "former", "senior", "executive")
    )
    return describes and not _finite_soon(block, i, high)


def _finite_soon(block: Block, i: int, high: int) -> bool:
    for k in range(i, min(high, i + 9) + 1):
        w = block.ws[k]
        if not w.text[0].isalnum() and w.text not in ("'s", "’s", "-", "'"):
            return False
        if w.lower in ("who", "which", "that", "of", "for"):
            return False
        if k > i and (
            w.lower in ("is", "was", "are", "were", "has", "have", "had", "will", "would", "said", "says")
            or w.lower in cue_lexicon().always
            or (w.lower in VERBS and not is_capital(w))
        ):
            return True
    return False


def _through_clause(block: Block, i: int, high: int) -> tuple[int, int]:
    """Reads over a relative clause that begins at ``i``: to the next comma, quotation mark or the end."""
    k = i
    while k <= high and k - i < 25 and block.text(k) not in (",", '"', "“", "”", "''", ".", ";", ":", ")", "—", "–"):
        k += 1
    return k - 1, k
