"""Quantities: words and figures to ranges (codebook, rule 21), and what is no quantity."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor.model import Mention, Report
from tadmor.resolve import quantities, quantities_nouns


def resolved(text: str) -> list[tuple[str, float | None, float | None, bool, str | None]]:
    mentions = [
        Mention(f"q{i}", f.start, f.end, text[f.start : f.end], "quantity")
        for i, f in enumerate(quantities.recognise(text))
    ]
    out = quantities.resolve_quantities(mentions, Report("r", text))
    return [(m.text, m.min, m.max, m.approx, m.unit) for m in out.values()]


@pytest.mark.parametrize(
    ("expression", "low", "high", "approx"),
    [
        ("300", 300, 300, False),
        ("several", 3, None, False),
        ("a handful", 3, None, False),
        ("tens", 20, None, False),
        ("dozens", 24, None, False),
        ("scores", 40, None, False),
        ("hundreds", 200, None, False),
        ("thousands", 2000, None, False),
        ("millions", 2000000, None, False),
        ("tens of thousands", 20000, None, False),
        ("several hundred", 300, None, False),
        ("almost 40", 40, 40, True),
        ("nearly 40", 40, 40, True),
        ("some 40,000", 40000, 40000, True),
        ("about 40", 40, 40, True),
        ("more than 4,000", 4001, None, False),
        ("over 50", 51, None, False),
        ("at least 12", 12, None, False),
        ("no fewer than nine", 9, None, False),
        ("up to 50", None, 50, False),
        ("fewer than 10", None, 9, False),
        ("3 to 5", 3, 5, False),
        ("3-5", 3, 5, False),
        ("between 10 and 20", 10, 20, False),
        ("two dozen", 24, 24, False),
        ("a dozen", 12, 12, False),
        ("twenty-two", 22, 22, False),
        ("one hundred and twenty", 120, 120, False),
        ("1.2m", 1200000, 1200000, False),
        ("1.2 million", 1200000, 1200000, False),
        ("half a million", 500000, 500000, False),
        ("4,500", 4500, 4500, False),
        ("4 500", 4500, 4500, False),
        ("5000", 5000, 5000, False),
        ("Seven", 7, 7, False),
        ("60-plus", 60, None, False),
        ("10 or more", 10, None, False),
        ("few thousand", 2000, None, False),
        ("another dozen", 12, 12, False),
        ("25-30,000", 25000, 30000, False),
        ("hundreds of thousand", 200000, None, False),
    ],
)
def test_value(expression: str, low: float | None, high: float | None, approx: bool) -> None:
    got = quantities.value(expression)
    assert got is not None
    assert (got.min, got.max, got.approx) == (low, high, approx)


@pytest.mark.parametrize(
    ("expression", "amount", "unit"),
    [
        ("700 hectares", 700, "ha"),
        ("12 square kilometres", 1200, "ha"),
        ("hundreds of square kilometres", 20000, "ha"),
        ("6 km", 6, "km"),
        ("30 percent", 30, "percent"),
        ("$5 million", 5000000, "currency"),
        ("26-year-old", 26, "age"),
    ],
)
def test_measures_carry_their_unit(expression: str, amount: float, unit: str) -> None:
    got = quantities.value(expression)
    assert got is not None
    assert (got.min, got.unit) == (amount, unit)


@pytest.mark.parametrize("expression", ["", "few", "a number of", "the town", "half", "9" * 400])
def test_no_number_is_no_quantity(expression: str) -> None:
    assert quantities.value(expression) is None


@pytest.mark.parametrize(
    "text",
    [
        "A T-72 and a BMP 2 stood there.",
        "Flight MH17 and a 9K32 launcher.",
        "Resolution 2254 was read out.",
        "They met on 3 May 2016 at 10:30.",
        "No one came, one of them said.",
        "The 4th Division left.",
        "A Shahed 129 drone came down.",
    ],
)
def test_names_dates_and_idle_words_are_no_quantities(text: str) -> None:
    assert resolved(text) == []


def test_the_words_around_decide_the_range() -> None:
    assert resolved("More than 300 fighters and about 20 tanks came, up to 40 shells fell.") == [
        ("300", 301, None, False, "person"),
        ("20", 20, 20, True, "vehicle"),
        ("40", None, 40, False, "strike"),
    ]


def test_control_over_villages_is_no_more_than() -> None:
    assert resolved("They took control over three villages.")[0][1:3] == (3, 3)
    assert resolved("They took over two oil fields.")[0][1:3] == (2, 2)


def test_at_least_covers_the_numbers_joined_to_it() -> None:
    assert [(low, high) for _, low, high, _, _ in resolved("At least 12 people and 3 soldiers died.")] == [
        (12, None),
        (3, None),
    ]


def test_at_least_passes_over_a_part_and_stops_at_another_thing() -> None:
    said = "At least 14 people were killed, among them four children, and 19 injured."
    assert [(low, high) for _, low, high, _, _ in resolved(said)] == [(14, None), (4, 4), (19, None)]
    said = "Raids killed 16 civilians, including at least two children, and hurt 22 men."
    assert [(low, high) for _, low, high, _, _ in resolved(said)] == [(16, 16), (2, None), (22, 22)]
    assert [(low, high) for _, low, high, _, _ in resolved("At least nine men died in 12 districts.")] == [
        (9, None),
        (12, 12),
    ]


def test_at_least_may_follow() -> None:
    assert resolved("The blast killed 20 civilians at least and broke windows.")[0][1:3] == (20, None)


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("seven barrel bombs 12 missiles", "bombs"),
        ("40 positions seven vehicles", "positions"),
        ("one person injuring three others", "person"),
        ("35 Dead Dozens Wounded", None),
        ("dozens of dead soldiers in the town", "soldiers"),
        ("hundreds of townsmen clashed with police", "townsmen"),
        ("three villages carried flags", "villages"),
    ],
)
def test_the_counted_noun_ends_before_the_next_thing(text: str, noun: str | None) -> None:
    found = quantities_nouns.counted_noun(text, quantities.recognise(text)[0].end)
    assert (found and found[2]) == noun


def test_between_is_one_range() -> None:
    assert [q[1:3] for q in resolved("Between 10 and 20 fighters fell.")] == [(10, 20)]


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                "at least more than 3 4,500 1.2 m million dozens of hundreds thousand - to and half a km % $ one".split()
            ),
            max_size=8,
        ).map(" ".join),
    )
)
def test_any_text_gives_valid_spans_and_ordered_ranges(text: str) -> None:
    last = 0
    for span in quantities.recognise(text):
        assert last <= span.start < span.end <= len(text)
        last = span.end
    got = quantities.value(text)
    if got is not None and got.min is not None and got.max is not None:
        assert got.min <= got.max
