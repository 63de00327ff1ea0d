"""Numbers as agencies, ministries and situation reports write them, and what in such texts counts nothing."""

from __future__ import annotations

import time

import pytest

from tadmor.model import Mention, Report
from tadmor.resolve import quantities

Range = tuple[float | None, float | None, bool]
_NO_TOLL = {"age", "currency", "metre", "km", "mile", "percent", "tonne", "ha"}


def read(text: str, cut: list[tuple[int, int]] | None = None) -> list[Range]:
    """The ranges of the numbers in ``text`` that may count persons or things."""
    spans = cut or [(f.start, f.end) for f in quantities.recognise(text)]
    mentions = [Mention(f"q{i}", a, b, text[a:b], "quantity") for i, (a, b) in enumerate(spans)]
    out = quantities.resolve_quantities(mentions, Report("r", text)).values()
    return [(m.min, m.max, m.approx) for m in out if m.unit not in _NO_TOLL]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One or two rockets hit the base.", [(1, 2, False)]),
        ("Three or four hundred men gathered.", [(300, 400, False)]),
        ("Two to three dozen fighters gave up.", [(24, 36, False)]),
        ("Between one and two million people fled.", [(1000000, 2000000, False)]),
        ("Between 20 and more than 45 men fell.", [(20, None, False)]),
        ("40‑50 men came.", [(40, 50, False)]),
        ("40−50 men came.", [(40, 50, False)]),
        ("Ten-to-fifteen men came.", [(10, 15, False)]),
        ("Two and a half million people fled.", [(2500000, 2500000, False)]),
        ("A million and a half people fled.", [(1500000, 1500000, False)]),
        ("Two hundred thousand people fled.", [(200000, 200000, False)]),
        ("Two million and three million people fled.", [(2000000, 2000000, False), (3000000, 3000000, False)]),
        ("Three-quarters of a million people fled.", [(750000, 750000, False)]),
        ("A half-dozen tanks burned.", [(6, 6, False)]),
        ("About 1,5 million people fled.", [(1500000, 1500000, True)]),
        ("About 12.000 fighters fell.", [(12000, 12000, True)]),
        ("1 million 200 thousand people fled.", [(1200000, 1200000, False)]),
        ("1.2 mln people fled.", [(1200000, 1200000, False)]),
        ("100s of civilians are stuck.", [(200, None, False)]),
        ("Thousands upon thousands fled.", [(2000, None, False)]),
        ("A pair of barrel bombs fell.", [(2, 2, False)]),
        ("~200 fighters came.", [(200, 200, True)]),
        (">50 civilians died.", [(51, None, False)]),
        ("Ca. 300 families stayed.", [(300, 300, True)]),
        ("In D.C. 300 people marched.", [(300, 300, False)]),
        ("Fifty-odd rebels stayed.", [(50, 50, True)]),
        ("The toll has climbed past 300.", [(301, None, False)]),
        ("The toll could top 100.", [(101, None, False)]),
        ("The dead do not exceed 30.", [(None, 30, False)]),
        ("They took over 30 prisoners.", [(31, None, False)]),
        ("20 civilians or more were hurt.", [(20, None, False)]),
        ("20 civilians, at least, were hurt.", [(20, None, False)]),
        ("At least one was killed.", [(1, None, False)]),
        ("One was killed and two were hurt.", [(1, 1, False), (2, 2, False)]),
        ("The toll rose from 12 to 15.", [(12, 12, False), (15, 15, False)]),
        ("From 15 to 20 shells fell.", [(15, 20, False)]),
        ("Twelve (12) soldiers died.", [(12, 12, False)]),
        ("12 (twelve) soldiers died.", [(12, 12, False)]),
        ("2x BMP-1 burned.", [(2, 2, False)]),
        ("In Yarmouk Camp 20 people died.", [(20, 20, False)]),
        ("In Geneva 12 people met.", [(12, 12, False)]),
        ("He was met by 5 to 10 gunmen.", [(5, 10, False)]),
        ("Two Mi-24s took off.", [(2, 2, False)]),
        (
            "At least 46 people died, 12 of them children, and 30 were hurt.",
            [(46, None, False), (12, 12, False), (30, None, False)],
        ),
    ],
)
def test_numbers_as_reports_write_them(text: str, expected: list[Range]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Two-thirds of the town is theirs.",
        "Nine out of ten houses are gone.",
        "One in five residents has left.",
        "They fought for Hill 112 and Point 401.",
        "Base 46 fell, Camp 1391 did not.",
        "UNSC resolution 2334 and Resolutions 2139 and 2165 were read.",
        "At 0600 the guns fell silent.",
        "Call +963 11 222 3333 for help.",
        "The council voted 13 to two, then 13-2.",
        "A four-storey building fell, a two-pronged attack began.",
        "Children under five and all men over 16 were held.",
        "Boys aged 12 to 15 were taken.",
        "Su‑35s and T–72s came.",
        "The P5+1 met on Day 512 of the war.",
        "An Mk 84 bomb and World War Two shells were found.",
        "A 20m tunnel was dug 1.8m below, 50m from the school.",
    ],
)
def test_what_counts_nothing(text: str) -> None:
    assert read(text) == []


def test_a_rise_since_yesterday_is_no_toll() -> None:
    assert read("Tanks - 3,120 (+7), guns - 2,134 (+12).") == [(3120, 3120, False), (2134, 2134, False)]


def test_a_number_that_a_reader_cut_in_two_has_one_range() -> None:
    text = "Two or three jets came."
    assert read(text, [(0, 3), (7, 12)]) == [(None, None, False), (2, 3, False)]


def test_what_a_reader_takes_for_a_number_and_counts_nothing_has_no_range() -> None:
    text = "On Route 60, at 10:15, two men fell."
    spans = [(text.index(n), text.index(n) + len(n)) for n in ("60", "10", "15", "two")]
    assert read(text, spans) == [(None, None, False)] * 3 + [(2, 2, False)]


@pytest.mark.parametrize("piece", ["one hundred and ", "two million ", "12 ", "1 000 ", "3 to ", "+1 ", "1 or 2 "])
def test_a_long_row_of_numbers_is_read_at_once(piece: str) -> None:
    text = piece * 600
    quantities.recognise(text[:200])  # the patterns are made once
    began = time.perf_counter()
    read(text)
    assert time.perf_counter() - began < 5
