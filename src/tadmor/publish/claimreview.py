"""schema.org ClaimReview: one for each position of a dispute, saying how it is backed and never whether it is so.

The rating is the Admiralty credibility of information, 1 to 6, of that position (docs/method.md); 1 is the best.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from tadmor.model import Account, ClaimRef, Credibility, Dispute, Incident, Position, Report, Voice
from tadmor.publish import jsonl
from tadmor.publish.identifiers import urn, web
from tadmor.reconcile import assess

DISPUTED = frozenset({"contradiction", "update", "scope"})
"""Kinds of disputes in which the positions differ; compatible ones do not."""

WORDS: Mapping[int, str] = {
    1: "very well backed: independent sources that have no reason to agree say so",
    2: "well backed: more than one independent source says so",
    3: "backed by one independent source, or by several with some weight against them",
    4: "weakly backed, or contested by sources of like weight",
    5: "outweighed: sources of more weight say otherwise",
    6: "cannot be judged",
}
NOTE = "This says how the claim is backed by its sources; it is no verdict on whether it is so."
_DAY = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?")
_PEOPLE = frozenset({"official", "witness", "activist"})

Reports = Callable[[str], Report | None]


def reviews(
    incident: Incident,
    accounts: Sequence[Account],
    reports: Reports,
    *,
    owner: str | None = None,
    reliability: Mapping[str, str] | None = None,
) -> Iterator[dict[str, Any]]:
    """The reviews of an incident; ``owner`` is who keeps the ledger and stands for the reviews, Tadmor where nobody is named.

    ``reports`` gives a report by its id, or None; ``reliability`` maps a source to the letter that people gave it.
    """
    by_ref = {a.ref: a for a in accounts}
    for d, dispute in enumerate(incident.disputes):
        if dispute.kind not in DISPUTED:
            continue
        for p, position in enumerate(dispute.positions):
            told = [by_ref[r] for r in position.claims if r in by_ref]
            if told:
                rating = _rating(dispute, position, told, by_ref, reliability)
                yield _review((incident, dispute, position), (d, p), told, rating, reports, owner)


def _rating(
    dispute: Dispute,
    position: Position,
    told: Sequence[Account],
    by_ref: Mapping[ClaimRef, Account],
    reliability: Mapping[str, str] | None,
) -> Credibility:
    """How the position is backed; an earlier toll, or one of something else, does not speak against it, a contradiction does."""
    against = (
        [by_ref[r] for p in dispute.positions for r in p.claims if r in by_ref and r not in set(position.claims)]
        if dispute.kind == "contradiction"
        else []
    )
    return assess(told, against, reliability=reliability)


def _review(
    about: tuple[Incident, Dispute, Position],
    index: tuple[int, int],
    told: Sequence[Account],
    found: Credibility,
    reports: Reports,
    owner: str | None,
) -> dict[str, Any]:
    incident, dispute, position = about
    others = (p for p in dispute.positions if p is not position)
    said = _said(incident, position)
    otherwise = "; ".join(f"{p.says} ({', '.join(p.sources)})" for p in others)
    return {
        "@type": "ClaimReview",
        "@id": urn("review", incident.id, dispute.about, *map(str, index)),
        "claimReviewed": said,
        "itemReviewed": _claim(said, told, reports),
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": found.admiralty,
            "bestRating": 1,
            "worstRating": 6,
            "alternateName": f"{found.grade}; {WORDS[found.admiralty]}",
        },
        "reviewAspect": f"{dispute.about}, {dispute.kind}",
        "reviewBody": " ".join([*found.reasons, *([f"Others say: {otherwise}."] if otherwise else []), NOTE]),
        "author": {"@type": "Organization", "name": owner or "Tadmor"},
    }


def _said(incident: Incident, position: Position) -> str:
    """The position in words that stand by themselves: "air strike, Idlib, 2016-07-16: 17 killed"."""
    kind = incident.type.replace("_", " ")
    about = "" if position.says.startswith(kind) else kind
    where = incident.place.name if incident.place else ""
    return ", ".join(x for x in (about, where, incident.date or "date unknown") if x) + f": {position.says}"


def _claim(said: str, told: Sequence[Account], reports: Reports) -> dict[str, Any]:
    days = sorted(a.published for a in told if a.published and _DAY.fullmatch(a.published))
    authors = {who["name"]: who for a in told for who in _authors(a)}
    shown = [_appearance(a, reports(a.ref.report)) for a in told]
    return {
        "@type": "Claim",
        "@id": urn("claim", told[0].ref.report, told[0].ref.claim),
        "name": said,
        "author": list(authors.values()),
        **({"datePublished": days[0]} if days else {}),
        "appearance": shown,
    }


def _authors(account: Account) -> list[dict[str, str]]:
    if not account.voices:
        return [{"@type": "Organization", "name": account.publisher or "the report"}]
    return [{"@type": "Person" if _person(v) else "Organization", "name": v.name} for v in account.voices]


def _person(voice: Voice) -> bool:
    if voice.entity:
        return voice.entity.startswith("person:")
    return voice.kind in _PEOPLE


def _appearance(account: Account, report: Report | None) -> dict[str, Any]:
    url = web(report.url) if report else None
    day = account.published if account.published and _DAY.fullmatch(account.published) else None
    return {
        "@type": "CreativeWork",
        "@id": urn("report", account.ref.report),
        **({"url": url} if url else {}),
        **({"headline": account.title} if account.title else {}),
        **({"datePublished": day} if day else {}),
        **({"publisher": {"@type": "Organization", "name": account.publisher}} if account.publisher else {}),
        "identifier": f"{account.ref.report}:{account.ref.claim}",
        "text": account.sentence,
    }


def write(items: Iterable[dict[str, Any]], stream: TextIO) -> int:
    """Write one JSON-LD document with all reviews; returns how many there were."""
    stream.write('{"@context": "https://schema.org", "@graph": [')
    written = 0
    for item in items:
        stream.write(("," if written else "") + "\n" + jsonl.line(item))
        written += 1
    stream.write("\n]}\n")
    return written
