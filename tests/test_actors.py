from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor.errors import InputError, MissingResource
from tadmor.model import Mention, Report
from tadmor.resolve import registry_file
from tadmor.resolve.actors import resolve_actors, war_of
from tadmor.resolve.registry import Registry, check


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def found(registry: Registry, text: str) -> dict[str, tuple[str, str, str | None]]:
    return {text[f.start : f.end]: (f.type, f.level, f.entity) for f in registry.recognise(text)}


def read(registry: Registry, text: str, published: str | None = "2016-12-11") -> dict[str, Mention]:
    mentions = [
        Mention(f"m{i}", f.start, f.end, text[f.start : f.end], f.type, f.level, f.entity)
        for i, f in enumerate(registry.recognise(text))
    ]
    report = Report("r", text, published=published)
    done = resolve_actors(mentions, report, registry)
    return {m.text: done[m.id] for m in mentions if m.id in done}


def test_the_shipped_registry_is_in_order(registry: Registry) -> None:
    assert check() == []
    assert len(registry.actors) >= 200
    assert all(a.source for a in registry.actors.values())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "army"}, "kind"),
        ({"parent": "actor:nobody-at-all"}, "unknown parent"),
        ({"parent": "actor:new-one"}, "own ancestor"),
        ({"sides": [{"war": "syria", "side": "government", "from": "soon"}]}, "not a date"),
        ({"aliases": ["Hezbollah"]}, "means both"),
        ({"colour": "red"}, "unknown field"),
        ({"from": "2020", "to": "2010"}, "ends before"),
    ],
)
def test_check_tells_what_is_wrong(tmp_path: Path, change: dict[str, object], says: str) -> None:
    entry: dict[str, object] = {"id": "actor:new-one", "name": "New One", "kind": "militia", "source": "test"}
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"actors": [entry | change]}))
    problems = check(path)
    assert any(says in p for p in problems), problems


def test_an_actor_may_share_a_name_with_one_of_another_time(tmp_path: Path) -> None:
    rows = [
        {
            "id": f"actor:guard-{i}",
            "name": f"Guard {i}",
            "aliases": ["River Guard"],
            "kind": "militia",
            "source": "x",
            **dates,
        }
        for i, dates in enumerate(({"to": "2014"}, {"from": "2015"}))
    ]
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"actors": rows}))
    assert check(path) == []
    own = Registry.load(path)
    assert (own.identify("River Guard", on="2013-02") or pytest.fail("nobody")).entity == "actor:guard-0"
    assert (own.identify("River Guard", on="2016") or pytest.fail("nobody")).entity == "actor:guard-1"
    assert own.identify("Hezbollah") is not None


def test_a_file_in_toml_and_files_that_cannot_be_used(tmp_path: Path) -> None:
    good = tmp_path / "own.toml"
    good.write_text('[[actors]]\nid = "actor:river-guard"\nname = "River Guard"\nkind = "militia"\nsource = "x"\n')
    assert Registry.load(good).identify("the River Guard") is not None
    bad = tmp_path / "bad.json"
    bad.write_text('{"actors": [{"id": "x"}]}')
    with pytest.raises(InputError, match="name is missing"):
        Registry.load(bad)
    bad.write_text("{")
    with pytest.raises(InputError, match="neither JSON nor TOML"):
        Registry.load(bad)
    with pytest.raises(MissingResource, match=r"nowhere\.json"):
        Registry.load(tmp_path / "nowhere.json")


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
    assert (registry.metonym("the Kremlin") or pytest.fail("nobody")).id == "actor:russia"
    assert registry.state("XX") is None


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("the Syrian army", "actor:syrian-army"),
        ("Russian warplanes", "actor:russian-air-force"),
        ("Turkish troops", "actor:turkish-armed-forces"),
        ("Kenyan military", "actor:kenya"),
        ("Islamic State (IS)", "actor:islamic-state"),
        ("Kurdish YPG fighters", "actor:ypg"),
        ("government troops", "actor:syrian-army"),
        ("regime warplanes", "actor:syrian-air-force"),
        ("Syrian regime troops", "actor:syrian-army"),
        ("forces of President Bashar al-Assad", "actor:syrian-army"),
        ("opposition fighters", "actor:syrian-opposition"),
        ("Syrian President Bashar al-Assad", "person:bashar-al-assad"),
        ("Damascus", "actor:syria"),
        ("Hamas-allied militants", None),
        ("a former ISIS member", None),
        ("Sons of the Desert", None),
        ("", None),
    ],
)
def test_identify_in_the_syrian_war(registry: Registry, name: str, entity: str | None) -> None:
    identity = registry.identify(name, on="2016-12-11", war="syria")
    assert (identity.entity if identity else None) == entity


def test_who_is_who_depends_on_the_date(registry: Registry) -> None:
    def who(name: str, on: str) -> tuple[str, str | None]:
        identity = registry.identify(name, on=on, war="syria")
        assert identity is not None
        return identity.name, identity.side

    assert who("Syrian government", "2024-12-07")[0] == "Syrian government"
    assert who("Syrian government", "2024-12-08")[0] == "Syrian transitional government"
    assert who("HTS", "2024-12-07") == ("Hayat Tahrir al-Sham", "opposition")
    assert who("HTS", "2024-12-09") == ("Hayat Tahrir al-Sham", "government")
    assert who("Jabhat al-Nusra", "2015-03") == ("al-Nusra Front", "opposition")
    assert who("Kurdish forces", "2014-10")[0] == "People's Protection Units"
    assert who("Kurdish forces", "2017-10")[0] == "Syrian Democratic Forces"
    assert (
        registry.identify("Kurdish forces", on="2017-10", war="iraq") or pytest.fail("nobody")
    ).entity == "actor:peshmerga"


def test_sides_by_war_and_date(registry: Registry) -> None:
    assert registry.side("actor:dpr", on="2015-02", war="ukraine") == "separatist"
    assert registry.side("actor:dpr", on="2022-05", war="ukraine") == "russia"
    assert registry.side("actor:wagner", on="2018-02", war="syria") == "government"
    assert registry.side("actor:wagner", on="2022-08", war="ukraine") == "russia"
    assert registry.side("person:sergei-shoigu", on="2022-08", war="ukraine") == "russia"
    assert registry.side("actor:russia", on="2016") is None  # two wars, two sides
    assert registry.side("actor:islamic-state", on="2016") == "islamic-state"
    assert registry.side("name:unheard-of") is None


@pytest.mark.parametrize(
    ("entity", "on", "name"),
    [
        ("actor:syrian-air-force", "2016", "Syrian government"),
        ("actor:syria", "2025-02", "Syrian transitional government"),
        ("person:bashar-al-assad", "2016", "Syrian government"),
        ("actor:ahrar-al-sham", "2015", "Syrian opposition"),
        ("actor:ypg", "2018", "Syrian Democratic Forces"),
        ("actor:syrian-national-army", "2017-02", "Turkish-backed rebels"),
        ("actor:tahrir-al-sham", "2016-01", "al-Nusra Front"),
        ("actor:islamic-state", "2016", "ISIS"),
        ("actor:iraqi-army", "2017", "Iraqi government"),
        ("actor:dpr", "2015", "Donetsk People's Republic"),
        ("actor:dpr", "2023", "Russia"),
        ("name:river-guard", None, "river guard"),
    ],
)
def test_who_holds_ground(registry: Registry, entity: str, on: str | None, name: str) -> None:
    assert registry.holder(entity, on)[1] == name


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


def test_the_war_is_that_of_places_and_words(registry: Registry) -> None:
    place = Mention("m1", 0, 5, "Mosul", "place", country="IQ")
    assert war_of(Report("r", "Mosul fell."), [place], registry) == "iraq"
    assert war_of(Report("r", "Ukrainian troops left the town."), [], registry) == "ukraine"
    assert war_of(Report("r", "Nothing is said."), [], registry) is None


def test_acled_types(registry: Registry) -> None:
    assert registry.acled_type("military") == "State Forces"
    assert registry.acled_type("armed group") == "Rebel Groups"
    assert registry.acled_type(None) is None


def test_it_is_fast(registry: Registry) -> None:
    started = time.perf_counter()
    Registry(registry_file.shipped()).recognise("warm")
    assert time.perf_counter() - started < 0.5  # about 0.03 s on an idle machine
    text = "Government troops and Hezbollah fighters shelled rebel positions near Aleppo, the Observatory said. " * 20
    registry.recognise(text)
    started = time.perf_counter()
    registry.recognise(text)
    assert time.perf_counter() - started < 0.05  # about 0.0015 s


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
