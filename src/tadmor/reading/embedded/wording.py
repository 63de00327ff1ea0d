"""How a name stands to the trigger of a claim, word by word: what leads to it, what follows it, what is told between the two.

"Killed as Huambo fell", "the Syria crisis" and "Cambodia's opposition" name places at which nothing is said to have happened.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

from tadmor.model import Mention
from tadmor.reading.drafts import Draft
from tadmor.reading.triggers import read_data
from tadmor.reading.words import Word

FEATURES = (
    "led in",
    "led from",
    "led to",
    "led of",
    "modifier",  # of the noun after it: "the Syria crisis"
    "possessive",
    "event between",  # how much a word between trigger and name looks like an event's
    "event lead",  # the same, above the trigger's own word
    "clause between",  # another clause begins between them
    "comma between",
)
_WORDS = tomllib.loads(read_data("wording.toml"))
_LEADS = {f"led {how}": frozenset(some) for how, some in _WORDS["leads"].items()}
_SKIPPED, _KINDS, _CLAUSES, _SMALL = (frozenset(_WORDS["places"][k]) for k in ("skipped", "kinds", "clauses", "small"))
_LEAST = -4.0


def wording(draft: Draft, m: Mention, events: Sequence[float]) -> dict[str, float]:
    """What the sentence's words say of a name in it; ``events`` tells of each word of the line how much it looks like an event.

    ``events`` are logits, empty where the network saw nothing of the line.
    """
    words = draft.line.words
    first = max(0, draft.line.word_at(m.start))
    last = max(first, draft.line.word_at(m.end - 1))
    low, high = (draft.last + 1, first) if first > draft.last else (last + 1, draft.first)
    between = range(low, high)
    told = max((events[i] for i in between), default=_LEAST) if events else _LEAST
    own = max((events[i] for i in range(draft.first, draft.last + 1)), default=_LEAST) if events else _LEAST
    lead = _lead(words, first)
    return {
        **{name: float(lead in some) for name, some in _LEADS.items()},
        "modifier": float(_modifies(words, last)),
        "possessive": float(_possessive(words, last)),
        "event between": max(_LEAST, min(-_LEAST, told)),
        "event lead": max(_LEAST, min(-_LEAST, told - own)),
        "clause between": float(any(words[i].lower in _CLAUSES for i in between)),
        "comma between": float(any(words[i].text in ",;:" for i in between)),
    }


def _lead(words: Sequence[Word], first: int) -> str:
    """The word before the name and what belongs to it: "in" of "in the northern town of"."""
    i = first - 1
    if i > 0 and words[i].lower == "of" and words[i - 1].lower in _KINDS:
        i -= 2
    while i >= 0 and words[i].lower in _SKIPPED:
        i -= 1
    return words[i].lower if i >= 0 else ""


def _modifies(words: Sequence[Word], last: int) -> bool:
    after = words[last + 1] if last + 1 < len(words) else None
    return (
        after is not None and after.text.isalpha() and after.text == after.lower and after.lower not in _SMALL | _KINDS
    )


def _possessive(words: Sequence[Word], last: int) -> bool:
    after = words[last + 1].text if last + 1 < len(words) else ""
    return after in ("'s", "’s", "'", "’") or words[last].text.endswith(("'s", "’s"))
