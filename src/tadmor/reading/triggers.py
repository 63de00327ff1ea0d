"""Triggers: the words that may state a claim, and how likely they do so in their company.

The lexicon (``data/triggers.toml``) names words and phrases by claim type. Whether a word of it really states a claim
of that type is a question of its company ("raids" beside "air" or beside "houses"); a log-linear model over the words
around it answers it, one weight per feature and type (``data/triggers.json``), derived from coded reports by
``training/derive_triggers.py``.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from tadmor.errors import MissingResource
from tadmor.model import Report
from tadmor.reading.odds import probability, total
from tadmor.reading.text import Sentence, tokens
from tadmor.reading.words import Word, words_of

GAP = 4  # words that may stand between the two halves of a phrase
NEAR = 7  # words on each side whose company counts most
REACH = 40  # words on each side that count at all: keeps the work linear in the text
_STOP = frozenset("the a an , . ' ’ \" “ ” ( ) - – — : ;".split())


@dataclass(frozen=True)  # without slots: its key is asked for again and again
class Phrase:
    """A lexicon entry: stems of its words in order; ``gap`` is the index after which other words may stand, or 0."""

    stems: tuple[str, ...]
    gap: int
    types: tuple[str, ...]

    @cached_property
    def key(self) -> str:
        """The entry's name in the table of weights."""
        return "_".join(self.stems)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a claim of ``type`` may be stated: token indices of its trigger (``last`` inclusive), its probability."""

    type: str
    first: int
    last: int
    key: str
    score: float


Match = tuple[Phrase, int, int]


@cache
def phrases() -> dict[str, tuple[Phrase, ...]]:
    """The lexicon by the stem of each phrase's first word, long phrases first."""
    raw: dict[str, list[str]] = tomllib.loads(read_data("triggers.toml"))
    types: dict[tuple[tuple[str, ...], int], list[str]] = {}
    for name, entries in raw.items():
        for entry in entries:
            left, _, right = entry.partition(" .. ")
            first, second = _stems(left), _stems(right)
            listed = types.setdefault((first + second, len(first) if second else 0), [])
            if name not in listed:
                listed.append(name)
    out: dict[str, list[Phrase]] = {}
    for (stems, gap), names in types.items():
        out.setdefault(stems[0], []).append(Phrase(stems, gap, tuple(names)))
    return {first: tuple(sorted(entries, key=lambda p: -len(p.stems))) for first, entries in out.items()}


@cache
def weights() -> dict[str, dict[str, float]]:
    """Weights by claim type and feature; the feature ``bias`` is always on."""
    return json.loads(read_data("triggers.json"))  # type: ignore[no-any-return]


def matches(words: Sequence[Word]) -> Iterator[Match]:
    """Every lexicon entry found: entry, index of its first and its last word."""
    lexicon = phrases()
    stems = [w.stem for w in words]
    for i, first in enumerate(stems):
        for phrase in lexicon.get(first, ()):
            last = _match(phrase, stems, i)
            if last is not None:
                yield phrase, i, last


def _match(phrase: Phrase, stems: Sequence[str], i: int) -> int | None:
    head = phrase.gap or len(phrase.stems)
    if tuple(stems[i : i + head]) != phrase.stems[:head]:
        return None
    if not phrase.gap:
        return i + head - 1
    tail = phrase.stems[head:]
    for j in range(i + head, min(i + head + GAP + 1, len(stems) - len(tail) + 1)):
        if tuple(stems[j : j + len(tail)]) == tail:
            return j + len(tail) - 1
    return None


def features(words: Sequence[Word], found: Sequence[Match], at: int, place: str) -> list[str]:
    """What is known of the company of the trigger ``found[at]``: names of features that are on.

    ``found`` are all matches in the sentence; ``place`` says what kind of passage it stands in ("headline", "first" for
    the opening of the body, "body").
    """
    phrase, first, last = found[at]
    n = len(words)
    surface = words[first].lower
    before = words[first - 1].stem if first else "<s>"
    after = words[last + 1].stem if last + 1 < n else "</s>"
    before2 = words[first - 2].stem if first > 1 else "<s>"
    after2 = words[last + 2].stem if last + 2 < n else "</s>"
    out = [
        "bias",
        f"t:{phrase.key}",
        f"f:{surface}",
        f"len:{min(len(phrase.stems), 3)}",
        f"p:{place}",
        f"-1:{before}",
        f"+1:{after}",
        f"-2:{before2}",
        f"+2:{after2}",
        f"-1t:{before}_{phrase.key}",
        f"+1t:{phrase.key}_{after}",
    ]
    form = (
        "ing" if surface.endswith("ing") else "ed" if surface.endswith("ed") else "s" if surface.endswith("s") else "0"
    )
    out.append(f"form:{form}")
    near = _telling(words[max(0, first - NEAR) : first]) | _telling(words[last + 1 : last + NEAR + 1])
    far = _telling(words[max(0, first - REACH) : max(0, first - NEAR)]) | _telling(
        words[last + NEAR + 1 : last + REACH + 1]
    )
    out.extend(sorted(f"n:{w}" for w in near))
    out.extend(sorted(f"s:{w}" for w in far - near))
    out.extend(sorted(_neighbours(found, at)))
    return out


def _telling(words: Sequence[Word]) -> set[str]:
    """The stems of these words that tell something; all numerals are one."""
    return {"#" if w.stem[0].isdigit() else w.stem for w in words} - _STOP


def _neighbours(found: Sequence[Match], at: int) -> set[str]:
    """The other triggers within reach, by side, and the types that the plain ones among them speak for."""
    _, first, last = found[at]
    out: set[str] = set()
    for step in (-1, 1):
        i = at + step
        while 0 <= i < len(found) and first - NEAR - GAP - 3 <= found[i][1] <= last + NEAR:
            phrase, a, b = found[i]
            if b < first:
                side = "L" if first - b <= NEAR else ""
            elif a > last:
                side = "R"
            elif (a, b) != (first, last):
                side = "v"
            else:
                side = ""
            if side:
                out.add(f"k{side}:{phrase.key}")
                if side == "v" or len(phrase.types) <= 2:
                    out.update(f"o{side}:{name}" for name in phrase.types)
            i += step
    return out


def candidates(words: Sequence[Word], place: str) -> list[Candidate]:
    """All lexicon matches in the sentence with their probabilities, in text order."""
    table = weights()
    found = list(matches(words))
    out: list[Candidate] = []
    for at, (phrase, first, last) in enumerate(found):
        active = features(words, found, at, place)
        for name in phrase.types:
            row = table.get(name)
            if row is not None:
                out.append(Candidate(name, first, last, phrase.key, probability(total(row, active))))
    return out


def positions(report: Report, sentences: Sequence[Sentence]) -> list[str]:
    """Where each sentence stands: "headline", "first" for the opening of the running text, else "body"."""
    out: list[str] = []
    body = 0
    for sentence in sentences:
        kind = report.passages[sentence.passage].kind if report.passages else "body"
        if kind == "headline":
            out.append("headline")
        else:
            out.append("first" if body == 0 else "body")
            body += 1
    return out


def _stems(text: str) -> tuple[str, ...]:
    return tuple(w.stem for w in words_of(tokens(text)))


def read_data(name: str) -> str:
    """The text of a data file of the room. Raises MissingResource."""
    return read_bytes(name).decode("utf-8")


def read_bytes(name: str) -> bytes:
    """A data file of the room. Raises MissingResource."""
    path = files("tadmor.reading") / "data" / name
    try:
        return path.read_bytes()
    except OSError as error:
        raise MissingResource(f"{name} is missing from tadmor.reading: reinstall the package") from error
