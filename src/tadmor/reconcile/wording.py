"""What two clauses have in common in words: stems, each worth as much as it is rare."""

from __future__ import annotations

import json
import math
import re
from functools import cache, lru_cache
from importlib.resources import files

from tadmor.reconcile.names import fold

_WORD = re.compile(r"[a-z][a-z0-9]{2,}")
_ENDINGS = (
    "ational ization ations ation ities ments ment ings edly ing ied ies ers ors ion ity ive est ed es er ly al s"
).split()
_SHORTEST = 4  # letters that a stem keeps


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A folded word without its commonest endings: "bombings", "bombed" and "bombing" are "bomb"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word[: -len(ending)]
            break
    word = word[:-1] if len(word) > _SHORTEST and word[-1] in "eiy" else word
    return word[:-1] if len(word) > _SHORTEST and word[-1] == word[-2] else word


def stems(text: str) -> frozenset[str]:
    """The stems of a text's words of three letters and more."""
    return frozenset(stem(w) for w in _WORD.findall(fold(text)))


@cache
def _rarity() -> dict[str, float]:
    table = json.loads(files("tadmor.reconcile").joinpath("data/rarity.json").read_text(encoding="utf-8"))
    return {word: float(value) for word, value in table.items()}


@cache
def unheard() -> float:
    """The rarity of a stem that is not in the table."""
    return max(_rarity().values())


def rarity(word: str) -> float:
    """Inverse document frequency of a stem: the natural logarithm of clauses per clause that has it.

    From the clauses of the coded reports (``training.derive_pairs``); what is in hardly any of them counts as the rarest.
    """
    return _rarity().get(word, unheard())


def worth(words: frozenset[str]) -> float:
    """Summed rarity."""
    table, most = _rarity(), unheard()
    return math.fsum(table.get(w, most) for w in words)  # exact, so that the order of a set changes nothing
