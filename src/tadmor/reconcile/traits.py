"""What comparing needs of an account, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tadmor.model import Account, Party, Place
from tadmor.reconcile.days import FAR, Span, open_ended, span
from tadmor.reconcile.lexicon import armed_words, civil_words, generic_words
from tadmor.reconcile.names import fold, fold_place, is_country, nameless, party_key, place_key, without_articles
from tadmor.reconcile.sources import belligerent, party_sides, speakers
from tadmor.reconcile.wording import stems, worth

PRECISE_DAYS = 7  # a date of more days says about when, not when
UNDER_WAY = 45  # days: what is under way on the day of its report began some time before


@dataclass(frozen=True, slots=True)
class Traits:
    """An account as it is compared. ``days`` and ``told`` (the day of its report) are ordinals."""

    account: Account
    type: str
    days: Span | None
    precise: bool
    running: bool  # under way on the day of its report, with no beginning told
    told: int | None
    places: tuple[Place, ...]
    place_keys: frozenset[str]
    actors: frozenset[str]
    targets: frozenset[str]
    actor_sides: frozenset[str]
    target_sides: frozenset[str]
    whom: str | None  # what kind those done to are: civil or armed; None where none or both are told
    words: str
    stems: frozenset[str]  # of the clause, without the names of its places and parties
    worth: float  # summed rarity of the stems
    around: frozenset[str]  # stems of its sentence, names and all, but for those of the clause
    title: frozenset[str]  # stems of the report's title
    context: frozenset[str]  # words of title and sentence, as the words of place names are compared
    voices: frozenset[str]
    state: bool  # a territory_held that lasts on: a state, not an occurrence


def traits(account: Account) -> Traits:
    """The traits of one account."""
    told = span(account.published)
    given = span(account.claim.date)
    running = _running(given, told)
    days = _until_told(given, told)
    names = (*(p.name for p in account.places), *(p.name for p in (*account.actors, *account.targets)))
    clause = stems(account.claim.text)
    words = clause - stems(" ".join(names))
    places = tuple(p for p in account.places if not _described(p))
    return Traits(
        account=account,
        type=_attempted(account.claim.type) if account.claim.certainty == "expected" else account.claim.type,
        days=days,
        precise=days is not None and days[1] - days[0] < PRECISE_DAYS,
        running=running,
        told=told[1] if told and told[1] != FAR else None,
        places=places,
        place_keys=frozenset(place_key(p) for p in places if not is_country(p)),
        actors=frozenset(map(party_key, account.actors)),
        targets=frozenset(map(party_key, account.targets)),
        actor_sides=party_sides(account.actors),
        target_sides=party_sides(account.targets),
        whom=_whom(account.targets),
        words=fold(account.claim.text),
        stems=words,
        worth=worth(words),
        around=stems(account.sentence) - clause,
        title=stems(account.title),
        context=frozenset(without_articles(fold(f"{account.title} {account.sentence}") + " ").split()),
        voices=frozenset(s.key for s in speakers(account)),
        state=account.claim.type == "territory_held"
        and (days is None or days[1] - days[0] >= PRECISE_DAYS or open_ended(account.claim.date)),
    )


def _described(place: Place) -> bool:
    """Whether the place has no name, only a description ("a rebel-held town"): that says of two accounts nothing."""
    return place.entity is None and place.lat is None and nameless(place.name)


def _attempted(kind: str) -> str:
    """The type of an attempt: who is about to take a place attacks it."""
    return "advance" if kind == "territory_taken" else kind


def _whom(parties: tuple[Party, ...]) -> str | None:
    kinds = set()
    for party in parties:
        words = set(fold(party.name).split())
        if words & civil_words():
            kinds.add("civil")
        elif belligerent(party.side) or words & armed_words():
            kinds.add("armed")
    return kinds.pop() if len(kinds) == 1 else None


def _until_told(days: Span | None, told: Span | None) -> Span | None:
    """An occurrence that lasts on is told of until the day of its report.

    One that is only said to be under way on that day has no beginning told: it is given ``UNDER_WAY`` days.
    """
    if days is None or days[1] != FAR or told is None or told[1] == FAR:
        return days
    if _running(days, told):
        return days[0] - UNDER_WAY, max(days[0], told[1])
    return days[0], max(days[0], told[1])


def _running(days: Span | None, told: Span | None) -> bool:
    return days is not None and told is not None and days[1] == FAR and abs(days[0] - told[1]) <= 1


@lru_cache(maxsize=65536)
def name_words(name: str) -> frozenset[str]:
    """The words of a place name that tell it from others."""
    return frozenset(w for w in fold_place(name).split() if w not in generic_words() and len(w) > 2 and w != "of")
