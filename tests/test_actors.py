"""Who is named in a text, and who it is within the report."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors_made import found, read
from tadmor.model import Mention, Report
from tadmor.resolve import registry_file
from tadmor.resolve.actors import resolve_actors
from tadmor.resolve.registry import Registry
from work import calls


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def test_short_names_are_found_in_their_own_case_only(registry: Registry) -> None:
    text = "It is for us to say who is right, but IS shelled them and the UN told WHO staff."
    names = found(registry, text)
    assert names["IS"] == ("actor", "name", "actor:islamic-state")
    assert names["UN"][2] == "actor:un"
    assert not {"is", "us", "who"} & set(names)


def test_a_headline_in_capitals_does_not_make_an_armed_group_of_a_verb(registry: Registry) -> None:
    assert "IS" not in found(registry, "THE TOWN IS QUIET")


@pytest.mark.parametrize(
    ("text", "name", "entity"),
    [
        ("Fighters of Jaysh al-Islam left.", "Jaysh al-Islam", "actor:jaish-al-islam"),
        ("Jeish al Fatah took a hill.", "Jeish al Fatah", "actor:army-of-conquest"),
        ("The Peoples Protection Units held it.", "Peoples Protection Units", "actor:ypg"),
        ("The People’s Protection Units held it.", "People’s Protection Units", "actor:ypg"),
        ("Then Daeshs men fled and SANAs reporter saw it.", "Daesh", "actor:islamic-state"),
        ("Between the army and ISISs men.", "ISIS", "actor:islamic-state"),
        ("قال المرصد السوري لحقوق الإنسان ذلك", "المرصد السوري لحقوق الإنسان", "actor:sohr"),
        ("Recep Tayyip Erdoğan spoke.", "Recep Tayyip Erdoğan", "person:recep-tayyip-erdogan"),
        ("U.S.-led coalition warplanes struck.", "U.S.-led coalition warplanes", "actor:us-led-coalition"),
        ("IS militants attacked.", "IS militants", "actor:islamic-state"),
    ],
)
def test_spellings(registry: Registry, text: str, name: str, entity: str) -> None:
    assert found(registry, text)[name][2] == entity


def test_no_name_inside_a_word(registry: Registry) -> None:
    assert found(registry, "Hamastan and Nusraya are invented; www.sana.sy is a page") == {}


def test_noun_phrases(registry: Registry) -> None:
    text = (
        "Government troops fired at rebel-held streets while Kurdish-led forces and Turkish soldiers watched; civilians and "
        "local officials left the army base, and a Syrian military convoy passed."
    )
    names = found(registry, text)
    assert names["Government troops"][:2] == ("actor", "nominal")
    assert names["Turkish soldiers"][2] == "actor:turkish-armed-forces"
    assert {"Kurdish-led forces", "civilians", "local officials"} <= set(names)
    assert names["rebel"] == ("actor", "nominal", None)  # who holds the streets
    assert not {"army", "army base"} & set(names)


def test_verbs_are_not_forces(registry: Registry) -> None:
    assert "forces" not in found(registry, "The shelling forces people to leave.")


def test_countries_are_told_apart(registry: Registry) -> None:
    text = "Russia denied it in Russia, and Moscow blamed the White House."
    assert [text[f.start : f.end] for f in registry.recognise_states(text)] == ["Russia", "Moscow", "the White House"]
    assert [text[f.start : f.end] for f in registry.recognise(text)] == ["White House"]
    assert (registry.state("ru") or pytest.fail("nobody")).id == "actor:russia"
    assert (registry.identify("the Kremlin") or pytest.fail("nobody")).entity == "actor:russia"
    assert registry.state("XX") is None


def test_unknown_names_have_one_identity_everywhere(registry: Registry) -> None:
    assert registry.unknown("the River Guard") == registry.unknown("River  Guard") == "name:river-guard"
    assert registry.unknown("...").startswith("name:")


def test_nominals_lean_on_what_the_report_named(registry: Registry) -> None:
    text = (
        "ISIS entered Palmyra in Syria on Sunday. Government troops left. The extremist group took the castle, and the militants "
        "shot at the army. The Syrian Observatory for Human Rights counted the dead; the monitoring group named no source. "
        "Civilians fled. Gunmen robbed a shop."
    )
    done = read(registry, text)
    assert done["extremist group"].entity == "actor:islamic-state"
    assert done["militants"].entity == "actor:islamic-state"
    assert done["monitoring group"].entity == "actor:sohr"
    assert (done["Government troops"].entity, done["Government troops"].side) == ("actor:syrian-army", "government")
    assert done["army"].entity == "actor:syrian-army"
    assert (done["Civilians"].entity, done["Civilians"].kind) == (None, "civilians")
    assert done["Gunmen"].entity is None


def test_with_two_groups_only_the_one_just_named_is_the_group(registry: Registry) -> None:
    text = "In Syria Jaish al-Islam fought Ahrar al-Sham near Douma. The group lost ten men. Militants fled."
    done = read(registry, text)
    assert done["group"].entity == "actor:ahrar-al-sham"
    assert done["Militants"].entity is None


def test_a_surname_is_the_person_named_in_full(registry: Registry) -> None:
    text = "Syria: Talib Kerry spoke. Kerry left."
    mentions = [
        Mention("m1", 7, 18, "Talib Kerry", "person", "name"),
        Mention("m2", 26, 31, "Kerry", "person", "name", "person:john-kerry"),
    ]
    done = resolve_actors(mentions, Report("r", text), registry)
    assert done["m1"].entity == done["m2"].entity == "name:talib-kerry"


def test_work_grows_with_the_registry_and_with_the_text_only(registry: Registry) -> None:
    assert calls(lambda: Registry(registry_file.shipped())) < 250 * len(registry.actors)
    text = "Government troops and Hezbollah fighters shelled rebel positions near Aleppo, the Observatory said. "
    registry.recognise(text)
    assert calls(lambda: registry.recognise(text * 80)) < 4.2 * calls(lambda: registry.recognise(text * 20))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(
                [
                    *"IS ISIS the group army forces rebel-held Assads Syrian İstanbul ﬁghters HTS al- ’s U.S. troops of".split(),
                    *"()'-\n",
                ]
            ),
        ),
        max_size=30,
    ),
    st.sampled_from([" ", "", "-", "\n"]),
)
def test_any_text_gives_valid_spans(parts: list[str], joint: str) -> None:
    registry = Registry.load()
    text = joint.join(parts)
    last = 0
    spans = registry.recognise(text)
    for one in spans:
        assert 0 <= one.start < one.end <= len(text)
        assert one.start >= last, "recognised spans do not overlap"
        last = one.end
    assert spans == registry.recognise(text)
    read(registry, text)
    registry.identify(text, on="2016", war="syria")
    registry.recognise_states(text)


def test_all_who_bear_a_name_are_found_whatever_the_war(registry: Registry) -> None:
    assert [a.id for a in registry.bearing("the Daesh")] == ["actor:islamic-state"]
    assert [a.id for a in registry.bearing("SDF")] == ["actor:syrian-democratic-forces"]
    assert [a.id for a in registry.bearing("isil")] == ["actor:islamic-state"]
    for word in ("is", "Damascus", "joint forces", "the Kremlin", "nobody at all"):
        assert registry.bearing(word) == []
