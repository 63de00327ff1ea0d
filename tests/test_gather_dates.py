"""Dates of publication: forms, datelines, and which of several counts."""

from __future__ import annotations

import pytest

from tadmor.errors import BadDate
from tadmor.gather import from_text
from tadmor.gather.dates import normalise

BODY = "The road to the north was closed by the army, a driver said."


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2017-04-05T10:00:00Z", "2017-04-05"),
        ("2017-04-05 23:30:00.123+02:00", "2017-04-05"),
        ("11 December 2016", "2016-12-11"),
        ("Dec. 11, 2016", "2016-12-11"),
        ("Sun, 11 Dec 2016 10:00:00 GMT", "2016-12-11"),
        ("December 11, 2016 at 10:30 PM EST", "2016-12-11"),
        ("11. Dezember 2016", "2016-12-11"),
        ("5 mai 2017", "2017-05-05"),
        ("11 декабря 2016", "2016-12-11"),
        ("13/10/2017", "2017-10-13"),
        ("10/13/2017", "2017-10-13"),
        ("5/5/2017", "2017-05-05"),
        ("11.12.2016", "2016-12-11"),
        ("2016/12/11", "2016-12-11"),
        ("20161211", "2016-12-11"),
        ("December 2016", "2016-12"),
        ("2016", "2016"),
        ("2016-12~", "2016-12~"),
        ("2/10/2017", None),
        ("30 February 2016", None),
        ("2016-13-40", None),
        ("yesterday", None),
        ("3016-01-01", None),
        ("1481414400", None),
        ("", None),
        (None, None),
    ],
)
def test_forms(value: str | None, day: str | None) -> None:
    assert normalise(value) == day


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("Wed 05 Apr 2017 ", "2017-04-05"),
        ("Published: 11 December 2016\n", "2016-12-11"),
        ("Posted on July 12 2016 by A. Writer\n", "2016-07-12"),
        ("Date of publication 25 July 2016 ", "2016-07-25"),
        ("Last updated at Jul 012016 ", "2016-07-01"),
        ("April 5 2017 | ", "2017-04-05"),
        ("28.04.2017 ", "2017-04-28"),
        ("Tuesday 02 August 2016 19:11 ", "2016-08-02"),
        ("DAMASCUS, Dec 11 2016 (SANA) - ", "2016-12-11"),
        ("Aleppo, Syria, 3 November 2016 (Wire) – ", "2016-11-03"),
        ("MOSCOW, December 11, 2016. /TASS/. ", "2016-12-11"),
        ("24-09-2013 ", "2013-09-24"),
    ],
)
def test_datelines(opening: str, day: str) -> None:
    report = from_text(opening + BODY)
    assert (report.published, report.published_basis) == (day, "dateline")
    assert report.text.endswith(BODY)


@pytest.mark.parametrize(
    "text",
    [
        "11 December 2016 was the day that the road was closed.",
        "On 5 April 2017, the road was closed by the army.",
        "Reuters reported on Dec 11 2016 - that the road was closed.",
        "The road was closed on 5 April 2017.",
        "May 2016 fighters leave the town, a driver asked.",
        "30 February 2016 " + BODY,
        "03/08/2016 " + BODY,
    ],
)
def test_no_datelines(text: str) -> None:
    assert from_text(text).published is None


def test_dateline_wins_over_the_date_that_came_with_the_text() -> None:
    report = from_text("Wed 05 Apr 2017 " + BODY, row_published="2017-03-25")
    assert (report.published, report.published_basis) == ("2017-04-05", "dateline")


def test_a_date_that_came_with_the_text_stands_where_the_text_has_none() -> None:
    report = from_text(BODY, row_published="25 March 2017")
    assert (report.published, report.published_basis) == ("2017-03-25", "metadata")
    assert from_text(BODY, row_published="2/10/2017").published_basis == "none"


def test_given_wins_over_all_and_must_be_edtf() -> None:
    report = from_text("Wed 05 Apr 2017 " + BODY, published="2017-05", row_published="2017-03-25")
    assert (report.published, report.published_basis) == ("2017-05", "given")
    with pytest.raises(BadDate):
        from_text(BODY, published="5 April 2017")


@pytest.mark.parametrize(
    ("row", "day", "basis"),
    [("2016-12-12", "2016-12-11", "dateline"), ("2017-01-02", "2016-12-11", "dateline"), (None, None, "none")],
)
def test_a_dateline_without_a_year_takes_it_from_the_row(row: str | None, day: str | None, basis: str) -> None:
    report = from_text("DAMASCUS, Dec 11 (SANA) - " + BODY, row_published=row)
    assert (report.published, report.published_basis) == (day, basis)


def test_two_readings_of_a_dateline_are_decided_by_the_row_alone() -> None:
    assert from_text("03/08/2016 " + BODY, row_published="2016-08-05").published == "2016-08-03"
    assert from_text("03/08/2016 " + BODY, row_published="2016-03-09").published == "2016-03-08"
    assert from_text("03/08/2016 " + BODY).published is None


@pytest.mark.parametrize("row", ["2016-08-05", "2016-03-09", "2017-05-02", None])
def test_a_dateline_with_hyphens_has_the_day_first_whatever_the_row_says(row: str | None) -> None:
    assert from_text("03-08-2016 " + BODY, row_published=row).published == "2016-08-03"
    assert from_text("3-8-2016 " + BODY, row_published=row).published == "2016-08-03"
    assert from_text("08-30-2016 " + BODY, row_published=row).published == "2016-08-30"


def test_a_dateline_between_title_and_text() -> None:
    report = from_text("Road to the north closed AFP Monday 17 Oct 2016 " + BODY, title="Road to the north closed")
    assert report.published == "2016-10-17"
    assert [p.kind for p in report.passages] == ["headline", "credit", "lead"]


def test_first_publication_counts_not_a_later_update() -> None:
    text = f"Road closed in the north\nUpdated: 14 December 2016\nPublished: 11 December 2016\n{BODY}"
    assert from_text(text).published == "2016-12-11"
    assert from_text(f"Road closed in the north\nUpdated: 14 December 2016\n{BODY}").published == "2016-12-14"


def test_the_clock_of_a_page_is_no_date_but_its_label_is() -> None:
    page = "Home | News | Sport | Monday, 3 June 2019 10:22 AM\nRoad to the north is closed\n{}" + BODY
    assert from_text(page.format("")).published is None
    assert from_text(page.format("Posted on 11 December 2016\n")).published == "2016-12-11"
