"""The shapes of the API's answers, for its OpenAPI document. Keys may be added; these stay."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from tadmor.web.schemas_control import Credibility, Interval, Ref, Ribbon, Shape


class ProblemShape(Shape):
    """An error (RFC 9457)."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["no incident has the id i12: `tadmor incidents` lists them with their ids"])


class Place(Shape):
    """A place; without an identity, only its name is known."""

    name: str
    entity: str | None
    lat: float | None
    lon: float | None
    country: str | None


class Reader(Shape):
    """What read reports."""

    name: str
    version: str


class Info(Shape):
    """What the ledger holds. ``first`` and ``last`` are days between which nearly all dated claims lie.

    ``undated`` is how many of the reports have no date of publication.
    """

    ledger: str
    version: str
    reports: int
    undated: int
    claims: int
    incidents: int
    readers: list[Reader]
    first: str | None = Field(examples=["2016-12-08"])
    last: str | None = Field(examples=["2016-12-13"])
    types: list[str]
    sides: list[str]
    tiles: str | None


class PlaceRow(Shape):
    """A place of the ledger; ``first`` and ``last`` are the days on which it was heard of."""

    key: str = Field(examples=["geonames:163808"])
    name: str
    entity: str | None
    lat: float | None
    lon: float | None
    country: str | None
    claims: int
    reports: int
    first: str | None
    last: str | None


class Incident(Shape):
    """As ``tadmor incidents --format jsonl`` has it."""

    id: str
    type: str
    place: Place | None
    date: str | None
    claims: list[Ref]
    sources: int
    independent_sources: int
    sides: list[str]
    counts: list[dict[str, Any]]
    credibility: Credibility
    disputes: list[dict[str, Any]]


class Account(Ref):
    """One claim with all that is told of it; ``start`` and ``end`` are those of its clause in the report's text."""

    type: str
    certainty: str
    score: float
    sources: list[str]
    sides: list[str]
    date: str | None
    places: list[str]
    actors: list[str]
    targets: list[str]
    counts: list[dict[str, Any]]
    sentence: str
    clause: str
    start: int
    end: int
    published: str | None
    publisher: str | None
    known: str | None
    retracted: str | None
    title: str | None
    url: str | None
    incident: str | None


class Decision(Shape):
    """What somebody decided of the incident."""

    at: str
    what: str
    who: str
    why: str | None
    standing: str


class IncidentWhole(Incident):
    """An incident with all its accounts."""

    accounts: list[Account]
    decisions: list[Decision]


class PlaceWhole(Shape):
    """A place: who held it, as each source tells it, and what happened there."""

    place: PlaceRow
    control: list[Interval]
    sources: list[Ribbon]
    incidents: list[Incident]


class ReportRow(Shape):
    """A report of the ledger."""

    id: str
    title: str | None
    publisher: str | None
    published: str | None
    url: str | None
    claims: int
    reader: str
    version: str


class ReportWhole(Shape):
    """The reading as ``tadmor read --format jsonl`` prints it, with the incident of each claim that tells of one.

    ``sides`` has the side that the source of an attribution speaks for, by the attribution's id, where it speaks for one.
    """

    report: dict[str, Any]
    reader: Reader
    mentions: list[dict[str, Any]]
    attributions: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    control: list[dict[str, Any]]
    warnings: list[str]
    incidents: dict[str, str]
    sides: dict[str, str]


class SourceRow(Shape):
    """Somebody who speaks in the ledger."""

    name: str
    entity: str | None
    kind: str | None
    side: str | None
    claims: int
    reports: int
    first: str | None
    last: str | None
    reliability: str = Field(examples=["F"])


class Beside(Shape):
    """How often another source tells the same incident, and in how many of them it disputes what this one says."""

    name: str
    entity: str | None = None
    agree: int
    dispute: int


class SideRun(Shape):
    """Days from ``first`` to ``last`` on which reports had a source speak for one side, in so many claims."""

    side: str
    first: str
    last: str
    claims: int


class SourceWhole(Shape):
    """A source: its newest claims, the sides that it spoke for, and who tells the same."""

    source: SourceRow
    claims: list[Account]
    sides: list[SideRun]
    beside: list[Beside] = Field(alias="with")


class Meant(Shape):
    """That what was asked for is a name of somebody or some place, which goes by ``name`` in what was found."""

    asked: str = Field(examples=["ISIS"])
    entity: str = Field(examples=["actor:islamic-state"])
    name: str = Field(examples=["Daesh"])


class Found(Shape):
    """Something that was found; ``start`` and ``end`` are offsets into the report's text, ``href`` its address in the app.

    With ``meant`` it does not hold what was asked for: it was found since somebody or some place is also called so.
    """

    kind: Literal["sentence", "place", "source", "incident"]
    label: str
    report: str | None = None
    claim: str | None = None
    start: int | None = None
    end: int | None = None
    href: str
    meant: list[Meant] | None = None


class AuditLine(Shape):
    """Who did what, when and why."""

    row: int
    at: str
    what: str
    who: str
    before: Any
    after: Any
    why: str | None


class PlacePage(Shape):
    """Places, those with most claims first."""

    items: list[PlaceRow]
    next: str | None


class IncidentPage(Shape):
    """Incidents; ``total`` is how many there are in all, where that is known."""

    items: list[Incident]
    next: str | None
    total: int | None


class Point(Shape):
    """An incident in few words; ``day`` is the one by which it is sorted."""

    id: str
    type: str
    date: str | None
    day: str | None
    place: str
    key: str | None
    lat: float
    lon: float
    claims: int
    credibility: int
    disputed: bool


class Points(Shape):
    """Incidents on a map; ``left`` is how many more there are than are shown."""

    items: list[Point]
    next: None
    left: int


class ReportPage(Shape):
    """Reports, the newest first."""

    items: list[ReportRow]
    next: str | None
    total: int


class SourcePage(Shape):
    """Sources, those with most claims first."""

    items: list[SourceRow]
    next: str | None


class FoundPage(Shape):
    """What was found."""

    items: list[Found]
    next: str | None


class AuditPage(Shape):
    """The audit log, oldest first."""

    items: list[AuditLine]
    next: str | None


class Ids(Shape):
    """The incidents that came of a decision."""

    ids: list[str]


class Rated(Shape):
    """A rating as it was kept."""

    at: str
    who: str
    name: str
    entity: str | None
    letter: str
    why: str | None


class JobStarted(Shape):
    """The job that reads what was sent."""

    job: str


class KeptReport(Shape):
    """A report that is in the ledger now; ``added`` is false when it was there before.

    ``remark`` stands where what was said of its date is no date: in words, with how to mend it.
    """

    report: str
    name: str
    title: str | None
    added: bool
    claims: int
    remark: str | None = None


class FailedReport(Shape):
    """An input that could not be read, and why; ``left_out`` where it is a file of no known form."""

    name: str
    error: str
    left_out: bool = False


class Job(Shape):
    """How far a job has come: ``done`` of ``of`` reports.

    ``left_out`` says in words which of the files that failed are of no known form; null where none is.
    """

    job: str
    state: Literal["waiting", "reading", "finished"]
    done: int
    of: int
    kept: list[KeptReport]
    failed: list[FailedReport]
    left_out: str | None = Field(examples=["2 files of no known form were left out: map.jpg and notes.xlsx"])
