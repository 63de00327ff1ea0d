"""Which word of its sentence tells a claim's event, its places known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tadmor import pipeline
from tadmor.gather import from_text
from tadmor.model import Claim, Mention, Report
from tadmor.reading.document import analyse
from tadmor.reading.drafts import lines
from tadmor.reading.embedded import event_words
from tadmor.reading.embedded.event_words import Told, candidates, choose
from tadmor.reading.weighing import stated
from tadmor.resolve.resolve import Resources

TARGETING = "ISIS launched a large offensive in the countryside of Hasakah on Tuesday, targeting the town of Shadadi."
DEMO = sorted((Path(__file__).parents[1] / "demo/reports").glob("*.txt"))


def _claims(text: str) -> tuple[Claim, ...]:
    return pipeline.default("embedded").read(from_text(text, published="2016-07-12")).claims


def _told(text: str, events: dict[str, float], *places: Mention) -> Told:
    """The likeliest clause of a text, its words looking like an event's as given, all others not at all."""
    report: Report = from_text(text)
    document = analyse(report, Resources.open().recognisers())
    draft = max(stated(lines(report, document.sentences), set()), key=lambda d: d.score)
    return Told(draft, places, [events.get(w.text, -8.0) for w in draft.line.words])


def _place(text: str, name: str) -> Mention:
    at = text.index(name)
    return Mention("m1", at, at + len(name), name, "place", "name")


def test_the_event_is_told_by_the_word_that_leads_to_its_place() -> None:
    (claim,) = (c for c in _claims(TARGETING) if c.type == "advance")
    assert claim.place_names == ("Shadadi",)
    assert claim.trigger is not None
    assert claim.trigger.text == "targeting"
    (other,) = (c for c in _claims("ISIS launched a large offensive on Shadadi on Tuesday.") if c.type == "advance")
    assert other.trigger is not None
    assert other.trigger.text == "launched"


def test_a_clause_is_widened_to_what_tells_its_event() -> None:
    told = _told(TARGETING, {"launched": 2.0, "targeting": 2.0}, _place(TARGETING, "Shadadi"))
    assert not told.draft.covers(told.places[0])
    (found,) = choose([told])
    assert found.line.words[found.first].text == "targeting"
    assert (found.low, found.covers(told.places[0])) == (told.draft.low, True)


def test_where_the_place_stands_in_the_clause_its_trigger_stays() -> None:
    told = _told(TARGETING, {"offensive": 2.0, "targeting": 2.0}, _place(TARGETING, "Hasakah"))
    assert choose([told]) == [told.draft]


def test_words_far_from_the_clause_and_parts_of_compounds_are_no_triggers(monkeypatch: pytest.MonkeyPatch) -> None:
    told = _told(TARGETING, {"targeting": -5.0})
    assert all(told.draft.low <= i < told.draft.high for i in candidates(told))
    assert told.draft.first in candidates(told)
    epithet = "The rebel-held town of Shadadi is quiet."
    assert candidates(_told(epithet, {"quiet": 3.0})) == []
    monkeypatch.setattr(event_words, "LONGEST", 10)  # a clause that would grow too long stays as it is
    wide = _told(TARGETING, {"launched": 2.0, "targeting": 2.0}, _place(TARGETING, "Shadadi"))
    assert choose([wide]) == [wide.draft]


def test_nothing_is_chosen_where_the_network_saw_nothing() -> None:
    told = _told(TARGETING, {})
    assert choose([Told(told.draft, told.places, ())]) == [told.draft]


@pytest.mark.parametrize("path", DEMO[:4], ids=lambda p: p.stem)
def test_every_trigger_stands_in_its_clause(path: Path) -> None:
    claims = _claims(path.read_text(encoding="utf-8"))
    assert claims
    for c in claims:
        assert c.trigger is not None
        assert any(s.start <= c.trigger.start and c.trigger.end <= s.end for s in (c, *c.also)), (c.text, c.trigger)
