"""The nouns of Tadmor: frozen value objects that every stage hands to the next. They import nothing of ours but each other.

``vocabulary`` has the closed lists of words that their fields take; ``reports`` what is read; ``mentions`` and ``claims`` what a
reader finds in it; ``accounts`` a claim with all that comparing needs; ``incidents`` what comes of comparing. All of them are
names of this package too, and that is where the rest of the house takes them from.

All offsets count Unicode code points of ``Report.text`` and are end-exclusive: for every span,
``report.text[span.start:span.end] == span.text``. Dates are EDTF (ISO 8601-2) strings, or None when unknown.
"""

from __future__ import annotations

from tadmor.model.accounts import (
    Account,
    ClaimRef,
    Party,
    Place,
    Voice,
)
from tadmor.model.claims import (
    UNREAD,
    Claim,
    ControlStatement,
    Count,
    Hint,
    ReaderInfo,
    Reading,
)
from tadmor.model.incidents import (
    ControlInterval,
    CountRange,
    Credibility,
    Dispute,
    Incident,
    Position,
    SideRange,
)
from tadmor.model.mentions import (
    Attribution,
    Mention,
    Relation,
    Source,
)
from tadmor.model.reports import (
    Failure,
    Original,
    Passage,
    Report,
    Span,
)
from tadmor.model.vocabulary import (
    Certainty,
    ControlStatus,
    DisputeAbout,
    DisputeKind,
    Grade,
    Level,
    MentionType,
    PassageKind,
    PublishedBasis,
    RelationKind,
    SourceKind,
    UnreadReason,
)

__all__ = [
    "UNREAD",
    "Account",
    "Attribution",
    "Certainty",
    "Claim",
    "ClaimRef",
    "ControlInterval",
    "ControlStatement",
    "ControlStatus",
    "Count",
    "CountRange",
    "Credibility",
    "Dispute",
    "DisputeAbout",
    "DisputeKind",
    "Failure",
    "Grade",
    "Hint",
    "Incident",
    "Level",
    "Mention",
    "MentionType",
    "Original",
    "Party",
    "Passage",
    "PassageKind",
    "Place",
    "Position",
    "PublishedBasis",
    "ReaderInfo",
    "Reading",
    "Relation",
    "RelationKind",
    "Report",
    "SideRange",
    "Source",
    "SourceKind",
    "Span",
    "UnreadReason",
    "Voice",
]
