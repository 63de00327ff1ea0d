"""Settles how the network's and the rules' opinions are weighed, on coded reports that the network has not seen.

``python -m training.settle --weights FOLDER`` fits, on the reports that ``training.train --holdout`` left out: which clauses
are claims (``combiner``, and ``verdict`` after a second look), who fills a role (``roles``), who says it (``speakers``), and
which clauses state one claim (``repeats``). All are log-linear models of a dozen features or two, written into the manifest of
the weights, and into those of ``--halves``, so that these read as the weights do.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tadmor.evaluate.claims import chain_same, listed
from tadmor.evaluate.names import same_name, set_f1
from tadmor.model import Attribution, Mention
from tadmor.reading import arguments, merging
from tadmor.reading.drafts import Draft
from tadmor.reading.embedded import drafts as found_drafts
from tadmor.reading.embedded import repeats, roles, speakers, verdicts, voices
from tadmor.reading.embedded.reader import views
from tadmor.reading.embedded.session import Encoder, View
from tadmor.reading.odds import probability, weigh
from tadmor.taxonomy import CERTAINTIES, UTTERANCES
from training import coded, settle_trees
from training.network import PRACTICE
from training.settle_cases import Case, Row, Weighed, fit, gathered

PLAIN = 0.2  # probability from which a statement that only its grammar supports stands: typed F1 is best there
OWN = 0.27  # probability of a claim of its own below which a clause is laid to one that it may repeat: typed F1 is best there
CAUTION = 0.2412  # log-odds off every likeness of two clauses (0.56 becomes 0.5): to join two claims costs more than to part one
HEARD = 0.5  # probability from which a speaker is: clause by clause 0.6 is a little better, whole claims are worse
LEAST = 0.5  # probability from which a clause is looked at: of those less likely hardly one passes


@dataclass(frozen=True)
class Looked:
    """The likely drafts of a report, what the network says when it looks at each, and the claim that each stands for."""

    report: Weighed
    drafts: list[Draft]
    views: list[View]
    match: list[int | None]


def combiner(groups: Sequence[Weighed], total: int, types: Sequence[str]) -> dict[str, float]:
    """How likely each candidate is a claim, and how likely it must be to be looked at."""
    flat = [(c, m) for g in groups for c, m in g.found]
    x = np.stack([np.concatenate([c.known, np.eye(len(types))[types.index(c.draft.type)]]) for c, _ in flat])
    y = np.array([m is not None for _, m in flat], dtype=np.float32)
    print(f"{len(y)} candidates, {int(y.sum())} claims among them, {total} coded", flush=True)
    w = fit(x, y, 2e-4)
    names = [*found_drafts.FEATURES, *(f"type:{t}" for t in types)]
    out = {n: round(float(v), 4) for n, v in zip(names, w, strict=True)}
    scored = [_scored(g, out) for g in groups]
    print(f"by the first reading alone: F1 {_threshold(scored, total)[0]:.3f}", flush=True)
    return out | {"threshold": LEAST, "plain": PLAIN}


def _scored(g: Weighed, first: dict[str, float]) -> list[tuple[Draft, int | None]]:
    """The drafts of a report as the first reading scores them, with the claim that each stands for."""
    drafts = found_drafts.scored([c for c, _ in g.found], first)
    return [(d, m) for d, (_, m) in zip(drafts, g.found, strict=True)]


def looked_at(groups: Sequence[Weighed], encoder: Encoder, first: dict[str, float]) -> list[Looked]:
    """What the reader looks at a second time in each report."""
    out = []
    for g in groups:
        told = _scored(g, first)
        match = {id(d): m for d, m in told}
        likely = found_drafts.best([d for d, _ in told], LEAST)
        seen = views(encoder, g.encoded, g.scene, likely)
        voices.hear(g.scene, list(zip(likely, seen, strict=True)))
        out.append(Looked(g, likely, seen, [match[id(d)] for d in likely]))
    return out


def verdict(looked: Sequence[Looked], total: int) -> dict[str, float]:
    """How the second thought weighs, and the threshold with the best F1."""
    told = [(g.drafts, g.match, verdicts.known(g.drafts, g.views)) for g in looked]
    x = np.concatenate([k for _, _, k in told])
    y = np.array([m is not None for _, ms, _ in told for m in ms])
    w = {n: round(float(v), 4) for n, v in zip(verdicts.FEATURES, fit(x, y, 1e-4), strict=True)}
    print(f"{len(y)} looked at, {int(y.sum())} claims among them; {w}", flush=True)
    scored = [
        [(replace(d, score=weigh(w, verdicts.FEATURES, tuple(k))), m) for d, m, k in zip(*t, strict=True)] for t in told
    ]
    f1, threshold = _threshold(scored, total)
    print(f"with the second thought: F1 {f1:.3f} at {threshold:.3f}", flush=True)
    return w | {"threshold": round(threshold, 3)}


def _threshold(scored: Sequence[Sequence[tuple[Draft, int | None]]], total: int) -> tuple[float, float]:
    """The best F1 of the kept drafts and the threshold that gives it; repeats of one claim cost nothing beyond the first."""
    top = (0.0, 0.5)
    for threshold in np.arange(0.2, 0.7, 0.025):
        hits = got = 0
        for group in scored:
            match = {id(d): m for d, m in group}
            kept = found_drafts.best([d for d, _ in group], float(threshold))
            found = {match[id(k)] for k in kept} - {None}
            hits += len(found)
            got += len(found) + sum(match[id(k)] is None for k in kept)
        top = max(top, (2 * hits / max(1, got + total), float(threshold)))
    return top


def repeats_of(
    looked: Sequence[Looked], taught: Sequence[Looked], settings: dict[str, dict[str, Any]]
) -> dict[str, float]:
    """Weights of the comparison of two clauses of one type: whether one coded claim covers both.

    The reports that the network was ``taught`` add to those that it had not seen: it never learnt to compare clauses.
    """
    rows: list[tuple[tuple[float, ...], bool]] = []
    words: list[tuple[float, bool]] = []
    for one in [*looked, *taught]:
        g = one.report
        stands = {(d.start, d.end, d.type): m for d, m in zip(one.drafts, one.match, strict=True)}
        tellings = []
        kept = verdicts.chosen(one.drafts, one.views, settings["verdict"])
        for d, v in kept:
            claim = stands[d.start, d.end, d.type]
            if claim is None:
                continue
            names = {g.scene.document.source_name(c[-1]) for c in speakers.chains(g.scene, d, v, settings["speakers"])}
            linked = roles.link(g.scene, d, v, settings["roles"])
            certainty = "asserted" if d.type in UTTERANCES else CERTAINTIES[int(np.argmax(v.certainty))]
            told = repeats.telling(g.scene, g.encoded, d, linked, frozenset(names), certainty, [d for d, _ in kept])
            tellings.append((told, claim))
        for k, (b, claim) in enumerate(tellings):
            for a, other in tellings[:k]:
                if a.draft.type == b.draft.type:
                    rows.append((repeats.known(a, b), claim == other))
                    words.append((merging.same(a.draft, b.draft), claim == other))
    x, y = np.array([r for r, _ in rows]), np.array([same for _, same in rows])
    spread = np.where(x.std(0) < 1e-6, 1.0, x.std(0))
    w = {n: round(float(v), 4) for n, v in zip(repeats.FEATURES, fit(x / spread, y, 1.2e-2) / spread, strict=True)}

    def f1(told: np.ndarray) -> float:
        return float(2 * (told & y).sum() / max(1, told.sum() + y.sum()))

    chance = np.array([weigh(w, repeats.FEATURES, tuple(r)) for r in x])
    top = max((f1(chance > t), float(t)) for t in np.arange(0.3, 0.75, 0.05))
    by_words = f1(np.array([p for p, _ in words]) > merging.THRESHOLD)
    print(
        f"repeats: {len(y)} pairs, {int(y.sum())} of one claim; F1 {top[0]:.3f} at {top[1]:.2f}, by words {by_words:.3f}"
    )
    print("  ", w, flush=True)
    return w | {"bias": round(w["bias"] - CAUTION, 4), "own": OWN}


def roles_of(cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    """Weights and thresholds of each role."""
    out = {}
    for role in arguments.ROLES:
        found = [roles.candidates(c.scene, c.draft, c.view)[role] for c in cases]
        gold = [_gold(c.claim, role) for c in cases]

        def names(case: Case, m: Mention, role: str = role) -> str:
            return arguments.place_name(case.scene, case.draft, m) if role == "place" else case.scene.party(m)

        x = np.array([c.known for cs in found for c in cs])
        y = np.array(
            [
                any(same_name(g, names(case, c.mention)) for g in gs)
                for case, cs, gs in zip(cases, found, gold, strict=True)
                for c in cs
            ]
        )
        w = {n: float(v) for n, v in zip(roles.FEATURES, fit(x, y, 1e-4), strict=True)}
        scored = [roles.weighed(cs, w) for cs in found]

        def likely(case: Case, s: Any, table: dict[str, float], role: str = role) -> Any:
            return roles.most_specific(case.draft, s, table) if role == "place" else s

        def quality(
            first: float, more: float, mates: float, scored=scored, gold=gold, names=names, likely=likely
        ) -> float:
            table = {"first": first, "more": more, "mates": mates}
            return float(
                np.mean(
                    [
                        set_f1(gs, [names(c, m) for m in arguments.chosen(c.scene, likely(c, s, table), table)])
                        for c, s, gs in zip(cases, scored, gold, strict=True)
                    ]
                )
            )

        top = max((quality(f, m, m), f, m, m) for f in np.arange(0.05, 0.65, 0.05) for m in np.arange(0.3, 0.85, 0.05))
        if role != "place":
            top = max((quality(top[1], m, j), top[1], m, j) for m in (0.5, 0.6, 0.7, 0.8) for j in (0.2, 0.3, 0.4, 0.5))
        thresholds = {n: round(float(v), 3) for n, v in zip(("first", "more", "mates"), top[1:], strict=True)}
        print(f"{role}: {len(y)} candidates, mean slot {top[0]:.3f}, {thresholds}", flush=True)
        print("  ", {k: round(v, 2) for k, v in w.items()}, flush=True)
        out[role] = {k: round(v, 4) for k, v in w.items()} | thresholds
    return out


def speakers_of(cases: Sequence[Case]) -> dict[str, float]:
    """Weights and the threshold of speakers."""
    found = [speakers.candidates(c.scene, c.draft, c.view) for c in cases]
    inner = [[chain[-1] for chain in c.claim["sources"] if chain] for c in cases]

    def own(case: Case, a: Attribution, names: Sequence[str]) -> bool:
        return any(same_name(g, n) for g in names for n in (case.scene.document.source_name(a.id), a.source.text))

    x = np.array([c.known for cs in found for c in cs])
    y = np.array([own(case, c.attribution, g) for case, cs, g in zip(cases, found, inner, strict=True) for c in cs])
    w = {n: round(float(v), 4) for n, v in zip(speakers.FEATURES, fit(x, y, 3e-3), strict=True)}

    def quality(threshold: float) -> float:
        total = 0.0
        for c in cases:
            got = speakers.chains(c.scene, c.draft, c.view, w | {"threshold": threshold})
            names = [[c.scene.document.source_name(a) for a in chain] for chain in got]
            total += set_f1(c.claim["sources"], names, chain_same)
        return total / len(cases)

    top = max((quality(t), t) for t in np.arange(0.2, 0.8, 0.05))
    print(f"speakers: {len(y)} candidates, mean slot {top[0]:.3f}, best at {top[1]:.2f}", flush=True)
    rules = np.mean(
        [
            set_f1(
                c.claim["sources"],
                [
                    [c.scene.document.source_name(a) for a in chain]
                    for chain in c.scene.document.chains_for(c.draft.start, c.draft.end)
                ],
                chain_same,
            )
            for c in cases
        ]
    )
    print(f"   by the attributions alone {rules:.3f};", w, flush=True)
    return w | {"threshold": HEARD}


def certainty_of(cases: Sequence[Case]) -> None:
    """Prints how often the network's certainty is right."""
    told = [
        (CERTAINTIES[int(np.argmax(c.view.certainty))], c.claim["certainty"])
        for c in cases
        if c.claim["type"] not in UTTERANCES
    ]
    by = {k: [a == b for a, b in told if b == k] for k in CERTAINTIES}
    print("certainty", {k: (round(float(np.mean(v)), 3), len(v)) for k, v in by.items() if v})


def _gold(claim: Row, role: str) -> list[str]:
    if role == "place":
        return listed(claim["place"])
    return claim[f"{role}s"]


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--weights", type=Path, required=True)
    ap.add_argument(
        "--sparing", type=float, default=0.0,
        help="log-odds taken off every score, for coders more sparing than those of what is held out",
    )  # fmt: skip
    ap.add_argument(
        "--stricter", type=float, default=0.0,
        help="log-odds by which a claim must be likelier to be kept than would be best on what is held out",
    )  # fmt: skip
    settle_trees.with_halves(ap)
    a = ap.parse_args()
    encoder = Encoder(a.weights, threads=1)
    encoder.practice = PRACTICE["own"]  # of those who coded the reports that are held out
    _, held = coded.for_training(holdout=True)
    groups, cases, total = gathered(held, encoder)
    print(f"{len(held)} reports, {len(cases)} cases", flush=True)
    first = combiner(groups, total, encoder.manifest["types"])
    looked = looked_at(groups, encoder, first)
    settings = {
        "combiner": first,
        "verdict": verdict(looked, total),
        "roles": roles_of(cases),
        "speakers": speakers_of(cases),
    }
    chosen = settings["verdict"]["threshold"]
    settings["verdict"]["bias"] = round(settings["verdict"]["bias"] - a.sparing, 4)
    settings["verdict"]["threshold"] = round(probability(math.log(chosen / (1 - chosen)) - a.sparing + a.stricter), 4)
    encoder.practice = PRACTICE["gold"]
    rows = [r for r in coded.for_training(holdout=True)[0] if r["practice"] == "gold"]
    taught, _, _ = gathered(rows, encoder)
    settings["repeats"] = repeats_of(looked, looked_at(taught, encoder, first), settings)
    certainty_of(cases)
    for folder in (a.weights, *a.halves):
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text(encoding="utf-8")) | settings
        path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
