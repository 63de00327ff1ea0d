"""Place names as the record lists them: with their article and the common noun that they complete."""

from __future__ import annotations

import pytest

from tadmor import pipeline
from tadmor.gather import from_text
from tadmor.model import Claim, Mention
from tadmor.resolve.places_listing import listed


def places(text: str, *names: str, claims: tuple[Claim, ...] = ()) -> list[str]:
    """The texts of the places listed, from mentions of the words in ``names``; small letters are common nouns."""
    found = []
    for i, words in enumerate(names):
        start = text.index(words)
        level = "name" if any(c.isupper() for c in words) else "nominal"
        found.append(Mention(f"m{i}", start, start + len(words), words, "place", level, entity=f"e{i}"))
    out = listed(text, found, claims)
    assert all(text[m.start : m.end] == m.text for m in out)
    assert {m.entity for m in out} <= {m.entity for m in found}
    return [m.text for m in out]


@pytest.mark.parametrize(
    ("text", "names", "shown"),
    [
        ("The road follows the Orun River north.", ["Orun River"], ["the Orun River"]),
        ("The Lorvian Plain lay quiet.", ["Lorvian Plain"], ["The Lorvian Plain"]),
        ("They met in the Norlands, he said.", ["Norlands"], ["the Norlands"]),
        ("Planning for the Vessen offensive went on.", ["Vessen"], ["Vessen"]),
        ("People bathe Orun water.", ["Orun"], ["Orun"]),
        ("Snow fell on the city of Vessen.", ["the city", "Vessen"], ["the city of Vessen"]),
        ("Snow fell on the shores of the Orun Sea.", ["the shores", "Orun Sea"], ["the shores of the Orun Sea"]),
        ("The city, like Vessen, was dark.", ["The city", "Vessen"], ["The city", "Vessen"]),
        ("Vessen of Orun fame.", ["Vessen", "Orun"], ["Vessen", "Orun"]),
    ],
)
def test_a_name_is_listed_as_its_noun_phrase(text: str, names: list[str], shown: list[str]) -> None:
    assert places(text, *names) == shown


def test_a_place_that_a_claim_refers_to_takes_its_article_alone() -> None:
    def claim(*ids: str) -> tuple[Claim, ...]:
        return (Claim("c1", "protest", "asserted", 0, 3, "", places=ids),)

    text = "Snow fell on the city of Vessen and the Orun Dam."
    names = ("the city", "Vessen", "Orun Dam")
    assert places(text, *names) == ["the city of Vessen", "the Orun Dam"]
    for said in ("m0", "m1"):
        assert places(text, *names, claims=claim(said)) == ["the city", "Vessen", "the Orun Dam"]
    assert places(text, *names, claims=claim("m2"))[-1] == "the Orun Dam"


def test_a_name_keeps_its_identity_with_its_noun() -> None:
    reading = pipeline.default("embedded").read(from_text("He was born in the city of Mosul.", published="2016-12-12"))
    (place,) = (m for m in reading.mentions if m.type == "place")
    assert place.text == "the city of Mosul"
    assert place.country == "IQ"
    assert place.lat == pytest.approx(36.3, abs=0.5)


def test_a_nationality_in_the_naming_of_a_force_is_not_listed_beside_it() -> None:
    read = pipeline.default("embedded").read

    def peoples(text: str) -> list[str]:
        return [m.text for m in read(from_text(text, published="2016-12-12")).mentions if m.type == "nationality"]

    assert peoples("Iraqi forces held their lines on Sunday.") == []
    assert peoples("They bought Iraqi oil from an Iraqi newspaper.") == ["Iraqi", "Iraqi"]
