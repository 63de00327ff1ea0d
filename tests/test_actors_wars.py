"""Who an actor is, and whose side it is on, by war, place and date."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from actors_made import found, read, who
from tadmor.model import Mention, Report
from tadmor.resolve.actors import resolve_actors, war_of
from tadmor.resolve.actors_theatre import theatre_of
from tadmor.resolve.registry import Registry, check


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


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


def test_the_war_is_that_of_places_and_words(registry: Registry) -> None:
    place = Mention("m1", 0, 5, "Mosul", "place", country="IQ")
    assert war_of(Report("r", "Mosul fell."), [place], registry) == "iraq"
    assert war_of(Report("r", "Ukrainian troops left the town."), [], registry) == "ukraine"
    assert war_of(Report("r", "Nothing is said."), [], registry) is None


def test_one_abbreviation_means_another_in_another_war(registry: Registry) -> None:
    assert who(registry, "SNA", on="2023", war="somalia") == "actor:somali-national-army"
    assert who(registry, "SNA", on="2023", war="syria") == "actor:syrian-national-army"
    assert who(registry, "SNA", on="2023") is None, "no war, no answer"
    assert who(registry, "RSF", on="2023", war="sudan") == "actor:rapid-support-forces"
    assert who(registry, "RSF", on="2023", war="syria") == "actor:reporters-without-borders"
    assert who(registry, "al-Shabaab", war="mozambique") == "actor:is-mozambique"
    assert who(registry, "al-Shabaab") == "actor:al-shabaab"
    assert who(registry, "Ansar al-Sharia", on="2014", country="LY") == "actor:ansar-al-sharia-libya"
    assert who(registry, "Ansar al-Sharia", on="2014", war="yemen") == "actor:aqap"
    assert who(registry, "JEM", war="sudan") == "actor:jem"
    assert who(registry, "JeM", war="pakistan") == "actor:jaish-e-mohammed"


def test_an_abbreviation_may_be_shared_across_wars_only(tmp_path: Path) -> None:
    entry = {"id": "actor:new-one", "name": "New One", "kind": "militia", "source": "x", "aliases": ["Hezbollah"]}
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"actors": [entry | {"sides": [{"war": "colombia", "side": "eln"}]}]}))
    assert check(path) == []
    path.write_text(json.dumps({"actors": [entry | {"sides": [{"war": "lebanon", "side": "lebanon"}]}]}))
    assert any("means both" in p for p in check(path))


@pytest.mark.parametrize(
    ("words", "scene", "entity"),
    [
        ("the army", {"war": "sudan"}, None),  # a bare word is for the report to say
        ("government troops", {"war": "sudan", "on": "2023-06"}, "actor:sudanese-armed-forces"),
        ("the paramilitary force", {"war": "sudan", "on": "2023-06"}, "actor:rapid-support-forces"),
        ("paramilitaries", {"war": "sudan", "on": "2023-06"}, "actor:rapid-support-forces"),
        ("paramilitary forces", {"war": "syria", "on": "2016"}, None),
        ("the junta", {"war": "myanmar", "on": "2022"}, "actor:state-administration-council"),
        ("the junta", {"war": "myanmar", "on": "2025-09"}, "actor:sspc-myanmar"),
        ("junta troops", {"war": "myanmar", "on": "2022"}, "actor:tatmadaw"),
        ("the junta", {"war": "sahel", "country": "NE", "on": "2024"}, "actor:nigerien-junta"),
        ("the junta", {"war": "sahel", "country": "ML", "on": "2024"}, "actor:malian-junta"),
        ("the junta", {"war": "sahel", "on": "2024"}, None),
        ("the junta", {"war": "sahel", "country": "NE", "on": "2022"}, None),
        ("Malian junta", {"war": "sahel", "on": "2024"}, "actor:malian-junta"),
        ("government forces", {"war": "sahel", "country": "BF", "on": "2024"}, "actor:burkinabe-armed-forces"),
        ("the insurgents", {"war": "afghanistan", "on": "2015"}, "actor:taliban"),
        ("the insurgents", {"war": "afghanistan", "on": "2023"}, None),
        ("insurgents", {"war": "mozambique", "on": "2021"}, "actor:is-mozambique"),
        ("government forces", {"war": "libya", "on": "2019"}, None),
        ("government troops", {"war": "nagorno-karabakh", "on": "2020"}, None),
        ("Congolese troops", {"war": "congo", "on": "2024"}, "actor:fardc"),
        ("Rwandan soldiers", {"war": "congo", "on": "2024"}, "actor:rwandan-defence-force"),
        ("Sudanese government", {"on": "2015"}, "actor:sudanese-government-1989"),
        ("Sudanese government", {"on": "2023"}, "actor:sudanese-government"),
        ("joint forces", {"war": "sudan", "on": "2024"}, None),
    ],
)
def test_descriptions_by_war_country_and_date(
    registry: Registry, words: str, scene: dict[str, str], entity: str | None
) -> None:
    assert who(registry, words, **scene) == entity


def test_sides_change_with_the_war(registry: Registry) -> None:
    assert registry.side("actor:rapid-support-forces", on="2021", war="sudan") == "government"
    assert registry.side("actor:rapid-support-forces", on="2023-05", war="sudan") == "rsf"
    assert registry.side("person:hemedti", on="2023-05", war="sudan") == "rsf"
    assert registry.side("actor:jem", on="2012", war="sudan") == "rebel"
    assert registry.side("actor:jem", on="2024", war="sudan") == "government"
    assert registry.side("actor:iswap", on="2019", war="nigeria") == "islamic-state"
    assert registry.holder("actor:sudanese-air-force", "2024")[1] == "Sudanese government"
    assert registry.holder("actor:m23", "2025")[0] == "actor:m23"
    assert registry.wars_of("person:willy-ngoma") == {"congo"}
    assert registry.wars_of("actor:reuters") == frozenset()


def test_the_army_is_that_of_the_reports_country(registry: Registry) -> None:
    done = read(
        registry,
        "Khartoum, Sudan: the army bombed a market. The paramilitaries, the RSF, hold the bridge. Rebels of the Justice and "
        "Equality Movement stood by.",
        "2023-10-05",
    )
    assert done["army"].entity == "actor:sudanese-armed-forces"
    assert done["paramilitaries"].entity == done["RSF"].entity == "actor:rapid-support-forces"
    assert done["Rebels"].entity == "actor:jem"
    done = read(registry, "The army entered Kidal in Mali. The junta was glad. Jihadists of JNIM fled.", "2023-11-14")
    assert done["army"].entity == "actor:malian-armed-forces"
    assert done["junta"].entity == "actor:malian-junta"
    assert done["Jihadists"].entity == "actor:jnim"
    done = read(
        registry, "M23 took Goma in DR Congo. The rebels beat the army, and government troops fled.", "2025-01-28"
    )
    assert done["rebels"].entity == "actor:m23"
    assert done["army"].entity == done["government troops"].entity == "actor:fardc"


def test_rebels_are_not_the_governments_militia(registry: Registry) -> None:
    done = read(registry, "Wazalendo held a village in DR Congo. Rebels shelled it.", "2024-05-01")
    assert (done["Rebels"].entity, done["Rebels"].side) == (None, "rebel")


def test_the_ministry_is_the_one_named_or_the_countrys(registry: Registry) -> None:
    done = read(
        registry,
        "Azerbaijan's Defence Ministry spoke of Armenian fire. The ministry gave no number.",
        "2022-09-13",
    )
    assert done["ministry"].entity == "actor:azerbaijani-defence-ministry"
    done = read(registry, "Afghanistan: the defence ministry said so. The ministry counted.", "2020-03-01")
    assert done["defence ministry"].entity == done["ministry"].entity == "actor:afghan-defence-ministry"
    assert read(registry, "Syria: the ministry spoke.")["ministry"].entity is None
    assert read(registry, "Syria: the Turkish foreign ministry spoke.")["Turkish foreign ministry"].entity == (
        "actor:turkish-foreign-ministry"
    )


def test_a_report_gives_its_own_abbreviations(registry: Registry) -> None:
    text = "The Arakan Army (AA) took a base in Myanmar. AA fighters stayed; the AA said so. AA guns, Aarhus."
    names = [(text[f.start : f.end], f.entity) for f in registry.recognise(text) if "AA" in text[f.start : f.end]]
    assert names[:3] == [
        ("Arakan Army (AA)", "actor:arakan-army"),
        ("AA fighters", "actor:arakan-army"),
        ("AA", "actor:arakan-army"),
    ]
    assert "AA" not in found(registry, "AA guns fired.")
    assert found(registry, "Amnesty International (UK) spoke.")["Amnesty International"][2] == "actor:amnesty"
    assert "UK" not in found(registry, "Amnesty International (UK) spoke. UK again.")


def test_countries_of_two_words_are_no_other_country(registry: Registry) -> None:
    assert registry.countries_in("South Sudan, South Sudanese, Sudanese and the DRC") == ["SS", "SS", "SD", "CD"]
    assert registry.countries_in("Niger State and the Niger Delta in Nigeria, not Niger") == ["NG", "NE"]
    scene = theatre_of(Report("r", "South Sudan's army fought rebels in South Sudan, near Sudan."), [], registry)
    assert (scene.war, scene.country) == ("south-sudan", "SS")
    assert theatre_of(Report("r", "Egypt and Egyptian troops in Egypt."), [], registry).country == "EG"


def test_what_an_army_did_is_no_part_of_its_name(registry: Registry) -> None:
    names = found(registry, "In Mali the army killed civilians.")
    assert {"army", "killed civilians"} <= set(names)


@pytest.mark.parametrize(
    ("text", "name", "side"),
    [
        ("In Syria, Homs Governor Basil Tenno said so.", "Basil Tenno", "government"),
        ("In Syria, SDF spokesman Kino Tenno said so.", "Kino Tenno", "kurdish"),
        ("In Syria, Kino Tenno, a spokesman for the Syrian Democratic Forces, said so.", "Kino Tenno", "kurdish"),
        ("In Syria, Turkish Foreign Minister Yavuz Top said so.", "Yavuz Top", "turkey"),
        ("In Syria, rebel commander Abu Tenno said so.", "Abu Tenno", "opposition"),
        ("In Syria, a resident, Abu Tenno, said so.", "Abu Tenno", None),
        ("In Sudan, army spokesman Nabil Tenno said so.", "Nabil Tenno", "government"),
        ("In Ukraine, the Russian-installed governor Vlad Tenno said so.", "Vlad Tenno", "russia"),
        ("Vlad Tenno, a correspondent of SANA in Syria, said so.", "Vlad Tenno", None),
    ],
)
def test_a_title_tells_whose_side_a_person_speaks_for(
    registry: Registry, text: str, name: str, side: str | None
) -> None:
    start = text.index(name)
    mention = Mention("p", start, start + len(name), name, "person", "name")
    done = resolve_actors([mention], Report("r", text, published="2018-05-05"), registry)["p"]
    assert (done.entity, done.kind, done.side) == (registry.unknown(name), "person", side)


def test_a_title_is_no_part_of_a_persons_identity(registry: Registry) -> None:
    def one(words: str) -> Mention:
        return resolve_actors(
            [Mention("p", 0, len(words), words, "person", "name")], Report("r", f"{words} spoke in Syria."), registry
        )["p"]

    assert one("Homs Governor Basil Tenno").entity == one("Basil Tenno").entity == "name:basil-tenno"
    known = one("Homs Governor Talal Barazi")
    assert (known.entity, known.side) == ("person:talal-barazi", "government")
    assert registry.actors["person:talal-barazi"].office == "official"
    assert registry.ancestors("person:talal-barazi") == ["actor:syrian-government"]
