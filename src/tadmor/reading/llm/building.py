"""From located claims to claims of the record: names to mentions, speakers to chains, dates and counts that can stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import cast

from tadmor import edtf, taxonomy
from tadmor.errors import BadDate
from tadmor.model import Attribution, Certainty, Claim, Count, Mention, Report
from tadmor.reading.document import Document
from tadmor.reading.llm.answer import ToldCount
from tadmor.reading.llm.located import Located, spans
from tadmor.reading.llm.names import Roster
from tadmor.reading.llm.quotes import Pair, Verbatim, inside, key, nearest, spaced
from tadmor.reading.llm.speakers import Speakers
from tadmor.taxonomy import UTTERANCES

_YEAR = re.compile(r"\d{4}")


def claims(
    document: Document, located: Sequence[Located], verbatim: Verbatim, left: Counter[str]
) -> tuple[tuple[Claim, ...], tuple[Mention, ...], tuple[Attribution, ...]]:
    """The claims c1, c2, ... with all mentions and attributions of the report; ``left`` counts what is dropped, by reason."""
    roster = Roster(document, verbatim)
    speakers = Speakers(document, roster, verbatim)
    out: list[Claim] = []
    for one in located:
        chains = speakers.chains(one.sources, one.clauses, left)
        if chains is None:
            left["a claim whose speaker is not in the text"] += 1
            continue
        out.append(_claim(f"c{len(out) + 1}", one, document, roster, speakers, verbatim, chains, left))
    return tuple(out), roster.mentions, speakers.attributions


def _claim(
    name: str,
    one: Located,
    document: Document,
    roster: Roster,
    speakers: Speakers,
    verbatim: Verbatim,
    chains: tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]],
    left: Counter[str],
) -> Claim:
    text = document.report.text
    actors = _parties(one.actors, one.clauses, roster, left)
    targets = _parties(one.targets, one.clauses, roster, left)
    ids, names = chains
    if one.type in UTTERANCES and not actors and ids:
        said = next(a for a in speakers.attributions if a.id == ids[0][-1])
        speaker = roster.party(said.source.name, one.clauses) if said.source is not None else None
        actors = [speaker] if speaker is not None else []
    acting = {key(n) for _, n in actors}
    targets = [(m, n) for m, n in targets if key(n) not in acting]
    places: list[tuple[Mention, str]] = []
    for word in one.places:
        place = _place(word, one, roster)
        if place is None:
            left["a place that is not in the text"] += 1
        elif place[0].id not in {m.id for m, _ in places}:
            places.append(place)
    start, end = one.clause
    around = [*one.clauses, *((s.start, s.end) for s in document.sentences if s.start < end and start < s.end)]
    trigger = one.trigger if one.trigger is not None and inside(one.trigger, (one.clause,)) else None
    return Claim(
        id=name,
        type=one.type,
        certainty="asserted" if one.type in UTTERANCES else cast(Certainty, one.certainty),
        start=start,
        end=end,
        text=text[start:end],
        trigger=next(iter(spans(text, [trigger])), None) if trigger else None,
        also=spans(text, one.also),
        sources=ids,
        source_names=names,
        actors=tuple(m.id for m, _ in actors),
        actor_names=tuple(n for _, n in actors),
        targets=tuple(m.id for m, _ in targets),
        target_names=tuple(n for _, n in targets),
        places=tuple(m.id for m, _ in places),
        place_names=tuple(n for _, n in places),
        times=tuple(m.id for m in document.mentions_in(start, end, "time")),
        date=_date(one, document.report, left),
        counts=tuple(c for told in one.counts if (c := _count(told, around, roster, verbatim, left)) is not None),
        score=one.score,
    )


def _parties(
    words: Sequence[str], clauses: Sequence[Pair], roster: Roster, left: Counter[str]
) -> list[tuple[Mention, str]]:
    out: list[tuple[Mention, str]] = []
    for word in words:
        party = roster.party(word, clauses)
        if party is None:
            left["an actor or target who is not in the text"] += 1
        elif party[0].id not in {m.id for m, _ in out} and key(party[1]) not in {key(n) for _, n in out}:
            out.append(party)
    return out


def _place(word: str, one: Located, roster: Roster) -> tuple[Mention, str] | None:
    """The place that a model names, without the words before it where it put these in by itself: "parts of" a province.

    Not for claims that say who holds a place: of these, such words say that it is not the whole of it (codebook, rule 19).
    """
    words = word.split()
    for i in range(len(words) if taxonomy.get(one.type).implies is None else 1):
        named = any(c.isupper() or not spaced(c) for c in words[i] if c.isalpha())
        if (named or i == 0) and (place := roster.place(" ".join(words[i:]), one.clauses)):
            return place
    return None


def _date(one: Located, report: Report, left: Counter[str]) -> str | None:
    """The model's date where it can stand: a date, of a year that the report gives, and not after its publication.

    Without a date of publication only a year that the text names is taken, so that nothing is dated against a guess.
    """
    if one.date is None or not one.date.strip() or one.date.strip().lower() in ("null", "none", "unknown"):
        return None
    value = one.date.strip()
    try:
        start, _ = edtf.bounds(value if value.isascii() else "")
        published = edtf.bounds(report.published)[1] if report.published else None
    except BadDate:
        left["a date that is none"] += 1
        return None
    named = {int(y) for y in _YEAR.findall(report.text)}
    if report.published is None and not named.issuperset(int(y) for y in _YEAR.findall(value)):
        left["a date that the report does not give"] += 1
        return None
    if one.certainty != "expected" and start is not None and published is not None and start > published:
        left["a date after that of publication"] += 1
        return None
    return value


def _count(
    told: ToldCount, around: Sequence[Pair], roster: Roster, verbatim: Verbatim, left: Counter[str]
) -> Count | None:
    """The count whose number stands in a clause of the claim or its sentence, with the range that the number itself tells.

    Where the text has a quantity, the range is worked out from it by the same rules for all readers; a number that only the
    model can read, in a language without such rules, has the range that the model gives.
    """
    # models write 4,000 as 4000
    forms = (told.number, f"{int(told.number):,}") if told.number.isdecimal() else (told.number,)
    at = next((p for c in around for form in forms for p in verbatim.find(form) if inside(p, (c,))), None)
    if at is None:
        left["a count whose number is not in the claim's sentence"] += 1
        return None
    held = verbatim.name(told.of) if told.of else []
    of = " ".join(verbatim.text[slice(*nearest(held, at))].split()) if held else None
    quantity = next(iter(roster.of_type("quantity", at)), None)
    if quantity is not None:
        return Count(told.what, None, None, of, mention=quantity.id)
    low, high = told.min, told.max
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        left["a count without a range"] += 1
        return None
    return Count(told.what, low, high, of, told.approx)
