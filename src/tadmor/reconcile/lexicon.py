"""The words and figures of ``data/kindred.toml``: kindred types, scopes of counts, generic words of place names."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("tadmor.reconcile").joinpath("data/kindred.toml").read_text(encoding="utf-8"))


@cache
def _pairs() -> dict[tuple[str, str], float]:
    out: dict[tuple[str, str], float] = {}
    for pair, value in _data()["pairs"].items():
        a, b = pair.split()
        out[a, b] = out[b, a] = float(value)
    return out


def type_likeness(a: str, b: str) -> float:
    """1 for one claim type, less for kindred types, 0 for others."""
    return 1.0 if a == b else _pairs().get((a, b), 0.0)


@cache
def scopes() -> dict[str, str]:
    """Words that tell whose number a count gives, each with its scope: civil, state or armed."""
    return {word: scope for scope, words in _data()["scope"].items() for word in words}


@cache
def civil_words() -> frozenset[str]:
    """Words for people who are no combatants."""
    return frozenset(_data()["scope"]["civil"])


@cache
def armed_words() -> frozenset[str]:
    """Words for people who fight."""
    return frozenset((*_data()["scope"]["state"], *_data()["scope"]["armed"]))


@cache
def generic_words() -> frozenset[str]:
    """Words of place names that tell no place from another."""
    return frozenset(_data()["generic"]["words"])
