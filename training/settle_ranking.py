"""Fits the weights by which places are ranked (``resolve/data/places_ranking.json``) on public corpora of toponyms.

    python -m training.settle_ranking            cross-fitted figures, then the weights of all reports are written
    python -m training.settle_ranking --check    the figures alone

The corpora are LGL (local papers) and GeoVirus (news of epidemics), with reports on wars beside them, so that the weights are not
those of American local papers alone (:mod:`training.ranking_silver`). A name that the reader finds is a case; its right
candidates are those of the annotated identity or, without one, the nearest within 161 km; where there is none, the name is none
of its candidates. The loss is that of the right candidates' joint share (a softmax over the candidates of a name and "none of
them"); weights of a pass are fitted to the shares of the pass before. Figures are of five folds by report, each from weights that
have not seen it: the share of namings that get a right candidate. Deterministic.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from tadmor.evaluate.align import Aligned
from tadmor.evaluate.run import report_of
from tadmor.model import Mention, Report
from tadmor.reading.document import analyse
from tadmor.reading.embedded.reader import refine
from tadmor.reading.embedded.session import Encoder, default
from tadmor.resolve.gazetteer import distance_km
from tadmor.resolve.places import by_country, nations_of
from tadmor.resolve.places_context import FEATURES, NONE, Context, Floats
from tadmor.resolve.places_named import named
from tadmor.resolve.places_names import Name, names_of
from tadmor.resolve.places_ranking import LEAST, Pass, context_of, first, shared
from tadmor.resolve.resolve import Resources
from training import coded
from training.examples import SHARED
from training.ranking_silver import silver

CORPORA = ("lgl", "geovirus")
WAR = "war"
_REPORTS = 700  # reports on wars
_FA_KES = 300  # of them drawn from the first of FA-KES; the others are coded reports
_LONG = 400  # characters from which a report says where it is
_SILVER = 0.5  # what a name counts that nobody annotated
PASSES = 3
FOLDS = 5
# A judgement: these corpora hold no place of which the gazetteer says the district, as one built with OCHA's tables does.
_DISTRICT = 2.0
_PENALTY = 1.0  # half the inverse variance of a weight
_RIGHT_KM = 161.0  # the usual bound of the figures on these corpora
_SAME_KM = 15.0  # of several right places those nearest to the point, give or take so much
_OTHER_POINT_KM = 800.0  # how far the point of a province may lie in another gazetteer
FILE = Path(__file__).parents[1] / "src/tadmor/resolve/data/places_ranking.json"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A report: its candidates, which of them are right (C), which names are none (names), and what each name counts (names)."""

    id: str
    context: Context
    right: Floats
    none: Floats
    weight: Floats


def cases(corpus: str, encoder: Encoder, resources: Resources) -> Iterator[Case]:
    """The reports of a corpus, read up to their names."""
    recognisers = resources.recognisers()
    for line in (SHARED / f"corpora/places/{corpus}.jsonl").read_text(encoding="utf-8").split("\n"):
        if not line.strip():
            continue
        row = json.loads(line)
        report = report_of(row)
        mentions = analyse(report, recognisers, refine=refine(encoder.encode(report.text))).mentions
        mentions = (*mentions, *named(mentions, resources.gazetteer))
        made = case(row, report, mentions, resources)
        if made is not None:
            yield made


def war_cases(encoder: Encoder, resources: Resources) -> Iterator[Case]:
    """Reports on wars, without annotation."""
    learnt, held = coded.for_training(holdout=True)
    fa_kes = (SHARED / "corpora/reports/fa-kes.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [*(r["report"] for r in [*learnt, *held]), *(json.loads(line) for line in fa_kes[:_FA_KES])]
    # bundles are paragraphs of unrelated reports: what one speaks of says nothing of another
    rows = [r for r in rows if len(r["text"]) > _LONG and "bundle" not in r["id"]]
    random.Random(1).shuffle(rows)
    recognisers = resources.recognisers()
    for row in rows[:_REPORTS]:
        report = report_of(row)
        mentions = analyse(report, recognisers, refine=refine(encoder.encode(report.text))).mentions
        nations = by_country(nations_of(mentions, resources.gazetteer))
        context = context_of(names_of(mentions, report, resources.gazetteer), nations)
        if context is not None:
            right, none, weight = silver(context, frozenset(nations))
            yield Case(report.id, context, right, none, _SILVER * weight)


def case(row: Row, report: Report, mentions: Sequence[Mention], resources: Resources) -> Case | None:
    """One report with its annotated places; None where no name has a candidate."""
    nations = by_country(nations_of(mentions, resources.gazetteer))
    context = context_of(names_of(mentions, report, resources.gazetteer), nations)
    if context is None:
        return None
    aligned = Aligned(row["text"], report.text)
    right, none, weight = np.zeros(len(context.candidates)), np.zeros(len(context.names)), np.zeros(len(context.names))
    for n, name in enumerate(context.names):
        told = Counter(place for m in name.mentions if (place := _annotated(row, m, aligned)) is not None)
        if not told:
            continue
        (lat, lon, identity), often = told.most_common(1)[0]
        far = [distance_km((lat, lon), (c.lat, c.lon)) for c in name.candidates]
        good = [i for i, c in enumerate(name.candidates) if identity and c.id == f"geonames:{identity}"]
        if not good and min(far) <= _RIGHT_KM:
            good = [i for i, km in enumerate(far) if km <= min(far) + _SAME_KM]
        if good:
            right[context.bounds[n] + np.array(good)] = 1.0
        elif _elsewhere(name, far):
            continue
        else:
            none[n] = 1.0
        weight[n] = math.sqrt(often)
    return Case(row["id"], context, right, none, weight)


def _annotated(row: Row, mention: Mention, aligned: Aligned) -> tuple[float, float, str | None] | None:
    span = aligned.span({"start": mention.start, "end": mention.end})
    if span is not None:
        for place in row["places"]:
            if span[0] < place["end"] and place["start"] < span[1] and place["lat"] is not None:
                return place["lat"], place["lon"], place["geonameid"]
    return None


def _elsewhere(name: Name, far: Sequence[float]) -> bool:
    """Whether a candidate may well be right though its point lies elsewhere: that of a large area."""
    return any(
        c.kind in ("country", "region") or (c.kind == "admin1" and km < _OTHER_POINT_KM)
        for c, km in zip(name.candidates, far, strict=True)
    )


def fit(found: Sequence[Case], rounds: int = PASSES) -> list[Pass]:
    """The weights of all passes."""
    shares = [first(c.context) for c in found]
    out: list[Pass] = []
    for _ in range(rounds):
        out.append(_fit(found, shares, out[-1] if out else None))
        shares = [shared(c.context, s, out[-1]) for c, s in zip(found, shares, strict=True)]
    return out


def _fit(found: Sequence[Case], shares: Sequence[Floats], start: Pass | None) -> Pass:
    x = np.concatenate([c.context.rows(s) for c, s in zip(found, shares, strict=True)])
    z = np.concatenate([c.context.none for c in found])
    y, none, weight = (np.concatenate([getattr(c, k) for c in found]) for k in ("right", "none", "weight"))
    sizes = np.concatenate([np.diff(c.context.bounds) for c in found])
    at, owner = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(sizes)), sizes)
    told = weight > 0

    def loss(t: Floats) -> tuple[float, Floats]:
        score, other = x @ t[: len(FEATURES)], z @ t[len(FEATURES) :]
        top = np.maximum(np.maximum.reduceat(score, at), other)
        mass, rest = np.exp(score - top[owner]), np.exp(other - top)
        total = np.add.reduceat(mass, at) + rest
        good = np.where(told, np.add.reduceat(mass * y, at) + rest * none, total)
        good = np.maximum(good, 1e-200)
        slope = weight[owner] * (
            mass / total[owner] - np.where(told[owner], mass * y / good[owner], mass / total[owner])
        )
        other_slope = weight * (rest / total - np.where(told, rest * none / good, rest / total))
        penalty = np.where(np.arange(len(t)) == len(FEATURES), 0.0, _PENALTY)  # not of the bias
        value = -(weight * np.log(good / total)).sum() + 0.5 * (penalty * t**2).sum()
        return float(value), np.concatenate([x.T @ slope, z.T @ other_slope]) + penalty * t

    begin = np.zeros(len(FEATURES) + len(NONE)) if start is None else np.concatenate([start.candidate, start.none])
    t = minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    t[FEATURES.index("district")] = _DISTRICT
    return Pass(t[: len(FEATURES)], t[len(FEATURES) :])


def right(found: Sequence[Case], weights: Sequence[Pass]) -> tuple[float, float]:
    """How many namings get a right candidate, or none where none is right, of how many."""
    got = of = 0.0
    for c in found:
        shares = first(c.context)
        for w in weights:
            shares = shared(c.context, shares, w)
        for n in np.flatnonzero(c.weight):
            low, high = c.context.bounds[n], c.context.bounds[n + 1]
            best = low + int(shares[low:high].argmax())
            none = shares[low:high].sum() < LEAST  # as the resolver leaves names open
            got += c.weight[n] ** 2 * float(c.none[n] if none else c.right[best])
            of += c.weight[n] ** 2
    return got, of


def fold(identity: str) -> int:
    """The fold of a report, from 0."""
    return int(hashlib.sha256(identity.encode()).hexdigest(), 16) % FOLDS


def main(write: bool) -> None:
    """Print the cross-fitted figures; fit and write the weights where asked to."""
    resources, encoder = Resources.open(), default()
    found = {corpus: list(cases(corpus, encoder, resources)) for corpus in CORPORA}
    found[WAR] = list(war_cases(encoder, resources))
    every = [c for of_corpus in found.values() for c in of_corpus]
    got = dict.fromkeys(found, (0.0, 0.0))
    for k in range(FOLDS):
        weights = fit([c for c in every if fold(c.id) != k])
        for corpus in found:
            a, b = right([c for c in found[corpus] if fold(c.id) == k], weights)
            got[corpus] = (got[corpus][0] + a, got[corpus][1] + b)
    for corpus, (a, b) in got.items():
        print(f"{corpus}: {a:.0f} of {b:.0f} namings, {a / b:.4f}")
    if write:
        save(fit(every))


def save(weights: Sequence[Pass]) -> None:
    """Write the weights to the package."""
    table = [
        {
            "candidate": dict(zip(FEATURES, (round(float(w), 4) for w in p.candidate), strict=True)),
            "none": dict(zip(NONE, (round(float(w), 4) for w in p.none), strict=True)),
        }
        for p in weights
    ]
    FILE.write_text(json.dumps({"passes": table}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main("--check" not in sys.argv[1:])
