"""Cases for ranking places from reports on wars, where nobody annotated identities: right is what can hardly be wrong.

In a report on a war, a name that has a candidate in a country that the report names is that candidate, where one leads the others
by far; else it is a great city or an area known everywhere; and where there are only small towns of countries that nobody named,
it is none of them. Without these cases the weights would be those of local papers, where most names are small American towns.
"""

from __future__ import annotations

import numpy as np

from tadmor.resolve.gazetteer import Candidate
from tadmor.resolve.places_context import Context
from tadmor.resolve.places_names import Name

_AHEAD = 0.5  # decimal orders by which the prior of a candidate leads those of its rivals
_CITY, _TOWN = 100_000, 15_000
_DOUBT = 0.5  # what a name that is none of its candidates counts
# A country named in most reports on wars elsewhere: its towns are meant where one of its states is named.
_FOREIGN = "US"


def silver(context: Context, nations: frozenset[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Right candidates (C), names that are none (names) and what each name counts (names: 0 or 1) of a report on a war.

    ``nations`` are the countries of its nationalities.
    """
    right, none, weight = np.zeros(len(context.candidates)), np.zeros(len(context.names)), np.zeros(len(context.names))
    told = set(nations)
    states = False
    for name in context.names:
        if name.mentions:
            told |= {c.country for c in name.candidates if c.kind == "country" and c.match != "alternate" and c.country}
            states |= (
                len(name.candidates) == 1
                and name.candidates[0].kind == "admin1"
                and name.candidates[0].country == _FOREIGN
            )
    if not states:
        told.discard(_FOREIGN)
    cities = set()
    for n, name in enumerate(context.names):
        best = _leader(name, context.priors[context.bounds[n] : context.bounds[n + 1]], told, states)
        if best is not None and name.mentions and name.candidates[best].kind in ("town", "admin1", "site"):
            cities.add(name.candidates[best].country)
    told |= cities - {_FOREIGN, None}
    for n, name in enumerate(context.names):
        low, high = context.bounds[n], context.bounds[n + 1]
        if not name.mentions or name.derived:
            continue
        best = _leader(name, context.priors[low:high], told, states)
        if best is not None:
            right[low + best] = weight[n] = 1.0
        elif all(c.kind == "town" and c.population < _TOWN and c.country not in told for c in name.candidates):
            none[n], weight[n] = 1.0, _DOUBT
    return right, none, weight


def _leader(name: Name, priors: np.ndarray, told: set[str], states: bool) -> int | None:
    """The index of the candidate that can hardly be wrong, or None; a state is meant where another one is named."""
    city = any(c.kind == "town" and c.country == _FOREIGN and c.population > _CITY for c in name.candidates)
    unmeant = [not states and city and c.kind == "admin1" and c.country == _FOREIGN for c in name.candidates]
    order = sorted((i for i in range(len(priors)) if not unmeant[i]), key=lambda i: -priors[i])
    inside = [i for i in order if name.candidates[i].country in told]
    rivals = inside or order
    best = rivals[0]
    if priors[order[0]] - priors[best] > 2 * _AHEAD:
        return None  # a small namesake, in a country that is named, of a place known everywhere
    rest = [i for i in rivals[1:] if not _alike(name.candidates[i], name.candidates[best])]
    if rest and priors[best] - priors[rest[0]] < _AHEAD:
        return None
    c = name.candidates[best]
    known = c.kind in ("country", "region") or (c.kind == "town" and c.population >= _CITY and c.match != "alternate")
    return best if inside or known else None


def _alike(a: Candidate, b: Candidate) -> bool:
    """Whether they are a town and the area named after it."""
    return a.country == b.country and a.admin1 == b.admin1 and a.kind != b.kind
