"""When a claim's event happened or its state held: the ``date`` of claims, a learnt choice among what the report offers.

A log-linear model weighs the candidate dates of ``claim_dates_candidates`` (among them what the rules of
``claim_dates_rules`` say) and gives each a probability. The date chosen is not the most probable one but the one that
may be expected to share most days with the true date, so that near candidates support each other; and where it is expected to
gain next to nothing over the rules, they are followed. Where the reader heard something of the dates, a network chooses in
their place (``claim_dates_heard``). Weights: ``data/claim_dates.json``, derived by ``training/derive_dates.py``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files

from tadmor import edtf
from tadmor.model import Claim, Reading
from tadmor.reading.odds import total
from tadmor.resolve import claim_dates_heard as heard
from tadmor.resolve.claim_dates_candidates import Candidate, Choices
from tadmor.resolve.claim_dates_heard import Asked
from tadmor.resolve.claim_dates_rules import Telling

_WEIGHED = 6  # candidates that are compared with each other; those below have hardly any weight
_MARGIN = 0.02  # of expected agreement: what the weights tell apart by less, they do not tell apart
_OPEN = 3650  # days that an open end reaches
Weights = Mapping[str, Mapping[str, float]]


@cache
def weights() -> Weights:
    """Weights by kind of candidate and feature of the claim; features of single times stand under ``told``."""
    data = files("tadmor.resolve") / "data" / "claim_dates.json"
    return json.loads(data.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def date_claims(reading: Reading) -> tuple[Claim, ...]:
    """The claims of ``reading`` with ``date`` (EDTF or None), from time mentions that carry their values already.

    A claim whose ``date`` is set keeps it.
    """
    if not reading.claims:
        return ()
    choices = Choices(Telling(reading))
    asked = [ask(c, choices, weights()) for c in reading.claims]
    if any(c.hints for c in reading.claims):
        found = heard.dates(asked, choices.telling.published, agreement)
    else:
        found = [choose(one.candidates, one.odds, one.rule) for one in asked]
    return tuple(replace(c, date=c.date or date) for c, date in zip(reading.claims, found, strict=True))


def ask(claim: Claim, choices: Choices, table: Weights) -> Asked:
    """A claim with its candidates and the log weight of each."""
    candidates, context = choices.of(claim), choices.context(claim)
    of_kind: dict[str, float] = {}
    return Asked(claim, candidates, [score(c, context, table, of_kind) for c in candidates], choices.rules[claim.id])


def choose(candidates: Sequence[Candidate], scores: Sequence[float], rule: str | None) -> str | None:
    """The candidate whose expected agreement with the true date is greatest, or ``rule`` where that is hardly less."""
    scored = sorted(((s, -i) for i, s in enumerate(scores)), reverse=True)[:_WEIGHED]
    top = scored[0][0]
    likely = [(candidates[-i].date, math.exp(s - top)) for s, i in scored]
    whole = sum(p for _, p in likely)

    def expected(date: str | None) -> float:
        return sum(p * agreement(date, other) for other, p in likely) / whole

    gain, best = max(((expected(date), -i) for i, (date, _) in enumerate(likely)))
    if gain - expected(rule) <= _MARGIN and any(c.date == rule for c in candidates):
        return rule
    return likely[-best][0]


def score(
    candidate: Candidate, context: Sequence[str], table: Weights, of_kind: dict[str, float] | None = None
) -> float:
    """The model's log weight of a candidate; ``of_kind`` keeps what the context is worth for a kind, for the next one."""
    known = {} if of_kind is None else of_kind
    out = total(table.get("told", {}), candidate.features)
    for kind in candidate.kinds:
        if kind not in known:
            known[kind] = total(table.get(kind, {}), context)
        out += known[kind]
    return out


@lru_cache(maxsize=65536)
def agreement(a: str | None, b: str | None) -> float:
    """The share of days that two dates have in common, 0 to 1; an open end reaches ten years."""
    if a is None or b is None:
        return float(a is b)
    (a0, a1), (b0, b1) = _days(a), _days(b)
    return max(0, min(a1, b1) - max(a0, b0) + 1) / max(1, max(a1, b1) - min(a0, b0) + 1)


@lru_cache(maxsize=65536)
def _days(value: str) -> tuple[int, int]:
    start, end = edtf.bounds(value)
    if start is None:
        last = end.toordinal() if end else 0
        return last - _OPEN, last
    return start.toordinal(), end.toordinal() if end else start.toordinal() + _OPEN
