"""Where a claim happens: of the names of the whole report the likeliest, those in one list with it, or none.

The names are weighed by boosted trees (``data/whereabouts.json``), because what speaks for a name depends on the rest: a
country is the place of a summary, seldom of a raid whose village the report names; and by a small network that sees them beside
each other (``data/whereabouts.npz``). Both are fitted by ``training/settle_places.py``; their log-odds count alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tadmor.reading import arguments, beside, forest
from tadmor.reading.arguments import Arguments
from tadmor.reading.drafts import Draft
from tadmor.reading.embedded import roles
from tadmor.reading.embedded.roles import Candidate
from tadmor.reading.embedded.session import Floats
from tadmor.reading.embedded.toponyms import Toponyms, core
from tadmor.reading.embedded.whereabouts import Choice, Heard, Name, Telling, choices
from tadmor.reading.odds import probability
from tadmor.reading.scene import Scene

_FILE, _NETWORK = "whereabouts.json", "whereabouts.npz"
_NET, _RULE = (roles.FEATURES.index(name) for name in ("net", "rule"))


def told(
    draft: Draft, found: Sequence[Candidate], odds: Sequence[float], first: Arguments, events: Sequence[float]
) -> Telling:
    """A clause that the network looked at, with the log-odds of its candidates, and of its line's words as events."""
    heard = [Heard(c.mention, x, c.known[_NET], c.known[_RULE]) for c, x in zip(found, odds, strict=True)]
    return Telling(draft, heard, first, events)


def told_by_rule(scene: Scene, draft: Draft, first: Arguments) -> Telling:
    """A clause that only the lexicon knows."""
    place = arguments.ROLES.index("place")
    found = ((m, arguments.odds(names)[place]) for m, names in arguments.candidates(scene, draft))
    return Telling(draft, [Heard(m, x, 0.0, x) for m, x in found if m.type == "place"], first)


def choose(scene: Scene, claims: Sequence[Sequence[Telling]]) -> list[Arguments]:
    """The places of each claim, given by its tellings from the fullest on; actors and targets are those first chosen."""
    _, thresholds = forest.stored(_FILE)
    found = choices(Toponyms(scene), claims)
    scores = [probability(float(x)) for x in weighed(found)]
    out, at = [], 0
    for tellings, choice in zip(claims, found, strict=True):
        own = scores[at : at + len(choice.known)]
        at += len(choice.known)
        kept = likeliest(choice, own, thresholds)
        first = tellings[0].first
        out.append(
            Arguments(
                first.actors,
                first.targets,
                tuple(n.mention for n in kept),
                tuple(dict.fromkeys(n.printed for n in kept)),
            )
        )
    return out


def weighed(found: Sequence[Choice]) -> Floats:
    """The log-odds of all names of all choices, and of there being none, one after the other."""
    trees, _ = forest.stored(_FILE)
    rows = [row for c in found for row in c.known]
    network = beside.stored(_NETWORK).log_odds(rows, [len(c.known) for c in found])
    return np.asarray((trees.log_odds(rows) + network) / 2, dtype=np.float32)


def likeliest(choice: Choice, scores: Sequence[float], thresholds: Mapping[str, float]) -> list[Name]:
    """The names to keep, in text order, by their probabilities and that of there being none, which stands last.

    The best name stays unless none is likelier by ``none``; another one when it reaches the share ``listed`` of the best one's
    probability and stands in a list with it, or the share ``more``; never one that is a part or a form of another's name.
    """
    ranked = sorted(range(len(choice.names)), key=lambda j: (-scores[j], choice.names[j].mention.start))
    if not ranked or scores[ranked[0]] < thresholds["none"] * scores[-1]:
        return []
    top = choice.names[ranked[0]]
    kept, words = [top], [set(core(top.key).split())]
    for j in ranked[1:]:
        name = choice.names[j]
        listed = name.key in top.mates or top.key in name.mates
        if scores[j] < thresholds["listed" if listed else "more"] * scores[ranked[0]]:
            continue
        own = set(core(name.key).split())
        if not any(own <= w or w <= own for w in words):
            kept.append(name)
            words.append(own)
    return sorted(kept, key=lambda n: (n.mention.start, n.mention.end))
