"""Time expressions as agencies, monitors, ministries and situation reports write them, in whole sentences."""

from __future__ import annotations

import pytest

from tadmor.model import Mention, Report
from tadmor.resolve import foreign_times, times

FRIDAY = "2024-03-15"


def told(text: str, published: str | None = FRIDAY) -> dict[str, str | None]:
    mentions = [
        Mention(f"t{i}", f.start, f.end, text[f.start : f.end], "time") for i, f in enumerate(times.recognise(text))
    ]
    out, _ = times.resolve_times(mentions, Report("r", text, published=published, publisher="An agency"))
    return {m.text: m.value for m in out.values()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # dates in digits and as armies write them
        ("Published 2024-03-14T06:00:00Z here.", {"2024-03-14T06:00:00Z": "2024-03-14"}),
        ("On 2024-03-14 it fell.", {"2024-03-14": "2024-03-14"}),
        ("On 2024/03/14 it fell.", {"2024/03/14": "2024-03-14"}),
        ("In 2018-03 it fell, in 2011-12 it held.", {"2018-03": "2018-03", "2011-12": "2011/2012"}),
        ("On 5-Apr-2017 it fell.", {"5-Apr-2017": "2017-04-05"}),
        ("On 04 APR 17 it fell.", {"04 APR 17": "2017-04-04"}),
        ("At 050600ZAPR17 it fell.", {"050600ZAPR17": "2017-04-05"}),
        ("In Q1 2023 and H1 2022 it grew.", {"Q1 2023": "2023-01/2023-03", "H1 2022": "2022-01/2022-06"}),
        ("In the first three months of 2023 it grew.", {"the first three months of 2023": "2023-01/2023-03"}),
        # times of day
        ("As of 06:00 on March 14, 12 had died.", {"06:00 on March 14": "2024-03-14"}),
        ("At 0600 local time on 14 March, it fell.", {"0600 local time on 14 March": "2024-03-14"}),
        ("At 18:00 Kyiv time, sirens sounded.", {"18:00 Kyiv time": FRIDAY}),
        ("At 9pm (1900 GMT) it fell.", {"9pm": FRIDAY, "1900 GMT": FRIDAY}),
        ("It fell at 05:20.", {"05:20": FRIDAY}),
        ("The odds are 3:10, see Matthew 24:16.", {}),
        ("Some 1900 local residents and 2000 local forces fled.", {}),
        ("Copyright 2018 TRT World.", {}),
        ("The index fell 6.43, on Friday.", {"Friday": FRIDAY}),
        # nights
        ("Overnight on Saturday, drones hit.", {"Overnight on Saturday": "2024-03-08/2024-03-09"}),
        ("Overnight on 14 March, drones hit.", {"Overnight on 14 March": "2024-03-13/2024-03-14"}),
        ("On the night of March 13 to 14, it fell.", {"the night of March 13 to 14": "2024-03-13/2024-03-14"}),
        ("Overnight into Thursday, it fell.", {"Overnight into Thursday": "2024-03-13/2024-03-14"}),
        ("The night of Saturday to Sunday.", {"The night of Saturday to Sunday": "2024-03-09/2024-03-10"}),
        ("In the early hours of 14 March it fell.", {"the early hours of 14 March": "2024-03-14"}),
        # weeks and days
        ("On Wednesday last week it fell.", {"Wednesday last week": "2024-03-06"}),
        ("On Friday of next week it opens.", {"Friday of next week": "2024-03-22"}),
        ("In the last week of February it fell.", {"the last week of February": "2024-02~"}),
        ("In the week of 4 March it fell.", {"the week of 4 March": "2024-03-04/2024-03-10"}),
        ("In the week ending 10 March it fell.", {"the week ending 10 March": "2024-03-04/2024-03-10"}),
        ("It fell on the 9th, a week on.", {"the 9th": "2024-03-09"}),
        ("It fell on the 30th.", {"the 30th": "2024-01-30"}),  # no 30 February
        ("The 17th, 18th and 19th brigades fled.", {}),
        ("On New Year's Eve it fell.", {"New Year's Eve": "2023-12-31"}),
        ("On 3, 4 and 5 March it fell.", {"3, 4 and 5 March": "2024-03-03/2024-03-05"}),
        ("On Thu, it fell. The Mon people fled.", {"Thu": "2024-03-14"}),
        ("On May 20 people were killed.", {"May 20": "2023-05-20"}),
        # distances
        ("48 hours ago it fell.", {"48 hours ago": "2024-03-13"}),
        ("Minutes ago it fell.", {"Minutes ago": FRIDAY}),
        ("A year ago today it fell.", {"A year ago today": "2023-03-15"}),
        ("It fell on Friday. The day before, it stood.", {"Friday": FRIDAY, "The day before": "2024-03-14"}),
        ("The day before the truce, it fell on Friday.", {"The day": None, "Friday": FRIDAY}),
        ("The truce is to last 72 hours.", {"72 hours": None}),
        ("The truce has held for the last 72 hours.", {"the last 72 hours": "2024-03-12/2024-03-15"}),
        ("The last day of the siege.", {}),
        ("After 1,000 days of war.", {"1,000 days": None}),
        # what is no time
        ("He was 45 years of age.", {}),
        ("Three quarters of the city fell.", {}),
        ("The Daily Star and the daily Hurriyet said so.", {}),
        ("The March of Return drew thousands.", {}),
        ("Envoy April Glaspie met June Smith.", {}),
        ("The Arab Spring of 2011 began.", {"2011": "2011"}),
        ("Bloody Sunday was in 1972.", {"1972": "1972"}),
        ("Prime Minister May met them in February.", {"February": "2024-02"}),
    ],
)
def test_news(text: str, expected: dict[str, str | None]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Between 26 February and 3 March 2015, 50 fled.", ["2015-02-26", "2015-03-03"]),
        ("Between 26 December and 3 January 2015, 50 fled.", ["2014-12-26", "2015-01-03"]),
        ("On 28 February, 1 March and 5 March 2016 it fell.", ["2016-02-28", "2016-03-01", "2016-03-05"]),
        ("It fell on 2 March, he said Friday. On 3 March 2016 it had stood.", ["2024-03-02", FRIDAY, "2016-03-03"]),
    ],
)
def test_a_row_of_dates_has_the_year_of_its_last(text: str, expected: list[str]) -> None:
    assert list(told(text).values()) == expected


def test_a_name_is_no_future_tense() -> None:
    text = "Prime Minister May said in May."
    assert times.tense_at(text, text.index("May."), text.index("May.") + 3) == "past"


def test_a_day_of_the_month_goes_on_with_the_narrative() -> None:
    assert times.value("the 3rd", None, previous="2016-02-27").edtf == "2016-03-03"
    assert times.value("hours later", None, previous="2016-02-27/2016-02-28").edtf == "2016-02-28/2016-02-29"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "في 14 مارس/آذار 2022 سقطت", {"14 مارس/آذار 2022": "2022-03-14"}),
        ("ar", "يوم الثلاثاء 5 آذار", {"الثلاثاء 5 آذار": "2024-03-05"}),
        ("ar", "في اليوم التالي، أول أمس", {"أول أمس": "2024-03-13"}),
        ("ar", "20-5-2023", {"20-5-2023": "2023-05-20"}),
        ("fr", "Du 3 au 5 mars, puis avant-hier", {"3 au 5 mars": "2024-03-03/2024-03-05", "avant-hier": "2024-03-13"}),
        ("fr", "Depuis mai et en 2015, il marche.", {"mai": "2023-05", "2015": "2015"}),
        ("es", "El martes 5 de marzo; anteayer", {"martes 5 de marzo": "2024-03-05", "anteayer": "2024-03-13"}),
        ("ru", "С 3 по 5 марта, позавчера", {"3 по 5 марта": "2024-03-03/2024-03-05", "позавчера": "2024-03-13"}),
        ("ru", "В феврале и в 2014 году", {"феврале": "2024-02", "2014": "2014"}),
        ("ru", "В среде военных, в Воскресенске", {}),
        ("uk", "Серед поранених 3 червоних хрести", {}),
        ("uk", "У березні, у середу, 14 березня", {"березні": "2024-03", "середу, 14 березня": "2024-03-14"}),
    ],
)
def test_other_languages(language: str, text: str, expected: dict[str, str]) -> None:
    mentions = foreign_times.mentions(Report("r", text, published=FRIDAY, language=language))
    assert {m.text: m.value for m in mentions} == expected
