"""The situation report: by place and day, every statement with its sources, certainty and sentence; disagreements side by side.

It reports what is said, never what is true, and says of what is unknown that it is unknown.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment

from tadmor import edtf
from tadmor._version import __version__
from tadmor.model import Account, ClaimRef, ControlInterval, Dispute, Incident
from tadmor.publish.csv_ import count_words
from tadmor.publish.plural import many
from tadmor.publish.tables import what
from tadmor.publish.wire import speakers

UNDATED = "Day unknown"
NOWHERE = "Place unknown"
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
class Quote:
    """A sentence with who says so and where it was published."""

    sentence: str
    who: tuple[str, ...]
    sides: tuple[str, ...]
    report: str
    title: str
    publisher: str
    published: str
    ref: str
    retracted: str | None = None


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
    days: tuple[Day, ...]
    holders: tuple[Mapping[str, str], ...]


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
    start: str | None,
    end: str | None,
    title: str | None,
    reader: str,
) -> str:
    """The HTML page. ``control`` gives, by the place's entity or name, its holders at the end of the period."""
    by_ref = {a.ref: a for a in accounts}
    template = _environment().from_string(
        files("tadmor.publish").joinpath("templates/sitrep.html.j2").read_text(encoding="utf-8")
    )
    published = sorted(a.published for a in accounts if a.published)
    return template.render(
        title=title or "Situation report",
        start=day_words(start or (published[0] if published else None)),
        end=day_words(end or (published[-1] if published else None)),
        claims=len(accounts),
        reports=len({a.ref.report for a in accounts}),
        sources=len({s for a in accounts for s in speakers(a)}),
        disagreements=_disagreements(incidents, by_ref),
        places=_places(accounts, control),
        unknown=_unknown(accounts),
        reader=reader,
        version=__version__,
    )


def day_words(value: str | None) -> str:
    """A date as a person writes it: "11 December 2016", "March 2016", "from 11 December 2016"; or that it is unknown."""
    if not value:
        return "unknown"
    about = "about " if "~" in value else ""
    first, slash, last = value.replace("~", "").partition("/")
    if not slash:
        return about + _point(first)
    if last == "..":
        return f"{about}since {_point(first)}"
    if first == "..":
        return f"{about}until {_point(last)}"
    return f"{about}{_point(first)} to {_point(last)}"


def _point(text: str) -> str:
    parts = text.split("-")
    seasons = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
    if len(parts) == 2 and parts[1] in seasons:
        return f"{seasons[parts[1]]} {parts[0]}"
    try:
        if len(parts) == 3:
            day = dt.date(int(parts[0]), int(parts[1]), int(parts[2]))
            return f"{day.day} {day:%B %Y}"
        if len(parts) == 2:
            return f"{dt.date(int(parts[0]), int(parts[1]), 1):%B %Y}"
    except ValueError:
        return text
    return text


def _environment() -> Environment:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["many"] = many
    environment.filters["slug"] = lambda s: "".join(c if c.isalnum() else "-" for c in str(s).lower())
    return environment


def _places(accounts: Iterable[Account], control: Mapping[str, Sequence[ControlInterval]]) -> tuple[PlaceSection, ...]:
    groups: dict[str, list[Account]] = defaultdict(list)
    names: dict[str, tuple[str, str]] = {}
    for account in accounts:
        for place in account.places or ():
            key = place.entity or place.name
            groups[key].append(account)
            names.setdefault(key, (place.name, place.country or ""))
        if not account.places:
            groups[""].append(account)
    names[""] = (NOWHERE, "")
    order = sorted(groups, key=lambda k: (k == "", -len(groups[k]), names[k][0]))
    return tuple(
        PlaceSection(*names[key], _days(groups[key]), tuple(_holder(i) for i in control.get(key, ()))) for key in order
    )


def _holder(interval: ControlInterval) -> dict[str, str]:
    return {
        "holder": interval.holder or "unknown",
        "status": interval.status,
        "since": day_words(interval.start),
        "sources": ", ".join(interval.sources),
        "grade": interval.credibility.grade,
        "against": str(len(interval.against)),
    }


def _days(accounts: Iterable[Account]) -> tuple[Day, ...]:
    by_day: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        by_day[account.claim.date or ""].append(account)

    def when(date: str) -> tuple[bool, dt.date, str]:
        first, last = edtf.bounds(date) if date else (None, None)
        return (not date, first or last or dt.date.max, date)

    return tuple(
        Day(day_words(date) if date else UNDATED, _statements(by_day[date])) for date in sorted(by_day, key=when)
    )


def _statements(accounts: Iterable[Account]) -> tuple[Statement, ...]:
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
                quotes=_quotes(group),
            )
        )
    return tuple(sorted(out, key=lambda s: (-len(s.quotes), s.what)))


def _quotes(accounts: Iterable[Account]) -> tuple[Quote, ...]:
    seen: dict[tuple[str, tuple[str, ...]], Quote] = {}
    for a in accounts:
        quote = Quote(
            sentence=a.sentence,
            who=tuple(speakers(a)),
            sides=tuple(sorted({v.side for v in a.voices if v.side})),
            report=a.ref.report,
            title=a.title,
            publisher=a.publisher or "publisher unknown",
            published=day_words(a.published),
            ref=f"{a.ref.report}/{a.ref.claim}",
            retracted=a.retracted,
        )
        seen.setdefault((quote.sentence, quote.who), quote)
    return tuple(seen.values())


def _disagreements(incidents: Iterable[Incident], accounts: Mapping[ClaimRef, Account]) -> tuple[Disagreement, ...]:
    order = {"contradiction": 0, "scope": 1, "update": 2, "compatible": 3}
    found = [(i, d) for i in incidents for d in i.disputes]
    found.sort(key=lambda pair: (order[pair[1].kind], pair[0].date or "9999"))
    return tuple(_disagreement(i, d, accounts) for i, d in found)


def _disagreement(incident: Incident, dispute: Dispute, accounts: Mapping[ClaimRef, Account]) -> Disagreement:
    where = incident.place.name if incident.place else NOWHERE
    return Disagreement(
        title=f"{where}, {day_words(incident.date)}",
        kind=_KINDS[dispute.kind],
        about=_ABOUT[dispute.about],
        positions=tuple((p.says, _quotes(accounts[r] for r in p.claims if r in accounts)) for p in dispute.positions),
    )


def _unknown(accounts: Sequence[Account]) -> tuple[str, ...]:
    def of(n: int, text: str) -> str:
        return f"{n} of {len(accounts)} claims {text}"

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
        lines.append(of(undated, "have no date that could be worked out."))
    if nowhere:
        lines.append(of(nowhere, "name no place."))
    if unresolved:
        shown = ", ".join(unresolved[:12]) + (" and others" if len(unresolved) > 12 else "")
        lines.append(f"Places that could not be found in the gazetteer: {shown}.")
    if anonymous:
        lines.append(of(anonymous, "rest on sources that are not named."))
    if own:
        lines.append(of(own, "are made in the outlet's own voice, without a named source."))
    if doer:
        lines.append(f"For {doer} claims of a strike or attack nobody says who carried it out.")
    return tuple(lines)
