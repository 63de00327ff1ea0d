"""Time expressions: where they stand, and what they mean against an anchor and a narrative."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor import edtf
from tadmor.model import Mention, Report
from tadmor.resolve import times
from tadmor.resolve.times_lexicon import lexicon
from tadmor.resolve.times_story import into, story

MONDAY = "2016-12-12"


def found(text: str) -> list[str]:
    return [text[f.start : f.end] for f in times.recognise(text)]


def resolved(text: str, published: str | None, **more: str) -> tuple[dict[str, str | None], int]:
    mentions = [
        Mention(f"t{i}", f.start, f.end, text[f.start : f.end], "time") for i, f in enumerate(times.recognise(text))
    ]
    out, still_open = times.resolve_times(mentions, Report("r", text, published=published, **more))
    return {m.text: m.value for m in out.values()}, still_open


@pytest.mark.parametrize(
    ("expression", "anchor", "value"),
    [
        ("11 December 2016", None, "2016-12-11"),
        ("December 11, 2016", None, "2016-12-11"),
        ("the 5th of May 2014", None, "2014-05-05"),
        ("Wed 05 Apr 2017", None, "2017-04-05"),
        ("2016-12-11", None, "2016-12-11"),
        ("Jul 012016", None, "2016-07-01"),  # a text that has lost its commas
        ("16.05.2017", None, "2017-05-16"),
        ("21-08-2014", None, "2014-08-21"),
        ("25/12/2016", None, "2016-12-25"),
        ("11/12/2016", None, "2016"),  # day and month cannot be told apart
        ("11/12/2016", MONDAY, "2016-12-11"),
        ("Dec. 11", MONDAY, "2016-12-11"),
        ("Sunday 11 December", MONDAY, "2016-12-11"),
        ("25 December", "2017-01-03", "2016-12-25"),
        ("10 and 11 July", "2016-08-01", "2016-07-10/2016-07-11"),
        ("November 18-19", MONDAY, "2016-11-18/2016-11-19"),
        ("25 August – 3 September 2016", None, "2016-08-25/2016-09-03"),
        ("28 December to 2 January 2017", None, "2016-12-28/2017-01-02"),
        ("March to June 2016", None, "2016-03/2016-06"),
        ("2011-13", None, "2011/2013"),
        ("Sunday", MONDAY, "2016-12-11"),
        ("Monday", MONDAY, "2016-12-12"),
        ("late on Friday", MONDAY, "2016-12-09"),
        ("Sunday evening", MONDAY, "2016-12-11"),
        ("Saturdays", MONDAY, "2016-12-10"),  # an apostrophe lost in the text
        ("last Tuesday", MONDAY, "2016-12-06"),
        ("last Monday", MONDAY, "2016-12-05"),
        ("today", MONDAY, "2016-12-12"),
        ("yesterday", MONDAY, "2016-12-11"),
        ("overnight", "2016-12-11", "2016-12-10/2016-12-11"),
        ("last night", MONDAY, "2016-12-11"),
        ("this morning", MONDAY, "2016-12-12"),
        ("April", MONDAY, "2016-04"),
        ("December", "2017-01-05", "2016-12"),
        ("late November", MONDAY, "2016-11~"),
        ("mid-2015", MONDAY, "2015-07~"),
        ("early 2016", MONDAY, "2016-01~"),
        ("late 2014", MONDAY, "2014-11~"),
        ("the summer of 2017", MONDAY, "2017-22"),
        ("last summer", MONDAY, "2016-22"),
        ("last year", MONDAY, "2015"),
        ("April last year", MONDAY, "2015-04"),
        ("earlier this month", MONDAY, "2016-12~"),
        ("the end of the month", MONDAY, "2016-12~"),
        ("last week", MONDAY, "2016-12-05/2016-12-11"),
        ("the weekend", MONDAY, "2016-12-10/2016-12-11"),
        ("nine months ago", "2016-12-11", "2016-03~"),
        ("two days ago", MONDAY, "2016-12-10"),
        ("three weeks ago", MONDAY, "2016-11-21~"),
        ("two years ago", MONDAY, "2014~"),
        ("recent days", MONDAY, "2016-12~"),
        ("recent months", MONDAY, "2016~"),
        ("the past 24 hours", MONDAY, "2016-12-11/2016-12-12"),
        ("the past two weeks", MONDAY, "2016-11-28/2016-12-12"),
        ("the last few days", MONDAY, "2016-12~"),
        ("the 1990s", None, "1990/1999"),
        ("2014", None, "2014"),
        ("31 February 2016", None, None),
        ("for 10 months", MONDAY, None),
        ("nothing of the kind", MONDAY, None),
    ],
)
def test_value(expression: str, anchor: str | None, value: str | None) -> None:
    assert times.value(expression, anchor).edtf == value


def test_weekday_and_month_look_ahead_in_the_future_tense() -> None:
    assert times.value("Friday", MONDAY, tense="future").edtf == "2016-12-16"
    assert times.value("January", MONDAY, tense="future").edtf == "2017-01"


@pytest.mark.parametrize(
    ("expression", "previous", "value"),
    [
        ("the next day", "2016-12-11", "2016-12-12"),
        ("the previous day", "2016-12-11", "2016-12-10"),
        ("the same day", "2016-12-11", "2016-12-11"),
        ("three days later", "2016-12-30", "2017-01-02"),
        ("a day earlier", "2017-01-01", "2016-12-31"),
        ("20 January", "2017-12-28", "2018-01-20"),  # a narrative goes on into the new year
        ("20 March", "2015", "2015-03-20"),
    ],
)
def test_value_leans_on_the_narrative(expression: str, previous: str, value: str) -> None:
    got = times.value(expression, None, previous=previous)
    assert (got.edtf, got.basis) == (value, "text")


def test_basis_says_what_a_value_rests_on() -> None:
    assert times.value("11 December 2016", MONDAY).basis == "absolute"
    assert times.value("Sunday", MONDAY).basis == "anchored"
    left_open = times.value("Sunday", None)
    assert (left_open.edtf, left_open.basis, left_open.relative) == (None, "open", "anchor")
    assert times.value("for 10 months", MONDAY).kind == "duration"
    assert times.value("every day", MONDAY).kind == "set"


def test_a_coarse_anchor_gives_the_coarse_answer_or_none() -> None:
    assert times.value("Sunday", "2016-12").edtf is None
    assert times.value("last month", "2016-12").edtf == "2016-11"
    assert times.value("last year", "2016").edtf == "2015"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The town fell on Sunday, residents said.", ["Sunday"]),
        ("It has held the hill since March.", ["March"]),
        ("Shells fell on 3 May 2016 and again in early June.", ["3 May 2016", "early June"]),
        ("Theresa May may march in the Sun, she said.", []),
        ("The army will March Street hold.", []),
        ("A 26-year-old man drove a T-72 past 2000 people.", []),
        ("Some 2012 fighters came in 2012.", ["2012"]),
        ("The offensive of 2016 cost 5000 lives.", ["2016"]),
        ("They fought for 10 months.", ["10 months"]),
        ("Between 10 and 11 July they withdrew; the next day they came back.", ["10 and 11 July", "the next day"]),
        ("In the past 24 hours nothing moved.", ["the past 24 hours"]),
    ],
)
def test_recognise(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_narrative_of_a_news_report() -> None:
    values, still_open = resolved(
        "Fighters entered the town on Friday. The next day they took the citadel. Two days ago it was calm.", MONDAY
    )
    assert values == {"Friday": "2016-12-09", "The next day": "2016-12-10", "Two days ago": "2016-12-10"}
    assert still_open == 0


def test_relative_times_stay_open_without_a_date_of_publication() -> None:
    values, still_open = resolved("On Sunday they left. Yesterday they returned. In May 2015 it had been quiet.", None)
    assert values == {"Sunday": None, "Yesterday": None, "May 2015": "2015-05"}
    assert still_open == 2


def test_retrospective_text_takes_its_years_from_itself() -> None:
    text = "Battle of the Bridge (2016)\nThe battle began on 20 December 2016. On 3 January the army crossed the river."
    values, _ = resolved(text, "2023-08-20", publisher="Wikipedia", title="Battle of the Bridge (2016)")
    assert values["20 December 2016"] == "2016-12-20"
    assert values["3 January"] == "2017-01-03"


@pytest.mark.parametrize(
    ("title", "expression", "value"),
    [
        ("Dam offensive (October 2016–February 2017)", "3 November", "2016-11-03"),
        ("Dam offensive (October 2016–February 2017)", "3 January", "2017-01-03"),
        ("Dam offensive (June 2014)", "12 June", "2014-06-12"),
        ("2016 Dam offensive", "12 June", "2016-06-12"),
        ("Battle of al-Bab", "14 December", "2016-12-14"),
        ("Battle of al-Bab", "14 January", "2017-01-14"),
        ("Siege of Kobanî", "early October", "2014-10~"),
    ],
)
def test_an_article_without_years_takes_them_from_what_its_title_names(title: str, expression: str, value: str) -> None:
    text = f"{title}\nIn {expression}, the army crossed the river and took the dam."
    values, _ = resolved(text, "2023-08-20", publisher="Wikipedia", title=title)
    assert values[expression] == value


def test_the_narrative_of_an_article_goes_on_from_day_to_day() -> None:
    title = "Dam offensive (November–December 2016)"
    text = f"{title}\nOn 30 November they took the dam. The next day they were at the gates. On 5 December it fell."
    values, _ = resolved(text, "2023-08-20", publisher="Wikipedia", title=title)
    assert (values["The next day"], values["5 December"]) == ("2016-12-01", "2016-12-05")


@pytest.mark.parametrize(
    ("told", "expression", "value"),
    [
        # a month or a year of something else is told between two days of one course
        ("The bridges were to be rebuilt by April 2017. ", "27 November", "2016-11-27"),
        ("One of them had taken part in the attacks of 2015. ", "4 December", "2016-12-04"),
        ("A first attempt had failed in November 2014. ", "10 December", "2016-12-10"),
        # the story itself goes on in another year
        ("The army came back in August 2017. ", "10 August", "2017-08-10"),
        ("", "3 January", "2017-01-03"),
    ],
)
def test_a_day_without_a_year_goes_on_with_the_course_of_days(told: str, expression: str, value: str) -> None:
    title = "Campaign for the Dam (2016–2017)"
    text = f"{title}\nOn 26 November 2016 the army took a village. {told}On {expression} it took the dam."
    values, _ = resolved(text, "2023-08-20", publisher="Wikipedia", title=title)
    assert values[expression] == value


def test_an_article_of_an_unknown_time_has_none() -> None:
    assert story(Report("r", "x", title="Battle of the Unnamed Bridge")) is None
    assert story(Report("r", "x", title="")) is None
    assert story(Report("r", "x", title="Dam offensive (2016–2017)")) == (date(2016, 1, 1), date(2017, 12, 31))


def test_every_known_operation_has_a_first_and_a_last_day() -> None:
    for name, value in lexicon()["operations"].items():
        start, end = edtf.bounds(value)
        assert start is not None, name
        assert end is not None, name
        assert start <= end, name
        assert name == name.lower()
        assert story(Report("r", "x", title=name.title())) == (start, end), name


@settings(deadline=None)
@given(st.dates(), st.dates(), st.dates())
def test_a_date_put_into_a_story_keeps_its_month_and_day(day: date, a: date, b: date) -> None:
    first, last = min(a, b), max(a, b)
    moved = into(day.isoformat(), (first, last))
    assert edtf.valid(moved)
    assert moved[4:] == day.isoformat()[4:]
    if first <= day <= last:
        assert moved == day.isoformat()


def test_tense_of_a_clause() -> None:
    text = "Envoys will meet on Friday, after talks that failed on Monday."
    assert times.tense_at(text, text.index("Friday"), text.index("Friday") + 6) == "future"
    assert times.tense_at(text, text.index("Monday"), text.index("Monday") + 6) == "past"


def test_other_languages_by_dateparser() -> None:
    assert times.value("11 декабря 2016", None).edtf == "2016-12-11"
    assert times.value("11 décembre 2016", None).edtf == "2016-12-11"


WORDS = st.lists(
    st.sampled_from(
        "the last next early late mid- of on in since May March Sunday Mon. 31 30 29 3 2016 1999 99 '90s ago three a few "
        "months days year week weekend between and to - / . : am quarter summer overnight before after half".split()
    ),
    max_size=9,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(max_size=60), WORDS),
    st.sampled_from([None, MONDAY, "2016-12", "2016", "0001-01-01", "9999-12-31", "x"]),
)
def test_any_text_gives_valid_spans_and_values(text: str, anchor: str | None) -> None:
    last = 0
    for span in times.recognise(text):
        assert last <= span.start < span.end <= len(text)
        last = span.end
    for expression in (text, *found(text)):
        for tense in (None, "future"):
            got = times.value(expression, anchor, tense=tense, previous=anchor).edtf
            assert got is None or edtf.valid(got)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The talks are due to resume on Sunday.", "2016-11-27"),
        ("Talks to resume on Sunday were welcomed.", "2016-11-27"),
        ("Five people died due to artillery fire on Sunday.", "2016-11-20"),
        ("The army launched its offensive to take the town on Sunday.", "2016-11-20"),
        ("The convoy is expected to return on Sunday.", "2016-11-27"),
        ("The convoy was expected to return on Sunday.", "2016-11-27"),
    ],
)
def test_a_weekday_by_the_tense_of_its_clause(text: str, value: str) -> None:
    assert resolved(text, "2016-11-21")[0] == {"Sunday": value}
