"""One reading resolved: every mention to its identity or value, then the slots of claims that depend on them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tadmor.model import Claim, Mention, Reading
from tadmor.reading.recognise import Recogniser
from tadmor.resolve import quantities, times
from tadmor.resolve.actors import resolve_actors
from tadmor.resolve.claim_counts import count_claims
from tadmor.resolve.claim_dates import date_claims
from tadmor.resolve.codes import code_claim
from tadmor.resolve.gazetteer import Gazetteer
from tadmor.resolve.names import fold
from tadmor.resolve.places import resolve_places
from tadmor.resolve.places_listing import listed
from tadmor.resolve.places_named import named
from tadmor.resolve.places_toponym import as_toponyms
from tadmor.resolve.registry import Registry
from tadmor.resolve.sources import resolve_sources

# what a mention keeps when it takes another's identity
_OWN = ("id", "start", "end", "text", "type", "level", "relation", "radius_km")


@dataclass(frozen=True, slots=True)
class Resources:
    """What resolving needs, opened once: the gazetteer and the registry of actors.

    ``stamp`` tells files of the user's own by their content; it is empty for what ships in the package.
    """

    gazetteer: Gazetteer
    registry: Registry
    stamp: str = ""

    @classmethod
    def open(cls, *, gazetteer: Path | None = None, actors: Path | None = None) -> Resources:
        """The resources that ship in the package, or the files given. Raises MissingResource."""
        return cls(Gazetteer.open(gazetteer), Registry.load(actors), _stamp(gazetteer, actors))

    def recognisers(self) -> Sequence[Recogniser]:
        """What a reader is given to know names by."""
        return (self.registry.recognise, self.gazetteer.recognise, times.recognise, quantities.recognise)


def _stamp(*paths: Path | None) -> str:
    if not any(paths):
        return ""
    digest = hashlib.sha256()
    for path in paths:
        if path is not None:
            with Path(path).open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        digest.update(b";")  # the same file as registry and as gazetteer is not the same
    return digest.hexdigest()[:8]


def resolve(reading: Reading, resources: Resources) -> Reading:
    """The reading with identities, values, dates, counts and codes. What cannot be resolved stays open."""
    report = reading.report
    mentions = {m.id: m for m in reading.mentions}
    beside = named(reading.mentions, resources.gazetteer)
    mentions |= resolve_places([*reading.mentions, *beside], report, resources.gazetteer)
    mentions |= resolve_actors([mentions[m.id] for m in reading.mentions], report, resources.registry)
    dated, open_dates = times.resolve_times(reading.mentions, report)
    mentions |= dated
    mentions |= quantities.resolve_quantities(reading.mentions, report)
    mentions |= _antecedents(reading, mentions)
    attributions = resolve_sources(reading.attributions, mentions, report, resources.registry)

    resolved = replace(
        reading, mentions=tuple(mentions[m.id] for m in (*reading.mentions, *beside)), attributions=attributions
    )
    resolved = replace(resolved, claims=date_claims(resolved))
    resolved = replace(resolved, claims=count_claims(resolved))
    claims = tuple(code_claim(_once(_named(c, mentions), mentions), mentions) for c in resolved.claims)
    warnings = (*reading.warnings, *_warnings(reading, open_dates))
    shown = listed(report.text, as_toponyms(mentions, claims), claims)
    return replace(resolved, mentions=shown, claims=claims, warnings=warnings)


def _antecedents(reading: Reading, mentions: dict[str, Mention]) -> dict[str, Mention]:
    """Nominals and pronouns that stand in a claim under a fuller name of the report take that name's identity.

    The reader says that "the city" is Palmyra by giving the claim that name; what Palmyra is was found where it is named.
    """
    known: dict[tuple[bool, str], Mention] = {}
    for mention in mentions.values():
        if mention.entity is not None and mention.level == "name":
            known.setdefault((mention.type == "place", fold(mention.text)), mention)
    out: dict[str, Mention] = {}
    for claim in reading.claims:
        for ids, names in (
            (claim.places, claim.place_names),
            (claim.actors, claim.actor_names),
            (claim.targets, claim.target_names),
        ):
            for identity, name in zip(ids, names, strict=False):
                nominal = mentions.get(identity)
                if nominal is None or nominal.entity is not None or nominal.level == "name":
                    continue
                found = known.get((nominal.type == "place", fold(name)))
                if found is not None:
                    out[identity] = replace(found, **{k: getattr(nominal, k) for k in _OWN})
    return out


def _named(claim: Claim, mentions: dict[str, Mention]) -> Claim:
    """Names where the reader left them out: every id in ``actors``, ``targets`` and ``places`` has one."""
    return replace(
        claim,
        actor_names=claim.actor_names or tuple(mentions[i].text for i in claim.actors),
        target_names=claim.target_names or tuple(mentions[i].text for i in claim.targets),
        place_names=claim.place_names or tuple(mentions[i].text for i in claim.places),
    )


def _once(claim: Claim, mentions: dict[str, Mention]) -> Claim:
    """The claim with each party once in a role: of several mentions that come to one identity the first stays."""
    actors, actor_names = _parties(claim.actors, claim.actor_names, mentions)
    targets, target_names = _parties(claim.targets, claim.target_names, mentions)
    return replace(claim, actors=actors, actor_names=actor_names, targets=targets, target_names=target_names)


def _parties(
    ids: tuple[str, ...], names: tuple[str, ...], mentions: dict[str, Mention]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if len(ids) != len(names):
        return ids, names  # two mentions have one name
    kept: dict[str, tuple[str, str]] = {}
    for i, name in zip(ids, names, strict=True):
        kept.setdefault(mentions[i].entity or i, (i, name))
    return tuple(i for i, _ in kept.values()), tuple(name for _, name in kept.values())


def _warnings(reading: Reading, open_dates: int) -> list[str]:
    if reading.report.published is not None:
        return []
    left = f": {open_dates} relative date{'' if open_dates == 1 else 's'} left unresolved" if open_dates else ""
    return [f"publication date unknown{left}"]
