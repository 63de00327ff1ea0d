"""What a report lends the candidates of its names: countries, provinces and districts that it speaks of, and nearness.

All names of the report are looked at together. Each has shares over its candidates (how likely it means each); what the
*other* names share out is the evidence for a candidate. So two names that are each unclear can make each other clear, and the
shares can be worked out anew from the scores (:mod:`tadmor.resolve.places_ranking`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from tadmor.resolve._compile import TRANSLITERATED
from tadmor.resolve.gazetteer import Candidate
from tadmor.resolve.places_names import Name

Floats = npt.NDArray[np.float64]

FEATURES = (
    "prior", "behind", "population", "country", "admin1", "admin2", "region", "site", "alternate", "loose", "asked",
    "told", "told a little", "untold", "untold loose", "untold alternate", "province", "province share", "district",
    "in holder", "outside holder", "held", "near", "near next", "very near", "same part", "beside", "often",
    "crowded", "first town", "ours", "ours untold", "loose told", "other name told", "told by places", "elsewhere",
    "unsized", "lead", "state or city", "among states",
    "lead abroad", "crowded abroad", "behind abroad", "state abroad", "great abroad",
)  # fmt: skip
NONE = (
    "bias",
    "one",
    "other name",
    "asked",
    "site",
    "few",
    "known",
)  # what speaks for a name's being none of its candidates
_MUCH = 3.0  # weight of all that is told of countries, from which on it says something that one is not told of
_ABROAD = 4.0  # countries named from which a report is one on the world
_FEW = 3  # names below which a report says little of where it is
_GREAT = 500_000
_ANCHORS = 48  # places that others are measured against
_BODY = 0.4  # what a place in the name of a body counts
_SURE = 0.25  # share from which a place is one
_NEAR_KM, _VERY_NEAR_KM, _PART_KM = 120.0, 30.0, 500.0
_BESIDE = 60  # characters between two names that stand beside each other


class Context:
    """The candidates of a report's names in one row of arrays (C), with what does not change when shares do.

    ``owner`` (C) is the index of each candidate's name, ``bounds`` (names + 1) where the candidates of each name begin, ``none``
    (names, NONE) what speaks for none of them. Every name has a candidate.
    """

    def __init__(self, names: Sequence[Name], priors: Sequence[float], nations: Mapping[str, float]) -> None:
        self.names = list(names)
        self.candidates = [c for n in self.names for c in n.candidates]
        self.bounds = np.cumsum([0, *(len(n.candidates) for n in self.names)])
        self.owner = np.repeat(np.arange(len(self.names)), np.diff(self.bounds))
        self.priors = np.asarray(priors, dtype=np.float64)
        countries: dict[str, int] = {}
        provinces: dict[tuple[str, str], int] = {}
        self.country = np.array(
            [countries.setdefault(c.country, len(countries)) if c.country else -1 for c in self.candidates]
        )
        for country in nations:
            countries.setdefault(country, len(countries))
        self.province = np.array(
            [
                provinces.setdefault((c.country, c.admin1), len(provinces))
                if c.country and c.admin1 and c.kind != "country"
                else -1
                for c in self.candidates
            ]
        )
        self.national = np.zeros(max(1, len(countries)))  # a sea alone is in no country
        for country, weight in nations.items():
            self.national[countries[country]] = weight
        self.provinces = len(provinces)
        self.weight = np.array([0.6 + 0.4 * math.log1p(len(n.mentions)) if n.mentions else _BODY for n in self.names])
        cores = [(n.core, bool(n.feature)) for n in self.names]
        # of "Homs" and "Homs" in other words neither speaks for the other; a name with a feature word does ("Homs province")
        self.speaks = np.array(
            [[i != j and (a[0] != b[0] or b[1]) for j, b in enumerate(cores)] for i, a in enumerate(cores)]
        )
        self.apart = np.array([[i != j and a[0] != b[0] for j, b in enumerate(cores)] for i, a in enumerate(cores)])
        self.beside = _beside(self.names)
        rad = np.radians([[c.lat, c.lon] for c in self.candidates])
        self.unit = np.stack(
            [np.cos(rad[:, 0]) * np.cos(rad[:, 1]), np.cos(rad[:, 0]) * np.sin(rad[:, 1]), np.sin(rad[:, 0])], 1
        )
        self.areal = np.array([c.kind in ("country", "region") for c in self.candidates])
        self.transliterated = np.array([c.country in TRANSLITERATED for c in self.candidates])
        named = {n.candidates[0].country for n in self.names if n.mentions and n.candidates[0].kind == "country"}
        self.abroad = min(
            1.0, len(named | set(nations)) / _ABROAD
        )  # how far it is a report on the world, not on a town
        self.provincial = np.array([c.kind == "admin1" for c in self.candidates])
        self.fixed = self._fixed()
        few = len(self.names) < _FEW
        self.none = np.array(
            [_none(n, few, self.priors[a:b]) for n, (a, b) in zip(self.names, pairwise(self.bounds), strict=True)]
        )

    def softmax(self, scores: Floats, null: Floats) -> Floats:
        """Shares of each name's candidates by their scores (C), against the score of being none of them (names)."""
        top = np.maximum(np.maximum.reduceat(scores, self.bounds[:-1]), null)
        weights = np.exp(scores - top[self.owner])
        total = np.add.reduceat(weights, self.bounds[:-1]) + np.exp(null - top)
        return np.asarray(weights / total[self.owner], dtype=np.float64)

    def rows(self, shares: Floats) -> Floats:
        """The features of all candidates (C, features), given the shares of all names."""
        x = self.fixed.copy()
        self._areas(shares, x)
        self._districts(shares, x)
        self._distances(shares, x)
        return x

    def _fixed(self) -> Floats:
        x = np.zeros((len(self.candidates), len(FEATURES)))
        at = {name: k for k, name in enumerate(FEATURES)}
        for n, name in enumerate(self.names):
            low, high = self.bounds[n], self.bounds[n + 1]
            own = self.priors[low:high]
            most = max((c.population for c in name.candidates if c.kind == "town"), default=0)
            often = max(0.0, math.log1p(len(name.mentions)) - math.log(2))
            for i, c in enumerate(name.candidates, low):
                row = x[i]
                row[at["prior"]] = self.priors[i]
                row[at["behind"]] = own.max() - self.priors[i]
                row[at["population"]] = math.log10(max(c.population, 300)) if c.kind == "town" else 0.0
                if c.kind in at:
                    row[at[c.kind]] = 1.0
                if c.match in at:
                    row[at[c.match]] = 1.0
                row[at["asked"]] = float(name.feature is not None)
                area = (c.country or "", c.admin1 if c.kind == "admin1" else None)
                row[at["unsized"]] = float(c.kind == "town" and c.population == 0)
                row[at["lead"]] = _lead(self.priors[i], own) if c.kind == "town" and c.match != "alternate" else 0.0
                row[at["state or city"]] = float(c.kind == "admin1" and _has_city(c, name.candidates))
                row[at["great abroad"]] = self.abroad * (c.kind == "town" and c.population > _GREAT)
                row[at["ours"]] = float(c.match == "own" or c.id.startswith("place:"))
                row[at["held"]] = float(c.kind in ("country", "admin1") and area in name.held)
                if name.holders and c.kind != "country":
                    inside = (c.country or "", None) in name.holders or (c.country or "", c.admin1) in name.holders
                    row[at["in holder" if inside else "outside holder"]] = 1.0
                row[at["often"]] = often * row[at["behind"]]
                row[at["crowded"]] = math.log(len(name.candidates)) if c.kind == "town" else 0.0
                row[at["first town"]] = float(c.kind == "town" and c.population == most)
        for mixed, plain in (
            ("lead", "lead"),
            ("crowded", "crowded"),
            ("behind", "behind"),
            ("state", "state or city"),
        ):
            x[:, at[f"{mixed} abroad"]] = x[:, at[plain]] * self.abroad
        return x

    def _areas(self, shares: Floats, x: Floats) -> None:
        """Countries and provinces that the other names and the nationalities speak of."""
        names = len(self.names)
        told = np.zeros((names, len(self.national)))
        there = self.country >= 0
        np.add.at(told, (self.owner[there], self.country[there]), shares[there])
        told = self.speaks @ (self.weight[:, None] * told) + self.national
        total = told.sum(1)[self.owner]
        mine = np.where(there, told[self.owner, np.maximum(self.country, 0)], 0.0)
        some = there & (total > 0)
        column = {name: k for k, name in enumerate(FEATURES)}
        x[:, column["told"]] = np.where(some, mine / (total + 0.5), 0.0)
        x[:, column["told a little"]] = np.where(some, np.minimum(1.0, mine), 0.0)
        untold = some & (mine < 0.05) & (total > _MUCH) & (x[:, column["country"]] == 0)
        x[:, column["untold"]] = untold
        x[:, column["untold loose"]] = untold * x[:, column["loose"]]
        x[:, column["untold alternate"]] = untold * x[:, column["alternate"]]
        x[:, column["ours untold"]] = untold * x[:, column["ours"]]
        x[:, column["loose told"]] = x[:, column["loose"]] * x[:, column["told a little"]]
        # where names are transliterated, another name than the main one is often just another spelling
        x[:, column["other name told"]] = (
            x[:, column["alternate"]] * self.transliterated * x[:, column["told a little"]]
        )
        # Washington, New York: the state where other states are named, else the city
        states = np.zeros((names, len(self.national)))
        of_states = there & self.provincial
        np.add.at(states, (self.owner[of_states], self.country[of_states]), shares[of_states])
        beside = (self.speaks @ states)[self.owner, np.maximum(self.country, 0)]
        x[:, column["among states"]] = x[:, column["state or city"]] * np.minimum(1.0, beside)
        if not self.provinces:
            return
        inside = self.province >= 0
        share = np.zeros((names, self.provinces))
        any_ = np.zeros((names, self.provinces))
        np.add.at(share, (self.owner[inside], self.province[inside]), shares[inside])
        any_[self.owner[inside], self.province[inside]] = 1.0
        # a small town's other namesakes still speak for their province, a little
        spoken = self.speaks @ (self.weight[:, None] * (0.15 * any_ + 0.85 * share))
        surely = self.speaks @ (self.weight[:, None] * share)
        own = np.where(inside, spoken[self.owner, np.maximum(self.province, 0)], 0.0)
        part = np.where(inside, surely[self.owner, np.maximum(self.province, 0)], 0.0)
        x[:, column["province"]] = 1.0 - np.exp(-own)
        # a country that is only spoken of as such (the United States in news of a war) is not where the towns are
        placed = self.speaks @ (self.weight[:, None] * self._placed(shares, there))
        x[:, column["told by places"]] = np.where(there, placed[self.owner, np.maximum(self.country, 0)], 0.0).clip(
            max=1.0
        )
        x[:, column["elsewhere"]] = inside & (own < 0.05) & (total > 1.0) & (x[:, column["population"]] > 0)
        x[:, column["province share"]] = part / (surely.sum(1)[self.owner] + 0.5)

    def _placed(self, shares: Floats, there: npt.NDArray[np.bool_]) -> Floats:
        """How much each name speaks of each country by a place in it: (names, countries)."""
        local = there & ~self.areal
        placed = np.zeros((len(self.names), len(self.national)))
        np.add.at(placed, (self.owner[local], self.country[local]), shares[local])
        return placed

    def _districts(self, shares: Floats, x: Floats) -> None:
        """Districts that the other names speak of, for candidates that the gazetteer says lie in one."""
        districts: dict[str, Floats] = {}
        for i, c in enumerate(self.candidates):
            for district in (c.id, *c.within) if c.kind == "admin2" else c.within:
                n = self.owner[i]
                spoken = districts.setdefault(district, np.zeros(len(self.names)))
                spoken[n] += self.weight[n] * shares[i] * (2.0 if c.kind == "admin2" else 0.7)
        column = FEATURES.index("district")
        for i, c in enumerate(self.candidates):
            if c.within:
                told = max(float(self.speaks[self.owner[i]] @ districts[d]) for d in c.within)
                x[i, column] = 1.0 - math.exp(-told)

    def _distances(self, shares: Floats, x: Floats) -> None:
        """Nearness to the places of other names that are clear by now."""
        sure = np.flatnonzero((shares >= _SURE) & ~self.areal)
        if not len(sure):
            return
        if len(sure) > _ANCHORS:
            sure = np.sort(sure[np.argsort(-(shares * self.weight[self.owner])[sure], kind="stable")[:_ANCHORS]])
        km = 12742 * np.arcsin(np.minimum(1.0, np.linalg.norm(self.unit[:, None] - self.unit[sure][None], axis=2) / 2))
        weight = shares[sure] * self.apart[self.owner][:, self.owner[sure]] * (~self.areal)[:, None]
        column = {name: k for k, name in enumerate(FEATURES)}
        near = np.sort(weight * np.exp(-km / _NEAR_KM), axis=1)[:, ::-1]
        x[:, column["near"]] = near[:, 0]
        x[:, column["near next"]] = near[:, 1:4].sum(1) / 3
        x[:, column["very near"]] = (weight * np.exp(-km / _VERY_NEAR_KM)).max(1)
        x[:, column["same part"]] = (weight * np.exp(-km / _PART_KM)).sum(1) / (weight.sum(1) + 0.5)
        beside = weight * self.beside[self.owner][:, self.owner[sure]]
        x[:, column["beside"]] = (beside * np.exp(-km / _NEAR_KM)).max(1)


def _none(name: Name, few: bool, priors: Floats) -> list[float]:
    """What speaks for the name's being none of its candidates, by :data:`NONE`."""
    other = all(c.match in ("alternate", "loose") for c in name.candidates)
    known = max(prior - 3.0 for prior in priors)
    return [1.0, len(name.candidates) == 1, other, name.feature is not None, name.derived, few, known]


def _lead(prior: float, priors: Floats) -> float:
    """By how much the candidate of that prior leads the others of its name; 0 where it does not, at most 1.5."""
    others = np.sort(priors)[:-1]
    return min(1.5, max(0.0, prior - float(others[-1]))) if len(others) else 1.5


def _has_city(state: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether a great city of the state's country has its name, be it in the state or not."""
    return any(c.kind == "town" and c.country == state.country and c.population > _GREAT for c in candidates)


def _beside(names: Sequence[Name]) -> npt.NDArray[np.bool_]:
    """Whether two names stand beside each other somewhere in the report: (names, names)."""
    spans = sorted((m.start, m.end, n) for n, name in enumerate(names) for m in name.mentions)
    out = np.zeros((len(names), len(names)), dtype=np.bool_)
    for i, (_, end, n) in enumerate(spans):
        for start, _, other in spans[i + 1 : i + 4]:
            if start - end > _BESIDE:
                break
            out[n, other] = out[other, n] = n != other
    return out
