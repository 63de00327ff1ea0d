"""The date slot of claims: said in the clause, in the sentence, or implied by the report."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor import edtf
from tadmor.model import Claim, Mention, Passage, ReaderInfo, Reading, Report, Span
from tadmor.resolve import times
from tadmor.resolve.claim_dates import date_claims

MONDAY = "2016-12-12"


def dates(
    text: str, *claims: tuple[str, str], published: str | None = MONDAY, certainty: Any = "asserted", **more: Any
) -> list[str | None]:
    passages = []
    at = 0
    for line in text.split("\n"):
        passages.append(Passage(at, at + len(line), "body"))
        at += len(line) + 1
    report = Report("r", text, published=published, passages=tuple(passages), **more)
    mentions = [
        Mention(f"t{i}", f.start, f.end, text[f.start : f.end], "time") for i, f in enumerate(times.recognise(text))
    ]
    values, _ = times.resolve_times(mentions, report)
    made = []
    for n, (kind, quote) in enumerate(claims):
        start = text.index(quote)
        made.append(Claim(f"c{n}", kind, certainty, start, start + len(quote), quote))
    reading = Reading(report, ReaderInfo("test", "1"), mentions=tuple(values.values()), claims=tuple(made))
    return [claim.date for claim in date_claims(reading)]


def test_time_in_the_clause() -> None:
    text = "Fighters seized the town on Sunday, officials said."
    assert dates(text, ("territory_taken", "Fighters seized the town on Sunday")) == ["2016-12-11"]


def test_time_of_the_sentence_when_the_clause_has_none() -> None:
    text = "On Friday, a monitor said, jets bombed the market and rockets hit the bakery."
    assert (
        dates(text, ("air_strike", "jets bombed the market"), ("shelling", "rockets hit the bakery"))
        == ["2016-12-09"] * 2
    )


def test_the_news_carries_its_day_on_and_else_has_its_date() -> None:
    text = "Jets bombed the market on Saturday. Ten people died there."
    assert dates(text, ("casualties", "Ten people died there")) == ["2016-12-10"]
    assert dates("Rebels shelled the airport.", ("shelling", "Rebels shelled the airport")) == [MONDAY]


@pytest.mark.parametrize("head", ["Last updated at Dec 122016", "Posted on December 12, 2016 by A. Writer"])
def test_when_the_report_was_made_is_no_day_of_an_event(head: str) -> None:
    text = f"{head} On Friday, a monitor said, jets bombed the market and fled."
    assert dates(text, ("air_strike", "jets bombed the market")) == ["2016-12-09"]
    assert dates(f"{head} Ten people died.", ("casualties", "Ten people died")) == [MONDAY]
    assert dates("Fighters left on December 12, 2016.", ("territory_lost", "Fighters left")) == [MONDAY]


def test_nothing_is_dated_without_a_date_of_publication() -> None:
    assert dates("Rebels shelled the airport.", ("shelling", "Rebels shelled the airport"), published=None) == [None]
    assert dates("The army holds the hill.", ("territory_held", "The army holds the hill"), published=None) == [None]


@pytest.mark.parametrize(
    ("text", "kind", "quote", "date"),
    [
        (
            "The group has held the hill since March.",
            "territory_held",
            "The group has held the hill since March",
            "2016-03/..",
        ),
        ("The army holds the hill.", "territory_held", "The army holds the hill", "2016-12-12/.."),
        (
            "The army besieged the town until May 2015.",
            "siege",
            "The army besieged the town until May 2015",
            "../2015-05",
        ),
        (
            "The two sides are fighting in the old city.",
            "armed_clash",
            "The two sides are fighting in the old city",
            "2016-12-12/..",
        ),
        (
            "Strikes have killed 40 people since Thursday.",
            "air_strike",
            "Strikes have killed 40 people since Thursday",
            "2016-12-08/2016-12-12",
        ),
        ("The envoy blamed the army.", "accusation", "The envoy blamed the army", MONDAY),
        ("The envoy on Friday blamed the army.", "accusation", "The envoy on Friday blamed the army", "2016-12-09"),
    ],
)
def test_states_spans_and_utterances(text: str, kind: str, quote: str, date: str) -> None:
    assert dates(text, (kind, quote)) == [date]


def test_first_since_is_not_the_date() -> None:
    text = "Aid reached the town for the first time since June."
    assert dates(text, ("aid", "Aid reached the town for the first time since June")) == [MONDAY]


def test_what_happened_in_the_month_after_since_is_dated_there() -> None:
    text = "Violence has risen since the truce collapsed in July."
    assert dates(text, ("agreement", "the truce collapsed in July")) == ["2016-07"]


def test_a_war_toll_runs_from_the_war_to_the_report() -> None:
    text = "More than 300,000 people have been killed since the conflict began in March 2011."
    assert dates(text, ("casualties", "More than 300,000 people have been killed")) == ["2011-03/2016-12-12"]


def test_a_plan_without_a_time_is_undated() -> None:
    text = "The army will storm the town."
    assert dates(text, ("advance", "The army will storm the town"), certainty="expected") == [None]


def test_an_encyclopedia_has_no_news_date() -> None:
    text = "The army crossed the river on 4 May 2015. It took the bridge."
    more = {"published": "2023-08-01", "publisher": "Wikipedia"}
    assert dates(text, ("territory_taken", "It took the bridge"), **more) == ["2015-05-04"]
    assert dates("It took the bridge.", ("territory_taken", "It took the bridge"), **more) == [None]


def test_another_clause_of_the_same_claim_says_the_day() -> None:
    text = "Jets bomb market\nJets bombed the market on Saturday, residents said."
    report = Report("r", text, published=MONDAY, passages=(Passage(0, 16, "headline"), Passage(17, len(text), "lead")))
    at = text.index("Saturday")
    mention = Mention("t0", at, at + 8, "Saturday", "time", value="2016-12-10")
    quote = "Jets bombed the market on Saturday"
    also = Span(17, 17 + len(quote), quote)
    claim = Claim("c0", "air_strike", "asserted", 0, 16, "Jets bomb market", also=(also,))
    reading = Reading(report, ReaderInfo("test", "1"), mentions=(mention,), claims=(claim,))
    assert date_claims(reading)[0].date == "2016-12-10"


def test_a_time_that_the_reader_linked_counts_and_a_date_that_is_set_stays() -> None:
    text = "Saturday was loud. Jets bombed the market."
    report = Report("r", text, published=MONDAY)
    mention = Mention("t0", 0, 8, "Saturday", "time", value="2016-12-10")
    linked = Claim("c0", "air_strike", "asserted", 19, 42, "Jets bombed the market.", times=("t0",))
    fixed = Claim("c1", "air_strike", "asserted", 19, 42, "Jets bombed the market.", date="2016-01")
    reading = Reading(report, ReaderInfo("test", "1"), mentions=(mention,), claims=(linked, fixed))
    assert [c.date for c in date_claims(reading)] == ["2016-12-10", "2016-01"]


PIECES = (
    "on Sunday|since March|last week|2015|the next day|until|will|is fighting|killed 20000 people|"
    ". |, |since the war began|in|by|\n"
)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES.split("|")), min_size=1, max_size=14).map(" ".join),
    st.sampled_from(["territory_held", "casualties", "accusation", "air_strike", "support", "deployment", "arrest"]),
    st.sampled_from(["asserted", "denied", "expected"]),
    st.sampled_from([None, MONDAY, "2016-12", "2016"]),
)
def test_every_date_is_edtf(text: str, kind: str, certainty: str, published: str | None) -> None:
    if not text.strip():
        return
    for date in dates(text, (kind, text), published=published, certainty=certainty):
        assert date is None or edtf.valid(date)
