"""Which named place "the city" is."""

from __future__ import annotations

import pytest

import tadmor
from tadmor.evaluate.run import report_of
from tadmor.reading.coreference_places import antecedent, counted
from tadmor.reading.document import analyse
from tadmor.resolve.resolve import Resources


def meant(text: str, phrase: str) -> str:
    report = report_of({"id": "r", "title": "", "text": text, "published": "2016-05-01"})
    document = analyse(report, Resources.open().recognisers())
    return next(document.representative[m.id] for m in document.mentions if m.text == phrase)


@pytest.mark.parametrize(
    ("text", "phrase", "place"),
    [
        # a place named once by the way is not what the report is about
        (
            "Militants stormed Ramadi in May. Ramadi had held out for a year, and its police had asked for weapons and for "
            "men week after week without an answer from anybody. "
            "Each truck carried as much as the bomb of Oklahoma City. Everybody ran. On Sunday the army left the city.",
            "the city",
            "Ramadi",
        ),
        # what was named just now is meant where nothing speaks for another
        ("Soldiers left Homs. Later they entered Hama, and residents of the city fled.", "the city", "Hama"),
        # no river and no country
        ("Troops crossed the Euphrates into Raqqa. Syria celebrated. Police guard the city.", "the city", "Raqqa"),
        # the dateline tells where the reporter sits
        ("JERUSALEM: Fighting went on in Rafah on Monday. Families left the city.", "the city", "Rafah"),
    ],
)
def test_the_city(text: str, phrase: str, place: str) -> None:
    assert meant(text, phrase) == place


def test_nothing_fits() -> None:
    report = tadmor.read("Syria rejected the plan. The city was quiet.", published="2016-05-01", reader="rules").report
    document = analyse(report, Resources.open().recognisers())
    place = next(m for m in document.mentions if m.text == "The city")
    before = [(m, m.text) for m in document.mentions if m.start < place.start]
    assert before
    assert antecedent(place, "city", before, counted(document.mentions)) is None
