"""Lists of names that are cut short."""

from __future__ import annotations

import pytest

from tadmor.listing import listed


@pytest.mark.parametrize(
    ("names", "says", "closed"),
    [
        ("", "", ""),
        ("a", "a", "a"),
        ("ab", "a, b", "a and b"),
        ("abc", "a, b, c", "a, b and c"),
        ("abcd", "a, b, c and 1 more", "a, b, c and 1 more"),
    ],
)
def test_a_list_names_the_first_and_how_many_are_left(names: str, says: str, closed: str) -> None:
    assert listed(list(names), 3) == says
    assert listed(list(names), 3, last=" and ") == closed


def test_many_that_are_left_out_are_counted_as_everywhere() -> None:
    assert listed(["a"] * 1206, 2) == "a, a and 1,204 more"
