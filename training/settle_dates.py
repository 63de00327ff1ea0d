"""Settles how much the network's hints at dates weigh beside the resolver's own weights.

The resolver's weights that ship have learnt from all coded reports, those that the network had not seen among them. Beside
weights that know the dates already, hints seem worth little: so each report is judged by weights that were learnt without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch

from tadmor.evaluate.claims import date_score
from tadmor.reading.embedded import dates
from tadmor.resolve import claim_dates
from tadmor.resolve.claim_dates_candidates import Candidate, Choices
from tadmor.resolve.claim_dates_rules import Telling
from training import derive_dates
from training.examples import SHARED
from training.settle_cases import Case, Row

FOLDS = 3
FORM = (0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4)  # weights of the form that are tried


def weights(cases: Sequence[Case], rows: Sequence[Row]) -> dict[str, float]:
    """How much the network's hints at dates weigh beside weights of the resolver that have not learnt from the same report."""
    of = {id(case.claim): case for case in cases}
    plain = {"form": 1.0, "told": 1.0, "untold": 1.0}
    packed: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    told: list[tuple[list[Candidate], np.ndarray, np.ndarray, str | None, str | None]] = []
    for row, table in unlearnt(rows):
        made, _ = derive_dates.reading(row)
        choices = Choices(Telling(made))
        for claim in made.claims:
            coded_claim = row["claims"][int(claim.id[1:])]
            case = of.get(id(coded_claim))
            if case is None:
                continue
            candidates, context = choices.of(claim), choices.context(claim)
            hint = dates.hint(case.scene, case.view, plain)
            more = np.array([claim_dates.hinted(c, hint, choices.telling.published) for c in candidates])
            base = np.array([claim_dates.score(c, context, table) for c in candidates])
            worth = np.array([date_score(coded_claim["date"], c.date) for c in candidates])
            told.append((candidates, base, more, choices.rules[claim.id], coded_claim["date"]))
            if worth.max() >= 0.05:
                packed.append((base, more, worth))
    w = torch.full((3,), 0.1, requires_grad=True)
    opt = torch.optim.LBFGS([w], max_iter=100, line_search_fn="strong_wolfe")
    tensors = [tuple(torch.tensor(x, dtype=torch.float32) for x in p) for p in packed]

    def closure() -> torch.Tensor:
        opt.zero_grad()
        loss = torch.zeros(())
        for base, more, worth in tensors:
            chance = torch.log_softmax(base + more @ w, 0)
            target = worth**derive_dates.SHARPNESS
            loss = loss - (target / target.sum() * chance).sum() - (chance.exp() * worth).sum()
        loss = loss / len(tensors) + 1e-3 * (w**2).sum()
        loss.backward()
        return loss

    opt.step(closure)
    likely = w.detach().numpy()

    def mean(weights: np.ndarray) -> float:
        return float(
            np.mean([
                date_score(gold, claim_dates.choose(cs, list(base + more @ weights), rule))
                for cs, base, more, rule, gold in told
            ])
        )  # fmt: skip

    # What makes the coded dates likely makes too little of their forms: the date that is chosen gains where these weigh more.
    slots = [mean(np.array([form, *likely[1:]])) for form in FORM]
    smooth = np.convolve(slots, np.ones(3) / 3, mode="valid")  # single steps are worth no more than chance
    form = FORM[1 + int(np.argmax(smooth))]
    found = dict(zip(("form", "told", "untold"), (round(float(x), 4) for x in (form, *likely[1:])), strict=True))
    print(
        f"dates: {len(told)} claims, {mean(np.zeros(3)):.3f} without hints, {mean(likely):.3f} with the likeliest weights"
    )
    print(f"   by weight of the form {dict(zip(FORM, (round(x, 4) for x in slots), strict=True))}: {found}")
    return found


def unlearnt(rows: Sequence[Row]) -> Iterator[tuple[Row, derive_dates.Table]]:
    """Each report with weights of the resolver that were learnt from all coded reports but a share, which it is of."""
    learnt = derive_dates.examples(derive_dates.load(SHARED / "gold-train"))
    for fold in range(FOLDS):
        own = rows[fold::FOLDS]
        out = {row["report"]["id"] for row in own}
        table = derive_dates.fit([e for e in learnt if e.report not in out])
        yield from ((row, table) for row in own)
