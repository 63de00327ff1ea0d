"""Plain statements, kinds by means and object, claims of responsibility, several speakers: what holds for every reader."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tadmor import pipeline
from tadmor.gather import from_text
from tadmor.model import Certainty, Claim
from tadmor.reading.arguments import Arguments
from tadmor.reading.claims import claims
from tadmor.reading.document import analyse
from tadmor.reading.drafts import Draft, Line
from tadmor.reading.judges import Chain, Stated
from tadmor.reading.scene import Scene


def read(text: str) -> tuple[Claim, ...]:
    return pipeline.default("rules").read(from_text(text, published="2016-12-12")).claims


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Gunmen kidnapped two engineers in Idlib.", "abduction"),
        ("Two engineers were kidnapped in Idlib.", "abduction"),
        ("Soldiers shelled Idlib.", "shelling"),
        ("Mortars hit Idlib on Sunday.", "shelling"),
        ("Rebels torched a school in Idlib.", "destruction"),
    ],
)
def test_a_short_plain_sentence_states_a_claim(text: str, type_: str) -> None:
    assert [c.type for c in read(text)] == [type_]


@pytest.mark.parametrize(
    "text", ["The singer toured Idlib.", "Rain fell on the hills of Idlib.", "The attack on the song failed."]
)
def test_a_sentence_without_conflict_states_none(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Government jets attacked a warehouse in Idlib.", "air_strike"),
        ("A mortar shell exploded in Idlib on Sunday, killing two people.", "shelling"),
        ("Rebels captured nine soldiers near Idlib.", "arrest"),
        ("Rebels captured Idlib.", "territory_taken"),
        ("The troops have withdrawn from Idlib.", "territory_lost"),
        ("The army drove the rebels out of Idlib.", "territory_taken"),
    ],
)
def test_means_and_object_decide_the_type(text: str, type_: str) -> None:
    assert {c.type for c in read(text)} == {type_}


def only(text: str, type_: str) -> Claim:
    (found,) = [c for c in read(text) if c.type == type_]
    return found


def test_who_claims_responsibility_is_actor_and_source() -> None:
    claim = only("ISIS claimed responsibility for a car bombing in Idlib on Sunday.", "bombing")
    assert (claim.actor_names, claim.source_names, claim.certainty) == (("ISIS",), (("ISIS",),), "asserted")


def test_a_claim_of_responsibility_points_back_to_its_event() -> None:
    claim = only("A car bomb exploded in Idlib on Sunday. ISIS claimed responsibility for the attack.", "bombing")
    assert claim.actor_names == ("ISIS",)
    assert claim.place_names == ("Idlib",)
    assert claim.also[0].text.startswith("ISIS claimed responsibility")


def test_responsibility_that_nobody_claims_names_no_actor() -> None:
    claim = only("No group claimed responsibility for a car bombing in Idlib on Sunday.", "bombing")
    assert (claim.actor_names, claim.source_names) == ((), ())


def test_responsibility_denied_is_a_denial_by_the_denier() -> None:
    claim = only("ISIS denied responsibility for a car bombing in Idlib on Sunday.", "bombing")
    assert (claim.actor_names, claim.source_names, claim.certainty) == (("ISIS",), (("ISIS",),), "denied")


def test_a_denial_is_a_claim_apart_from_what_it_denies() -> None:
    text = "Rebels said they had captured Idlib. An army spokesman denied that they had captured Idlib."
    found = {c.certainty: c.source_names for c in read(text) if c.type == "territory_taken"}
    assert found == {"asserted": (("Rebels",),), "denied": (("An army spokesman",),)}


def test_two_speakers_with_two_tolls_make_two_claims() -> None:
    text = (
        "Medics said the air strike on Idlib killed 20 people. Residents said the air strike on Idlib killed 31 people."
    )
    found = {c.counts[0].min: c.source_names for c in read(text) if c.type == "air_strike"}
    assert found == {20: (("Medics",),), 31: (("Residents",),)}


def test_two_speakers_who_say_the_same_make_two_chains_of_one_claim() -> None:
    said = "Rebels captured Idlib on Sunday, according to a resident and two security officials."
    assert only(said, "territory_taken").source_names == (("a resident",), ("two security officials",))
    joint = "A Syrian officer and ISIS both said that ISIS had captured Idlib."
    assert only(joint, "territory_taken").source_names == (("A Syrian officer",), ("ISIS",))


def test_one_speaker_of_two_offices_stays_one() -> None:
    said = "The minister of defence and security said that rebels had captured Idlib."
    assert len(only(said, "territory_taken").source_names) == 1


def test_an_outlet_that_quotes_a_speaker_is_the_outer_link() -> None:
    said = "Rebels captured Idlib on Sunday, according to a resident quoted by Reuters."
    assert only(said, "territory_taken").source_names == (("Reuters", "a resident"),)


def test_where_a_speaker_says_it_is_not_what_is_said() -> None:
    said = "Rebels captured Idlib on Sunday, a resident said by telephone."
    assert only(said, "territory_taken").source_names == (("a resident",),)


class Blind:
    """A judge who finds nothing, and fails when asked about a clause that is not of his finding."""

    own = 0.0

    def drafts(self, scene: Scene, lines: Sequence[Line]) -> list[Draft]:
        return []

    def where(self, scene: Scene, claims: Sequence[Sequence[Stated]]) -> None:
        return None

    def tells(self, scene: Scene, claims: Sequence[tuple[Claim, Sequence[Stated]]]) -> None:
        return None

    def who(self, scene: Scene, claims: Sequence[tuple[Claim, Sequence[Stated]]]) -> None:
        return None

    def allows(self, draft: Draft) -> bool:
        return True

    def link(self, scene: Scene, draft: Draft) -> Arguments:
        raise AssertionError(draft)

    def certainty(self, scene: Scene, draft: Draft) -> Certainty:
        raise AssertionError(draft)

    def chains(self, scene: Scene, draft: Draft) -> tuple[Chain, ...]:
        raise AssertionError(draft)


def test_a_judge_is_not_asked_about_clauses_that_grammar_added() -> None:
    report = from_text("Gunmen kidnapped two engineers in Idlib.", published="2016-12-12")
    document = analyse(report, pipeline.default("rules").resources.recognisers())
    found, _ = claims(document, Blind())
    assert [c.type for c in found] == ["abduction"]


@pytest.mark.parametrize("words", ["the city", "the whole city", "the ancient city"])
def test_the_whole_city_is_the_city_that_was_named(words: str) -> None:
    found = read(f"Rebels shelled Idlib on Saturday. On Sunday they seized {words}.")
    assert [c.place_names for c in found if c.type == "territory_taken"] == [("Idlib",)]


def test_what_is_told_in_the_perfect_has_happened() -> None:
    assert (
        only("Russia claimed to have repelled an attack on Palmyra on Sunday.", "attack_repelled").certainty
        == "asserted"
    )
