"""Who speaks in an account, in whose interest, and which of many speakers are independent of each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from tadmor.model import Account, Claim, ClaimRef, Party, Voice
from tadmor.reconcile.lexicon import civil_words
from tadmor.reconcile.names import fold

Interest = Literal["against", "own", "none"]

REPRINT = 90.0  # rapidfuzz ratio (0 to 100) of two sentences from which one is taken for a copy of the other
SHORTEST = REPRINT / (200.0 - REPRINT) - 1e-9  # a text of a smaller share of the other's length cannot be so like it
OWN_VOICE = "the report itself"
NEUTRAL = frozenset(
    {"", "neutral", "none", "civil", "civilian", "civilians", "international", "independent", "unknown"}
)
PARTISAN = frozenset({"official", "military", "armed group", "agency", "activist", "other"})
"""Kinds of sources that speak for the side they are on; monitors, witnesses, organisations and outlets speak for none."""
_CIVIL = frozenset({"civilian", "civilians"})
_OUTCOMES = frozenset({"territory_taken", "territory_held", "attack_repelled"})
_SUCCESSES = frozenset({"siege", "advance", "armed_clash", "arrest"})
STRIKES = frozenset({"air_strike", "shelling", "bombing", "armed_clash"})
ABUSES = frozenset({"attack_on_civilians", "chemical_attack", "sexual_violence", "abduction", "destruction"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """One voice of one account, or the outlet where the report speaks in its own voice (``own_voice``)."""

    key: str
    name: str
    voice: Voice
    account: Account
    own_voice: bool = False

    @property
    def ref(self) -> ClaimRef:
        """The claim that is laid to this speaker."""
        return self.account.ref


def speakers(account: Account) -> tuple[Speaker, ...]:
    """The voices of an account; without any, its publisher, else the report itself."""
    if not account.voices:
        name = account.publisher or OWN_VOICE
        key = f"outlet:{fold(account.publisher) if account.publisher else account.ref.report}"
        return (Speaker(key, name, Voice(name, kind="media"), account, own_voice=True),)
    return tuple(Speaker(v.entity or f"name:{fold(v.name)}", v.name, v, account) for v in account.voices)


def belligerent(side: str | None) -> str | None:
    """The side when it is one of a war's, else None."""
    return None if side is None or side.casefold() in NEUTRAL else side


def party_sides(parties: Iterable[Party]) -> frozenset[str]:
    """The sides of a war that parties are on."""
    return frozenset(s for p in parties if (s := belligerent(p.side)))


def speaks_for(kind: str | None, side: str | None) -> str | None:
    """The side that a source of this kind and side speaks for, as it is told everywhere; None where it speaks for none.

    A monitor has the side in whose areas it works (docs/actors.md), and speaks for none all the same.
    """
    return belligerent(side) if kind in PARTISAN else None


def partisan_side(voice: Voice) -> str | None:
    """The side that the voice speaks for."""
    return speaks_for(voice.kind, voice.side)


def sides_of(account: Account) -> list[str]:
    """The sides that the voices of an account speak for, in order."""
    return sorted({side for v in account.voices if (side := partisan_side(v))})


def independent(members: Iterable[Speaker]) -> list[list[Speaker]]:
    """Groups of speakers that count as one source, in the order of their smallest claim.

    One group is: the same speaker; all who speak for one side of the war; and an outlet in its own voice whose sentence
    is nearly that of another report (``REPRINT``), which is a reprint of one wire.
    """
    everyone = sorted(members, key=_in_order)
    if len(everyone) == 1:
        return [everyone]
    parent = list(range(len(everyone)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[str, int] = {}
    for i, speaker in enumerate(everyone):
        side = partisan_side(speaker.voice)
        for tag in (speaker.key, f"side:{side}" if side else ""):
            if tag:
                parent[find(i)] = find(first.setdefault(tag, i))
    texts: dict[str, int] = {}
    for i, speaker in enumerate(everyone):
        known = texts.setdefault(fold(speaker.account.sentence), i)
        if known != i and _reprint(everyone[known], speaker):
            parent[find(i)] = find(known)
    unique = [(i, text, everyone[i]) for text, i in texts.items() if text] if any(s.own_voice for s in everyone) else []
    for position, (i, text, speaker) in enumerate(unique):
        least, most = len(text) * SHORTEST, len(text) / SHORTEST
        for j, other, its in unique[:position]:
            if (
                (speaker.own_voice or its.own_voice)
                and least <= len(other) <= most
                and speaker.ref.report != its.ref.report
                and find(i) != find(j)
                and fuzz.ratio(text, other, score_cutoff=REPRINT) >= REPRINT
            ):
                parent[find(i)] = find(j)
    groups: dict[int, list[Speaker]] = {}
    for i, speaker in enumerate(everyone):
        groups.setdefault(find(i), []).append(speaker)
    return list(groups.values())  # each was begun by its smallest


def _in_order(speaker: Speaker) -> tuple[str, str, str]:
    return speaker.ref.report, speaker.ref.claim, speaker.key


def _reprint(a: Speaker, b: Speaker) -> bool:
    return a.ref.report != b.ref.report and (a.own_voice or b.own_voice) and bool(a.account.sentence.strip())


def interest(speaker: Speaker, loser_side: str | None = None) -> Interest:
    """Whether the speaker says this against its own interest, about its own success, or neither.

    ``loser_side`` is the side that held the place before, where the claim itself does not name who lost it.
    """
    account, voice = speaker.account, speaker.voice
    if speaker.own_voice:
        return "none"
    claim = account.claim
    by_actor = any(_speaks_for(voice, p) for p in account.actors)
    by_target = any(_speaks_for(voice, p) for p in account.targets)
    side = partisan_side(voice)
    if claim.certainty == "denied":
        if claim.type in _OUTCOMES and side is not None and side == loser_side:
            return "own"
        return "own" if by_target or (by_actor and claim.type in ABUSES | STRIKES | {"territory_lost"}) else "none"
    if claim.type == "territory_lost":
        return "against" if by_actor else "own" if by_target else "none"
    if claim.type in _OUTCOMES:
        if by_actor:
            return "own"
        named = account.targets or claim.type == "attack_repelled"
        return "against" if by_target or (not named and side and side == loser_side) else "none"
    if claim.type in ABUSES:
        return "against" if by_actor else "own" if by_target or _adversary(side, account.actors) else "none"
    return _about_violence(claim, account, by_actor, by_target, side)


def _about_violence(claim: Claim, account: Account, by_actor: bool, by_target: bool, side: str | None) -> Interest:
    civil = harms_civilians(account)
    if claim.type in STRIKES or claim.type == "casualties":
        if by_actor:
            return "against" if civil else "own"
        if civil:
            return "own" if by_target or _adversary(side, account.actors) else "none"
        if by_target and any(n.what in ("killed", "injured", "casualties", "captured") for n in claim.counts):
            return "against"
        return "own" if claim.type == "casualties" and _adversary(side, account.targets) else "none"
    return "own" if by_actor and claim.type in _SUCCESSES else "none"


def harms_civilians(account: Account) -> bool:
    """Whether the account says that civilians were hurt."""
    if any(n.what == "civilians" or (n.of and _civil_words(n.of)) for n in account.claim.counts):
        return True
    return any(p.kind in _CIVIL or _civil_words(p.name) for p in account.targets)


def _civil_words(text: str) -> bool:
    return not civil_words().isdisjoint(fold(text).split())


def _speaks_for(voice: Voice, party: Party) -> bool:
    if voice.entity and voice.entity == party.entity:
        return True
    side = partisan_side(voice)
    return fold(voice.name) == fold(party.name) or (side is not None and side == belligerent(party.side))


def _adversary(side: str | None, parties: Sequence[Party]) -> bool:
    others = party_sides(parties)
    return side is not None and bool(others) and side not in others
