"""How speakers, persons and places are called: who of a phrase speaks, the name behind an office, a town's own name."""

from __future__ import annotations

import pytest

from tadmor import pipeline
from tadmor.gather import from_text
from tadmor.reading.arguments import settled
from tadmor.reading.attributions_blocks import blocks
from tadmor.reading.attributions_sources import speaking_part
from tadmor.reading.coreference import core_name
from tadmor.reading.document import analyse

PHRASES = [
    ("killing nine people SANA reported", "killing nine people SANA", "SANA"),
    (
        "Rebels fired a rocket on the old hospital in Sarmin a source in the border militia said",
        "Rebels fired a rocket on the old hospital in Sarmin a source in the border militia",
        "a source in the border militia",
    ),
    ("A rescuer who said that the raid went on wept", "A rescuer who said that the raid went on", "A rescuer"),
    (
        "A rescuer who asked not to be named wept",
        "A rescuer who asked not to be named",
        "A rescuer who asked not to be named",
    ),
    ("A spokesman for the rebel group Ahrar al-Sham said so", "A spokesman for the rebel group Ahrar al-Sham", None),
    ("The Turkish Defence Ministry said so", "The Turkish Defence Ministry", None),
]


@pytest.mark.parametrize(("text", "phrase", "speaker"), PHRASES)
def test_the_part_of_a_phrase_that_speaks(text: str, phrase: str, speaker: str | None) -> None:
    report = from_text(text + ".")
    document = analyse(report, pipeline.resources().recognisers())
    (block,) = blocks(report.text, document.sentences, document.mentions)
    ends = [w.end for w in block.ws]
    first, last = speaking_part(block, (0, ends.index(len(phrase))))
    assert report.text[block.ws[first].start : block.ws[last].end] == (speaker or phrase)


NAMES = [
    ("Member of the council's political committee Yasin Darwish", "Yasin Darwish"),
    ("head of the Institute for Strategic Studies", "head of the Institute for Strategic Studies"),
    ("Homs Governor Omar Sabri", "Omar Sabri"),
    ("rebel commander Abu Issa", "Abu Issa"),
]


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_a_name_behind_an_office(text: str, name: str) -> None:
    assert core_name(text) == name


PLACES = [
    ("the besieged northern city of Manbij", "Manbij"),
    ("towns of Jarif", "Jarif"),
    ("district of Tamim", "Tamim"),
    ("the northern district of Manbij", "the northern district of Manbij"),
    ("the last districts of Aleppo", "the last districts of Aleppo"),
    ("south of the town of Tabqa", "south of the town of Tabqa"),
    ("most of the city of Raqqa", "most of the city of Raqqa"),
    ("Old City of Homs", "Old City of Homs"),
    ("province of Aleppo", "province of Aleppo"),
    ("the capital city of Syria", "the capital city of Syria"),
]


@pytest.mark.parametrize(("phrase", "name"), PLACES)
def test_the_name_of_a_town_is_not_that_it_is_one(phrase: str, name: str) -> None:
    assert settled(phrase) == name
