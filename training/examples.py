"""Training examples from the data folder: texts with whatever layers each corpus has, in one shape.

A layer that a corpus does not annotate is None, so that its absence is never taken for a negative.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHARED = Path(os.environ.get("TADMOR_SHARED", Path(__file__).resolve().parents[2] / "shared"))
NAME_TYPES = ("actor", "person", "place", "other")
_RE3D = {
    "Organisation": "actor",
    "Person": "person",
    "Location": "place",
    "Nationality": "nationality",
    "Temporal": "time",
    "Quantity": "quantity",
    "Money": "quantity",
    "Weapon": "equipment",
    "MilitaryPlatform": "equipment",
    "Vehicle": "equipment",
}
_NAMES = {
    "organisation": "actor",
    "politicalparty": "actor",
    "ORG": "actor",
    "person": "person",
    "politician": "person",
    "PER": "person",
    "location": "place",
    "country": "place",
    "LOC": "place",
}
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CodedClaim:
    """A coded claim: its spans (quote first), type and certainty; ``row`` is the coded row itself."""

    spans: tuple[Pair, ...]
    type: str
    certainty: str
    row: dict[str, object]


@dataclass(frozen=True, slots=True)
class Attributed:
    """A coded attribution: spans of source, cue and content, each possibly in pieces."""

    source: tuple[Pair, ...]
    cue: tuple[Pair, ...]
    content: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A text with the layers that its corpus has."""

    id: str
    text: str
    mentions: tuple[tuple[int, int, str], ...] | None = None
    names: tuple[tuple[int, int, str], ...] | None = None
    attributions: tuple[Attributed, ...] | None = None
    claims: tuple[CodedClaim, ...] | None = None
    triggers: tuple[Pair, ...] | None = None
    places: tuple[Pair, ...] | None = None  # the places of the trigger, where the corpus links them


def rows(path: Path) -> Iterator[dict[str, object]]:
    """The rows of a JSON Lines file."""
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            if line.strip():
                yield json.loads(line)


def held_out(identity: str, share: float) -> bool:
    """Whether this id falls into the held-out share, the same on every run."""
    return int(hashlib.sha256(identity.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF < share


def re3d(part: str) -> list[Example]:
    """Sentences with all mentions of our seven types."""
    return [
        Example(
            r["id"],
            r["text"],
            mentions=tuple((m["start"], m["end"], _RE3D[m["type"]]) for m in r["mentions"] if m["type"] in _RE3D),
        )
        for r in rows(SHARED / f"corpora/mentions/re3d-{part}.jsonl")
    ]


def named(name: str) -> list[Example]:
    """Sentences with names of persons, organisations and places."""
    return [
        Example(
            r["id"],
            r["text"],
            names=tuple((m["start"], m["end"], _NAMES.get(m["type"], "other")) for m in r["mentions"]),
        )
        for r in rows(SHARED / f"corpora/mentions/{name}.jsonl")
    ]


def polnear(part: str) -> list[Example]:
    """Articles with attributions."""
    out = []
    for r in rows(SHARED / f"corpora/attribution/polnear-{part}.jsonl"):
        found = tuple(
            Attributed(*(tuple((s, e) for s, e in a[k]) for k in ("source", "cue", "content")))
            for a in r["attributions"]
        )
        out.append(Example(r["id"], r["text"], attributions=found))
    return out


def event_place() -> list[Example]:
    """Sentences with one event and its places."""
    return [
        Example(
            r["id"],
            r["text"],
            triggers=tuple((s, e) for s, e in r["event"]),
            places=tuple((s, e) for s, e in r["places"]),
        )
        for r in rows(SHARED / "corpora/event_place/train.jsonl")
    ]


def coded(folder: Path) -> list[Example]:
    """Reports with claims in the gold shape; the text is title, line break, text as a report has it."""
    return [claims_of(json.loads(p.read_text(encoding="utf-8"))) for p in sorted(folder.glob("*.json"))]


def claims_of(row: dict[str, object]) -> Example:
    """One coded report as an example; quotes are found across line ends."""
    report = row["report"]
    title, body = report.get("title") or "", report["text"]
    text = body if not title or body.startswith(title) else f"{title}\n{body}"
    claims = []
    for c in row["claims"]:
        spans = tuple(s for q in [c["quote"], *c["also"]] if (s := find(text, q)))
        if spans:
            claims.append(CodedClaim(spans, c["type"], c["certainty"], c))
    return Example(report["id"], text, claims=tuple(claims))


def find(text: str, quote: str) -> Pair | None:
    """Where the quote stands, white space compared loosely."""
    words = quote.split()
    if not words:
        return None
    m = re.search(r"\s+".join(map(re.escape, words)), text)
    return (m.start(), m.end()) if m else None
