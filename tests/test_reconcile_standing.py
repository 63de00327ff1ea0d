"""Which place a claim of control speaks of by its words, and what is no capture though it has the words of one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tadmor.model import Party, Place
from tadmor.reconcile import control, held_on
from tadmor.reconcile.bearing import ASIDE, ENTERED, GUESSED, PAST, SOUGHT, UNNAMED, bearing
from tadmor.reconcile.names import place_key
from tadmor.reconcile.standing import AROUND, MOST, PART, WHOLE, standing
from test_reconcile_make import ARMY, HOMS, ISIS, PALMYRA, account

ADRA = Place("Adra", "geonames:501", 33.6, 36.5, "SY")


@pytest.mark.parametrize(
    ("words", "share"),
    [
        ("they took control of adra", WHOLE),
        ("they drove the group from adra", WHOLE),
        ("the capture of the city of adra", WHOLE),
        ("they seized most of the old city of adra", MOST),
        ("they seized ground in adra", MOST),
        ("they seized the eastern districts of the town of adra", PART),
        ("they took the adra prison", PART),
        ("they took a hill overlooking adra", AROUND),
        ("they seized villages to the north of the town of adra", AROUND),
        ("they cut the road to adra", AROUND),
        ("they were ten km from adra", AROUND),
        ("they took the adra border crossing", AROUND),
        ("they took the adra oil field", AROUND),
        ("they held adra southern and eastern entrances", AROUND),
        ("they took three villages near adra and then adra itself", WHOLE),
    ],
)
def test_the_words_around_a_name_say_how_it_stands(words: str, share: float) -> None:
    assert standing(f" {words} ", ["adra"]) == share


def test_a_name_within_another_word_does_not_stand_there() -> None:
    assert standing(" they took adrana ", ["adra"]) is None


def test_a_claim_with_several_places_bears_on_the_one_that_its_clause_names() -> None:
    told = account(
        "r", "c1", "territory_taken", actors=[ISIS], places=[ADRA, PALMYRA], date="2016-06-10",
        place_names=("Adra", "Palmyra"), text="they took Adra",
        sentence="After the retreat from Palmyra they took Adra.",
    )  # fmt: skip
    assert bearing(told, frozenset({place_key(ADRA)})) == WHOLE
    assert bearing(told, frozenset({place_key(PALMYRA)})) == ASIDE


def share(text: str, sentence: str = "", kind: str = "territory_taken") -> float:
    told = account(
        "r", "c1", kind, actors=[ISIS], places=[ADRA], place_names=("Adra",), date="2016-06-10", text=text,
        sentence=sentence or f"{text}, residents of the valley said that evening.",
    )  # fmt: skip
    return bearing(told, frozenset({place_key(ADRA)}))


def test_what_is_tried_or_entered_or_over_is_no_capture() -> None:
    assert share("They launched an offensive to retake Adra") == SOUGHT
    assert share("capturing Adra", "The ministry said that they were close to capturing Adra.") == SOUGHT
    assert share("Their men entered Adra at dawn") == ENTERED
    assert share("Their men entered and captured Adra at dawn") == WHOLE
    assert share("Capture of Adra", "Capture of Adra") == ENTERED
    assert share("the fall of Adra") == pytest.approx(GUESSED)
    assert share("the fall of Adra to them, by the group", "It was the fall of Adra to them, by the group.") == WHOLE
    assert share("Adra was once their stronghold", kind="territory_held") == PAST
    assert share("they nearly besieged Adra", kind="siege") == SOUGHT
    assert share("they besieged Adra", kind="siege") == WHOLE
    assert share("Adra, which holds a strategic position on the road", kind="territory_held") == ASIDE
    assert share("resistance by fighters in several pockets of Adra", kind="territory_held") == PART


def test_who_beats_back_an_attack_near_a_place_need_not_have_it() -> None:
    assert share("Their attack on Adra was beaten back", kind="attack_repelled") == WHOLE
    near = "They stormed the army's position west of the town of Adra before being repelled."
    assert share("before being repelled", near, kind="attack_repelled") == AROUND


def test_the_holder_from_whom_a_place_was_taken_has_lost_it() -> None:
    told = "On 22 June the army captured the rebel stronghold town of Palmyra."
    rebels = Party("Syrian opposition", "actor:syrian-opposition", "movement", "opposition")
    accounts = [
        account("r1", "c1", "territory_held", actors=[rebels], date="2013-02-12", text="rebels hold Palmyra"),
        account("r2", "c1", "territory_held", actors=[rebels], date="2013-06-22", text=told, sentence=told),
        account("r2", "c2", "territory_taken", actors=[ARMY], date="2013-06-22", text=told, sentence=told),
    ]
    assert [i.holder for i in held_on(control(accounts, "Palmyra"), "2013-10-01")] == ["Syrian Army"]


def test_what_had_been_taken_by_a_month_was_taken_before_what_is_told_of_that_month() -> None:
    then = "Rebels had captured Palmyra months before."
    rebels = Party("Syrian opposition", "actor:syrian-opposition", "movement", "opposition")
    accounts = [
        account("r1", "c1", "territory_taken", actors=[ARMY], date="2012-08-11", sentence="The army retook Palmyra."),
        account("r1", "c2", "territory_taken", actors=[rebels], date="2012-08", text=then, sentence=then,
                published="2013-07-28"),
    ]  # fmt: skip
    assert [i.holder for i in held_on(control(accounts, "Palmyra"), "2012-09-01")] == ["Syrian Army"]


def test_a_pronoun_stands_for_what_the_sentence_names() -> None:
    assert (
        share("before they took control of it", "The mills of Adra burned before they took control of it.") == UNNAMED
    )
    assert share("before they took it", "They had shelled Adra for days before they took it.") == WHOLE


def test_who_is_named_only_as_driven_out_did_not_take_the_place() -> None:
    army = account("r1", "c1", "territory_taken", actors=[ARMY], date="2016-06-01", sentence="The army took Palmyra.")

    def after(sentence: str) -> list[str | None]:
        said = account("r2", "c1", "territory_taken", actors=[ISIS], date="2016-06-20", sentence=sentence)
        said = replace(said, claim=replace(said.claim, actor_names=("Islamic State",)))
        return [i.holder for i in held_on(control([army, said], "Palmyra"), "2016-06-25")]

    assert after("Palmyra has been cleared of Islamic State.") == ["Syrian Army"]
    assert after("Palmyra fell as Islamic State broke in.") == ["Islamic State"]
    assert after("Fighters from Islamic State took control of Palmyra.") == ["Islamic State"]


@pytest.mark.parametrize(
    ("kind", "words", "actor", "target", "holder"),
    [
        ("territory_lost", "the fall of Palmyra to Islamic State", ISIS, None, "Islamic State"),
        ("territory_lost", "Palmyra fell to Islamic State", ISIS, None, "Islamic State"),
        ("territory_lost", "the Syrian Army withdrew from Palmyra to the hills", ARMY, None, None),
        ("territory_taken", "the Syrian Army ceded control of Palmyra to Islamic State", ARMY, ISIS, "Islamic State"),
        (
            "territory_taken",
            "Palmyra was ceded by the Syrian Army and taken by Islamic State",
            ISIS,
            ARMY,
            "Islamic State",
        ),
    ],
)
def test_what_fell_to_a_party_is_its_own(
    kind: str, words: str, actor: Party, target: Party | None, holder: str | None
) -> None:
    said = account("r2", "c1", kind, actors=[actor], targets=[target] if target else [], date="2016-06-20", text=words,
                   sentence=f"{words}.")  # fmt: skip
    said = replace(
        said, claim=replace(said.claim, actor_names=(actor.name,), target_names=(target.name,) if target else ())
    )
    army = account("r1", "c1", "territory_held", actors=[ARMY], date="2016-06-01", sentence="The army holds Palmyra.")
    assert [i.holder for i in held_on(control([army, said], "Palmyra"), "2016-06-25")] == [holder]


def test_prisoners_of_the_loser_did_not_take_the_place() -> None:
    said = account("r2", "c1", "territory_taken", actors=[ARMY, ISIS], targets=[ISIS], date="2016-06-20",
                   text="helping retake Palmyra from it")  # fmt: skip
    assert [i.holder for i in held_on(control([said], "Palmyra"), "2016-06-25")] == ["Syrian Army"]
    nobody = account("r2", "c2", "territory_taken", actors=[ISIS], targets=[ISIS], date="2016-06-20",
                     text="helping retake Palmyra from it")  # fmt: skip
    assert [i.holder for i in held_on(control([nobody], "Palmyra"), "2016-06-25")] == [None]


def test_a_province_is_no_town_near_its_middle() -> None:
    province = Place("Homs province", "admin1:SY.11", HOMS.lat, HOMS.lon, "SY")
    accounts = [
        account("r1", "c1", "territory_held", actors=[ARMY], places=[HOMS], date="2016-06-01"),
        account("r2", "c1", "territory_held", actors=[ISIS], places=[province], date="2016-06-10"),
    ]
    assert {i.holder for i in control(accounts, HOMS)} == {"Syrian Army"}
    assert {i.holder for i in control(accounts, province)} == {"Islamic State"}


def test_two_towns_two_km_apart_are_two() -> None:
    near = Place("Little Adra", "geonames:502", 33.615, 36.505, "SY")
    accounts = [
        account("r1", "c1", "territory_held", actors=[ARMY], places=[ADRA], date="2016-06-01"),
        account("r2", "c1", "territory_held", actors=[ISIS], places=[near], date="2016-06-10"),
    ]
    assert {i.holder for i in control(accounts, ADRA)} == {"Syrian Army"}
    # a bare point is the town next to it
    assert {i.holder for i in control(accounts, Place("?", None, 33.616, 36.506))} == {"Islamic State"}


def test_a_capture_told_of_a_month_is_that_of_the_day_which_others_give() -> None:
    accounts = [
        account("r1", "c1", "territory_held", actors=[ARMY], date="2016-11-01", sentence="The army holds Palmyra."),
        account("r2", "c1", "territory_taken", actors=[ISIS], date="2016-12-11", sentence="They took Palmyra."),
        account("r3", "c1", "territory_taken", actors=[ISIS], date="2016-12", sentence="They retook Palmyra."),
        account("r4", "c1", "territory_taken", actors=[ISIS], date="2016-12~", sentence="They seized Palmyra."),
        account("r5", "c1", "territory_lost", actors=[ARMY], date="2016-12", sentence="The army left Palmyra."),
    ]
    before, since = control(accounts, "Palmyra")
    assert (before.holder, since.holder, since.start) == ("Syrian Army", "Islamic State", "2016-12-11")
    assert {c.report for c in since.claims} == {"r2", "r3", "r4", "r5"}


def test_a_capture_of_a_month_without_a_day_keeps_its_month() -> None:
    accounts = [
        account("r1", "c1", "territory_held", actors=[ARMY], date="2016-11-01", sentence="The army holds Palmyra."),
        account("r2", "c1", "territory_taken", actors=[ISIS], date="2016-12", sentence="They took Palmyra.",
                published="2017-02-01"),
    ]  # fmt: skip
    assert [i.start for i in control(accounts, "Palmyra")] == ["2016-11-01", "2016-12"]


def test_a_loss_gives_the_place_to_nobody_of_whom_nothing_is_told_near_that_day() -> None:
    other = Party("Valley Brigade", "actor:valley", "armed group", "opposition")
    accounts = [
        account("r1", "c1", "territory_held", actors=[ARMY], date="2012-06-01", sentence="The army holds Palmyra."),
        account("r2", "c1", "territory_lost", actors=[ARMY], date="2012-07-01", sentence="The army left Palmyra."),
        account("r3", "c1", "territory_held", actors=[other], date="2016-06-01", sentence="The brigade holds Palmyra."),
    ]
    assert [(i.holder, i.status) for i in held_on(control(accounts, "Palmyra"), "2012-07-10")] == [(None, "lost")]


@pytest.mark.parametrize("words", ["Palmyra changed hands in June", "after trading hands multiple times"])
def test_a_place_that_changed_hands_was_taken_nobody_says_by_whom(words: str) -> None:
    held = account("r1", "c1", "territory_held", actors=[ARMY], date="2016-06-01")
    said = account("r2", "c1", "territory_taken", actors=[ISIS], date="2016-06-20", text=words, sentence=f"{words}.")
    (now,) = held_on(control([held, said], "Palmyra"), "2016-06-25")
    assert now.holder == "Syrian Army"


def test_a_change_is_shown_with_its_day_where_a_wide_date_tells_of_it_too() -> None:
    accounts = [
        account("r1", "c1", "territory_held", actors=[ARMY], date="2016-05-01"),
        account("r2", "c1", "territory_taken", actors=[ISIS], targets=[ARMY], date="2016-12-11"),
        account("r3", "c1", "territory_lost", actors=[ARMY], targets=[ISIS], date="2016-10-24~/2016-12-19"),
    ]
    begins = [i.start for i in control(accounts, "Palmyra") if i.holder == "Islamic State"]
    assert begins[0] == "2016-12-11"
