"""ACLED sub-events and PLOVER codes of claims: the type's own, made finer where the claim says enough.

The lists are those of the ACLED codebook (2023) and the PLOVER manual (0.8, 2021), as the record format gives them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from tadmor import taxonomy
from tadmor.model import Claim, Mention

_SUICIDE = re.compile(r"\bsuicide\b|\bblew (?:himself|herself|themselves|itself) up\b|\bexplosive (?:belt|vest)", re.I)
_GRENADE = re.compile(r"\bgrenades?\b", re.I)
_RIOT = re.compile(
    r"\briot(?:s|ed|ing|ers)?\b|\bstone[- ]throw|\bthrew (?:stones|rocks)|\bset .{0,30}(?:fire|ablaze)|\blooted\b", re.I
)
_MOB = re.compile(r"\bmobs?\b|\blynch", re.I)
_FORCE = re.compile(r"\b(?:opened fire|shot|killed|live (?:fire|ammunition|rounds))\b", re.I)
_BROKEN_UP = re.compile(
    r"\b(?:tear ?gas|water cannons?|dispers(?:e|ed|ing)|rubber bullets|broke up|batons?|clashed with police)\b", re.I
)
_DEFUSED = re.compile(
    r"\b(?:defus|dismantl|disarm|seized .{0,40}(?:weapons|explosives|arms)|weapons? cache|intercepted|shot down|downed)",
    re.I,
)
_BASE = re.compile(
    r"\b(?:set up|establish\w*|built|opened)\b.{0,40}\b(?:base|headquarters|outposts?|camp|checkpoints?)\b", re.I
)
_CHANGE = re.compile(
    r"\b(?:merg(?:e|ed|er)|splinter|split from|renamed|rebrand|joined forces|pledged? allegiance|alliance"
    r"|new commander|appointed)",
    re.I,
)
_STATE_KINDS = {"state", "military", "police", "ministry", "government"}
_RETAKES = re.compile(
    r"\b(?:re-?(?:took|take[ns]?|taking|captur\w*|gain\w*|claim\w*|cover\w*)|liberat\w*|took back|back under)\b", re.I
)

_REMOTE = "Explosions/Remote violence"


def code_claim(claim: Claim, mentions: Mapping[str, Mention]) -> Claim:
    """The claim with ``acled`` and ``plover``; a finer sub-event that the reader set already is kept."""
    kind = taxonomy.get(claim.type)
    return replace(claim, acled=claim.acled or _acled(claim, kind.acled, mentions), plover=claim.plover or kind.plover)


def _acled(claim: Claim, default: str | None, mentions: Mapping[str, Mention]) -> str | None:
    text = claim.text
    match claim.type:
        case "territory_taken":
            return _taken(claim, mentions)
        case "bombing" if _SUICIDE.search(text):
            return f"{_REMOTE}/Suicide bomb"
        case "bombing" | "armed_clash" | "shelling" if _GRENADE.search(text):
            return f"{_REMOTE}/Grenade"
        case "protest":
            return _protest(text)
        case "attack_on_civilians" | "armed_clash" if _MOB.search(text):
            return "Riots/Mob violence"
        case "other" | "arrest" | "destruction" if _DEFUSED.search(text):
            return "Strategic developments/Disrupted weapons use"
        case "deployment" | "other" if _BASE.search(text):
            return "Strategic developments/Headquarters or base established"
        case "support" | "other" if _CHANGE.search(text):
            return "Strategic developments/Change to group/activity"
    return default


def _taken(claim: Claim, mentions: Mapping[str, Mention]) -> str:
    kinds = {mentions[i].kind for i in claim.actors if i in mentions}
    sides = {mentions[i].side for i in claim.actors if i in mentions}
    words = " ".join(claim.actor_names).lower()
    by_state = bool(kinds & _STATE_KINDS) or "government" in sides
    if by_state or re.search(r"\b(?:government|army|regime|troops|military|police)\b", words):
        return "Battles/Government regains territory"
    if not claim.actors and _RETAKES.search(claim.text):
        return "Battles/Government regains territory"
    return "Battles/Non-state actor overtakes territory"


def _protest(text: str) -> str:
    if _FORCE.search(text):
        return "Protests/Excessive force against protesters"
    if _RIOT.search(text):
        return "Riots/Violent demonstration"
    if _BROKEN_UP.search(text):
        return "Protests/Protest with intervention"
    return "Protests/Peaceful protest"
