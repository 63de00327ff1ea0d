"""The claims of the rules reader on sentences written for the tests: types, spans, certainty, sources, roles, repeats."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor import taxonomy
from tadmor.model import Claim, Passage, Reading, Report
from tadmor.reading import Found, RulesReader
from tadmor.reading.clauses import LONGEST
from tadmor.record import from_record, to_record

PLACES = ("Palmyra", "Aleppo", "Homs", "Idlib", "Raqqa", "Manbij", "Douma")
ACTORS = ("ISIS", "Syrian army", "Russian warplanes", "Hezbollah", "Ahrar al-Sham")


def names(text: str) -> list[Found]:
    """A recogniser that knows a handful of names."""
    found = [Found(m.start(), m.end(), "place") for n in PLACES for m in re.finditer(rf"\b{n}\b", text)]
    return found + [
        Found(m.start(), m.end(), "actor") for n in ACTORS for m in re.finditer(rf"\b{re.escape(n)}\b", text)
    ]


READER = RulesReader((names,))


def read(text: str, title: str = "") -> Reading:
    full = f"{title}\n{text}" if title else text
    passages = (Passage(0, len(title), "headline"),) if title else ()
    return READER.read(
        Report("t", full, title, passages=(*passages, Passage(len(full) - len(text), len(full), "body")))
    )


def only(text: str, type_: str) -> Claim:
    """The one claim of that type."""
    found = [c for c in read(text).claims if c.type == type_]
    assert len(found) == 1, [(c.type, c.text) for c in read(text).claims]
    return found[0]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("ISIS fighters captured the town of Palmyra on Sunday.", "territory_taken"),
        ("The Syrian army withdrew from Manbij on Monday.", "territory_lost"),
        ("Air strikes on Aleppo killed 12 people on Friday.", "air_strike"),
        ("Rebels fired mortar shells at a district of Aleppo.", "shelling"),
        ("A suicide bomber blew himself up at a checkpoint in Homs.", "bombing"),
        ("Clashes broke out between the Syrian army and ISIS near Homs.", "armed_clash"),
        ("Thousands of civilians fled Raqqa last week.", "displacement"),
        ("Police arrested two suspects in Homs.", "arrest"),
        ("Protesters demonstrated in Homs against the government.", "protest"),
        ("The two sides agreed on a ceasefire in Idlib.", "agreement"),
        ("The army has besieged Douma since April.", "siege"),
        ("France accused Russia of bombing hospitals.", "accusation"),
    ],
)
def test_plain_sentences_have_their_type(text: str, type_: str) -> None:
    assert type_ in {c.type for c in read(text).claims}


def test_text_without_a_conflict_states_nothing() -> None:
    assert read("The museum opens at nine and sells postcards of the ruins. Tea is served in the garden.").claims == ()


def test_active_and_passive_have_the_same_actor_and_target() -> None:
    active = only("ISIS captured Palmyra from the Syrian army on Sunday.", "territory_taken")
    passive = only("Palmyra was captured by ISIS on Sunday.", "territory_taken")
    assert active.actor_names == passive.actor_names == ("ISIS",)
    assert active.place_names == passive.place_names == ("Palmyra",)
    assert "Syrian army" in " ".join(active.target_names)


def test_nobody_is_inferred_for_a_strike_without_a_doer() -> None:
    assert only("An air strike hit a market in Idlib on Friday.", "air_strike").actors == ()


def test_an_epithet_is_a_claim_of_its_own_in_the_reports_voice() -> None:
    claim = only("Activists said shells fell on rebel-held Douma on Friday.", "territory_held")
    assert claim.sources == ()
    assert claim.actor_names == ("rebels",)
    assert claim.text.startswith("rebel-held")
    holder = {m.id: m for m in read("Activists said shells fell on rebel-held Douma on Friday.").mentions}[
        claim.actors[0]
    ]
    assert holder.text == "rebel"


def test_a_part_does_not_hand_over_the_town() -> None:
    claim = only("ISIS fighters captured several villages south of Manbij on Sunday.", "territory_taken")
    assert "south of Manbij" in claim.place_names[0]


@pytest.mark.parametrize(
    ("text", "type_", "certainty"),
    [
        ("ISIS captured Palmyra on Sunday.", "territory_taken", "asserted"),
        ("ISIS has reportedly captured Palmyra.", "territory_taken", "hedged"),
        ("ISIS has not captured Palmyra.", "territory_taken", "denied"),
        ("The army will capture Palmyra next week.", "territory_taken", "expected"),
        ("Russia threatened to retaliate if its troops are attacked.", "threat", "asserted"),
    ],
)
def test_certainty_follows_the_cues(text: str, type_: str, certainty: str) -> None:
    assert {c.certainty for c in read(text).claims if c.type == type_} == {certainty}


def test_the_clause_leaves_the_reporting_clause_out_and_names_its_source() -> None:
    text = "The Syrian Observatory for Human Rights said that ISIS had captured Palmyra."
    claim = only(text, "territory_taken")
    assert claim.text == "ISIS had captured Palmyra"
    assert "Observatory" in claim.source_names[0][-1]


def test_an_event_told_in_headline_and_body_is_one_claim() -> None:
    reading = read("ISIS fighters captured the city of Palmyra on Sunday, a monitor said.", "ISIS captures Palmyra")
    taken = [c for c in reading.claims if c.type == "territory_taken"]
    assert len(taken) == 1
    assert [s.text for s in taken[0].also] == ["ISIS captures Palmyra"]


def test_a_sentence_said_twice_is_one_claim() -> None:
    once = "Russian warplanes launched dozens of strikes on Idlib province on Friday."
    strikes = [c for c in read(f"{once} Nobody knew more. {once}").claims if c.type == "air_strike"]
    assert len(strikes) == 1


def test_a_repeated_passage_is_not_read() -> None:
    first, second = "ISIS captured Palmyra on Sunday.", "The army shelled Homs on Monday."
    text = f"{first}\n{second}"
    report = Report(
        "t", text, passages=(Passage(0, len(first), "lead"), Passage(len(first) + 1, len(text), "body", repeats=0))
    )
    assert {c.type for c in READER.read(report).claims} == {"territory_taken"}


def test_events_at_different_places_stay_apart() -> None:
    text = "A car bomb exploded in Homs, killing three people. In Aleppo, a suicide bomber attacked a checkpoint."
    assert len([c for c in read(text).claims if c.type == "bombing"]) == 2


def assert_sound(reading: Reading) -> None:
    text = reading.report.text
    mentions = {m.id for m in reading.mentions}
    assert len(mentions) == len(reading.mentions)
    attributions = {a.id for a in reading.attributions}
    starts = [min(c.start, *(s.start for s in c.also)) if c.also else c.start for c in reading.claims]
    assert starts == sorted(starts)
    for claim in reading.claims:
        spans = [(claim.start, claim.end, claim.text), *((s.start, s.end, s.text) for s in claim.also)]
        for start, end, words in spans:
            assert text[start:end] == words
            assert 0 < end - start <= LONGEST
        assert claim.trigger is not None
        assert claim.start <= claim.trigger.start < claim.trigger.end <= claim.end
        assert claim.type in taxonomy.types()
        assert claim.certainty in taxonomy.CERTAINTIES
        assert {*claim.actors, *claim.targets, *claim.places, *claim.times} <= mentions
        assert len(claim.actors) == len(claim.actor_names)
        assert len(claim.targets) == len(claim.target_names)
        assert len(claim.places) == len(claim.place_names)
        assert {link for chain in claim.sources for link in chain} <= attributions
        assert re.fullmatch(r"0(\.\d+)?|1(\.0+)?", str(claim.score))
    assert json.loads(json.dumps(to_record(reading))) == json.loads(
        json.dumps(to_record(from_record(to_record(reading))))
    )


LONG = (
    "ISIS fighters captured Palmyra on Sunday, killing 30 soldiers, after Russian warplanes struck the besieged city. "
    "The governor said: “We will not withdraw; the army is fighting.” Families fled rebel-held Douma and Idlib."
)


def test_a_reading_is_sound_and_the_same_each_time() -> None:
    reading = read(LONG, "Palmyra falls")
    assert len(reading.claims) >= 4
    assert_sound(reading)
    assert read(LONG, "Palmyra falls") == reading


def test_a_sentence_without_an_end_keeps_its_clauses_short() -> None:
    reading = read("the rebels shelled Aleppo and " * 400)
    assert reading.claims
    assert_sound(reading)


WORDS = (
    "ISIS killed 30 captured Palmyra , . “ ” rebel-held - said that and after not U.S. é « shelling accused — will by 🙂"
    " Aleppo 's"
)
PIECES = st.sampled_from([*WORDS.split(), "\n", "\u200b", "\x00", "on Sunday", "air strikes"])


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map(" ".join)))
def test_any_text_is_read(text: str) -> None:
    assert_sound(read(text) if text else READER.read(Report("t", "")))


def test_info_names_the_reader_and_its_version() -> None:
    assert READER.info.name == "rules"
    assert READER.info.version
    assert replace(READER.info) == READER.info
