"""Mentions: every naming of an actor, person, nationality, place, time, quantity or weapon in a report.

What a recogniser knows is taken from it; the rest is found by form: capitalised runs with a title, first name or
organisation word, noun phrases whose head names people or bodies, weapons by lexicon, pronouns. Spans follow the re3d
conventions: the full noun phrase with its article, titles with the name. Mentions of one type never overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tadmor.model import Mention, MentionType, Report
from tadmor.reading.cues import DETERMINERS, PREPOSITIONS, cue_lexicon, mention_lexicon
from tadmor.reading.mention_names import Names, person_spans, proper_spans
from tadmor.reading.mention_nominals import Candidate, modifies_next, nominals
from tadmor.reading.mention_things import equipment, place_nominals, states
from tadmor.reading.mention_words import is_capital, words
from tadmor.reading.recognise import Found, Recogniser
from tadmor.reading.text import Sentence, Token


def find(report: Report, sentences: Sequence[Sentence], recognisers: Sequence[Recogniser]) -> tuple[Mention, ...]:
    """All mentions of the report in text order, ids m1, m2, ...; identities only where a recogniser gave one."""
    text = report.text
    known = [f for recognise in recognisers for f in recognise(text) if 0 <= f.start < f.end <= len(text)]
    sentence_words = [words(text, s.start, s.end) for s in sentences]
    names = Names.of(sentence_words)
    candidates = _from_known(text, known)
    cursor, ordered = 0, sorted(known, key=lambda f: (f.start, -f.end))
    for ws in sentence_words:
        if not ws:
            continue
        begin, end = ws[0].start, ws[-1].end
        while cursor < len(ordered) and ordered[cursor].start < begin:
            cursor += 1
        stop = cursor
        while stop < len(ordered) and ordered[stop].start < end:
            stop += 1
        inside = [f for f in ordered[cursor:stop] if f.end <= end]
        candidates += _in_sentence(ws, inside, names)
    chosen = _choose(text, candidates)
    return tuple(
        Mention(f"m{i}", c.start, c.end, text[c.start : c.end], c.type, c.level, c.entity)
        for i, c in enumerate(chosen, 1)
    )


def recognised(report: Report, recognisers: Sequence[Recogniser]) -> tuple[Mention, ...]:
    """What the recognisers know by name; nothing is found by grammar, and so nothing is read. Ids as in :func:`find`."""
    text = report.text
    known = [f for recognise in recognisers for f in recognise(text) if 0 <= f.start < f.end <= len(text)]
    ranks = {"time": 0, "quantity": 1, "actor": 2, "person": 2, "place": 3, "nationality": 3, "equipment": 4}
    chosen = _choose(text, [Candidate(f.start, f.end, f.type, f.level, f.entity, ranks[f.type]) for f in known])
    return tuple(
        Mention(f"m{i}", c.start, c.end, text[c.start : c.end], c.type, c.level, c.entity)
        for i, c in enumerate(chosen, 1)
    )


def _from_known(text: str, known: Sequence[Found]) -> list[Candidate]:
    ranks = {"time": 0, "quantity": 1, "actor": 2, "person": 2, "place": 3, "nationality": 3, "equipment": 4}
    out = []
    for f in known:
        start = f.start
        if f.type in ("actor", "person") and f.level == "nominal" and _bare_singular(text, f):
            continue
        if f.type == "actor":
            start = _with_article(text, start)
        out.append(Candidate(start, f.end, f.type, f.level, f.entity, ranks[f.type]))
    return out


def _bare_singular(text: str, f: Found) -> bool:
    """Whether a singular noun has no article of its own or describes the noun after it: "a military solution"."""
    lexicon = mention_lexicon()
    noun = text[f.start : f.end]
    if noun not in lexicon.actor_singular and noun not in lexicon.person_nominal:
        return False
    before = text[max(0, f.start - 12) : f.start].split()
    following = words(text, f.end, min(len(text), f.end + 30))[:1]
    if following and text[f.end] == " " and modifies_next([*words(text, f.start, f.end)[-1:], *following], 0):
        return True
    return not before or before[-1].lower() not in DETERMINERS


def _with_article(text: str, start: int) -> int:
    for article in ("the ", "The "):
        at = start - len(article)
        if at >= 0 and text.startswith(article, at) and (at == 0 or not text[at - 1].isalnum()):
            return at
    return start


def _in_sentence(ws: list[Token], known: Sequence[Found], names: Names) -> list[Candidate]:
    cover = _coverage(ws, known)
    out: list[Candidate] = []
    taken: set[int] = set()
    for first, last in person_spans(ws, cover, names):
        out.append(Candidate(ws[first].start, ws[last].end, "person", "name", None, 2))
        taken.update(range(first, last + 1))
    for first, last in proper_spans(ws, cover, names):
        if not taken.intersection(range(first, last + 1)):
            start = first - 1 if first and ws[first - 1].lower == "the" else first
            out.append(Candidate(ws[start].start, ws[last].end, "actor", "name", None, 2))
    out += states(ws, cover)
    out += place_nominals(ws, cover)
    out += nominals(ws, cover, taken)
    out += equipment(ws, cover)
    out += _pronouns(ws)
    out += _nationalities(ws, cover, taken)
    return out


def _coverage(ws: list[Token], known: Sequence[Found]) -> list[Found | None]:
    """For each word the longest recognised span that covers it, actors before places."""
    cover: list[Found | None] = [None] * len(ws)
    position = 0
    for f in known:
        while position < len(ws) and ws[position].end <= f.start:
            position += 1
        i = position
        while i < len(ws) and ws[i].start < f.end:
            have = cover[i]
            if have is None or (f.type == "actor" and have.type != "actor") or f.end - f.start > have.end - have.start:
                cover[i] = f
            i += 1
    return cover


def _nationalities(ws: list[Token], cover: list[Found | None], taken: set[int]) -> list[Candidate]:
    lexicon = mention_lexicon()
    out = []
    for i, w in enumerate(ws):
        found = cover[i]
        if i in taken or (found is not None and found.type != "nationality") or not is_capital(w):
            continue
        if w.lower in lexicon.peoples:
            start = i - 1 if i and ws[i - 1].lower == "the" else i
            out.append(Candidate(ws[start].start, w.end, "actor", "nominal", None, 3))
        elif w.lower in lexicon.demonyms and found is None:
            out.append(Candidate(w.start, w.end, "nationality", "name", None, 6))
    return out


def _choose(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """One reading for each stretch: longest of a type; names of actors and persons swallow what stands inside them."""
    by_type: dict[MentionType, list[Candidate]] = {}
    for c in candidates:
        by_type.setdefault(c.type, []).append(c)
    kept: list[Candidate] = []
    for group in by_type.values():
        kept += _longest(group)
    kept.sort(key=lambda c: (c.start, -(c.end - c.start), c.rank, c.type))
    out: list[Candidate] = []
    open_: list[Candidate] = []
    for c in kept:
        open_ = [o for o in open_ if o.end > c.start]
        if any(_swallows(text, o, c) for o in open_):
            continue
        beaten = [o for o in open_ if _swallows(text, c, o)]
        if beaten:
            out = (
                [o for o in out[-12:] if o not in beaten]
                if len(out) <= 12
                else out[:-12] + [o for o in out[-12:] if o not in beaten]
            )
            open_ = [o for o in open_ if o not in beaten]
        out.append(c)
        open_.append(c)
    return out


def _longest(group: list[Candidate]) -> list[Candidate]:
    """Candidates of one type without overlaps, longer ones first; a longer span keeps the identity of what it contains."""
    group = sorted(group, key=lambda c: (c.start, -(c.end - c.start), c.rank, c.entity or "~"))
    out: list[Candidate] = []
    for c in group:
        while out and out[-1].end > c.start:
            last = out[-1]
            if (c.end - c.start) <= (last.end - last.start):
                if last.entity is None and c.entity is not None and (c.start, c.end) == (last.start, last.end):
                    out[-1] = replace(last, entity=c.entity, level=c.level)
                break
            out.pop()
        else:
            out.append(c)
    return out


def _swallows(text: str, big: Candidate, small: Candidate) -> bool:
    """Whether ``small`` is no mention of its own beside the overlapping ``big``."""
    if big is small or not (big.start <= small.start and small.end <= big.end):
        return False
    same = (big.start, big.end) == (small.start, small.end)
    if big.type in ("time", "quantity") and small.type in ("place", "actor", "person", "nationality"):
        return small.type != "actor" or same
    if big.type == "place" and small.type == "actor":
        return same and _locative(text, small.start)
    if big.type == "actor":
        if small.type == "place":
            bare = text[big.start : big.end].lower().removeprefix("the ") == text[
                small.start : small.end
            ].lower().removeprefix("the ")
            if bare:
                return not _locative(text, big.start)
            return big.level == "name" or _describes_body(text, big, small)
        if small.type == "nationality":
            return big.level == "name" or same
        return small.type in ("person", "equipment") and big.level == "name" and not same
    if big.type == "person":
        return small.type in ("nationality", "place", "actor") and not (
            small.type == "actor" and small.entity is None and same
        )
    return False


def _describes_body(text: str, big: Candidate, small: Candidate) -> bool:
    """Whether a country's name only says whose the people are, as in "U.S. forces"; "residents of Syria" keeps the place."""
    name = text[small.start : small.end].lower().removeprefix("the ")
    lead = text[big.start : small.start].split()[-1:]
    return (name in mention_lexicon().states or name + "." in mention_lexicon().states) and lead not in (
        ["of"],
        ["in"],
        ["from"],
    )


def _locative(text: str, start: int) -> bool:
    """Whether the word before says that a country's name is meant as a place."""
    before = text[max(0, start - 14) : start].rstrip().rsplit(None, 1)
    word = before[-1].lower() if before else ""
    if word == "the" and len(before) > 1:
        word = before[0].split()[-1].lower() if before[0].split() else ""
    return word in PREPOSITIONS - {"by", "with", "for", "of", "against", "between", "among", "like", "to"} or word in (
        "northern",
        "southern",
        "eastern",
        "western",
        "central",
        "northeastern",
        "northwestern",
        "southeastern",
        "southwestern",
    )


def _pronouns(ws: list[Token]) -> list[Candidate]:
    lexicon = mention_lexicon()
    out = []
    for i, w in enumerate(ws):
        if w.lower in lexicon.person_pronouns and (w.text == "I" or w.lower != "i"):
            out.append(Candidate(w.start, w.end, "person", "pronoun", None, 5))
        elif (w.lower in lexicon.actor_pronouns and not (w.text == "US" or (w.lower == "us" and w.text.isupper()))) or (
            w.lower in lexicon.neutral_pronouns and i + 1 < len(ws) and _acts(ws[i + 1])
        ):
            out.append(Candidate(w.start, w.end, "actor", "pronoun", None, 5))
    return out


def _acts(w: Token) -> bool:
    """Whether a verb after "it" lets a body be its subject: saying or doing, not being or seeming."""
    lexicon = cue_lexicon()
    if w.lower in (
        "is",
        "was",
        "be",
        "been",
        "seems",
        "seemed",
        "appears",
        "appeared",
        "came",
        "comes",
        "takes",
        "took",
        "'s",
        "’s",
    ):
        return False
    return w.lower in lexicon.always or w.lower in ("has", "had", "will", "would", "also") or w.lower.endswith("ed")
