"""What the ledger answers about reviews, and which of several reviews counts. Nothing here asks a database.

Reviews are never changed, so what stands follows from all of them. A person's newest review that they have not withdrawn counts
as theirs; what they withdraw brings back the one before. Of those that count the newest decides how the claim is told, unless
somebody adjudicates: then the newest adjudication does, until it is withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from tadmor.ledger.coding import Coding
from tadmor.model import ClaimRef

What = Literal["accept", "correct", "reject", "add", "withdraw"]
Order = Literal["uncertain", "disputed", "newest"]
WHATS: tuple[What, ...] = ("accept", "correct", "reject", "add", "withdraw")
ORDERS: tuple[Order, ...] = ("uncertain", "disputed", "newest")
Weight = Literal["decides", "counts", "earlier", "withdrawn", "withdraws"]


@dataclass(frozen=True, slots=True)
class Review:
    """One act of one person: when (ISO, UTC), who, what, the codings before and after (None: not told), and why.

    ``id`` rises with time; ``withdraws`` is the id of the review that a withdrawal takes back.
    """

    id: int
    at: str
    who: str
    what: What
    adjudicates: bool
    withdraws: int | None
    before: Coding | None
    after: Coding | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A claim with all that people said of it.

    ``shown`` is its coding as the record tells it, ``told`` whether it does; ``read`` what the reader of today found, None when
    it found no such thing. ``weights`` says of each review, by id, whether it decides, counts (the newest of its coder), is an
    earlier one of a coder, or is withdrawn. ``score`` is the reader's.
    """

    ref: ClaimRef
    title: str
    published: str | None
    sentence: str
    score: float
    told: bool
    shown: Coding
    read: Coding | None
    reviews: tuple[Review, ...]
    weights: dict[int, Weight]

    @property
    def decided_by(self) -> Review | None:
        """The review that decides how the claim is told."""
        return next((r for r in self.reviews if self.weights[r.id] == "decides"), None)


@dataclass(frozen=True, slots=True)
class Queued:
    """A claim that waits for review: as it is told, the reader's score, and how much its incident is disputed.

    ``cursor`` is what ``after`` takes to go on behind it.
    """

    ref: ClaimRef
    title: str
    published: str | None
    sentence: str
    coding: Coding
    score: float
    told: bool
    reviewed: bool
    contradictions: int
    disputes: int
    cursor: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far review has come: claims of current readings, those reviewed and how, reports of which all claims are, by whom."""

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


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where the reader of today differs from people: the fields, or "claim" when one has it and the other has not.

    ``people`` is the coding by people, None when they reject it; ``read`` the reader's, None when it found no such thing.
    ``newer`` is whether that reading was made after the review.
    """

    ref: ClaimRef
    fields: tuple[str, ...]
    people: Coding | None
    read: Coding | None
    by: Review
    reader: str
    newer: bool


@dataclass(frozen=True, slots=True)
class CodersDiffer:
    """A claim on which coders differ: the fields ("claim": whether it is one), and what each has; None is that they reject it.

    ``settled`` is whether somebody has adjudicated.
    """

    ref: ClaimRef
    fields: tuple[str, ...]
    codings: dict[str, Coding | None]
    settled: bool


@dataclass(frozen=True, slots=True)
class Stand:
    """Which reviews of one item count: ``decides`` of all, ``coders`` the newest coding of each, adjudications left out."""

    decides: Review | None
    coders: dict[str, Review]
    weights: dict[int, Weight]


def stand(reviews: Iterable[Review]) -> Stand:
    """What stands of the reviews of one item, given in the order of their ids."""
    weights: dict[int, Weight] = {}
    stacks: dict[tuple[str, bool], list[Review]] = {}
    for review in reviews:
        if review.what == "withdraw":
            weights[review.id] = "withdraws"
            if review.withdraws is not None:
                weights[review.withdraws] = "withdrawn"
            for stack in stacks.values():
                stack[:] = [r for r in stack if r.id != review.withdraws]
            continue
        weights[review.id] = "earlier"
        stacks.setdefault((review.who, review.adjudicates), []).append(review)
    newest = {key: stack[-1] for key, stack in stacks.items() if stack}
    for review in newest.values():
        weights[review.id] = "counts"
    by_weight = sorted(newest.values(), key=lambda r: (r.adjudicates, r.id))
    decides = by_weight[-1] if by_weight else None
    if decides:
        weights[decides.id] = "decides"
    return Stand(decides, {who: r for (who, adjudicates), r in sorted(newest.items()) if not adjudicates}, weights)


def fields_of(coding: Coding | None) -> dict[str, Any]:
    """A coding for the audit log: without offsets, which say nothing there."""
    return {k: v for k, v in (coding or {}).items() if k not in ("start", "end")}
