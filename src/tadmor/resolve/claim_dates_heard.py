"""Which date a claim has, where a reader heard something of it: the log-linear model's opinion and the reader's.

The candidates of a claim (``claim_dates_candidates``) are weighed beside each other and beside the dates of the report's other
claims, with what all of the claim's clauses say of its form and of the time expressions (``Hint``). A small network that sees
a claim's candidates beside each other (``data/claim_dates.npz``, fitted by ``training/settle_dates.py``) says how likely each
shares most of its days with the true date.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from tadmor import edtf, taxonomy
from tadmor.model import Claim, Hint
from tadmor.reading import beside
from tadmor.reading.date_forms import FORMS, form_of
from tadmor.resolve.claim_dates_candidates import Candidate
from tadmor.taxonomy import CERTAINTIES

FILE = "claim_dates.npz"
MOST = 12  # candidates that are weighed; the others have hardly any chance
_TOLD = 0.3  # what a time expression's log-odds add to a date's log weight before the network
_UNTOLD = -6.0
_SOME = 0.02  # probability below which a date is no date of another claim
_ALIKE = 20  # claims of one type to either side whose dates speak for one
_FARTHEST, _NEAREST = 4000, -30  # days before the report that are told apart
_PLACES = ("clause", "also", "left", "right", "back1", "back2", "ahead", "head", "far")
_MADE = ("none", "rule", "day", "open", "closed", "year", "month", "eve", "overnight", "kindred", "lasting")
FEATURES = (
    "odds",  # the log-linear model's log weight
    "odds behind",  # the likeliest candidate
    "form",  # what the main clause says of the form
    "form mean",
    "form most",
    "form behind",  # the likeliest form
    "told",  # what the main clause says of the time expressions that tell the date
    "told most",
    "told behind",
    "untold",
    "likely",  # all these together, before the network
    "likely behind",
    "agrees",  # the share of days in common with the true date that may be expected by that
    "agrees behind",
    "rank",
    "as ruled",
    "no rule",
    "none",
    "tellings",
    "at",  # the claim among all of the report
    "claims",
    "others share",  # of what the other claims of the report are likely dated
    "others",
    "alike",  # in common with the dates of the other claims of the type
    "before",  # with that of the claim before
    "after",
    "days before",  # the report was published, at the beginning
    "length",
    "unpublished",
    "from",
    "until",
    "about",
    "candidates",
    "telling",  # expressions that tell it
    *(f"form:{form}" for form in FORMS),
    *(f"kind:{kind}" for kind in (*_PLACES, *_MADE)),
    *(f"certainty:{c}" for c in CERTAINTIES),
    *(f"type:{t}" for t in taxonomy.types()),
)
Floats = npt.NDArray[np.float64]
Agreement = Callable[[str | None, str | None], float]


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim with its candidates, the log-linear model's log weight of each, and the date by rule."""

    claim: Claim
    candidates: Sequence[Candidate]
    odds: Sequence[float]
    rule: str | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """The candidates of a claim that are weighed (indices, the likeliest first) and a row of FEATURES for each."""

    among: Sequence[int]
    known: Sequence[Sequence[float]]


def dates(asked: Sequence[Asked], published: str | None, agreement: Agreement) -> list[str | None]:
    """The date of each claim of a report; ``published`` as EDTF, None where the report's day says nothing of its claims."""
    found = weighed(asked, published, agreement)
    rows = [row for w in found for row in w.known]
    odds = iter(stored().log_odds(rows, [len(w.known) for w in found]).tolist())
    out = []
    for one, w in zip(asked, found, strict=True):
        scores = [next(odds) for _ in w.known]
        out.append(one.candidates[w.among[max(range(len(scores)), key=scores.__getitem__)]].date)
    return out


@cache
def stored() -> beside.Beside:
    """The network that ships."""
    return beside.parsed(files("tadmor.resolve").joinpath("data", FILE).read_bytes())


def weighed(asked: Sequence[Asked], published: str | None, agreement: Agreement) -> list[Weighed]:
    """What is known of the likeliest candidates of each claim, with all claims of the report in view."""
    report = _Report([_Claim(one, published) for one in asked], published, agreement)
    return [report.weighed(i) for i in range(len(asked))]


class _Claim:
    """A claim with what its clauses say of each candidate: (clauses, candidates); and its likely dates."""

    def __init__(self, asked: Asked, published: str | None) -> None:
        self.asked = asked
        self.forms, self.told, self.untold = _said(asked.claim.hints, asked.candidates, published)
        odds = np.array(asked.odds, dtype=np.float64)
        odds += self.forms.mean(0) + _TOLD * self.told.mean(0)
        chance = np.exp(odds - odds.max())
        self.chance: Floats = chance / chance.sum()
        self.date = asked.candidates[int(self.chance.argmax())].date


def _said(
    hints: Sequence[Hint], candidates: Sequence[Candidate], published: str | None
) -> tuple[Floats, Floats, float]:
    """What each clause says of the form of each candidate, and of the times that tell it; and of no time telling the date."""
    shape = (max(1, len(hints)), len(candidates))
    forms, told = np.zeros(shape), np.zeros(shape)
    if not hints:
        return forms, told, 0.0
    at = [FORMS.index(form_of(c.date, published)) for c in candidates]
    for k, hint in enumerate(hints):
        times = dict(hint.times)
        forms[k] = np.array(hint.forms)[at]
        told[k] = [max((times[start] for start in c.told if start in times), default=0.0) for c in candidates]
    best = [max((odds for _, odds in hint.times), default=_UNTOLD) for hint in hints]
    return forms, told, -float(np.mean(best))


class _Report:
    def __init__(self, claims: Sequence[_Claim], published: str | None, agreement: Agreement) -> None:
        self.claims, self.published, self.agreement = claims, published, agreement
        self.day = edtf.bounds(published)[0] if published and edtf.valid(published) else None
        self.mass: Counter[str | None] = Counter()
        for c in claims:
            for candidate, chance in zip(c.asked.candidates, c.chance.tolist(), strict=True):
                if chance > _SOME:
                    self.mass[candidate.date] += chance
        self.whole = sum(self.mass.values())
        self.of_type: dict[str, list[int]] = {}
        self.place = []  # of each claim among those of its type
        for i, c in enumerate(claims):
            own = self.of_type.setdefault(c.asked.claim.type, [])
            self.place.append(len(own))
            own.append(i)

    def weighed(self, i: int) -> Weighed:
        """The likeliest candidates of the claim with this index."""
        c = self.claims[i]
        among = np.argsort(-c.chance, kind="stable")[:MOST].tolist()
        dates = [c.asked.candidates[j].date for j in among]
        chances = [float(c.chance[j]) for j in among]
        agrees = [sum(p * self.agreement(d, other) for p, other in zip(chances, dates, strict=True)) for d in dates]
        odds = np.array(c.asked.odds)
        likeliest, form, told, most = odds[among].max(), c.forms[0].max(), c.told[0].max(), max(agrees)
        alike = self._alike(i)
        of_claim = self._of_claim(i) | {"candidates": float(len(c.asked.candidates)), "untold": c.untold}
        rows = []
        for rank, j in enumerate(among):
            known = {
                "odds": float(odds[j]),
                "odds behind": float(odds[j] - likeliest),
                "form": float(c.forms[0, j]),
                "form mean": float(c.forms[:, j].mean()),
                "form most": float(c.forms[:, j].max()),
                "form behind": float(c.forms[0, j] - form),
                "told": float(c.told[0, j]),
                "told most": float(c.told[:, j].max()),
                "told behind": float(c.told[0, j] - told),
                "likely": chances[rank],
                "likely behind": math.log((chances[rank] + 1e-9) / (chances[0] + 1e-9)),
                "agrees": agrees[rank],
                "agrees behind": agrees[rank] - most,
                "rank": float(rank),
                "as ruled": float(dates[rank] == c.asked.rule),
            }
            known |= of_claim | self._of_date(i, c.asked.candidates[j], chances[rank], alike)
            rows.append([known.get(name, 0.0) for name in FEATURES])
        return Weighed(among, rows)

    def _of_claim(self, i: int) -> dict[str, float]:
        asked = self.claims[i].asked
        return {
            "no rule": float(asked.rule is None),
            "tellings": float(len(asked.claim.hints)),
            "at": i / len(self.claims),
            "claims": float(len(self.claims)),
            "unpublished": float(self.published is None),
            f"certainty:{asked.claim.certainty}": 1.0,
            f"type:{asked.claim.type}": 1.0,
        }

    def _alike(self, i: int) -> list[str | None]:
        """The likely dates of the other claims of the type, in a long report of those around it."""
        own, at = self.of_type[self.claims[i].asked.claim.type], self.place[i]
        return [self.claims[k].date for k in own[max(0, at - _ALIKE) : at + _ALIKE + 1] if k != i]

    def _of_date(self, i: int, candidate: Candidate, chance: float, alike: Sequence[str | None]) -> dict[str, float]:
        """What a date is by itself, and beside the likely dates of the report's other claims."""
        date, claims = candidate.date, self.claims
        others = self.mass[date] - chance if chance > _SOME else self.mass[date]
        start, end = edtf.bounds(date) if date else (None, None)
        out = {
            "others": math.log1p(max(0.0, others)),
            "others share": others / max(1e-6, self.whole - 1.0),
            "alike": sum(self.agreement(date, other) for other in alike) / (len(alike) + 0.5),
            "before": self.agreement(date, claims[i - 1].date) if i else 0.5,
            "after": self.agreement(date, claims[i + 1].date) if i + 1 < len(claims) else 0.5,
            "none": float(date is None),
            "days before": float(_FARTHEST),
            "length": -1.0 if date is None else 12.0,
            "telling": float(len(candidate.told)),
            f"form:{form_of(date, self.published)}": 1.0,
        }
        if self.day is not None and start is not None:
            out["days before"] = float(max(_NEAREST, min(_FARTHEST, (self.day - start).days)))
        if start is not None and end is not None:
            out["length"] = math.log1p(max(0, (end - start).days))
        if date is not None:
            out |= {"from": float("/.." in date), "until": float(date.startswith("..")), "about": float("~" in date)}
        return out | {f"kind:{kind.partition(':')[0]}": 1.0 for kind in candidate.kinds}
