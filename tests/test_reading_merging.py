"""Merging: when a doubtful clause is laid to an earlier claim, and who acts in what somebody says of himself."""

from __future__ import annotations

from dataclasses import replace

from tadmor import pipeline
from tadmor.gather import from_text
from tadmor.reading.document import analyse
from tadmor.reading.drafts import Draft, lines
from tadmor.reading.merging import merge

TEXT = "Mortars fell on Binnish on Monday. Guns fired on the town. A barrage lit the sky."


def drafts(*scores: float) -> list[Draft]:
    report = from_text(TEXT)
    told = lines(report, analyse(report, pipeline.resources().recognisers()).sentences)
    return [
        Draft("shelling", line, 0, len(line.words), 0, 0, line.words[0].stem, score)
        for line, score in zip(told, scores, strict=True)
    ]


def test_a_doubtful_clause_that_may_repeat_an_earlier_one_is_laid_to_it() -> None:
    first, doubtful, sure = drafts(0.9, 0.35, 0.9)
    found = merge([first, doubtful, sure], lambda a, b: 0.3, own=0.27)
    assert found == [[first, doubtful], [sure]]
    assert merge([first, doubtful, sure], lambda a, b: 0.3) == [[first], [doubtful], [sure]]


def test_a_doubtful_clause_that_is_unlike_all_others_stays_a_claim_of_its_own() -> None:
    first, doubtful, _ = drafts(0.9, 0.35, 0.9)
    assert merge([first, doubtful], lambda a, b: 0.05, own=0.27) == [[first], [doubtful]]
    assert merge([first, replace(doubtful, type="air_strike")], lambda a, b: 0.3, own=0.27) == [
        [first],
        [replace(doubtful, type="air_strike")],
    ]


def test_who_says_that_it_did_something_did_it_and_who_says_what_others_did_did_not() -> None:
    line = pipeline.default("embedded")

    def actors(text: str) -> list[tuple[str, ...]]:
        reading = line.read(from_text(text, published="2023-12-19"))
        return [c.actor_names for c in reading.claims if c.type == "shelling"]

    assert actors("The navy said it had shelled Port Nyala on Monday.") == [("The navy",)]
    assert actors("The navy said Port Nyala had been shelled on Monday.") == [()]
