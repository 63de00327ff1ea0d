"""When two names are the same for scoring, and set F1 under such a measure; aliases are in ``aliases.json``."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

_GENERIC = frozenset(
    """the a an of and in some its their several number city town village militants militant fighters fighter
    troops forces force group groups members terrorists terrorist gunmen soldiers warplanes jets aircraft airstrikes
    people men syrian iraqi local""".split()
)


@cache
def _aliases() -> tuple[frozenset[str], ...]:
    raw = json.loads(files("tadmor.evaluate").joinpath("aliases.json").read_text(encoding="utf-8"))
    return tuple(frozenset(group) for group in raw)


@cache
def norm(name: str | None) -> str:
    """The name in plain lower-case letters and digits, without its article and possessive."""
    text = (name or "").replace("\u2019", "'").replace("\u2018", "'").replace("\u02bc", "'")
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    text = re.sub(r"(\w)'s\b", r"\1", text)
    text = re.sub(r"['.`]", "", text)
    text = re.sub(r"[^a-z0-9]+", " ", text).strip()
    return re.sub(r"^(the|a|an|some|its|their) ", "", text)


@cache
def same_name(a: str, b: str) -> bool:
    """Equal, aliases, or equal but for generic words; a full name of two words or more may stand inside a longer title."""
    x, y = norm(a), norm(b)
    if not x or not y:
        return False
    if x == y or any(x in group and y in group for group in _aliases()):
        return True
    p, q = ([w for w in n.split() if w not in _GENERIC] for n in (x, y))
    if not p or not q:
        return False
    if p == q or any(" ".join(p) in group and " ".join(q) in group for group in _aliases()):
        return True
    small, large = sorted((p, q), key=len)
    return len(small) >= 2 and any(large[i : i + len(small)] == small for i in range(len(large) - len(small) + 1))


def set_f1(gold: Sequence[Any], got: Sequence[Any], same: Callable[[Any, Any], float] = same_name) -> float:
    """F1 of two lists under a similarity of 0 to 1, best pairs first; 1 when both are empty."""
    if not gold and not got:
        return 1.0
    pairs = sorted(((float(same(g, s)), i, j) for i, g in enumerate(gold) for j, s in enumerate(got)), reverse=True)
    used_gold: set[int] = set()
    used_got: set[int] = set()
    hit = 0.0
    for value, i, j in pairs:
        if value > 0 and i not in used_gold and j not in used_got:
            used_gold.add(i)
            used_got.add(j)
            hit += value
    return 2 * hit / (len(gold) + len(got))


def f1(hits: float, gold: int, got: int) -> tuple[float, float, float]:
    """F1, precision and recall."""
    p, r = hits / got if got else 0.0, hits / gold if gold else 0.0
    return (2 * p * r / (p + r) if p + r else 0.0), p, r
