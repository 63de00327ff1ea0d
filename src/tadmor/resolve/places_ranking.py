"""Which place each name of a report is: all names are weighed together, by weights learnt from corpora of toponyms.

A candidate's score is log-linear in what speaks for it: how likely the name means it anywhere (:func:`prior`), the countries,
provinces and districts that the report speaks of, a container after a comma, nearness to other places
(:mod:`tadmor.resolve.places_context`). That a name is none of its candidates has a score too. The scores make shares, the shares
new evidence, three times over: the weights of each pass stand in ``data/places_ranking.json`` (``training/settle_ranking.py``).
Deterministic: ties go to the smaller identity.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from tadmor.resolve.gazetteer import Candidate
from tadmor.resolve.places_context import FEATURES, NONE, Context, Floats
from tadmor.resolve.places_names import Name

# Share of all its candidates below which a name is left open. The corpora that the weights are learnt from have many names of
# places that no gazetteer knows: at a half, a town of 160,000 that stands alone beside London and Washington was none. On these
# corpora a quarter costs 0.002 of what is put within 161 km.
LEAST = 0.25
_SMALL_KM = 30.0  # reach up to which a region is no greater than a site
_STEEP = 0.9 * math.log(10)  # the prior is a decimal logarithm; a little less sure than it says


@dataclass(frozen=True, slots=True)
class Pass:
    """The weights of one pass: of :data:`FEATURES` for a candidate, of :data:`NONE` for a name's being none of them."""

    candidate: Floats
    none: Floats


@dataclass(frozen=True, slots=True)
class Choice:
    """What a name is taken for, or None, and the shares (adding up to at most 1) of its candidates, in their order."""

    best: Candidate | None
    shares: tuple[float, ...]


@cache
def passes() -> tuple[Pass, ...]:
    """The weights that ship in the package."""
    raw = json.loads(files("tadmor.resolve").joinpath("data/places_ranking.json").read_text(encoding="utf-8"))
    return tuple(
        Pass(np.array([p["candidate"][f] for f in FEATURES]), np.array([p["none"][f] for f in NONE]))
        for p in raw["passes"]
    )


def rank(names: Sequence[Name], nations: Mapping[str, int]) -> list[Choice]:
    """The choice for every name, in their order; ``nations`` counts the report's nationalities by country."""
    context = context_of(names, nations)
    if context is None:
        return [Choice(None, ()) for _ in names]
    shares = first(context)
    for weights in passes():
        shares = shared(context, shares, weights)
    bounds = context.bounds.tolist()
    known = {id(n): (bounds[i], bounds[i + 1]) for i, n in enumerate(context.names)}
    return [
        _choice(n, tuple(shares[slice(*known[id(n)])].tolist())) if id(n) in known else Choice(None, ()) for n in names
    ]


def _choice(name: Name, shares: tuple[float, ...]) -> Choice:
    best = min(zip(name.candidates, shares, strict=True), key=lambda x: (-round(x[1], 9), x[0].id))
    return Choice(best[0] if sum(shares) >= LEAST else None, shares)


def context_of(names: Sequence[Name], nations: Mapping[str, int]) -> Context | None:
    """The candidates of all names side by side, or None where no name has any."""
    known = [n for n in names if n.candidates]
    if not known:
        return None
    priors = [prior(c, n.feature, n.candidates) for n in known for c in n.candidates]
    return Context(known, priors, {country: 0.7 * math.log1p(k) for country, k in nations.items()})


def first(context: Context) -> Floats:
    """The shares of all candidates (C) before any context; those of each name add up to 1."""
    return context.softmax(_STEEP * context.priors, np.full(len(context.names), -np.inf))


def shared(context: Context, shares: Floats, weights: Pass) -> Floats:
    """The shares (C) after one more pass."""
    return context.softmax(context.rows(shares) @ weights.candidate, context.none @ weights.none)


def prior(c: Candidate, feature: str | None, candidates: Sequence[Candidate]) -> float:
    """How likely the name means this candidate before any context, against the others of the name.

    About the decimal logarithm of the number of people, less for names that are not the usual one. ``feature`` is the kind
    of place that the words of the name ask for ("province" in "Homs province").
    """
    score = math.log10(max(c.population, 300))
    if c.kind in ("region", "site"):
        # an enclave or a hill is spoken of like a site, a sea or a part of a country more often
        score = 5.5 if c.kind == "region" and (c.radius_km is None or c.radius_km > _SMALL_KM) else 4.5
    elif c.kind == "admin2":
        score = (4.0 if feature is None else 5.0) - (0.3 if c.feature == "subdistrict" else 0.0)
        if feature is None and any(c.id in o.within for o in candidates):
            score = 1.0  # a district named after its town: the town, unless "district" is said
    elif c.kind == "admin1" and feature is None:
        if any(
            o.kind == "town" and o.country == c.country and o.admin1 == c.admin1 and o.population > 20_000
            for o in candidates
        ):
            score -= 3.0 if c.country != "US" else 0.5
        else:
            score -= 0.3
        if any(o.kind == "town" and o.country == c.country and o.population > 500_000 for o in candidates):
            score -= 0.9  # Washington, New York: the city, unless the report speaks of the state
    elif c.kind == "country":
        score = max(score, 6.5)
    return score - {"main": 0.0, "own": 0.0, "alternate": 0.8, "loose": 0.8}[c.match]
