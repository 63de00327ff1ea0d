"""Admiralty credibility of information, 1 to 6, computed from who says it and who says otherwise (docs/method.md).

Every independent source has a weight for the proposition at hand: 1 for one without a stake in it, 1.5 for one that
says it against its own interest, 0.5 for one that tells of its own success, 0.75 for an outlet that names no source;
halved where it only says so with reserve. The reliability that people give a source multiplies its weight, and what came
through a source that is rated D or E counts as if that one had said it, unless its speaker is rated lower still.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product

from tadmor.listing import listed
from tadmor.model import Account, Credibility, Grade
from tadmor.reconcile.blame import blame_each_other, lays_blame
from tadmor.reconcile.names import fold
from tadmor.reconcile.sources import Interest, Speaker, independent, interest, partisan_side, speakers

WEIGHT: Mapping[Interest, float] = {"against": 1.5, "own": 0.5, "none": 1.0}
OUTLET = 0.75
HEDGED = 0.5
RELIABILITY: Mapping[str, float] = {"A": 1.5, "B": 1.25, "C": 1.0, "D": 0.5, "E": 0.25, "F": 1.0}
RELIABILITY_WORDS: Mapping[str, str] = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
"""What the Admiralty's letters stand for (NATO AJP-2.1)."""


class Letters(dict[str, str]):
    """The letters that people gave sources, by identity and by folded name, ready to be looked up (:func:`letters`)."""

    def of(self, name: str, entity: str | None = None) -> str:
        """The letter of a source; F for one that nobody has rated."""
        found = self.get(entity) if entity else None
        return found or self.get(fold(name), "F")


def letters(reliability: Mapping[str, str] | None) -> Letters:
    """Letters by identity or name, in any spelling of case, diacritics and article, as they are looked up."""
    if isinstance(reliability, Letters):
        return reliability
    given = reliability or {}
    return Letters({fold(name): letter for name, letter in given.items()} | dict(given))


@dataclass(frozen=True, slots=True)
class Backing:
    """One independent source: its speakers, its weight, and whether it speaks against or for its own interest.

    ``rated`` is the source whose reliability multiplied the weight, and its letter; None when nobody has rated it.
    """

    speakers: tuple[Speaker, ...]
    weight: float
    interest: Interest
    rated: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """The speaker that gives the group its weight."""
        return self.speakers[0].name

    @property
    def side(self) -> str | None:
        """The side of the war that the group speaks for."""
        return next((s for x in self.speakers if (s := partisan_side(x.voice))), None)


def backing(
    accounts: Iterable[Account], reliability: Mapping[str, str] | None = None, loser_side: str | None = None
) -> list[Backing]:
    """The independent sources of these accounts with their weights; ``reliability`` maps a source's name or identity to A-F."""
    known = letters(reliability)
    out = []
    for group in independent(s for a in accounts for s in speakers(a)):
        # the group is in order already, and sorting keeps that order where weights are equal
        rated = sorted(((_weight(s, known, loser_side), s) for s in group), key=lambda r: -r[0])
        best, speaker = rated[0]
        out.append(Backing(tuple(s for _, s in rated), best, interest(speaker, loser_side), _rated(speaker, known)))
    return out


def _weight(speaker: Speaker, known: Letters, loser_side: str | None) -> float:
    base = OUTLET if speaker.own_voice else WEIGHT[interest(speaker, loser_side)]
    if speaker.account.claim.certainty == "hedged":
        base *= HEDGED
    rated = _rated(speaker, known)
    return base * RELIABILITY.get(rated[1], 1.0) if rated else base


def _rated(speaker: Speaker, known: Letters) -> tuple[str, str] | None:
    """Whose letter counts for what the speaker says: its own, or that of the worst through whom it came, when that is D or E."""
    if not known:
        return None
    mine = (speaker.name, known.of(speaker.name, speaker.voice.entity))
    doubted = [(name, letter) for name in speaker.voice.through if (letter := known.of(name)) in ("D", "E")]
    worst = min([mine, *doubted], key=lambda r: RELIABILITY.get(r[1], 1.0))
    return None if worst[1] == "F" else worst


def assess(
    support: Iterable[Account],
    against: Iterable[Account] = (),
    *,
    reliability: Mapping[str, str] | None = None,
    loser_side: str | None = None,
) -> Credibility:
    """Credibility of what ``support`` says, given what ``against`` says, with its reasons as sentences.

    What was retracted counts for nothing, on either side, and a reason says so.
    """
    told, against = list(support), list(against)
    held = [a for a in told if a.retracted is None]
    if told and not held:
        return Credibility(6, "weak", ("Every report that says so was retracted.",))
    made = _assess(held, [a for a in against if a.retracted is None], reliability, loser_side)
    gone = len({a.ref.report for a in (*told, *against) if a.retracted is not None})
    if not gone:
        return made
    words = "was retracted and counts" if gone == 1 else "were retracted and count"
    why = f"{gone} of the reports that tell of it {words} for nothing."
    return replace(made, reasons=(*made.reasons, why))


def _assess(
    held: list[Account], against: list[Account], reliability: Mapping[str, str] | None, loser_side: str | None
) -> Credibility:
    stated = [a for a in held if a.claim.certainty != "expected"]
    if not stated:
        why = "It is only expected, not said to have happened." if held else "No source says so."
        return Credibility(6, "weak", (why,))
    supporting = backing(stated, reliability, loser_side)
    known = {s.key for b in supporting for s in b.speakers}
    opposing = [
        b
        for b in backing(against, reliability, loser_side)
        # an outlet that tells both in its own voice tells what came before, it is no source of its own against it
        if not all(s.own_voice and s.key in known for s in b.speakers)
    ]
    return judge(supporting, opposing)


def judge(supporting: list[Backing], opposing: list[Backing]) -> Credibility:
    """The grade for these independent sources."""
    for_it, counter = sum(b.weight for b in supporting), sum(b.weight for b in opposing)
    crossed = _crossed(supporting)
    sides = [] if crossed else sorted({b.side for b in supporting if b.side})
    admission = any(b.interest == "against" for b in supporting)
    number = len(supporting)
    if counter > for_it:
        code, grade = 5, "discounted"
    elif counter >= for_it / 2:
        code, grade = 4, "contested"
    elif counter > for_it / 4:
        code, grade = (3, "contested") if number > 1 else (4, "contested")
    elif (number > 1 and (len(sides) > 1 or admission) and for_it >= 2) or (number > 2 and for_it >= 3):
        code, grade = 1, "confirmed"
    elif number > 1 and for_it >= 1.5:
        code, grade = 2, "fair"
    elif for_it >= 1:
        code, grade = 3, "weak"
    else:
        code, grade = 4, "weak"
    return Credibility(
        code,
        _grade(grade),
        tuple(r[:1].upper() + r[1:] for r in _reasons(supporting, opposing, sides, crossed, for_it, counter)),
    )


def _crossed(supporting: list[Backing]) -> list[str]:
    """Two sources of opposing sides that lay it to each other, by name: they agree that something happened, and on no more."""
    blaming = [(b.side, [s for s in b.speakers if lays_blame(s.account)]) for b in supporting if b.side]
    for (side, some), (other, others) in combinations(blaming, 2):
        if side != other:
            for s, t in product(some, others):
                if blame_each_other(s.account, t.account):
                    return [s.name, t.name]
    return []


def _grade(grade: str) -> Grade:
    grades: dict[str, Grade] = {
        "confirmed": "confirmed",
        "fair": "fair",
        "weak": "weak",
        "contested": "contested",
        "discounted": "discounted",
    }
    return grades[grade]


def _reasons(
    supporting: list[Backing],
    opposing: list[Backing],
    sides: list[str],
    crossed: list[str],
    for_it: float,
    counter: float,
) -> Iterable[str]:
    if len(supporting) == 1:
        yield f"One independent source says so: {supporting[0].name}."
    else:
        yield f"{len(supporting)} independent sources say so: {_listed([b.name for b in supporting])}."
    merged = sum(len({s.ref for s in b.speakers}) for b in supporting)
    if merged > len({s.ref for b in supporting for s in b.speakers[:1]}):
        yield "Reprints, and speakers of one side, count once."
    if len(sides) > 1:
        yield f"Opposing sides agree on it: {_listed(sides)}."
    if crossed:
        yield f"{_listed(crossed)} lay it to each other, which is no agreement."
    for b in supporting:
        if b.interest == "against":
            yield f"{b.name} says it against the interest of its own side."
    own = [b.name for b in supporting if b.interest == "own"]
    if own:
        yield f"{_listed(own)} {'tells of its' if len(own) == 1 else 'tell of their'} own cause."
    for b in supporting:
        yield from _rating(b)
    if all(s.account.claim.certainty == "hedged" for b in supporting for s in b.speakers):
        yield "It is said only with reserve."
    if opposing:
        yield (
            f"{_listed([b.name for b in opposing])} {'says' if len(opposing) == 1 else 'say'} otherwise"
            f" (weight {counter:g} against {for_it:g})."
        )
        for b in opposing:
            if b.interest == "own":
                yield f"In saying otherwise, {b.name} tells of its own cause."
            yield from _rating(b)


def _rating(b: Backing) -> Iterable[str]:
    """The sentence on the letter that people gave, where it changes the weight."""
    if b.rated is None or RELIABILITY.get(b.rated[1], 1.0) == 1.0:
        return
    who, letter = b.rated
    through = "" if who == b.name else f", through whom {b.name} is quoted,"
    yield f"{who}{through} is rated {letter}, {RELIABILITY_WORDS[letter]} (weight times {RELIABILITY[letter]:g})."


def _listed(names: list[str], most: int = 6) -> str:
    return listed(list(dict.fromkeys(names)), most, last=" and ") or "nobody"
