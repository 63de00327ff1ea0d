"""Review: what waits, what people decide of single claims, and how far they agree."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from tadmor.errors import LedgerError
from tadmor.ledger.coding import SETTABLE
from tadmor.ledger.reviews import Order, Review
from tadmor.model import ClaimRef
from tadmor.publish import gold
from tadmor.publish.plural import many
from tadmor.web import review_queue, review_records, schemas_review
from tadmor.web.answers import Answer, dumped, listed
from tadmor.web.deps import Here, May, Public, State, Who
from tadmor.web.errors import Problem, Unfit
from tadmor.web.filters import Asked
from tadmor.web.opened import Opened
from tadmor.web.paging import Cursor, Limit, page
from tadmor.web.schemas_review import Accepting, Adding, Correcting, Rejecting, Undoing

router = APIRouter(tags=["review"])
T = TypeVar("T")
_IN_MEMORY = 4_000_000  # bytes; what is more goes to a temporary file
_CHUNK = 1 << 16
_WHEN = (1980, 1, 1, 0, 0, 0)  # of all files in the archive, so that the same reviews give the same bytes


@router.get("/review/queue", response_model=None, responses={200: {"model": schemas_review.QueuePage}})
def queue(
    here: Here,
    state: State,
    asked: Asked,
    order: Annotated[
        Order, Query(description="Least certain first (by the reader's score), most disputed, or what was read last.")
    ] = "uncertain",
    not_by: Annotated[
        str | None, Query(max_length=200, description="Leave out what this person has reviewed, and not taken back.")
    ] = None,
    blind: Annotated[
        bool, Query(description="Each claim as the reader had it, and nothing of others' reviews.")
    ] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Answer:
    """Claims for review, as ``tadmor review queue`` has them; ``reviewed=false`` leaves out what people have decided on."""
    found, following, total = review_queue.page(
        here, state, asked, order, not_by=not_by or None, blind=blind, cursor=cursor, limit=limit
    )
    return listed(found, following, total=total)


@router.get("/review/progress", response_model=None, responses={200: {"model": schemas_review.Progress}})
def progress(here: Here, state: State) -> Answer:
    """How far review has come, and by whom."""
    return Answer(here.once(state, "review progress", lambda: dumped(asdict(here.ledger.review_progress()))))


@router.get("/review/agreement", response_model=None, responses={200: {"model": schemas_review.Agreement}})
def agreement(here: Here, state: State) -> Answer:
    """How far coders agree: Krippendorff's alpha of each field, over claims that two or more coded."""

    def make() -> bytes:
        return bytes(listed([asdict(a) for a in here.ledger.agreement()], None).body)

    return Answer(here.once(state, "agreement", make))


@router.get("/review/disagreements", response_model=None, responses={200: {"model": schemas_review.DisagreementPage}})
def disagreements(
    here: Here,
    state: State,
    newer: Annotated[bool, Query(description="Only where the report was read again after the review.")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Answer:
    """Where the reader of today differs from people, whose word stands all the same."""
    found = here.once(state, ("disagreements", newer), lambda: _sorted(here.ledger.disagreements(newer=newer)))
    shown, following = page(found, _named, cursor, limit, str, str)
    return listed([asdict(d) for d in shown], following, total=len(found))


@router.get("/review/coders", response_model=None, responses={200: {"model": schemas_review.CodersDifferPage}})
def coders(
    here: Here,
    state: State,
    unsettled: Annotated[bool, Query(description="Only those on which nobody has adjudicated.")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Answer:
    """Claims on which coders differ, with what each has."""
    found = here.once(
        state, ("coders differ", unsettled), lambda: _sorted(here.ledger.coders_differ(unsettled=unsettled))
    )
    shown, following = page(found, _named, cursor, limit, str, str)
    return listed([asdict(d) for d in shown], following, total=len(found))


@router.get(
    "/review/gold",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}},
)
def as_gold(
    here: Public,
    partial: Annotated[bool, Query(description="Also reports of which only some claims are reviewed.")] = False,
) -> StreamingResponse:
    """Reviewed reports in the gold format, a file each, without what is withheld; ``X-Tadmor-Left-Out`` counts those that are
    reviewed in part.
    """
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - it is closed when all of it is sent
    left = 0
    try:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for report, claims, done in here.store.reviewed_reports():
                if done or partial:
                    row = gold.gold(here.store.reading(report), claims)
                    archive.writestr(
                        zipfile.ZipInfo(f"{gold.file_name(report)}.json", _WHEN), dumped(row), zipfile.ZIP_DEFLATED
                    )
                else:
                    left += 1
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    headers = {"content-disposition": 'attachment; filename="tadmor-gold.zip"', "content-length": str(size)}
    if left:
        headers["x-tadmor-left-out"] = f"{many(left, 'report')} left out: reviewed in part"
    return StreamingResponse(_sent(file), media_type="application/zip", headers=headers)


@router.post("/review/undo", response_model=None, responses={200: {"model": schemas_review.Undone}})
def undo(here: Here, who: Who, body: Undoing) -> Answer:
    """Take back one's own newest review, of whichever claim; the one before counts again."""
    with here.writing:
        taken = here.ledger.undo(who=who, why=body.why)
    return _undone(here, taken)


@router.post("/claims", response_model=None, responses={200: {"model": schemas_review.ClaimReviews}})
def add(here: Here, who: Who, body: Adding) -> Answer:
    """Add a claim that no reader found."""
    fields = body.fields.given()
    return _kept(here, lambda: here.ledger.add_claim(body.report, fields, who=who, why=body.why).ref)


@router.get(
    "/claims/{report:path}/{claim}/reviews",
    response_model=None,
    responses={200: {"model": schemas_review.ClaimReviews}},
)
def reviews(here: Here, report: str, claim: str) -> Answer:
    """A claim as it is told and as it was read, with every review of it, and where coders and the reader of today differ."""
    return _whole(here, ClaimRef(report, claim))


@router.post(
    "/claims/{report:path}/{claim}/accept", response_model=None, responses={200: {"model": schemas_review.ClaimReviews}}
)
def accept(here: Here, who: Who, may: May, report: str, claim: str, body: Accepting) -> Answer:
    """The claim is right as it stands."""
    _settling(may, body.adjudicate)
    ref = ClaimRef(report, claim)
    how: dict[str, Any] = {"who": who, "why": body.why, "adjudicate": body.adjudicate, "blind": body.blind}
    return _kept(here, lambda: here.ledger.accept(ref, **how).ref, ref, body.seen)


@router.post(
    "/claims/{report:path}/{claim}/correct",
    response_model=None,
    responses={200: {"model": schemas_review.ClaimReviews}},
)
def correct(here: Here, who: Who, may: May, report: str, claim: str, body: Correcting) -> Answer:
    """The claim is right but for some fields: these are set."""
    _settling(may, body.adjudicate)
    ref, fields = ClaimRef(report, claim), body.fields.given()
    how: dict[str, Any] = {"who": who, "why": body.why, "adjudicate": body.adjudicate, "blind": body.blind}
    return _kept(here, lambda: here.ledger.correct(ref, fields, **how).ref, ref, body.seen)


@router.post(
    "/claims/{report:path}/{claim}/reject", response_model=None, responses={200: {"model": schemas_review.ClaimReviews}}
)
def reject(here: Here, who: Who, may: May, report: str, claim: str, body: Rejecting) -> Answer:
    """The report puts forward no such claim: it is kept, and told no more."""
    _settling(may, body.adjudicate)
    ref = ClaimRef(report, claim)
    return _kept(
        here, lambda: here.ledger.reject(ref, who=who, why=body.why, adjudicate=body.adjudicate).ref, ref, body.seen
    )


@router.post(
    "/claims/{report:path}/{claim}/undo", response_model=None, responses={200: {"model": schemas_review.Undone}}
)
def undo_of(here: Here, who: Who, report: str, claim: str, body: Undoing) -> Answer:
    """Take back one's own newest review of this claim; the one before counts again."""
    with here.writing:
        taken = here.ledger.undo(who=who, claim=ClaimRef(report, claim), why=body.why)
    return _undone(here, taken)


def _settling(may: May, adjudicates: bool) -> None:
    """To settle between coders is for those who decide."""
    if adjudicates:
        may("decide")


def _whole(here: Opened, ref: ClaimRef) -> Answer:
    with here.reading() as connection:
        return Answer(review_records.whole(connection, ref))


def _kept(here: Opened, act: Callable[[], ClaimRef], ref: ClaimRef | None = None, seen: int | None = None) -> Answer:
    """Do it, and answer the claim as it is told now.

    Raises Unfit for a value that a field does not take, Problem (409) where somebody has decided since the claim was ``seen``.
    """
    with here.writing:
        if ref is not None and seen is not None:
            _unchanged(here, ref, seen)
        try:
            ref = act()
        except LedgerError as error:
            field, colon, why = str(error).partition(": ")
            if colon and field in SETTABLE:
                raise Unfit(field, why) from error
            raise
    return _whole(here, ref)


def _unchanged(here: Opened, ref: ClaimRef, seen: int) -> None:
    by = here.store.reviewed(ref).decided_by
    if (by.id if by else 0) != seen:
        who = f"{by.who} has decided on it" if by else "what was decided of it was taken back"
        raise Problem(409, f"{who} since you looked at it: look again", changed=True)


def _undone(here: Opened, taken: Review) -> Answer:
    with here.reading() as connection:
        ref = review_records.named(connection, taken.id)
        claim = review_records.whole(connection, ref) if ref is not None else None
    return Answer({"withdrawn": asdict(taken), "claim": claim})


def _named(found: Any) -> tuple[str, str]:
    return found.ref.report, found.ref.claim


def _sorted(found: list[T]) -> list[T]:
    return sorted(found, key=_named)


def _sent(file: Any) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
