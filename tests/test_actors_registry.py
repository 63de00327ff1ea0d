"""The registry of actors: its own order, actors of one's own, codes."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from actors_made import who
from tadmor import api, edtf
from tadmor.api import Kept, Ledger
from tadmor.cli import cli
from tadmor.errors import InputError, MissingResource
from tadmor.resolve import registry_file
from tadmor.resolve.actors_lexicon import lexicon
from tadmor.resolve.registry import Registry, check


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


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
