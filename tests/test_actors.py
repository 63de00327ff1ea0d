from __future__ import annotations

import json
import re
import time
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor import api, edtf
from tadmor.api import Kept, Ledger
from tadmor.cli import cli
from tadmor.errors import InputError, MissingResource
from tadmor.model import Mention, Report
from tadmor.resolve import registry_file
from tadmor.resolve.actors import resolve_actors, war_of
from tadmor.resolve.actors_lexicon import lexicon
from tadmor.resolve.actors_theatre import theatre_of
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
    assert len(registry.actors) >= 800
    assert all(a.source for a in registry.actors.values())


def table(name: str) -> Any:
    return json.loads(resources.files("tadmor.resolve").joinpath(f"data/{name}").read_text(encoding="utf-8"))


def breaches(schema: dict[str, Any], rule: dict[str, Any], value: Any, where: str = "$") -> list[str]:
    """What breaks a rule of a JSON Schema: the keywords that actors.schema.json uses, and no others."""
    if "$ref" in rule:
        return breaches(schema, schema["$defs"][rule["$ref"].removeprefix("#/$defs/")], value, where)
    known = set(
        "type enum anyOf required additionalProperties properties items pattern minLength minItems minimum uniqueItems "
        "description title $schema $defs".split()
    )
    assert set(rule) <= known, f"a keyword that this check lacks: {set(rule) - known}"
    if "anyOf" in rule:
        return [] if any(not breaches(schema, r, value, where) for r in rule["anyOf"]) else [f"{where}: none fits"]
    found = []
    types = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}
    if "type" in rule and not isinstance(value, types[rule["type"]]):
        return [f"{where}: not of type {rule['type']}"]
    if "enum" in rule and value not in rule["enum"]:
        found.append(f"{where}: {value!r} is not in the list")
    if isinstance(value, str):
        if not re.search(rule.get("pattern", ""), value):
            found.append(f"{where}: {value!r} is not of the form {rule['pattern']}")
        if len(value) < rule.get("minLength", 0):
            found.append(f"{where}: too short")
    if isinstance(value, list):
        if len(value) < rule.get("minItems", 0):
            found.append(f"{where}: empty")
        if rule.get("uniqueItems") and len(set(map(str, value))) < len(value):
            found.append(f"{where}: tells one thing twice")
        for i, item in enumerate(value):
            found += breaches(schema, rule.get("items", {}), item, f"{where}[{i}]")
    if isinstance(value, dict):
        found += [f"{where}: {k} is missing" for k in rule.get("required", ()) if k not in value]
        for k, item in value.items():
            if k in rule.get("properties", {}):
                found += breaches(schema, rule["properties"][k], item, f"{where}.{k}")
            elif rule.get("additionalProperties") is False:
                found.append(f"{where}: unknown field {k}")
    return found


def test_every_entry_has_the_form_of_the_schema() -> None:
    schema, shipped = table("actors.schema.json"), table("actors.json")
    rules = schema["$defs"]["actor"]
    assert breaches(schema, schema, shipped) == []
    fields = rules["properties"]
    assert set(fields) == registry_file.FIELDS
    assert set(fields["kind"]["enum"]) == set(registry_file.KINDS)
    assert set(fields["plover"]["enum"]) == registry_file.PLOVER
    good = {"id": "actor:x", "name": "Xx", "kind": "militia", "source": "x"}
    assert breaches(schema, rules, good) == []
    for change in (
        {"id": "X"},
        {"kind": "army"},
        {"colour": "red"},
        {"from": "soon"},
        {"to": "2015/2016"},
        {"parent": []},
    ):
        assert breaches(schema, rules, good | change), change
    assert "source is missing" in breaches(schema, rules, {k: good[k] for k in ("id", "name", "kind")})[0]


def test_every_entry_says_what_it_is_and_when(registry: Registry) -> None:
    entries = table("actors.json")["actors"]
    assert len({e["id"] for e in entries}) == len(entries)
    for entry in entries:
        assert entry["plover"] in registry_file.PLOVER, entry["id"]
        assert entry["id"].startswith("person:") == (entry["kind"] == "person"), entry["id"]
        dates = [entry, *entry.get("sides", ()), *entry.get("names", ())]
        dates += entry["parent"] if isinstance(entry.get("parent"), list) else []
        for row in dates:
            first, last = (edtf.bounds(row[k])[i] if k in row else None for i, k in enumerate(("from", "to")))
            assert first is None or last is None or first <= last, entry["id"]
    wars = {s["war"] for e in entries for s in e.get("sides", ())}
    assert len(wars) >= 14
    assert set(lexicon().wars) <= wars, "a war that no actor fights in"


def test_the_lexicon_names_actors_that_there_are(registry: Registry) -> None:
    for name, war in lexicon().wars.items():
        for slot, rows in war.home.items():
            for row in rows:
                assert row.value in registry.actors, (name, slot, row.value)


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
        ({"plover": "ARMY"}, "plover"),
        ({"aliases": ["RSF"], "sides": [{"war": "sudan", "side": "rebel"}]}, "means both"),
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


def who(registry: Registry, name: str, **scene: str) -> str | None:
    identity = registry.identify(name, **scene)
    return identity.entity if identity else None


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
        ("In Ukraine, the Russian-installed governor Vlad Tenno said so.", "Vlad Tenno", None),
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


OWN = """
[[actors]]
id = "actor:river-guard"
name = "River Guard"
kind = "militia"
parent = "actor:syrian-government"
country = "SY"
source = "own documentation"
sides = [{ war = "syria", side = "government" }]
"""


def test_actors_of_ones_own_on_the_command_line(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    report = tmp_path / "report.txt"
    report.write_text(
        "The River Guard captured the village of Khan Tuman in Syria, residents said.\n", encoding="utf-8"
    )
    read_it = ["read", str(report), "--reader", "rules", "--format", "jsonl"]

    def entities(*more: str) -> set[str | None]:
        done = CliRunner().invoke(cli, [*read_it, *more])
        assert done.exit_code == 0, done.output
        return {m.get("entity") for m in json.loads(done.stdout)["mentions"]}

    assert "actor:river-guard" in entities("--actors", str(own))
    assert "actor:river-guard" not in entities()
    ledger = tmp_path / "own.db"
    added = CliRunner().invoke(
        cli, ["add", str(report), "--reader", "rules", "--actors", str(own), "--ledger", str(ledger)]
    )
    assert added.exit_code == 0, added.output
    assert b"actor:river-guard" in ledger.read_bytes()


def test_a_ledger_reads_again_for_other_actors(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text(
        "The River Guard captured the village of Khan Tuman in Syria, residents said.\n", encoding="utf-8"
    )
    own, other = tmp_path / "own.toml", tmp_path / "other.toml"
    own.write_text(OWN, encoding="utf-8")
    other.write_text(OWN.replace("river-guard", "river-watch"), encoding="utf-8")

    def add(actors: Path | None) -> tuple[bool, str]:
        with Ledger(tmp_path / "war.db", reader="rules", actors=actors) as ledger:
            (kept,) = ledger.add(report)
            assert isinstance(kept, Kept)
            (reading,) = ledger.readings()
            return kept.added, reading.reader.version

    plain, first, again, second = add(None), add(own), add(own), add(other)
    assert [added for added, _ in (plain, first, again, second)] == [True, True, False, True]
    assert first[1].startswith(plain[1] + "+")
    assert len({plain[1], first[1], second[1]}) == 3
    assert "actor:river-guard" in {m.entity for m in api.read(report, reader="rules", actors=own).mentions}


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("[[actors]]\nid = 'x'\n", InputError, "name is missing"),
        (OWN.replace("actor:syrian-government", "actor:nobody-at-all"), InputError, "unknown parent"),
        (None, MissingResource, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_by_name(
    tmp_path: Path, text: str | None, error: type[Exception], says: str
) -> None:
    own, report = tmp_path / "own.toml", tmp_path / "report.txt"
    report.write_text("Nothing happened.\n")
    if text is not None:
        own.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(cli, ["read", str(report), "--reader", "rules", "--actors", str(own)])
    assert isinstance(done.exception, error)
    assert says in str(done.exception)
    assert str(own) in str(done.exception)


def test_a_name_of_ones_own_comes_first(tmp_path: Path) -> None:
    own = tmp_path / "own.json"
    entry = {"id": "actor:my-party", "name": "My Party", "kind": "armed group", "source": "x", "aliases": ["Hezbollah"]}
    own.write_text(json.dumps({"actors": [entry | {"sides": [{"war": "lebanon", "side": "mine"}]}]}))
    assert who(Registry.load(own), "Hezbollah", war="lebanon") == "actor:my-party"


def test_plover_codes(registry: Registry, tmp_path: Path) -> None:
    codes = {
        i: registry.actors[i].plover for i in ("actor:un", "actor:reuters", "actor:idf", "actor:sbu", "person:hemedti")
    }
    assert codes == {
        "actor:un": "IGO",
        "actor:reuters": "MED",
        "actor:idf": "MIL",
        "actor:sbu": "SPY",
        "person:hemedti": "REB",
    }
    own = tmp_path / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    assert Registry.load(own).actors["actor:river-guard"].plover == "UAF"


def test_acled_types(registry: Registry) -> None:
    assert registry.acled_type("military") == "State Forces"
    assert registry.acled_type("armed group") == "Rebel Groups"
    assert registry.acled_type(None) is None


def test_it_is_fast(registry: Registry) -> None:
    started = time.process_time()
    Registry(registry_file.shipped()).recognise("warm")
    assert time.process_time() - started < 0.5  # about 0.06 s of the processor
    text = "Government troops and Hezbollah fighters shelled rebel positions near Aleppo, the Observatory said. " * 20
    registry.recognise(text)
    started = time.process_time()
    registry.recognise(text)
    assert time.process_time() - started < 0.05  # about 0.0015 s


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
