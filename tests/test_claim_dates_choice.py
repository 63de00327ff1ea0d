"""The learnt choice of a claim's date: which dates are offered, what is chosen among them, what must never be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadmor import edtf
from tadmor.evaluate.claims import date_score
from tadmor.model import Claim, Hint, Mention, Passage, ReaderInfo, Reading, Report
from tadmor.reading.date_forms import FORMS, form_of
from tadmor.resolve import claim_dates_heard as dates_heard
from tadmor.resolve import times
from tadmor.resolve.claim_dates import agreement, choose, date_claims, score, weights
from tadmor.resolve.claim_dates_candidates import Candidate, Choices
from tadmor.resolve.claim_dates_heard import FEATURES, Asked, weighed
from tadmor.resolve.claim_dates_rules import Telling
from work import calls

MONDAY = "2016-12-12"
ARTICLE = {"published": "2023-08-01", "publisher": "Wikipedia"}


def reading(text: str, quote: str, kind: str = "air_strike", *, published: str | None = MONDAY, **more: Any) -> Reading:
    report = Report("r", text, published=published, passages=(Passage(0, len(text), "body"),), **more)
    found = times.recognise(text)
    mentions = [Mention(f"t{i}", f.start, f.end, text[f.start : f.end], "time") for i, f in enumerate(found)]
    values, _ = times.resolve_times(mentions, report)
    at = text.index(quote)
    claim = Claim("c0", kind, "asserted", at, at + len(quote), quote)
    return Reading(report, ReaderInfo("test", "1"), mentions=tuple(values.values()), claims=(claim,))


def offered(read: Reading) -> set[str | None]:
    choices = Choices(Telling(read))
    return {c.date for c in choices.of(read.claims[0])}


def test_a_news_report_offers_its_day_and_what_it_tells() -> None:
    dates = offered(reading("On Saturday jets bombed the market. Ten died.", "Ten died"))
    assert {
        None,
        MONDAY,
        "2016-12-11",
        f"{MONDAY}/..",
        "2016-12~",
        "2016~",
        "2016-12-10",
        f"2016-12-10/{MONDAY}",
    } <= dates


def test_what_lasted_reaches_back_from_the_day_and_what_lies_between_two_events_does_not() -> None:
    lasting = "2016-11-21~/2016-12-12"
    assert lasting in offered(reading("Jets bombed the market for three weeks.", "Jets bombed the market"))
    assert lasting not in offered(reading("Jets bombed it on Sunday, three weeks after rebels left.", "rebels left"))


def test_each_date_is_offered_once() -> None:
    choices = Choices(Telling(read := reading("Jets bombed the market on Monday and on 12 December.", "Jets bombed")))
    dates = [c.date for c in choices.of(read.claims[0])]
    assert len(dates) == len(set(dates))


def test_nothing_relative_is_offered_without_a_date_of_publication() -> None:
    text = "On Saturday jets bombed the market. In May 2015 they had bombed the school."
    dates = offered(reading(text, "jets bombed the market", published=None))
    assert dates
    assert all(d is None or "2015" in d for d in dates)


def test_an_article_that_looks_back_offers_nothing_of_its_publication() -> None:
    text = "In May 2015 the army took the bridge. Since then 40 people were killed there since 2015."
    for quote in ("the army took the bridge", "40 people were killed there since 2015"):
        assert not any(d and "2023" in d for d in offered(reading(text, quote, "casualties", **ARTICLE)))


def test_a_day_of_an_article_lies_in_the_year_that_the_text_tells() -> None:
    text = "The offensive began in 2015. On 4 May the army took the bridge."
    assert date_claims(reading(text, "the army took the bridge", "territory_taken", **ARTICLE))[0].date == "2015-05-04"
    untold = "On 4 May the army took the bridge."
    assert date_claims(reading(untold, "the army took the bridge", "territory_taken", **ARTICLE))[0].date is None


def test_a_time_of_something_else_is_not_offered() -> None:
    dates = offered(reading("Aid came for the first time since June.", "Aid came for the first time since June", "aid"))
    assert not any(d and "2016-06" in d for d in dates)


def test_an_interval_told_by_its_ends_is_offered_whole() -> None:
    text = "Between 26 November and 1 December the army shelled the town."
    assert "2016-11-26/2016-12-01" in offered(reading(text, "the army shelled the town", "shelling"))
    apart = "On 26 November the army shelled the town and on 1 December it withdrew."
    assert "2016-11-26/2016-12-01" not in offered(reading(apart, "the army shelled the town", "shelling"))


def test_what_lasted_reaches_back_from_the_news() -> None:
    text = "The town fell after more than three weeks of clashes."
    assert f"2016-11-21~/{MONDAY}" in offered(reading(text, text[:-1], "armed_clash"))
    text = "The commander is 30 years old and fought there."
    assert not any(d and d.startswith("1986") for d in offered(reading(text, text[:-1], "armed_clash")))


def test_this_week_of_what_has_happened_ends_with_the_news() -> None:
    text = "Jets bombed the market this week."
    published = "2016-12-14"
    dates = offered(reading(text, text[:-1], published=published))
    assert "2016-12-12/2016-12-14" in dates
    assert "2016-12-12/2016-12-18" not in dates
    planned = reading(text, text[:-1], published=published)
    expected = replace(planned, claims=(replace(planned.claims[0], certainty="expected"),))
    assert "2016-12-12/2016-12-18" in offered(expected)


def test_what_is_told_beside_a_date_may_be_of_about_that_time() -> None:
    text = "The town was lost on 4 May 2015. Its hospital was looted."
    assert {"2015~", "2015-05~"} <= offered(reading(text, "Its hospital was looted", "destruction"))


def test_what_ends_before_it_begins_is_not_offered() -> None:
    dates = offered(reading("Talks will open on 20 December, he said.", "Talks will open on 20 December", "talks"))
    assert f"2016-12-20/{MONDAY}" not in dates
    assert "2016-12-20" in dates


def _candidates(*weighed: tuple[str | None, float]) -> tuple[list[Candidate], list[float]]:
    found = [Candidate(date, (f"k{i}",), ()) for i, (date, _) in enumerate(weighed)]
    table = {f"k{i}": {"bias": w} for i, (_, w) in enumerate(weighed)}
    return found, [score(c, ["bias"], table) for c in found]


def test_near_candidates_support_each_other() -> None:
    found, scores = _candidates((None, 1.0), ("2016-12-10/2016-12-12", 0.8), ("2016-12-10/2016-12-11", 0.8))
    assert choose(found, scores, "2016-12-10/2016-12-11") == "2016-12-10/2016-12-11"
    found, scores = _candidates((None, 1.0), ("2016-12-10", 0.8), ("2014-03", 0.8))
    assert choose(found, scores, None) is None


def test_the_rules_are_followed_where_little_would_be_gained() -> None:
    found, scores = _candidates(("2016-12-10", 0.02), ("2016-12-11", 0.0))
    assert choose(found, scores, "2016-12-11") == "2016-12-11"
    found, scores = _candidates(("2016-12-10", 2.0), ("2016-12-11", 0.0))
    assert choose(found, scores, "2016-12-11") == "2016-12-10"


DATES = [
    "2016",
    "2016-12",
    "2016-12~",
    MONDAY,
    f"{MONDAY}/..",
    f"../{MONDAY}",
    "2016-12-01/2016-12-20",
    "2017-22",
    None,
]


@given(st.sampled_from(DATES), st.sampled_from(DATES))
def test_agreement_is_what_the_scorer_measures(a: str | None, b: str | None) -> None:
    assert agreement(a, b) == pytest.approx(date_score(a, b))


def test_the_weights_are_for_features_that_occur() -> None:
    text = "On Saturday jets bombed the market, which the army has held since May 2015. Ten died there on Sunday, not on Friday."
    read = reading(text, "Ten died there on Sunday", "casualties")
    choices = Choices(Telling(read))
    found, context = choices.of(read.claims[0]), choices.context(read.claims[0])
    kinds = {k for c in found for k in c.kinds}
    assert {"none", "rule", "day", "open", "clause:at", "right:at", "shape:day"} <= kinds & weights().keys()
    known = {f for row in weights().values() for f in row}
    assert sum(f in known for f in context) > 10
    assert sum(f in weights()["told"] for c in found for f in c.features) > 10


def test_features_tell_what_stands_between_a_clause_and_a_time() -> None:
    text = "On Friday, when rockets fell on the city, a monitor said, jets bombed the market on Saturday."
    read = reading(text, "jets bombed the market")
    choices = Choices(Telling(read))
    active = {f for c in choices.of(read.claims[0]) for f in c.features}
    assert {"at:left:named:weekday", "at:left:when", "at:left:said", "at:left:comma", "at:preposition:on"} <= active
    assert "at:right:when" not in active
    context = choices.context(read.claims[0])
    assert {"left:weekday:at", "right:weekday:at", "w:bombed", "begins:on"} <= set(context)
    assert "no:sentence" not in context


def test_digits_are_one_word() -> None:
    text = "Jets bombed 12 houses and 7 shops."
    choices = Choices(Telling(read := reading(text, text[:-1])))
    assert "w:#" in choices.context(read.claims[0])


def test_a_long_report_is_dated_with_little_work_and_the_same_each_time() -> None:
    line = "Jets bombed the market on Saturday and rockets hit the bakery. "
    text = line * 150
    made = reading(text, "Jets bombed the market on Saturday")
    claims = tuple(
        Claim(f"c{i}", "air_strike", "asserted", at, at + 22, text[at : at + 22])
        for i, at in enumerate(range(0, len(text), len(line)))
    )
    many = Reading(made.report, made.reader, mentions=made.mentions, claims=claims)
    dates = [c.date for c in date_claims(many)]
    assert calls(lambda: date_claims(many)) < 10_000 * len(claims)
    assert dates == [c.date for c in date_claims(many)]
    assert all(d is None or edtf.valid(d) for d in dates)


FORMED = [
    (None, "none"),
    (MONDAY, "news day"),
    ("2016-12-12~", "news day"),
    ("2016-12-11", "day before"),
    ("2016-12-01", "other day"),
    (f"{MONDAY}/..", "open from news"),
    ("2016-12-01/..", "open from other"),
    (f"../{MONDAY}", "up to"),
    ("2016-12-10/2016-12-12", "interval"),
    ("2016-12~", "news month"),
    ("2016-11", "other month"),
    ("2016~", "news year"),
    ("2011", "other year"),
    ("2016-22", "other month"),
]


@pytest.mark.parametrize(("date", "form"), FORMED)
def test_the_forms_of_dates(date: str | None, form: str) -> None:
    assert form_of(date, MONDAY) == form


def test_without_a_day_of_publication_no_day_is_the_news_day() -> None:
    assert {form_of(d, None) for d, _ in FORMED} <= {f for f in FORMS if "news" not in f and f != "day before"}


def hinted(read: Reading, form: str, **times: float) -> Reading:
    """The reading with a hint at the form of its claim's date and at the times that tell it, by their words."""
    forms = tuple(0.0 if f == form else -8.0 for f in FORMS)
    text = read.report.text
    hint = Hint(forms, tuple((text.index(word), odds) for word, odds in times.items()))
    return replace(read, claims=tuple(replace(c, hints=(hint,)) for c in read.claims))


def test_what_the_reader_hears_decides_between_dates() -> None:
    given = reading("The raid hit the depot on Saturday and again on Sunday.", "The raid hit the depot")

    def dated(form: str, **times: float) -> str | None:
        return date_claims(hinted(given, form, **times))[0].date

    assert dated("other day", Saturday=6.0, Sunday=-6.0) == "2016-12-10"
    assert dated("day before", Saturday=-6.0, Sunday=6.0) == "2016-12-11"
    assert dated("news day", Saturday=-6.0, Sunday=-6.0) == MONDAY


def test_a_state_that_is_heard_to_last_stays_open() -> None:
    given = reading("Rebels hold the depot, which the raid hit on Sunday.", "Rebels hold the depot", "territory_held")
    assert date_claims(hinted(given, "open from news"))[0].date == f"{MONDAY}/.."


def asked(*dates: Sequence[str | None], hints: Sequence[Hint] = ()) -> list[Asked]:
    """Claims that may have these dates, all as likely."""
    claim = Claim("c1", "air_strike", "asserted", 0, 4, "raid", hints=tuple(hints))
    return [
        Asked(claim, [Candidate(d, ("day",), (), frozenset({7})) for d in own], [0.0] * len(own), None) for own in dates
    ]


def test_all_clauses_of_a_claim_are_heard() -> None:
    forms = tuple(-1.0 for _ in FORMS)
    one, other = Hint(forms, ((7, -3.0),)), Hint(forms, ((7, 5.0), (30, -1.0)))
    (found,) = weighed(asked(["2016-12-11", None], hints=[one, other]), MONDAY, agreement)
    row = dict(zip(FEATURES, found.known[0], strict=True))
    assert (row["told"], row["told most"], row["tellings"]) == (-3.0, 5.0, 2.0)
    assert row["untold"] == pytest.approx(-(-3.0 + 5.0) / 2)


def test_the_dates_of_other_claims_speak_for_a_date() -> None:
    many = [["2016-12-11", MONDAY], ["2016-12-11"], ["2016-12-11"]]
    found = weighed(asked(*many), MONDAY, agreement)[0]
    rows = {many[0][j]: dict(zip(FEATURES, row, strict=True)) for j, row in zip(found.among, found.known, strict=True)}
    assert rows["2016-12-11"]["others share"] == pytest.approx(1.0)
    assert rows[MONDAY]["others share"] == pytest.approx(0.0)
    assert rows["2016-12-11"]["alike"] > rows[MONDAY]["alike"] == 0


def test_what_is_weighed_of_a_claim_does_not_grow_with_the_report() -> None:
    def work(claims: int) -> int:
        given = asked(*([["2016-12-11", MONDAY]] * claims), hints=[Hint(tuple(-1.0 for _ in FORMS))])
        return calls(lambda: weighed(given, MONDAY, agreement))

    assert work(400) < 2.2 * work(200)


def test_the_network_knows_as_many_features_as_are_told() -> None:
    assert dates_heard.stored().mean.shape == (len(FEATURES),)
