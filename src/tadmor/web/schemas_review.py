"""What is sent and answered about review, for checking and for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tadmor.web.schemas_control import Ref, Shape

Why = Annotated[str | None, Field(max_length=4000, description="The reason, for whoever looks later.")]
Name = Annotated[str, Field(min_length=1, max_length=300)]
Number = Annotated[float, Field(ge=0, lt=1e12, allow_inf_nan=False)] | Annotated[int, Field(ge=0, lt=10**12)]
Seen = Annotated[
    int | None,
    Field(
        ge=0,
        lt=2**53,
        description="`decided_by` of the claim as it was looked at, 0 for none: when another review decides it by now, 409.",
    ),
]
_MANY = 50
What = Literal["accept", "correct", "reject", "add", "withdraw"]


class Body(BaseModel):
    """What is sent: no other keys than these."""

    model_config = ConfigDict(extra="forbid")


class Stretch(Body):
    """A stretch of the report's text: code points, end-exclusive; ``text`` are the words there, when they are to be checked."""

    start: Annotated[int, Field(ge=0, lt=2**53)]
    end: Annotated[int, Field(ge=0, lt=2**53)]
    text: Annotated[str | None, Field(max_length=2000)] = None


class Named(Body):
    """A name; with ``entity`` null it is none of those known, without it the name is looked for."""

    name: Name
    entity: Annotated[str | None, Field(max_length=400)] = None


class Counted(Body):
    """How many of what: at least ``min``, at most ``max``."""

    what: Annotated[str, Field(max_length=40)]
    min: Number | None = None
    max: Number | None = None
    approx: bool = False
    of: Annotated[str | None, Field(max_length=300)] = None


class Fields(Body):
    """Fields of a claim that are set anew; those that are left out stay as they are (docs/review.md)."""

    type: Annotated[str, Field(max_length=60)] | None = None
    certainty: Annotated[str, Field(max_length=20)] | None = None
    clause: Stretch | Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    trigger: Stretch | Annotated[str, Field(max_length=2000)] | None = None
    sources: Annotated[list[Annotated[list[Name], Field(min_length=1, max_length=20)]], Field(max_length=_MANY)] = []
    actors: Annotated[list[Named | Name], Field(max_length=_MANY)] = []
    targets: Annotated[list[Named | Name], Field(max_length=_MANY)] = []
    places: Annotated[list[Named | Name], Field(max_length=_MANY)] = []
    date: Annotated[str, Field(max_length=60)] | None = None
    counts: Annotated[list[Counted], Field(max_length=_MANY)] = []

    def given(self) -> dict[str, Any]:
        """The fields that were sent, as the ledger takes them; a name without a word of its identity is a bare name."""
        out = self.model_dump(exclude_unset=True)
        for field in ("actors", "targets", "places"):
            if field in out:
                out[field] = [n["name"] if isinstance(n, dict) and "entity" not in n else n for n in out[field]]
        return out


class Undoing(Body):
    """Take back one's own newest review."""

    why: Why = None


class Accepting(Body):
    """The claim is right: as it is told, or with ``blind`` as the reader had it; ``adjudicate`` settles between coders."""

    why: Why = None
    adjudicate: bool = False
    blind: bool = False
    seen: Seen = None


class Correcting(Accepting):
    """The claim is right but for these fields."""

    fields: Fields


class Rejecting(Body):
    """The report puts forward no such claim, and why."""

    why: Annotated[str, Field(min_length=1, max_length=4000, pattern=r"\S")]
    adjudicate: bool = False
    seen: Seen = None


class Adding(Body):
    """A claim that no reader found: at least its clause and type."""

    report: Annotated[str, Field(min_length=1, max_length=2000)]
    fields: Fields
    why: Why = None


class Coding(Shape):
    """What a claim says, as people see and correct it."""

    type: str
    certainty: str
    start: int
    end: int
    text: str
    trigger: dict[str, Any] | None = None
    sources: list[list[str]]
    actors: list[dict[str, Any]]
    targets: list[dict[str, Any]]
    places: list[dict[str, Any]]
    date: str | None
    counts: list[dict[str, Any]]


class Review(Shape):
    """One act of one person; ``before`` and ``after`` are codings, null where the claim is not told."""

    id: int
    at: str
    who: str
    what: What
    adjudicates: bool
    withdraws: int | None
    before: Coding | None
    after: Coding | None
    why: str | None


class ClaimReviews(Shape):
    """A claim with all that people said of it, as ``tadmor review show --format json`` has it, and who differs where."""

    ref: Ref
    title: str | None
    published: str | None
    sentence: str
    score: float
    told: bool
    shown: Coding
    read: Coding | None
    reviews: list[Review]
    weights: dict[str, Literal["decides", "counts", "earlier", "withdrawn", "withdraws"]]
    decided_by: int | None
    coders: dict[str, Coding | None]
    coders_differ: list[str]
    settled: bool
    reader: str
    reader_differs: list[str]
    newer: bool
    claim: dict[str, Any]
    claim_read: dict[str, Any] | None
    incident: str | None


class Undone(Shape):
    """The review that was taken back, and its claim as it is told now; null when no reading of today has it."""

    withdrawn: Review
    claim: ClaimReviews | None


class Queued(Shape):
    """A claim that waits for review."""

    ref: Ref
    title: str | None
    published: str | None
    sentence: str
    coding: Coding
    score: float
    told: bool
    reviewed: bool
    contradictions: int
    disputes: int
    incident: str | None


class QueuePage(Shape):
    """Claims that wait for review; ``total`` is how many there are in all, where that is known."""

    items: list[Queued]
    next: str | None
    total: int | None


class Progress(Shape):
    """How far review has come."""

    claims: int
    reviewed: int
    accepted: int
    corrected: int
    rejected: int
    added: int
    reports: int
    reports_begun: int
    reports_done: int
    coded_twice: int
    coders: dict[str, int]


class FieldAgreement(Shape):
    """Krippendorff's alpha of one field; null when nothing varies, or nobody coded a claim twice."""

    field: str
    alpha: float | None
    items: int
    values: int
    coders: int
    equal: float | None


class Agreement(Shape):
    """How far coders agree, field by field."""

    items: list[FieldAgreement]
    next: None


class Disagreement(Shape):
    """Where the reader of today differs from people."""

    ref: Ref
    fields: list[str]
    people: Coding | None
    read: Coding | None
    by: Review
    reader: str
    newer: bool


class DisagreementPage(Shape):
    """Where the reader of today differs from people, by report and claim."""

    items: list[Disagreement]
    next: str | None
    total: int


class CodersDiffer(Shape):
    """A claim on which coders differ, and what each has; null is that they reject it."""

    ref: Ref
    fields: list[str]
    codings: dict[str, Coding | None]
    settled: bool


class CodersDifferPage(Shape):
    """Claims on which coders differ, by report and claim."""

    items: list[CodersDiffer]
    next: str | None
    total: int
