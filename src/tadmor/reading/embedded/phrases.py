"""How much of what is printed around a place's name belongs to it: "northern Syria", "the Olivos presidential residence".

A mention of a place is its name alone. What coders write down is the phrase that says where: that a raid hit the north of a
country is another thing than that it hit the country. Where the network looks at a clause, the pieces that it takes for its
place say how far the phrase reaches. A common noun and the name that tells which one it is are one place, not two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tadmor.model import Mention
from tadmor.reading.arguments import Arguments, settled
from tadmor.reading.coreference_places import SETTLEMENTS
from tadmor.reading.embedded.looks import ROLES
from tadmor.reading.embedded.session import View
from tadmor.reading.scene import Scene

_PLACE = ROLES.index("place")
_LIST = re.compile(r",|\band\b", re.IGNORECASE)  # what names several places is not the name of one
_MARKS = " ,.;:'’\"“”()"
_MOST = 8  # words beside the name
# "the old junction of" before a name: what stands there is the place, and the name says which one
_NAMED = r"\s+(?:(?:the|a|an|its)\s+)?(?:(?!and\b|or\b|from\b|to\b)[\w-]+\s+){0,3}?"
_OF = re.compile(rf"\s+(?:in|of|at|on|inside|within|across){_NAMED}", re.IGNORECASE)
# what is told to be near a name has the name for its place, but where it is the place that somebody holds
_BY = re.compile(
    rf"\s+(?:near|outside|around|along|to the \w+ of|(?:north|south|east|west)\w*\s+of){_NAMED}", re.IGNORECASE
)
_FARTHEST = 45  # characters
_ARTICLE = re.compile(r"^(?:the|an?|its)\s+", re.IGNORECASE)
# "Barzeh neighbourhood" is Barzeh in 26 of 39 events of gold-train, and in none of ten claims of who holds what
_QUARTER = re.compile(r"(?:the )?(?P<name>(?:(?:al|as|ash|ad|an|ar|at|az|el)-)?[A-Z].*) neighbou?rhood")
# "the village of" before a name says what it is: the name is the place; a camp or an enclave in a town is a place of its own
_KINDS = SETTLEMENTS - {"camp", "enclave"} | {"borough", "hamlet"}


def of_event(scene: Scene, chosen: Arguments, seen: Sequence[View]) -> Arguments:
    """The places of a claim that is not about who holds them, as they are printed; ``seen`` are the looks at its clauses."""
    return _plain(joined(scene, _phrased(scene, chosen, seen), territory=False))


def joined(scene: Scene, chosen: Arguments, *, territory: bool) -> Arguments:
    """The places with those as one that one phrase names: "old junction of Shaddadi", where both were chosen.

    Of territory also those that a distance parts: "checkpoints outside Kawkab".
    """
    if len(chosen.place_names) != len(chosen.places) or len(chosen.places) < 2:
        return chosen
    text = scene.report.text
    places: list[Mention] = []
    names: list[str] = []
    begins: list[int] = []  # where the phrase of each begins
    for m, name in zip(chosen.places, chosen.place_names, strict=True):
        before = places[-1] if places else None
        if before is not None and _says_which(text, before, m, territory=territory):
            places[-1] = m
            names[-1] = _ARTICLE.sub("", re.sub(r"\s+", " ", text[begins[-1] : m.end]))
        else:
            places.append(m)
            names.append(name)
            begins.append(m.start)
    return replace(chosen, places=tuple(places), place_names=tuple(names))


def _says_which(text: str, noun: Mention, m: Mention, *, territory: bool) -> bool:
    """Whether the mention after a common noun tells which one is meant."""
    if noun.level == "name" or noun.text.split()[-1].lower() in _KINDS or not 0 < m.start - noun.end < _FARTHEST:
        return False
    return any(r.fullmatch(text, noun.end, m.start) for r in ((_OF, _BY) if territory else (_OF,)))


def _plain(chosen: Arguments) -> Arguments:
    """The places without the word that says that they are parts of a town: what happens there happens in Barzeh."""
    names = (_QUARTER.fullmatch(name) for name in chosen.place_names)
    return replace(
        chosen, place_names=tuple(q["name"] if q else n for q, n in zip(names, chosen.place_names, strict=True))
    )


def _phrased(scene: Scene, chosen: Arguments, seen: Sequence[View]) -> Arguments:
    """The places with their phrases, as the network tells them at the clauses of a claim (``seen``)."""
    if len(chosen.place_names) != len(chosen.places):
        return chosen  # two mentions have one name
    told = zip(chosen.places, chosen.place_names, strict=True)
    return replace(chosen, place_names=tuple(_phrase(scene, m, name, seen) or name for m, name in told))


def _phrase(scene: Scene, m: Mention, name: str, seen: Iterable[View]) -> str | None:
    """The longer name of a mention's place, of several the one that the network is surest of; None where it tells of none."""
    if m.text.casefold() not in name.casefold():
        return None  # it has another mention's name
    told = [found for v in seen if (found := _around(scene, m, v)) is not None]
    if not told:
        return None
    phrase = settled(re.sub(r"\s+", " ", max(told)[1]).strip(_MARKS))
    more = len(phrase.split()) - len(name.split())
    return phrase if 0 < more <= _MOST and not _LIST.search(phrase) else None


def _around(scene: Scene, m: Mention, view: View) -> tuple[float, str] | None:
    """How sure the network is of the run of pieces that holds a mention, and its text.

    None where it is no run of whole words, or one of several names in a row: lists have often lost their commas.
    """
    text = scene.report.text
    low, high = view.pieces(m.start, m.end)
    if low >= high:
        return None  # the mention is out of view
    starts, ends = view.offsets
    for first, stop in view.runs(_PLACE):
        start, end = starts[first], ends[stop - 1]
        if first <= low and high <= stop and start <= m.start and m.end <= end:
            if _cuts_word(text, start) or _cuts_word(text, end) or _in_row(scene, m, start, end):
                return None
            return float(view.roles[first:stop, _PLACE].mean()), text[start:end]
    return None


def _cuts_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and _inside(text[at - 1]) and _inside(text[at])


def _in_row(scene: Scene, m: Mention, start: int, end: int) -> bool:
    """Whether another place stands right beside the mention within the span."""
    beside = (x for x in scene.places if start <= x.start and x.end <= end and (x.end <= m.start or x.start >= m.end))
    return any(not scene.report.text[min(x.end, m.end) : max(x.start, m.start)].strip() for x in beside)


def _inside(letter: str) -> bool:
    return letter.isalnum() or letter == "-"
