"""Who says it: the attributions that a clause belongs to, by what the network says of their speakers when it looks at the clause.

The reader's attributions say whose words cover the clause; the network, looking at the clause, says which names around it
are its speakers. A log-linear model (manifest, ``speakers``) weighs both; the clause gets the chain of each attribution that
it finds likely, a name once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tadmor.model import Attribution, Span
from tadmor.reading.attributions_names import key
from tadmor.reading.drafts import Draft
from tadmor.reading.embedded.looks import ROLES
from tadmor.reading.embedded.session import View
from tadmor.reading.odds import log_odds, probability
from tadmor.reading.scene import Scene
from tadmor.taxonomy import UTTERANCES

FEATURES = (
    "bias",
    "net",  # mean logit of being a speaker over the pieces of the attribution's source
    "net most",
    "unseen",
    "covers",  # the reader lays the clause to this attribution
    "covers part",
    "outer",  # a chain of the reader holds it, but not as its innermost speaker
    "own sentence",
    "before",
    "speech",
    "anonymous",
    "utterance",
    "utterance covers",
    "heard",  # the attribution has no cue: only the network hears it (``voices``)
    "net elsewhere",  # the best mean logit among the other attributions of that name
    "rival",  # the best mean logit of another name
    "relay most",  # the likeliest piece as one who only passes on what another says
    "nested",
    "other paragraph",
    "inside",  # the source stands inside the clause
    "headline",
)
_SOURCE, _RELAY = ROLES.index("source"), ROLES.index("relay")
_CLIP = 8.0
# Logits of being a relay: on the coded reports that settle the weights, all outer links above the first of the reader's own were
# right and all below it wrong, but one; names above the second are relays in seven of eight cases.
_NONE, _SEEN = -1.0, 0.5
Chain = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An attribution that a clause may belong to, with what is known of it, in the order of FEATURES."""

    attribution: Attribution
    known: tuple[float, ...]


def chains(scene: Scene, draft: Draft, view: View, weights: Mapping[str, float]) -> tuple[Chain, ...]:
    """Chains of attribution ids, outermost first, of everybody to whom the clause is laid."""
    document = scene.document
    likely, row = [], [weights[name] for name in FEATURES]
    for c in candidates(scene, draft, view):
        p = probability(log_odds(row, c.known))
        if p >= weights["threshold"]:
            likely.append((p, c.attribution))
    known = {a.id for _, a in likely}
    together: dict[tuple[Span | None, tuple[Span, ...]], float] = {
        (a.cue, a.content): p for p, a in likely if a.cue is not None
    }
    # of those who say it with one word, "an official and the group both said", none says it alone
    likely += [
        (together[a.cue, a.content], a)
        for a in document.attributions
        if a.source is not None and a.id not in known and a.via is None and (a.cue, a.content) in together
    ]
    best: dict[str, tuple[float, Attribution]] = {}
    for p, a in likely:
        name = key(document.source_name(a.id))
        if name and (name not in best or p > best[name][0]):
            best[name] = (p, a)
    found = [_relayed(scene, view, document.chain(a.id)) for _, a in best.values()]
    outer = {key(document.source_name(link)) for chain in found for link in chain[:-1]}
    kept = (c for c in found if c and key(document.source_name(c[-1])) not in outer)
    return tuple(sorted(kept, key=lambda c: int(c[-1][1:])))


def _relayed(scene: Scene, view: View, chain: Chain) -> Chain:
    """The chain with those outer links whom the network does not rule out as relays, or else with the relay that it sees."""
    names = {key(scene.document.source_name(link)) for link in chain}
    own = tuple(
        link for link in chain[:-1] if (relay := _relay(view, scene.attribution[link])) is None or relay[0] > _NONE
    )
    if own or not chain:
        return (*own, *chain[-1:])
    seen = [
        (relay[0], a.id)
        for a in scene.document.attributions
        if a.source is not None
        and (relay := _relay(view, a)) is not None
        and relay[0] > _SEEN
        and relay[0] > relay[1]
        and key(a.source.name) not in names
    ]
    return (max(seen)[1], *chain[-1:]) if seen else chain[-1:]


def _relay(view: View, a: Attribution) -> tuple[float, float] | None:
    """The highest logits of the attribution's source as a relay and as a source, None where the view does not show it."""
    low, high = view.pieces(a.source.start, a.source.end) if a.source is not None else (0, 0)
    pieces = view.roles[low:high]
    return (float(pieces[:, _RELAY].max()), float(pieces[:, _SOURCE].max())) if low < high else None


def candidates(scene: Scene, draft: Draft, view: View) -> list[Candidate]:
    """The attributions whose source stands in the context or whose content the reader finds to cover the clause."""
    document = scene.document
    own = document.chains_for(draft.start, draft.end)
    inner = {chain[-1] for chain in own}
    outer = {link for chain in own for link in chain[:-1]}
    source, relay = np.clip(view.roles[:, (_SOURCE, _RELAY)], -_CLIP, _CLIP).T.tolist()
    sentence = draft.line.sentence
    utters = draft.type in UTTERANCES
    near: list[tuple[Attribution, int, int, str]] = []
    for a in document.attributions:
        if a.source is not None and a.id != document.issued:
            low, high = view.pieces(a.source.start, a.source.end)
            if low < high or a.id in inner:
                near.append((a, low, high, key(document.source_name(a.id))))
    means = [sum(source[low:high]) / (high - low) if low < high else -_CLIP for _, low, high, _ in near]
    out = []
    for (a, low, high, name), mean in zip(near, means, strict=True):
        assert a.source is not None
        covers = a.id in inner
        part = any(s.start < draft.end and draft.start < s.end for s in a.content)
        before = document.report.text[a.source.end : draft.start] if a.source.end <= draft.start else ""
        known = (
            1.0,
            mean if low < high else 0.0,
            max(source[low:high], default=0.0),
            float(low >= high),
            float(covers),
            float(part and not covers),
            float(a.id in outer),
            float(sentence.start <= a.source.start < sentence.end),
            float(a.source.end <= draft.start),
            float(a.id in document.speech),
            float(a.source.anonymous),
            float(utters),
            float(utters and covers),
            float(a.id in scene.heard),
            max((m for m, x in zip(means, near, strict=True) if x[3] == name and x[0] is not a), default=-_CLIP),
            max((m for m, x in zip(means, near, strict=True) if x[3] != name), default=-_CLIP),
            max(relay[low:high], default=0.0),
            float(a.via is not None),
            float("\n" in before),
            float(a.source.start < draft.end and draft.start < a.source.end),
            float(draft.line.place == "headline"),
        )
        out.append(Candidate(a, known))
    return out
