from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadmor.publish.csv_ import count_words, safe, write_rows
from tadmor.publish.jsonl import line
from tadmor.publish.sitrep import day_words


@pytest.mark.parametrize("cell", ["=1+1", "+A1", "-2+3", "@SUM(A1)", "\tx", "\r=1", '=HYPERLINK("http://x")', "＝1"])
def test_cells_that_would_run_are_neutralised(cell: str) -> None:
    assert safe(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["Palmyra", "-2.5", "+3", 5, None, "a=1", "12 killed"])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert safe(cell) == cell


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1, max_size=3))
def test_no_cell_of_a_written_table_starts_a_formula(cells: list[str]) -> None:
    stream = io.StringIO(newline="")
    write_rows([dict(zip("abc", cells, strict=False))], "abc", stream)
    for row in csv.reader(io.StringIO(stream.getvalue(), newline="")):
        for cell in row:
            try:
                float(cell)
            except ValueError:
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    ("low", "high", "approx", "words"),
    [
        (300, 300, False, "300 killed"),
        (12, None, False, "at least 12 killed"),
        (None, 50, False, "up to 50 killed"),
        (40000.0, 40000.0, True, "about 40,000 killed"),
        (40, 50, False, "40 to 50 killed"),
        (None, None, False, "unknown number killed"),
    ],
)
def test_counts_in_words(low: float | None, high: float | None, approx: bool, words: str) -> None:
    assert count_words("killed", low, high, approx) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2016-12-11", "11 December 2016"),
        ("2016-03~", "about March 2016"),
        ("2016-12-11/..", "since 11 December 2016"),
        ("../2016-11", "until November 2016"),
        ("2016-12-10/2016-12-11", "10 December 2016 to 11 December 2016"),
        ("2017-22", "summer 2017"),
        (None, "unknown"),
    ],
)
def test_dates_in_words(value: str | None, words: str) -> None:
    assert day_words(value) == words


def test_a_line_of_json_can_always_be_written_as_utf8() -> None:
    assert line({"a": "\ud800"}).encode("utf-8")
    assert line({"a": "تدمر"}) == '{"a": "تدمر"}'
