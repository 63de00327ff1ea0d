"""Where in a text a time expression can stand at all: near a word that such expressions never lack.

The rules of the grammar are long patterns, and most stretches of a text have neither a month nor a weekday nor an hour. So
each rule is tried only around its anchors; it finds what it would find in the whole text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from tadmor.resolve.times_lexicon import lexicon, months, weekdays

REACH = 120  # code points on either side of an anchor, longer than any expression
_WORD = re.compile(r"\d\w*|[A-Za-z]+")
_UNITS = "minute hour day night week weekend fortnight month quarter year decade"
_PARTS = "morning afternoon evening night dawn dusk noon midday midnight daybreak"
_WORDS = {
    "unit": f"{_UNITS} {' '.join(f'{u}s' for u in _UNITS.split())} century morning evening",
    "today": f"today tonight yesterday tomorrow overnight {_PARTS}",
    "each": "each every daily weekly monthly annually",
    "number": "noon midday midnight eighteen nineteen thousand twenties thirties forties fifties sixties seventies eighties"
    " nineties",
    "half": "half",
    "holiday": "christmas new",
}
_OF_RULE = {
    "number": "iso compact numeric monthday years edge_year part_year decade year clock",
    "month": "date days week_of span month_year months month",
    "unit": "unit shift window duration quarter first_months",
    "holiday": "holiday",
    "weekday": "weekday",
    "today": "today",
    "each": "each",
    "season": "season",
    "half": "half",
}
OF_RULE = {rule: kind for kind, rules in _OF_RULE.items() for rule in rules.split()}  # the kind of anchor of each rule


def stretches(text: str) -> dict[str, list[tuple[int, int]]]:
    """By kind of anchor the stretches (code points) of a text in which an expression may begin and end, in text order."""
    out: dict[str, list[tuple[int, int]]] = defaultdict(list)
    kinds = _kinds()
    for match in _WORD.finditer(text):
        word = match[0]
        for kind in ("number",) if word[0].isdigit() else kinds.get(word.lower(), ()):
            low, high = max(0, match.start() - REACH), min(len(text), match.end() + REACH)
            own = out[kind]
            if own and low <= own[-1][1]:
                own[-1] = (own[-1][0], high)
            else:
                own.append((low, high))
    return out


@cache
def _kinds() -> dict[str, tuple[str, ...]]:
    """The kinds of anchors that a word in lower case is."""
    out: dict[str, tuple[str, ...]] = {}
    days = [form for day in weekdays() for form in (day, f"{day}s")]
    words = {kind: some.split() for kind, some in _WORDS.items()} | {
        "month": list(months()),
        "weekday": days,
        "season": list(lexicon()["seasons"]),
    }
    words["each"] = [*words["each"], *days]  # "on Sundays"
    for kind, some in words.items():
        for word in dict.fromkeys(some):
            out[word] = (*out.get(word, ()), kind)
    return out
