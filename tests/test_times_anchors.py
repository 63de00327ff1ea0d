"""Trying the rules of the time grammar around their anchors finds what trying them everywhere does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tadmor.resolve.times_anchors import OF_RULE, REACH, stretches
from tadmor.resolve.times_grammar import RULES, rules, spans

GATE = sorted((Path(__file__).parents[1] / "gate" / "reports").glob("*.json"))
SENTENCES = (
    "At 10:30 p.m. local time on the early morning of last Wednesday, the 3rd of May of last year, the bridge fell.",
    "From 3 March 2014 to the 12 April 2014 nothing moved; 2014-03-05 and 5/3/2014 were quiet.",
    "The late twenties, the '90s and nineteen ninety; two thousand and one; in the 1980s.",
    "In the third fiscal quarter of 2012 and the latest quarter, in the first half of 2013, at year-end.",
    "Every Sunday, daily, on Mondays and Tuesdays, each spring and by the summer of 2016.",
    "Late on Friday, overnight, tonight, the day before yesterday, this very morning, last night.",
    "Some three and a half weeks ago, days later, in the last two or three months, for a decade, the week before.",
    "Between 1914–18 and early in the year 2000, in mid-2015, by the end of 2016, at noon.",
)


def everywhere(text: str) -> set[tuple[int, int, str]]:
    """Where any rule has a match, wherever in the text it is tried."""
    return {
        (m.start(), m.end(), name) for name, pattern in rules() for m in pattern.finditer(text) if m.end() > m.start()
    }


def around(text: str) -> set[tuple[int, int, str]]:
    near = stretches(text)
    return {
        (m.start(), m.end(), name)
        for name, pattern in rules()
        for low, high in near.get(OF_RULE[name], ())
        for m in pattern.finditer(text, low, high)
        if m.end() > m.start()
    }


def test_every_rule_has_an_anchor() -> None:
    assert {name for name, _ in RULES} == set(OF_RULE)


@pytest.mark.parametrize("text", SENTENCES)
def test_nothing_is_missed_in_a_sentence(text: str) -> None:
    assert everywhere(text)
    assert around(text) == everywhere(text)


def test_nothing_is_missed_in_long_reports() -> None:
    texts = [json.loads(p.read_text(encoding="utf-8"))["report"]["text"] for p in GATE]
    long = "\n".join([*texts, *SENTENCES])  # anchors lie apart, and stretches are not the whole text
    assert 0 < sum(high - low for low, high in stretches(long)["month"]) < len(long) / 2
    assert around(long) == everywhere(long)


def test_an_expression_far_from_any_anchor_of_another_kind() -> None:
    text = "word " * REACH + "on Tuesday " + "word " * REACH
    (found,) = spans(text)
    assert text[found[0] : found[1]] == "Tuesday"
    assert stretches(text).keys() == {"weekday", "each"}
