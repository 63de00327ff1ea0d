from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from tadmor.model import CountRange, SideRange
from tadmor.publish.csv_ import count_words, safe, write_rows
from tadmor.publish.day_words import day_words
from tadmor.publish.jsonl import line
from tadmor.publish.plural import many
from tadmor.publish.tables import show, side_words


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
        ("2016-12-11?", "11 December 2016 (uncertain)"),
        ("2016%", "about 2016 (uncertain)"),
        ("2016-12-XX", "December 2016"),
        ("2016-XX-XX", "2016"),
        ("2016-12-11/2016-12-13~", "11 December 2016 to about 13 December 2016"),
        ("2016~/..", "since about 2016"),
        ("../..", "unknown"),
        ("..", "unknown"),
        (None, "unknown"),
    ],
)
def test_dates_in_words(value: str | None, words: str) -> None:
    assert day_words(value) == words


def test_a_line_of_json_can_always_be_written_as_utf8() -> None:
    assert line({"a": "\ud800"}).encode("utf-8")
    assert line({"a": "تدمر"}) == '{"a": "تدمر"}'


def test_numbers_agree_with_their_nouns() -> None:
    assert [many(n, "claim") for n in (0, 1, 2, 1204)] == ["0 claims", "1 claim", "2 claims", "1,204 claims"]
    assert many(2, "text of a report", "texts of reports") == "2 texts of reports"


def test_a_table_that_goes_to_a_file_has_no_spaces_at_the_ends_of_its_lines() -> None:
    table = Table("Source", "Kind", "", box=None)
    table.add_row("Northern Agency", "agency", "")
    out = io.StringIO()
    show(table, out)
    lines = out.getvalue().splitlines()
    assert lines[0].split() == ["Source", "Kind"]
    assert lines[1].split() == ["Northern", "Agency", "agency"]
    assert all(x == x.rstrip() for x in lines)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (12, 12, "12"),
        (12, 1700, "12–1,700"),
        (301, None, "more than 300"),
        (312, None, "at least 312"),
        (11, None, "at least 11"),
        (None, 9, "at most 9"),
        (None, None, "an unknown number"),
    ],
)
def test_ranges_in_tables(low: float | None, high: float | None, words: str) -> None:
    count = CountRange("killed", low, high, None, "", (SideRange("government", low, high, ("SANA",), ()),))
    assert side_words(count) == [f"killed, as the government side tells it: {words} (SANA)"]
