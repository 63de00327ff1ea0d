"""The closed lists of words that the fields of the nouns take; docs/method.md and the record format say what each means."""

from __future__ import annotations

from typing import Literal

PassageKind = Literal["headline", "lead", "body", "caption", "credit", "subhead"]
PublishedBasis = Literal["given", "dateline", "metadata", "none"]
MentionType = Literal["actor", "person", "nationality", "place", "time", "quantity", "equipment"]
Level = Literal["name", "nominal", "pronoun"]
Certainty = Literal["asserted", "hedged", "denied", "expected"]
SourceKind = Literal[
    "official",
    "military",
    "armed group",
    "monitor",
    "activist",
    "witness",
    "agency",
    "media",
    "organisation",
    "other",
]
RelationKind = Literal["within", "countryside", "side", "near", "direction", "distance", "between"]
ControlStatus = Literal["held", "contested", "besieged", "lost", "unknown"]
DisputeAbout = Literal["count", "actor", "date", "place", "outcome", "denial", "control"]
DisputeKind = Literal["contradiction", "update", "compatible", "scope"]
Grade = Literal["confirmed", "fair", "weak", "contested", "discounted"]
UnreadReason = Literal["language", "relevance", "reprint"]
