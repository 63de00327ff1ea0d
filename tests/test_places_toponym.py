"""The toponym of a place expression, and the mentions by which claims say where."""

from __future__ import annotations

import pytest

from tadmor import pipeline
from tadmor.gather import from_text
from tadmor.resolve.places_toponym import toponym

EXPRESSIONS = [
    ("central Baghdad", "Baghdad"),
    ("the Sufa checkpoint", "Sufa"),
    ("the northern city of al-Bab", "al-Bab"),
    ("Aleppo's countryside", "Aleppo"),
    ("eastern Deir ez-Zor province", "Deir ez-Zor"),
    ("the Gulf of Aden", "Gulf of Aden"),
    ("East Jerusalem", "East Jerusalem"),
    ("Tabqa Air Base", "Tabqa Air Base"),
    ("the Chinese embassy", "the Chinese embassy"),
    ("the town", "the town"),
    ("India's capital", "India's capital"),
    ("", ""),
]


@pytest.mark.parametrize(("expression", "name"), EXPRESSIONS)
def test_the_toponym_of_an_expression(expression: str, name: str) -> None:
    low, high = toponym(expression)
    assert expression[low:high] == name


@pytest.mark.parametrize("reader", ["rules", "embedded"])
def test_a_claim_points_at_the_toponym_and_keeps_the_whole_name(reader: str) -> None:
    report = from_text("Shells hit Aleppo city on Sunday, killing three people.", published="2016-12-12")
    reading = pipeline.default(reader).read(report)
    (claim,) = reading.claims
    (place,) = (m for m in reading.mentions if m.id in claim.places)
    assert (place.text, report.text[place.start : place.end]) == ("Aleppo", "Aleppo")
    assert claim.place_names == ("Aleppo city",)
    assert list(reading.mentions) == sorted(reading.mentions, key=lambda m: (m.start, m.end, m.type))


def test_the_relation_stays_when_its_words_are_cut_off() -> None:
    report = from_text("Militants attacked troops in southern Iraq on Sunday.", published="2016-12-12")
    reading = pipeline.default("embedded").read(report)
    (place,) = (m for c in reading.claims for m in reading.mentions if m.id in c.places)
    assert place.text == "Iraq"
    assert place.relation is not None
    assert place.relation.direction == "south"
