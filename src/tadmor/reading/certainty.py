"""Certainty: whether a claim is asserted, hedged, denied or expected, by the cues around its trigger.

Cues come from ``data/certainty.toml``; how much each says, by where it stands, from a log-linear model
(``data/certainty.json``, derived from coded reports by ``training/derive_triggers.py``). Accusations, threats,
demands and rejections are acts of speech: asserted.
"""

from __future__ import annotations

import json
import math
import tomllib
from functools import cache
from typing import cast

from tadmor.model import Certainty
from tadmor.reading.drafts import Draft
from tadmor.reading.text import tokens
from tadmor.reading.triggers import read_data
from tadmor.reading.words import words_of
from tadmor.taxonomy import UTTERANCES

CLASSES = ("denied", "expected", "hedged")
_CLOSE = 3  # words before the trigger that belong to its verb
_BEFORE = 5  # words before the clause that may still govern it ("denied that ...")


@cache
def cues() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Cues by the stem of their first word: stems and class."""
    raw: dict[str, list[str]] = tomllib.loads(read_data("certainty.toml"))
    out: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name in CLASSES:
        for cue in raw[name]:
            stems = tuple(w.stem for w in words_of(tokens(cue)))
            out.setdefault(stems[0], []).append((stems, name))
    return {first: tuple(sorted(entries)) for first, entries in out.items()}


@cache
def weights() -> dict[str, dict[str, float]]:
    """Weights by class and feature, with the class's threshold under ``threshold``."""
    return json.loads(read_data("certainty.json"))  # type: ignore[no-any-return]


def features(draft: Draft) -> list[str]:
    """Cues with where they stand to the trigger, the trigger's form and what governs it."""
    words = draft.line.words
    start = max(0, draft.low - _BEFORE)
    out = {"bias", f"type:{draft.type}", f"place:{draft.line.place}"}
    table = cues()
    for i in range(start, draft.high):
        for stems, name in table.get(words[i].stem, ()):
            if tuple(w.stem for w in words[i : i + len(stems)]) != stems:
                continue
            zone = _zone(draft, i)
            cue = "_".join(stems)
            out.update((f"{name}@{zone}", f"{cue}@{zone}", f"{cue}"))
    before = words[draft.first - 1].stem if draft.first else "<s>"
    surface = words[draft.first].lower
    form = (
        "ing"
        if surface.endswith("ing")
        else "ed"
        if surface.endswith("ed")
        else "s"
        if surface.endswith("s")
        else "base"
    )
    out.update((f"form:{form}", f"previous:{before}", f"previous-form:{before}-{form}"))
    if any(w.text in '“”"' for w in words[: draft.low]):
        out.add("quoted")
    return sorted(out)


def _zone(draft: Draft, i: int) -> str:
    if i < draft.low:
        return "outside"
    if draft.first - _CLOSE <= i < draft.first:
        return "close"
    if i < draft.first:
        return "before"
    return "trigger" if i <= draft.last else "after"


def certainty(draft: Draft) -> Certainty:
    """The certainty of the claim that a clause states."""
    if draft.type in UTTERANCES:
        return "asserted"
    active = features(draft)
    best, margin = "asserted", 0.0
    for name in CLASSES:
        row = weights()[name]
        p = 1.0 / (1.0 + math.exp(-sum(row.get(f, 0.0) for f in active)))
        if p - row.get("threshold", 0.5) > margin:
            best, margin = name, p - row.get("threshold", 0.5)
    return cast(Certainty, best)
