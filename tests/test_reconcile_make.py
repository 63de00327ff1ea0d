"""Builders of accounts for the tests of reconciling."""

from __future__ import annotations

from collections.abc import Sequence

from tadmor.model import Account, Certainty, Claim, ClaimRef, Count, Dispute, Incident, Party, Place, SourceKind, Voice
from tadmor.reconcile import incidents
from tadmor.reconcile.blocking import entries, looks
from tadmor.reconcile.traits import traits

PALMYRA = Place("Palmyra", "geonames:1", 34.56, 38.28, "SY")
HOMS = Place("Homs", "geonames:2", 34.73, 36.71, "SY")
ISIS = Party("Islamic State", "actor:islamic-state", "armed group", "islamic-state")
ARMY = Party("Syrian Army", "actor:syrian-army", "military", "government")
RUSSIA = Party("Russia", "actor:russia", "state", "government")
SDF = Party("Syrian Democratic Forces", "actor:sdf", "armed group", "kurdish")
OFFICIAL = Voice("a Syrian government official", None, "official", "government", anonymous=True)
MONITOR = Voice("Syrian Observatory for Human Rights", "actor:sohr", "monitor", None)
MONITORS = (MONITOR, Voice("Palmyra Monitor", None, "monitor", None))
MARKET = "Jets hit a market in the town centre and killed shoppers"


def voice(party: Party) -> Voice:
    """The party speaking for itself."""
    kind: SourceKind = "armed group" if party.kind == "armed group" else "official"
    return Voice(party.name, party.entity, kind, party.side)


def account(
    report: str,
    claim: str,
    kind: str = "air_strike",
    *,
    certainty: Certainty = "asserted",
    places: Sequence[Place] = (PALMYRA,),
    place_names: tuple[str, ...] = (),
    actors: Sequence[Party] = (),
    targets: Sequence[Party] = (),
    date: str | None = "2016-12-11",
    published: str | None = "2016-12-12",
    known: str | None = None,
    voices: Sequence[Voice] = (),
    counts: Sequence[Count] = (),
    text: str = "",
    sentence: str = "",
    publisher: str | None = None,
) -> Account:
    """An account with what matters to the test; the rest is plain."""
    words = text or sentence or f"{kind} as {report} tells it"
    made = Claim(
        claim, kind, certainty, 0, len(words), words, date=date, counts=tuple(counts), place_names=place_names, score=0.9
    )  # fmt: skip
    return Account(
        ref=ClaimRef(report, claim),
        claim=made,
        title="",
        publisher=publisher or f"Outlet {report}",
        published=published,
        known=known or published,
        places=tuple(places),
        actors=tuple(actors),
        targets=tuple(targets),
        voices=tuple(voices),
        sentence=sentence or words,
    )


def killed(low: float | None, high: float | None = None, of: str | None = None, approx: bool = False) -> Count:
    """So many killed; one number is an exact figure."""
    return Count("killed", low, high if high is not None else low, of, approx)


def only(accounts: list[Account]) -> Incident:
    """The one incident of these accounts."""
    (incident,) = incidents(accounts)
    return incident


def dispute(accounts: list[Account], about: str) -> Dispute:
    """The one dispute about this in the one incident of these accounts."""
    (found,) = [d for d in only(accounts).disputes if d.about == about]
    return found


def finds(a: Account, b: Account) -> bool:
    filed = entries(traits(b))
    return any(x.key == e.key and x.takes(e.first, e.last) for x in looks(traits(a)) for e in filed)
