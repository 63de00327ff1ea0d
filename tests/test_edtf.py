from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadmor import edtf
from tadmor.errors import BadDate

D = dt.date


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("2016-12-11", D(2016, 12, 11), D(2016, 12, 11)),
        ("2016-02", D(2016, 2, 1), D(2016, 2, 29)),
        ("2016", D(2016, 1, 1), D(2016, 12, 31)),
        ("2016-03~", D(2016, 3, 1), D(2016, 3, 31)),
        ("2017-22", D(2017, 6, 1), D(2017, 8, 31)),
        ("2016-24", D(2016, 12, 1), D(2017, 2, 28)),
        ("2016-12-10/2016-12-11", D(2016, 12, 10), D(2016, 12, 11)),
        ("2016-12-11/..", D(2016, 12, 11), None),
        ("../2016-11~", None, D(2016, 11, 30)),
    ],
)
def test_bounds_are_the_first_and_last_day(value: str, start: D | None, end: D | None) -> None:
    assert edtf.bounds(value) == (start, end)


@pytest.mark.parametrize(
    "value", ["", "yesterday", "2016-13", "2016-02-30", "11.12.2016", "2016/", "0000", "2016-12-11 "]
)
def test_what_is_no_date_is_refused(value: str) -> None:
    assert not edtf.valid(value)
    with pytest.raises(BadDate, match=r"day|date"):
        edtf.bounds(value)


@pytest.mark.parametrize("value", ["2016-21-12", "2016-XX-11", "2016-12-11/2016-12-01"])
def test_a_day_of_a_season_and_an_end_before_the_beginning_are_none(value: str) -> None:
    assert not edtf.valid(value)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("2016-12", "2016-12-11", True),
        ("2016-12-10", "2016-12-11", False),
        ("2016-12-01/..", "2020", True),
        ("../2016-11", "2016-12", False),
        ("..", "1990", True),
    ],
)
def test_overlap_is_having_a_day_in_common(a: str, b: str, expected: bool) -> None:
    assert edtf.overlap(a, b) is expected
    assert edtf.overlap(b, a) is expected


@given(st.dates(min_value=D(1, 1, 1)), st.dates(min_value=D(1, 1, 1)))
def test_days_and_intervals_keep_their_ends(a: D, b: D) -> None:
    first, last = sorted((a, b))
    assert edtf.bounds(f"{first}/{last}") == (first, last)


@given(st.text(max_size=30))
def test_any_text_is_either_a_date_or_refused(text: str) -> None:
    try:
        start, end = edtf.bounds(text)
    except BadDate:
        return
    assert start is None or end is None or start <= end or "/" in text
