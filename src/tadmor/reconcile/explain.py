"""Plain sentences for people: why an interval or an incident has its credibility."""

from __future__ import annotations

from tadmor import taxonomy
from tadmor.model import ControlInterval, Credibility, Incident

_ADMIRALTY = {
    1: "confirmed by independent sources",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "not to be judged",
}


def credibility(value: Credibility) -> str:
    """The grade in words, with its reasons, as one line."""
    return f"{_ADMIRALTY[value.admiralty].capitalize()} ({value.admiralty}, {value.grade}). {' '.join(value.reasons)}"


def interval(value: ControlInterval) -> str:
    """One interval in words: who had the place, from when to when, and how far it is to be believed."""
    who = value.holder or "Nobody named"
    what = {
        "held": "held it",
        "contested": "held it, contested" if value.holder else "held it while it was fought over",
        "besieged": "held it under siege",
        "lost": "no longer held it",
        "unknown": "is known to have held it",
    }[value.status]
    when = f"from {value.start}" if value.start else "from an unknown day"
    until = f" to {value.end}" if value.end else ""
    against = f" {_claims(len(value.against))} against it." if value.against else ""
    return f"{who} {what} {when}{until}. {credibility(value.credibility)}{against}"


def incident(value: Incident) -> str:
    """One incident in words: what, where, when, by how many sources, and how far it is to be believed."""
    where = f" at {value.place.name}" if value.place else ""
    when = f" on {value.date}" if value.date else " on an unknown day"
    label = value.type.replace("_", " ") if value.type in taxonomy.types() else value.type
    disputed = f" Disputed: {', '.join(dict.fromkeys(d.about for d in value.disputes))}." if value.disputes else ""
    return f"{label.capitalize()}{where}{when}. {credibility(value.credibility)}{disputed}"


def _claims(number: int) -> str:
    return f"{number} claim{' speaks' if number == 1 else 's speak'}"
