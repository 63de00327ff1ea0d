"""Is a text about a conflict at all? A linear model over everyday words says so in a millisecond, before anything is read.

The weights stand in ``data/relevance.tsv``, one word a line, so that anybody can see what counts;
``training/relevance.py`` made them. Only words that are written in lower case somewhere count: no name of a place, a
person or a group does, so that a war which began yesterday is known by its words like any other. A text is judged by the
likeliest of its windows: a long page with one paragraph on an air strike is about a conflict. Texts in
another language than English cannot be judged.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tadmor.errors import MissingResource

WINDOW = 120
"""Words of a window; the next one begins half a window later."""

CLOSE = 50
"""Words of the shorter windows, in which a single paragraph stands out of a long page; there the odds must be ``CLEAR``."""

CLEAR = 0.6

LONGEST = 4000
"""Words of a text that are looked at."""

SHORTEST = 12
"""Known words below which a text is too short to be set aside for what it lacks."""

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Model:
    """Log-odds by word, the constant, and the probability from which a text is about a conflict."""

    weights: Mapping[str, float]
    constant: float
    threshold: float
    version: str


def words(text: str) -> list[str]:
    """The words of a text, folded, up to ``LONGEST``."""
    out = []
    for found in _WORD.finditer(text):
        out.append(found.group().lower())
        if len(out) == LONGEST:
            break
    return out


def windows(found: Sequence[str], size: int = WINDOW) -> Iterator[Sequence[str]]:
    """Windows of so many words, each overlapping the one before by half; one for a short text."""
    last = max(0, len(found) - size)
    for at in range(0, last, size // 2):
        yield found[at : at + size]
    yield found[last:]


def relevance(text: str) -> float:
    """How likely it is that an English text is about a conflict, 0 to 1. Raises MissingResource without the weights."""
    model = load()
    return max(_score(window, model) for window in windows(words(text)))


def is_relevant(text: str) -> bool:
    """Whether the text is to be read: it may be about a conflict, or is too short to tell. Raises MissingResource."""
    model = load()
    found = words(text)
    if sum(w in model.weights for w in found[:WINDOW]) < SHORTEST:
        return True
    return any(_score(window, model) >= model.threshold for window in windows(found)) or (
        len(found) > WINDOW and any(_score(window, model) >= CLEAR for window in windows(found, CLOSE))
    )


def _score(window: Sequence[str], model: Model) -> float:
    weights = model.weights
    known = [weights[w] for w in set(window) if w in weights]
    if not known:
        return 1 / (1 + math.exp(-model.constant))
    # the length of a vector of so many words that are there: what training divides by, too
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, model.constant + sum(known) / math.sqrt(len(known))))))


@cache
def load() -> Model:
    """The weights that ship in the package. Raises MissingResource when they are not there or damaged."""
    try:
        lines = files("tadmor.gather").joinpath("data/relevance.tsv").read_text(encoding="utf-8").splitlines()
        head = dict(part.split("=", 1) for part in lines[0].removeprefix("# ").split())
        weights = {word: int(weight) / 100 for word, _, weight in (line.partition("\t") for line in lines[1:])}
        return Model(weights, float(head["constant"]), float(head["threshold"]), head["version"])
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise MissingResource("the weights of the relevance step are missing or damaged: reinstall tadmor") from error
