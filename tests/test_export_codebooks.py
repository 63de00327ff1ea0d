"""ACLED and UCDP columns: headers against the published lists, codes by the codebooks, what is left out, claims of rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import test_export_make as hand
from tadmor import Ledger, taxonomy
from tadmor.model import Account, ClaimRef, Count, Party, Place, Relation, Voice
from tadmor.pipeline import resources
from tadmor.publish import acled, codebooks, ucdp
from tadmor.publish.parties import acled_type, parties, standing
from tadmor.publish.precision import priogrid
from tadmor.publish.rows import LeftOut
from tadmor.publish.world import World
from tadmor.reconcile import incidents
from tadmor.reconcile.incidents import incident
from tadmor.resolve.registry import Registry
from test_export_make import make
from test_reconcile_make import ARMY, ISIS, MONITOR, RUSSIA, account, killed, voice

TADMUR = Place("Palmyra", "geonames:163808", 34.5624, 38.28402, "SY")
US = Party("US-led coalition", "actor:us-led-coalition", "coalition")


@pytest.fixture(scope="module")
def ledger_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("export") / "war.db")


@pytest.fixture(scope="module")
def world() -> World:
    found = resources()
    return World(found.registry, found.gazetteer, lambda _: None)


def exported(path: Path, form: str) -> tuple[list[str], list[dict[str, str]], str]:
    stream = io.StringIO(newline="")
    with Ledger(path) as ledger:
        note = ledger.export(form, stream)
    reader = csv.DictReader(io.StringIO(stream.getvalue(), newline=""))
    rows = list(reader)
    return list(reader.fieldnames or ()), rows, note or ""


@pytest.mark.parametrize(
    ("form", "book", "own", "columns"),
    [("acled", codebooks.acled, acled.OWN, 31), ("ucdp", codebooks.ucdp, ucdp.OWN, 49)],
)
def test_the_header_is_the_published_list_and_then_our_own_columns(
    ledger_path: Path, form: str, book: object, own: Sequence[str], columns: int
) -> None:
    published = book()["columns"]  # type: ignore[operator]
    assert len(published) == len(set(published)) == columns
    header, rows, _ = exported(ledger_path, form)
    assert header == [*published, *own]
    assert rows
    assert all(None not in r and None not in r.values() for r in rows)


@pytest.mark.parametrize("form", ["acled", "ucdp"])
def test_every_row_names_claims_that_the_ledger_has(ledger_path: Path, form: str) -> None:
    with Ledger(ledger_path) as ledger:
        known = {f"{a.ref.report}:{a.ref.claim}" for a in ledger.store.accounts()}
        ids = {i.id for i in ledger.incidents().items}
    _, rows, _ = exported(ledger_path, form)
    for r in rows:
        assert r["incident"] in ids
        assert set(r["claims"].split("; ")) <= known


def test_acled_rows_of_the_ledger(ledger_path: Path) -> None:
    _, rows, note = exported(ledger_path, "acled")
    fall, strike = sorted(rows, key=lambda r: r["event_type"])
    assert (fall["event_type"], fall["disorder_type"]) == ("Battles", "Political violence")
    assert (fall["actor1"], fall["inter1"], fall["actor2"], fall["inter2"], fall["interaction"]) == (
        "ISIS",
        "2",
        "the army",
        "1",
        "12",
    )
    assert (fall["event_date"], fall["year"], fall["time_precision"]) == ("2016-12-11", "2016", "1")
    assert (fall["iso"], fall["region"], fall["country"], fall["admin1"]) == ("760", "Middle East", "Syria", "Homs")
    assert (fall["location"], float(fall["latitude"]), fall["geo_precision"]) == ("Palmyra", 34.5624, "1")
    assert (fall["fatalities"], fall["fatalities_best"]) == ("0", "")
    assert fall["claims"] == "r2:c2; r:1:c1; r:1:c3"
    assert fall["source"] == "Herald; Courier"
    assert "Palmyra Monitor: “ISIS took Palmyra from the army”" in fall["notes"]
    assert (strike["sub_event_type"], strike["civilian_targeting"]) == ("Air/drone strike", "Civilian targeting")
    assert (strike["inter1"], strike["inter2"], strike["interaction"]) == ("8", "7", "78")
    assert (strike["fatalities_low"], strike["fatalities_high"]) == ("12", "23")
    assert strike["fatalities"] == strike["fatalities_best"] in ("12", "23")
    assert strike["fatalities_rule"]
    assert note.splitlines() == [
        "1 incident left out: no date within a month",
        "1 incident left out: no place on the map",
        "1 incident left out: of a type that ACLED does not code",
    ]


def test_ucdp_rows_of_the_ledger(ledger_path: Path) -> None:
    _, rows, note = exported(ledger_path, "ucdp")
    (strike,) = rows
    assert (strike["low"], strike["high"]) == ("12", "23")
    assert strike["best"] == strike["deaths_civilians"] in ("12", "23")
    assert (strike["deaths_a"], strike["deaths_b"], strike["deaths_unknown"]) == ("0", "0", "0")
    assert (strike["side_a"], strike["gwnoa"]) == ("Government of Russia (Soviet Union)", "365")
    assert (strike["side_b"], strike["type_of_violence"]) == ("Civilians", "")  # nobody says that it was meant for them
    assert (strike["country"], strike["country_id"], strike["region"]) == ("Syria", "652", "Middle East")
    assert (strike["where_prec"], strike["date_prec"], strike["event_clarity"]) == ("1", "1", "1")
    assert (strike["date_start"], strike["date_end"]) == ("2016-12-11", "2016-12-11")
    assert strike["geom_wkt"] == f"POINT ({strike['longitude']} {strike['latitude']})"
    assert strike["priogrid_gid"] == str(priogrid(float(strike["latitude"]), float(strike["longitude"])))
    assert strike["number_of_sources"] == "2"
    assert strike["source_original"] == "a witness; Palmyra Monitor"
    assert all(strike[c] == "" for c in codebooks.ucdp()["given_by_ucdp"])
    assert "3 incidents left out: not said to have killed anybody" in note
    assert "1 incident left out: no place on the map" in note


@pytest.mark.parametrize(
    ("party", "country", "kind"),
    [
        (ARMY, "SY", "State Forces"),
        (ARMY, "LB", "External/Other Forces"),
        (RUSSIA, "SY", "External/Other Forces"),
        (RUSSIA, "RU", "State Forces"),
        (Party("Russia", "country:RU"), "SY", "External/Other Forces"),
        (Party("Syria", "country:SY"), "SY", "State Forces"),
        (ISIS, "SY", "Rebel Groups"),
        (US, "SY", "External/Other Forces"),
        (Party("Séléka", "actor:seleka", "coalition"), "CF", "Rebel Groups"),
        (Party("Bashar al-Assad", "person:bashar-al-assad", "person"), "SY", "State Forces"),
        (Party("United Nations", "actor:un", "organisation"), "SY", "External/Other Forces"),
        (Party("dozens of villagers"), "SY", "Civilians"),
        (Party("masked gunmen"), "SY", "Political Militias"),
        (Party("demonstrators"), "SY", "Protesters"),
        (Party("the others"), "SY", None),
    ],
)
def test_types_of_actors(party: Party, country: str, kind: str | None) -> None:
    assert acled_type(party, Registry.load(), country) == kind
    assert kind is None or kind in codebooks.acled()["inter"]


def test_every_kind_of_the_registry_has_an_inter_code() -> None:
    registry = Registry.load()
    missing = [
        a.id
        for a in registry.actors.values()
        if codebooks.acled()["inter"].get(acled_type(Party(a.name, a.id, a.kind), registry) or "") is None
    ]
    assert missing == []


def test_a_coalition_of_states_is_a_state_for_ucdp_and_the_united_nations_are_nothing() -> None:
    registry = Registry.load()
    assert standing(US, registry) == "state"
    assert standing(Party("United Nations", "actor:un", "organisation"), registry) is None


def test_who_lost_and_who_took_are_told_the_same_way() -> None:
    taken = account("r1", "c1", "territory_taken", actors=[ISIS], targets=[ARMY])
    lost = account("r2", "c1", "territory_lost", actors=[ARMY])
    beaten = account("r3", "c1", "attack_repelled", actors=[RUSSIA])
    denied = account("r4", "c1", "territory_taken", actors=[ARMY], certainty="denied")
    found = parties([taken, lost, beaten, denied], "territory_taken")
    assert (found.actors, found.targets) == ((ISIS,), (ARMY, RUSSIA))


def test_two_sides_of_a_war_named_as_actors_of_one_fight_are_its_two_parties() -> None:
    fight = account("r1", "c1", "armed_clash", actors=[ISIS, ARMY], targets=[Party("soldiers")])
    assert parties([fight], "armed_clash").targets == (ARMY, Party("soldiers"))
    raid = account("r1", "c1", "air_strike", actors=[RUSSIA, US])
    assert parties([raid], "air_strike").actors == (RUSSIA, US)


def one(accounts: Sequence[Account], world: World, form: str = "ucdp") -> dict[str, object]:
    (incident,) = incidents(accounts)
    return (ucdp if form == "ucdp" else acled).row(incident, accounts, world)


@pytest.mark.parametrize(
    ("actors", "targets", "of", "expected"),
    [
        ([ISIS], [ARMY], "soldiers", (1, "Government of Syria", "Islamic State", "deaths_a")),
        ([ARMY], [ISIS], "militants", (1, "Government of Syria", "Islamic State", "deaths_b")),
        (
            [ISIS],
            [Party("Ahrar al-Sham", "actor:ahrar-al-sham", "armed group")],
            "fighters",
            (2, "Islamic State", "Ahrar al-Sham", "deaths_unknown"),
        ),
        (
            [Party("Turkey", "country:TR")],
            [ISIS],
            "fighters",
            (1, "Government of Turkey", "Islamic State", "deaths_b"),
        ),
        ([RUSSIA, ARMY], [ISIS], None, (1, "Government of Syria", "Islamic State", "deaths_unknown")),
        ([ISIS], [], "civilians", (None, "Islamic State", None, "deaths_civilians")),
    ],
)
def test_sides_and_deaths_of_ucdp(
    world: World, actors: list[Party], targets: list[Party], of: str | None, expected: tuple[object, ...]
) -> None:
    row = one(
        [account("r1", "c1", "shelling", places=[TADMUR], actors=actors, targets=targets, counts=[killed(9, of=of)])],
        world,
    )
    violence, a, b, column = expected
    assert (row["type_of_violence"], row["side_a"], row["side_b"]) == (violence, a, b)
    assert row[str(column)] == row["best"] == 9
    assert sum(int(str(row[c])) for c in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")) == 9


def test_violence_against_civilians_is_one_sided(world: World) -> None:
    told = [
        account(
            "r1",
            "c1",
            "attack_on_civilians",
            places=[TADMUR],
            actors=[ISIS],
            targets=[Party("families")],
            counts=[killed(5)],
        )
    ]
    row = one(told, world)
    assert (row["type_of_violence"], row["side_b"], row["dyad_name"]) == (3, "Civilians", "Islamic State - Civilians")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(40, None, (40, 40, 40)), (None, 50, (0, 50, 50)), (10, 20, (10, 15, 20))],
)
def test_open_figures(world: World, low: float | None, high: float | None, expected: tuple[int, int, int]) -> None:
    count = Count("killed", low, high)
    row = one([account("r1", "c1", "shelling", places=[TADMUR], counts=[count])], world)
    assert (row["low"], row["best"], row["high"]) == expected
    assert (row["killed_low"], row["killed_high"]) == (low, high)


@pytest.mark.parametrize(
    ("kind", "counts", "actors", "reason"),
    [
        ("shelling", [], [ISIS], "killed anybody"),
        ("shelling", [Count("killed", 0, 0)], [ISIS], "killed anybody"),
        ("casualties", [killed(4)], [], "organised actor"),
        ("displacement", [killed(4)], [ISIS], "organised actor"),
    ],
)
def test_what_is_no_event_of_ucdp(
    world: World, kind: str, counts: list[Count], actors: list[Party], reason: str
) -> None:
    with pytest.raises(LeftOut, match=reason):
        one([account("r1", "c1", kind, places=[TADMUR], actors=actors, counts=counts)], world)


def test_an_event_that_is_only_denied_is_no_event(world: World) -> None:
    told = [account("r1", "c1", "chemical_attack", places=[TADMUR], certainty="denied", voices=[MONITOR])]
    for form in ("acled", "ucdp"):
        with pytest.raises(LeftOut, match="denied"):
            one(told, world, form)


def test_a_loss_with_a_fight_is_no_transfer_without_violence(world: World) -> None:
    transfer = "Strategic developments/Non-violent transfer of territory"

    def lost(report: str, *, kind: str = "territory_lost", code: str = transfer) -> Account:
        made = account(report, "c1", kind, places=[TADMUR], actors=[ARMY], targets=[ISIS])
        return replace(made, claim=replace(made.claim, acled=code))

    assert one([lost("r1")], world, "acled")["sub_event_type"] == "Non-violent transfer of territory"
    fought = [lost("r1"), lost("r2"), lost("r3", kind="armed_clash", code="Battles/Armed clash")]
    (incident,) = incidents(fought[:2])
    assert acled.event_of(incident, fought) == ("Battles", "Armed clash")


def test_codes_of_all_types_are_sub_events_of_the_codebook() -> None:
    for kind in taxonomy.types().values():
        assert kind.acled is None or codebooks.event_of(kind.acled)
    for event, subs in codebooks.acled()["sub_events"].items():
        for sub in subs:
            assert codebooks.event_of(f"{event}/{sub}") == (event, sub)
            assert codebooks.disorder(event, sub)
    assert codebooks.event_of("Battles/Sexual violence") is None
    assert set(codebooks.ucdp()["armed_force"] + codebooks.ucdp()["by_an_organised_actor"]) <= set(taxonomy.types())


def test_countries() -> None:
    syria = codebooks.country("SY")
    assert syria is not None
    assert (syria.iso, syria.acled_region, syria.gwno) == (760, "Middle East", 652)
    numbers = [c.gwno for c in codebooks._countries().values() if c.gwno]
    assert len(numbers) == len(set(numbers))
    assert all(ucdp._region(n) for n in numbers)
    assert codebooks.country(None) is None


def test_a_place_told_as_beside_it_is_less_precise(tmp_path: Path) -> None:
    south = Relation("direction", "south", None, 34.4, 38.28, 12.0, "geonames:163808")
    text = "ISIS clashed with the army south of Palmyra"
    made = hand.reading(
        "r1", text, [hand.Draft("armed_clash", text, [hand.ISIS], [hand.ARMY], extra={"relation": south})]
    )
    _, (row,), _ = exported(make(tmp_path / "war.db", [made]), "acled")
    assert row["geo_precision"] == "2"


def test_who_does_what_to_whom_is_told_by_accounts_of_that_and_not_by_others_of_the_incident() -> None:
    strike = account("r1", "c1", "air_strike", actors=[RUSSIA], targets=[ISIS])
    shooting = account("r1", "c2", "attack_on_civilians", actors=[ISIS], targets=[Party("families")])
    toll = account("r2", "c1", "casualties", targets=[Party("soldiers")])
    found = parties([shooting, shooting, strike, toll], "air_strike")
    assert (found.actors, found.targets) == ((RUSSIA,), (ISIS,))
    bare = account("r3", "c1", "air_strike", actors=[RUSSIA])
    assert parties([bare, shooting, toll], "air_strike").targets == (Party("soldiers"),)


def test_what_came_with_an_air_strike_makes_it_no_surer() -> None:
    strike = account("r1", "c1", "air_strike", actors=[RUSSIA], voices=[voice(RUSSIA)])
    shooting = account("r2", "c1", "attack_on_civilians", actors=[ISIS], voices=[MONITOR])
    fled = account("r3", "c1", "displacement", voices=[Voice("a resident", None, "resident", None, anonymous=True)])
    alone, all_of_it = incident([strike]), incident([strike, strike_again(strike), shooting, fled])
    assert alone is not None
    assert all_of_it is not None
    assert all_of_it.type == "air_strike"
    assert all_of_it.credibility.admiralty == alone.credibility.admiralty


def strike_again(account: Account) -> Account:
    """The same account in another report."""
    return replace(account, ref=ClaimRef("r9", "c1"))
