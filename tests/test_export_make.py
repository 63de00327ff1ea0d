"""A small ledger of readings made by hand, for the tests of exporting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tadmor import Ledger
from tadmor.model import Attribution, Claim, Count, Mention, ReaderInfo, Reading, Report, Source, SourceKind, Span

PALMYRA = ("Palmyra", "geonames:163808", 34.5624, 38.28402)
IDLIB = ("Idlib", "geonames:169389", 35.93062, 36.63393)
ISIS = ("ISIS", "actor:islamic-state", "armed group", "islamic-state")
ARMY = ("the army", "actor:syrian-army", "military", "government")
RUSSIA = ("Russia", "actor:russia", "state", "government")
CIVILIANS = ("civilians", None, None, None)
Where = tuple[str, str, float, float]
Who = tuple[str, str | None, str | None, str | None]


@dataclass
class Draft:
    """A claim to be: the clause that states it, and what it says."""

    type: str
    clause: str
    actors: Sequence[Who] = ()
    targets: Sequence[Who] = ()
    places: Sequence[Where] = (PALMYRA,)
    source: tuple[str, SourceKind, str | None] | None = None
    date: str | None = "2016-12-11"
    counts: Sequence[Count] = ()
    certainty: str = "asserted"
    acled: str | None = None
    also: Sequence[str] = ()
    extra: dict[str, object] = field(default_factory=dict)


def reading(
    name: str,
    text: str,
    drafts: Sequence[Draft],
    *,
    publisher: str = "Courier",
    published: str | None = "2016-12-12",
    url: str | None = None,
    title: str = "",
) -> Reading:
    """A resolved reading; every clause must stand in the text."""
    mentions: list[Mention] = []
    attributions: list[Attribution] = []
    claims: list[Claim] = []

    def mention(type_: str, found: str, **values: object) -> str:
        mentions.append(Mention(f"m{len(mentions)}", 0, 0, found, type_, **values))  # type: ignore[arg-type]
        return mentions[-1].id

    def who(party: Who) -> str:
        shown, entity, kind, side = party
        return mention("actor", shown, entity=entity, name=shown, kind=kind, side=side)

    for number, d in enumerate(drafts, 1):
        start = text.index(d.clause)
        chain: tuple[tuple[str, ...], ...] = ()
        if d.source:
            speaker, kind, side = d.source
            source = Source(0, 0, speaker, speaker, kind=kind, side=side)
            attributions.append(Attribution(f"a{number}", source, None, ()))
            chain = ((f"a{number}",),)
        claims.append(
            Claim(
                id=f"c{number}",
                type=d.type,
                certainty=d.certainty,  # type: ignore[arg-type]
                start=start,
                end=start + len(d.clause),
                text=d.clause,
                also=tuple(Span(text.index(a), text.index(a) + len(a), a) for a in d.also),
                sources=chain,
                source_names=((d.source[0],),) if d.source else (),
                actors=tuple(who(a) for a in d.actors),
                actor_names=tuple(a[0] for a in d.actors),
                targets=tuple(who(t) for t in d.targets),
                target_names=tuple(t[0] for t in d.targets),
                places=tuple(
                    mention("place", p[0], entity=p[1], name=p[0], lat=p[2], lon=p[3], country="SY", **d.extra)
                    for p in d.places
                ),
                place_names=tuple(p[0] for p in d.places),
                date=d.date,
                counts=tuple(d.counts),
                acled=d.acled,
                score=0.75,
            )
        )
    report = Report(name, text, title, url=url, publisher=publisher, published=published, language="en")
    return Reading(report, ReaderInfo("hand", "1"), tuple(mentions), tuple(attributions), tuple(claims))


MONITOR = ("Palmyra Monitor", "monitor", None)
GOVERNOR = ("Governor Badi", "official", "government")
STRIKE = "Jets struck the market of Idlib and killed 12 civilians"
TOLL = "An air strike on the market of Idlib killed 23 civilians"

READINGS = (
    reading(
        "r:1",
        f"ISIS took Palmyra from the army, Palmyra Monitor said 🙂. {STRIKE}, it said. "
        "The army denied that Palmyra had been taken.",
        [
            Draft(
                "territory_taken",
                "ISIS took Palmyra from the army",
                [ISIS],
                [ARMY],
                source=MONITOR,
                acled="Battles/Non-state actor overtakes territory",
            ),
            Draft(
                "air_strike",
                STRIKE,
                [RUSSIA],
                [CIVILIANS],
                [IDLIB],
                MONITOR,
                counts=[Count("killed", 12, 12, "civilians")],
                acled="Explosions/Remote violence/Air/drone strike",
            ),
            Draft(
                "territory_taken",
                "Palmyra had been taken",
                targets=[ARMY],
                source=GOVERNOR,
                certainty="denied",
                acled="Battles/Non-state actor overtakes territory",
            ),
        ],
        url="https://courier.example/palmyra",
        title="=Palmyra falls",
    ),
    reading(
        "r2",
        f"Palmyra Monitor rang twice. {TOLL}, a witness said. Palmyra fell to ISIS on Sunday. "
        "Talks began. Fighting went on in 2014. Guards shot one man somewhere.",
        [
            Draft(
                "air_strike",
                TOLL,
                [RUSSIA],
                [CIVILIANS],
                [IDLIB],
                ("a witness", "witness", None),
                counts=[Count("killed", 23, 23, "civilians")],
                acled="Explosions/Remote violence/Air/drone strike",
            ),
            Draft("territory_taken", "Palmyra fell to ISIS on Sunday", [ISIS], acled="Battles/Armed clash"),
            Draft("talks", "Talks began"),
            Draft("armed_clash", "Fighting went on in 2014", [ISIS, ARMY], date="2014"),
            Draft("attack_on_civilians", "Guards shot one man somewhere", places=[], counts=[Count("killed", 1, 1)]),
        ],
        publisher="Herald",
        published="2016-12-13",
    ),
)


def make(path: Path, readings: Sequence[Reading] = READINGS) -> Path:
    """A ledger of these readings at the path."""
    with Ledger(path) as ledger:
        for one in readings:
            assert ledger.store.add(one)
    return path
