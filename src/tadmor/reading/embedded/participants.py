"""Who does it and to whom: of the parties of the whole report the likeliest for each role, those in one list with it, or nobody.

The parties are weighed by boosted trees, one set for each role (``data/actors.json``, ``data/targets.json``), because what speaks
for a party depends on the rest: whom the other claims of that type name, who fills the other role, who speaks. Fitted by
``training/settle_parties.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from tadmor.model import Claim, Mention
from tadmor.reading import arguments, forest, people
from tadmor.reading.arguments import Arguments
from tadmor.reading.drafts import Draft
from tadmor.reading.embedded import roles
from tadmor.reading.embedded.involvement import ROLES, after_actors, casts
from tadmor.reading.embedded.parties import Cast, Heard, Parties, Party, Telling, Told
from tadmor.reading.embedded.roles import Candidate
from tadmor.reading.forest import Forest
from tadmor.reading.odds import probability
from tadmor.reading.scene import Scene

FILES = {"actor": "actors.json", "target": "targets.json"}
_NET = roles.FEATURES.index("net")
_LEAST = 0.15  # share of the likeliest party's probability below which none is looked at


def heard(found: Sequence[Candidate], odds: Sequence[float]) -> list[Heard]:
    """The candidates of a role in a clause that the network looked at, with their log-odds."""
    return [Heard(c.mention, x, c.known[_NET], c.known) for c, x in zip(found, odds, strict=True)]


def heard_by_rule(scene: Scene, draft: Draft) -> dict[str, list[Heard]]:
    """The candidates of each role in a clause that only the lexicon knows."""
    found = [(m, arguments.odds(names)) for m, names in arguments.candidates(scene, draft)]
    return {role: [Heard(m, x[k], 0.0) for m, x in found if arguments.allowed(role, m)] for k, role in enumerate(ROLES)}


def choose(scene: Scene, claims: Sequence[Told]) -> list[dict[str, tuple[Mention, ...]]]:
    """The mentions that fill each role of each claim, in text order."""
    found = casts(Parties(scene), claims)
    tables = {role: forest.stored(FILES[role]) for role in ROLES}
    acting = scored(found, "actor", tables["actor"][0])
    suffering = scored(found, "target", tables["target"][0], acting)
    out = []
    for cast, *scores in zip(found, acting, suffering, strict=True):
        kept: dict[str, list[Party]] = {}
        for role, own in zip(ROLES, scores, strict=True):
            taken = {p.key for parties in kept.values() for p in parties}
            kept[role] = likeliest(cast, own, tables[role][1], taken)
        out.append({role: tuple(p.mention for p in parties) for role, parties in kept.items()})
    return out


def scored(
    found: Sequence[Cast], role: str, trees: Forest, acting: Sequence[Sequence[float]] | None = None
) -> list[list[float]]:
    """For each claim the probability of each party in the role, and that of nobody, which stands last.

    ``acting`` has these probabilities for actors, which targets are weighed after.
    """
    known = [c.known[role] for c in found] if acting is None else list(map(after_actors, found, acting))
    rows = [row for own in known for row in own]
    at = [(i, j) for i, cast in enumerate(found) for j in cast.weighed[role]]
    out = [[0.0] * (len(cast.parties) + 1) for cast in found]
    for (i, j), x in zip(at, trees.log_odds(rows).tolist(), strict=True):
        out[i][j] = probability(x)
    return out


def likeliest(
    cast: Cast, scores: Sequence[float], thresholds: Mapping[str, float], taken: Collection[str] = ()
) -> list[Party]:
    """The parties to keep, in text order, by their probabilities and that of nobody, which stands last.

    The best one stays unless nobody is likelier by ``none``; another one when it reaches the share ``listed`` of the best
    one's probability and stands in a list with it, or the share ``more`` beside it in the clause's sentence, or ``apart``
    elsewhere; never one that is another's by its words or its place in the text, nor one whose key is ``taken``.
    """
    parties = cast.parties
    least = _LEAST * max(scores)
    ranked = sorted(
        (j for j, p in enumerate(parties) if scores[j] >= least and p.key not in taken),
        key=lambda j: (-scores[j], parties[j].mention.start),
    )
    if not ranked or scores[ranked[0]] < thresholds["none"] * scores[-1]:
        return []
    top = ranked[0]
    kept = [parties[top]]
    for j in ranked[1:]:
        party = parties[j]
        listed = party.key in kept[0].mates or kept[0].key in party.mates
        share = "listed" if listed else "more" if cast.here[j] and cast.here[top] else "apart"
        if scores[j] >= thresholds[share] * scores[top] and not any(_one(party, p) for p in kept):
            kept.append(party)
    return sorted(kept, key=lambda p: (p.mention.start, p.mention.end))


def _one(party: Party, other: Party) -> bool:
    """Whether two candidates are one party: they overlap, one is but the other's nationality, or has the words of its name."""
    a, b = sorted((party.mention, other.mention), key=lambda m: m.start)
    if b.start < a.end or (a.type == "nationality" and b.type in ("actor", "person") and b.start == a.end + 1):
        return True
    words, others = set(people.key(party.printed)), set(people.key(other.printed))
    return words <= others or others <= words


def told(claim: Claim, tellings: Sequence[Telling], mentions: Mapping[str, Mention]) -> Told:
    """A claim as it is weighed; ``mentions`` by id."""
    chosen = {"actor": claim.actors, "target": claim.targets}
    return Told(claim, tellings, {role: [mentions[i] for i in ids] for role, ids in chosen.items()})


def telling(draft: Draft, candidates: Mapping[str, Sequence[Heard]], first: Arguments) -> Telling:
    """A clause with the mentions that may fill its roles and those chosen for it by itself."""
    return Telling(draft, candidates, {"actor": first.actors, "target": first.targets})
