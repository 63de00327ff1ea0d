"""The situation report: by place and day, every statement with its sources, certainty and sentence; disagreements side by side.

It reports what is said, never what is true, and says of what is unknown that it is unknown.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment

from tadmor import edtf
from tadmor._version import __version__
from tadmor.listing import listed
from tadmor.model import Account, ClaimRef, ControlInterval, Dispute, Incident, Place, Report
from tadmor.publish.csv_ import count_words
from tadmor.publish.day_words import day_words
from tadmor.publish.plural import many
from tadmor.publish.quotes import Anchors, Quote, Quoting
from tadmor.publish.rows import utf8
from tadmor.publish.tables import what
from tadmor.publish.wire import speakers

UNDATED = "Day unknown"
NOWHERE = "Place unknown"
_LEVELS = {"admin1": "province", "admin2": "district", "country": "country"}
_KINDS = {
    "contradiction": "These accounts contradict each other",
    "update": "A later account gives another figure",
    "compatible": "The accounts differ, and may all be right",
    "scope": "The accounts do not count the same thing",
}
_ABOUT = {
    "count": "how many",
    "actor": "who did it",
    "date": "when",
    "place": "where",
    "outcome": "how it ended",
    "denial": "whether it happened",
    "control": "who holds the place",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is claimed, by everybody who claims it."""

    what: str
    type: str
    certainty: str
    counts: tuple[str, ...]
    date: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The statements about one place on one day."""

    label: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class PlaceSection:
    """One place with its days, and who is said to hold it at the end of the period."""

    name: str
    where: str
    anchor: str
    days: tuple[Day, ...]
    holders: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What was asked for: a period (EDTF), a place; and ``on``, the day for which it is told who holds what."""

    start: str | None = None
    end: str | None = None
    place: str | None = None
    on: str | None = None

    @property
    def filtered(self) -> bool:
        """Whether anything was asked for."""
        return any(x is not None for x in (self.start, self.end, self.place))


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Positions that stand against each other, each with its sources and sentences."""

    title: str
    kind: str
    about: str
    positions: tuple[tuple[str, tuple[Quote, ...]], ...]


def page(
    accounts: Sequence[Account],
    incidents: Sequence[Incident],
    control: Mapping[str, Sequence[ControlInterval]],
    *,
    beside: Mapping[ClaimRef, Account],
    report: Callable[[str], Report | None],
    scope: Scope,
    title: str | None,
    reader: str,
) -> str:
    """The HTML page.

    ``control`` gives, by the place's entity or name, its holders on the day of the scope. ``beside`` has also the accounts
    outside the scope that disputes and holders rest on: a position without its sentence would stand there without a source.
    """
    by_ref = dict(beside) | {a.ref: a for a in accounts}
    quoting, anchors = Quoting(accounts, report), Anchors()
    for name in ("control", "disagreements", "places", "unknown"):
        anchors.of(name)
    template = _environment(anchors).from_string(
        files("tadmor.publish").joinpath("templates/sitrep.html.j2").read_text(encoding="utf-8")
    )
    made = template.render(
        title=title or "Situation report",
        period=_period(accounts, scope),
        place=scope.place,
        filtered=scope.filtered,
        held_on=day_words(scope.on),
        claims=len(accounts),
        reports=len({a.ref.report for a in accounts}),
        sources=len({s for a in accounts for s in speakers(a)}),
        disagreements=_disagreements(incidents, by_ref, quoting),
        places=_places(accounts, control, by_ref, quoting, anchors),
        unknown=_unknown(accounts),
        reader=reader,
        version=__version__,
    )
    return utf8(made)


def _period(accounts: Sequence[Account], scope: Scope) -> str:
    """The days asked for in words; those on which the reports were published where none are."""
    if scope.start and scope.start == scope.end:
        return day_words(scope.start)
    first = edtf.bounds(scope.start)[0] if scope.start and "/" in scope.start else scope.start
    last = edtf.bounds(scope.end)[1] if scope.end and "/" in scope.end else scope.end
    if first or last:
        return day_words(f"{first or '..'}/{last or '..'}")
    published = sorted(a.published for a in accounts if a.published)
    if not published:
        return ""
    if published[0] == published[-1]:
        return f"published {day_words(published[0])}"
    return f"published {day_words(published[0])} to {day_words(published[-1])}"


def _environment(anchors: Anchors) -> Environment:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["many"] = many
    environment.filters["anchor"] = anchors.quote
    return environment


def _places(
    accounts: Iterable[Account],
    control: Mapping[str, Sequence[ControlInterval]],
    by_ref: Mapping[ClaimRef, Account],
    quoting: Quoting,
    anchors: Anchors,
) -> tuple[PlaceSection, ...]:
    groups: dict[str, list[Account]] = defaultdict(list)
    names: dict[str, Place] = {}
    for account in accounts:
        for place in account.places or (Place(NOWHERE),):
            key = (place.entity or place.name) if account.places else ""
            groups[key].append(account)
            names.setdefault(key, place)
    alike = Counter(p.name.casefold() for p in names.values())
    order = sorted(groups, key=lambda k: (k == "", -len(groups[k]), names[k].name))
    return tuple(
        PlaceSection(
            name=names[key].name,
            where=_where(names[key], twice=alike[names[key].name.casefold()] > 1),
            anchor=anchors.of(f"place-{names[key].name}"),
            days=_days(groups[key], quoting),
            holders=tuple(_holder(i, by_ref) for i in control.get(key, ())),
        )
        for key in order
    )


def _where(place: Place, *, twice: bool) -> str:
    """The country, and what sort of place it is where the page has two of the name (Aleppo and its province)."""
    kind, _, rest = (place.entity or "").partition(":")
    level = "district" if rest.endswith("/district") else _LEVELS.get(kind, "" if kind else "not in the gazetteer")
    return ", ".join(x for x in (level if twice else "", place.country or "") if x)


def _holder(interval: ControlInterval, accounts: Mapping[ClaimRef, Account]) -> dict[str, str]:
    against = dict.fromkeys(s for ref in interval.against if ref in accounts for s in speakers(accounts[ref]))
    return {
        "holder": interval.holder or "unknown",
        "status": interval.status,
        "since": day_words(interval.start),
        "sources": ", ".join(interval.sources),
        "grade": interval.credibility.grade,
        "against": ", ".join(against),
    }


def _days(accounts: Iterable[Account], quoting: Quoting) -> tuple[Day, ...]:
    by_day: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        by_day[account.claim.date or ""].append(account)

    def when(date: str) -> tuple[bool, dt.date, str]:
        first, last = edtf.bounds(date) if date else (None, None)
        return (not date, first or last or dt.date.max, date)

    return tuple(
        Day(day_words(date) if date else UNDATED, _statements(by_day[date], quoting))
        for date in sorted(by_day, key=when)
    )


def _statements(accounts: Iterable[Account], quoting: Quoting) -> tuple[Statement, ...]:
    groups: dict[tuple[object, ...], list[Account]] = defaultdict(list)
    for a in accounts:
        counts = tuple(count_words(n.what, n.min, n.max, n.approx) for n in a.claim.counts)
        actors = tuple(p.name for p in a.actors)
        targets = tuple(p.name for p in a.targets)
        groups[a.claim.type, a.claim.certainty, actors, targets, counts].append(a)
    out = []
    for group in groups.values():
        head = group[0]
        out.append(
            Statement(
                what=what(head.claim.type, [p.name for p in head.actors], [p.name for p in head.targets]),
                type=head.claim.type,
                certainty=head.claim.certainty,
                counts=tuple(count_words(n.what, n.min, n.max, n.approx) for n in head.claim.counts),
                date=day_words(head.claim.date),
                quotes=quoting.quotes(group),
            )
        )
    return tuple(sorted(out, key=lambda s: (-len(s.quotes), s.what)))


def _disagreements(
    incidents: Iterable[Incident], accounts: Mapping[ClaimRef, Account], quoting: Quoting
) -> tuple[Disagreement, ...]:
    order = {"contradiction": 0, "scope": 1, "update": 2, "compatible": 3}
    found = [(i, d) for i in incidents for d in i.disputes]
    found.sort(key=lambda pair: (order[pair[1].kind], pair[0].date or "9999"))
    return tuple(_disagreement(i, d, accounts, quoting) for i, d in found)


def _disagreement(
    incident: Incident, dispute: Dispute, accounts: Mapping[ClaimRef, Account], quoting: Quoting
) -> Disagreement:
    where = incident.place.name if incident.place else NOWHERE
    return Disagreement(
        title=f"{where}, {day_words(incident.date)}",
        kind=_KINDS[dispute.kind],
        about=_ABOUT[dispute.about],
        positions=tuple(
            (p.says, quoting.quotes(accounts[r] for r in p.claims if r in accounts)) for p in dispute.positions
        ),
    )


def _unknown(accounts: Sequence[Account]) -> tuple[str, ...]:
    def of(n: int, one: str, several: str, text: str) -> str:
        return f"{n:,} of {many(len(accounts), 'claim')} {one if n == 1 else several} {text}"

    undated = sum(a.claim.date is None for a in accounts)
    nowhere = sum(not a.places for a in accounts)
    unresolved = sorted({p.name for a in accounts for p in a.places if p.entity is None})
    anonymous = sum(bool(a.voices) and all(v.anonymous for v in a.voices) for a in accounts)
    own = sum(not a.voices for a in accounts)
    doer = sum(
        not a.actors and a.claim.type in ("air_strike", "shelling", "bombing", "chemical_attack", "attack_on_civilians")
        for a in accounts
    )
    lines = []
    if undated:
        lines.append(of(undated, "has", "have", "no date that could be worked out."))
    if nowhere:
        lines.append(of(nowhere, "names", "name", "no place."))
    if unresolved:
        lines.append(f"Places that could not be found in the gazetteer: {listed(unresolved, 12)}.")
    if anonymous:
        lines.append(of(anonymous, "rests", "rest", "on sources that are not named."))
    if own:
        lines.append(of(own, "is", "are", "made in the outlet's own voice, without a named source."))
    if doer:
        lines.append(f"For {many(doer, 'claim')} of a strike or attack nobody says who carried it out.")
    return tuple(lines)
