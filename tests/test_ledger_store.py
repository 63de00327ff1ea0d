"""What the ledger takes as the same, what it keeps beside, and how it answers."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from sqlalchemy import select

from databases import Places, Where
from tadmor.errors import BadDate, LedgerError
from tadmor.ledger import Store, queries
from tadmor.ledger import tables as t
from tadmor.ledger.folding import fold
from tadmor.model import Attribution, ReaderInfo, Source
from test_ledger_made import READER, made

NEWER = ReaderInfo("made", "2")


@pytest.fixture
def store(where: Where):
    with Store(where) as opened:
        yield opened


def refs(store: Store, **filters: object) -> list[str]:
    return [f"{a.ref.report}.{a.ref.claim}" for a in store.accounts(**filters)]  # type: ignore[arg-type]


def test_adding_again_adds_nothing(store: Store) -> None:
    assert store.add(made(1))
    assert not store.add(made(1))
    counts = store.counts()
    assert (counts.reports, counts.readings, counts.claims) == (1, 1, 3)


def test_known_before_reading(store: Store) -> None:
    report = made(1).report
    assert not store.known(report, READER)
    store.add(made(1))
    assert store.known(report, READER)
    assert not store.known(report, NEWER)
    assert not store.known(made(2).report, READER)


def test_a_newer_reader_supersedes_and_nothing_is_lost(store: Store) -> None:
    old, new = made(1, claims=3), made(1, claims=3, reader=NEWER)
    new = replace(new, claims=new.claims[:2])
    assert store.add(old)
    assert store.add(new)
    assert not store.add(new)
    assert not store.add(old), "an old reading that is kept is not made current again"
    assert store.reading("r1") == new
    assert refs(store) == ["r1.c1", "r1.c2"]
    assert list(store.readings()) == [new]
    assert list(store.readings(superseded=True)) == [old, new]
    assert store.counts().superseded == 1
    assert store.readers() == [NEWER]
    (line,) = store.audit()
    assert (line.what, line.who, line.why) == ("reading superseded", "made 2", "the report was read by another reader")


def test_the_same_id_with_another_text_is_a_new_version(store: Store) -> None:
    first, second = made(1), made(1, tail="Corrected.")
    assert store.add(first)
    assert store.add(second)
    assert store.report("r1") == second.report
    assert refs(store) == ["r1.c1", "r1.c2", "r1.c3"], "claims of the earlier text are not told beside the later"
    assert list(store.readings(superseded=True)) == [first, second]
    assert not store.add(first)
    assert not store.add(second)
    counts = store.counts()
    assert (counts.reports, counts.versions, counts.superseded) == (1, 1, 1)


def test_reading_an_earlier_text_anew_leaves_the_later_current(store: Store) -> None:
    first, second = made(1), made(1, tail="Corrected.")
    store.add(first)
    store.add(second)
    assert store.add(made(1, reader=NEWER))
    assert store.reading("r1") == second
    assert store.add(made(1, tail="Corrected.", reader=NEWER))
    assert store.reading("r1").reader == NEWER
    assert store.counts().readings == 1


def test_the_same_text_under_another_id_is_one_report(store: Store) -> None:
    first, other = made(1), made(1, id="copy")
    assert store.add(first)
    assert not store.add(other)
    assert not store.add(other)
    assert store.report("copy") == first.report
    assert store.reading("copy") == first
    assert refs(store) == ["r1.c1", "r1.c2", "r1.c3"]
    assert [(a.id, a.report) for a in store.aliases()] == [("copy", "r1")]


def test_asking_whether_a_copy_is_known_keeps_its_id(store: Store) -> None:
    store.add(made(1))
    assert store.known(made(1, id="copy").report, READER)
    assert store.report("copy").id == "r1"


def test_a_copy_read_by_a_newer_reader_counts_for_the_report(store: Store) -> None:
    store.add(made(1))
    assert store.add(made(1, id="copy", reader=NEWER))
    assert store.reading("r1").reader == NEWER
    assert store.reading("copy").report.id == "r1"
    assert store.counts().reports == 1


def test_an_id_that_is_another_texts_stays_its_own(store: Store) -> None:
    store.add(made(1))
    store.add(made(2))
    assert not store.add(made(1, id="r2"))
    assert store.report("r2") == made(2).report


def test_a_date_given_later_makes_another_reading(store: Store) -> None:
    undated = made(1, published=None, date=None)
    dated = made(1, published="2016-12-12", basis="given")
    store.add(undated)
    assert not store.known(dated.report, READER)
    assert store.add(dated)
    assert not store.add(dated)
    assert not store.add(undated)
    assert store.report("r1").published == "2016-12-12"
    corrected = made(1, published="2016-12-13", basis="given")
    assert store.add(corrected)
    assert store.add(dated), "giving the first date again takes the correction back"
    assert store.report("r1").published == "2016-12-12"
    assert store.counts().readings == 1
    assert len(list(store.readings(superseded=True))) == 4


def test_another_date_that_nobody_gave_changes_nothing(store: Store) -> None:
    store.add(made(1, published="2016-12-12"))
    assert not store.add(made(1, published="2017-01-01"))
    assert not store.add(made(1, published="2017-01-01", id="reprint"))
    assert store.report("reprint").published == "2016-12-12"


def test_the_day_known_is_that_of_publication_else_of_adding(store: Store) -> None:
    store.add(made(1))
    store.add(made(2, published=None, date=None))
    dated, undated = (next(iter(a)) for a in (store.accounts(known_at="2016-12-12"), store.accounts(known_at="2999")))
    assert dated.known == "2016-12-12"
    unknown = [a for a in store.accounts() if a.ref.report == "r2"]
    assert unknown
    assert all(a.known is not None and a.known > "2024" and a.published is None for a in unknown)
    assert refs(store, known_at="2016-12-11") == []
    assert undated.ref.report == "r1"


def test_place_by_any_of_its_names(store: Store) -> None:
    store.add(made(1, claims=1, town="Palmyra", town_name="Tadmur"))
    store.add(made(2, claims=1, town="Tadmor", town_name="Tadmur"))
    store.add(made(3, claims=1, town="Palmyra", town_entity=None, town_name=None))
    store.add(made(4, claims=1, town="al-Bāb", town_entity="geonames:1", town_name="Al Bāb"))
    for name in ("Palmyra", "tadmur", "TADMOR", "geonames:163808"):
        assert refs(store, place=name)[:2] == ["r1.c1", "r2.c1"]
    assert refs(store, place="Tadmur") == ["r1.c1", "r2.c1", "r3.c1"]
    assert refs(store, place="geonames:163808") == ["r1.c1", "r2.c1"]
    assert refs(store, place="the Bab") == refs(store, place="Al-Bab") == ["r4.c1"]
    assert refs(store, place="Nowhere") == []


def test_source_by_name_identity_chain_and_publisher(store: Store) -> None:
    store.add(made(1))  # c1 and c3 by the agency, c2 in the report's own voice
    assert refs(store, source="northern agency") == refs(store, source="actor:northern") == ["r1.c1", "r1.c3"]
    assert refs(store, source="Wire") == ["r1.c2"]
    base = made(2, claims=1)
    officer = Attribution("a2", Source(0, 5, "x", "an officer", anonymous=True, kind="military"), None, (), via="a1")
    claim = replace(base.claims[0], sources=(("a1", "a2"),), source_names=(("Northern Agency", "an officer"),))
    store.add(replace(base, attributions=(*base.attributions, officer), claims=(claim,)))
    assert refs(store, source="officer") == ["r2.c1"]
    assert "r2.c1" in refs(store, source="Northern Agency")


def test_entity_type_and_date_filters(store: Store) -> None:
    store.add(made(1, date="2016-12-11"))
    store.add(made(2, date="2016-12"))
    store.add(made(3, date="2016-03/.."))
    store.add(made(4, date=None))
    store.add(made(5, date="about noon"))
    store.add(made(6, date="../2015"))
    of = {f"r{n}" for n in range(1, 7)}
    assert {r.split(".")[0] for r in refs(store)} == of
    days = {r.split(".")[0] for r in refs(store, start="2016-12-11", end="2016-12-11")}
    assert days == {"r1", "r2", "r3"}
    assert {r.split(".")[0] for r in refs(store, start="2017")} == {"r3"}
    assert {r.split(".")[0] for r in refs(store, end="2014")} == {"r6"}
    assert {r.split(".")[0] for r in refs(store, start="2016-12", end="2016-12")} == {"r1", "r2", "r3"}
    assert refs(store, entity="actor:group-1", start="2016-12-11", end="2016-12-11") == ["r1.c2", "r2.c2", "r3.c2"]
    assert len(refs(store, entity="geonames:163808")) == len(refs(store)) == 18
    assert refs(store, types=["air_strike"], end="2014") == ["r6.c2"]
    assert refs(store, types=[]) == []
    with pytest.raises(BadDate):
        store.accounts(start="last week")


def test_readings_with_filters_are_whole(store: Store) -> None:
    store.add(made(1))
    store.add(made(2, town="Aleppo", town_entity="geonames:170063", town_name="Aleppo"))
    assert list(store.readings(place="Aleppo")) == [
        made(2, town="Aleppo", town_entity="geonames:170063", town_name="Aleppo")
    ]
    assert list(store.readings(types=["air_strike"], place="Palmyra")) == [made(1)]


def test_sources_and_places(store: Store) -> None:
    store.add(made(1))
    store.add(made(2, published="2016-12-20"))
    store.add(made(3, reader=READER, claims=0))
    agency, wire = store.sources()
    assert (agency.name, agency.entity, agency.kind, agency.claims, agency.reports) == (
        "Northern Agency", "actor:northern", "agency", 4, 2,
    )  # fmt: skip
    assert (agency.first, agency.last) == ("2016-12-12", "2016-12-20")
    assert (wire.name, wire.kind, wire.claims) == ("The Wire", "media", 2)
    store.add(made(1, reader=NEWER))
    assert [s.claims for s in store.sources()] == [4, 2], "superseded readings are not counted"
    (palmyra,) = store.places()
    assert (palmyra.name, palmyra.lat, palmyra.country, palmyra.claims, palmyra.reports) == (
        "Palmyra",
        34.56,
        "SY",
        6,
        2,
    )


def test_accounts_do_not_hang_on_the_order_of_adding(places: Places) -> None:
    with Store(places.new("a")) as a, Store(places.new("b")) as b:
        for n in (1, 2, 3):
            a.add(made(n))
        for n in (3, 1, 2):
            b.add(made(n))
        assert list(a.accounts()) == list(b.accounts())


def test_asking_while_adding_sees_one_state(store: Store) -> None:
    store.add(made(1))
    asked = store.accounts()
    first = next(asked)
    store.add(made(2))
    assert [first.ref.report, *(a.ref.report for a in asked)] == ["r1"] * 3
    assert len(refs(store)) == 6


def test_an_id_that_is_not_there(store: Store) -> None:
    with pytest.raises(LedgerError, match="no report has the id 'nothing'"):
        store.report("nothing")


def test_two_claims_with_one_id_are_refused_whole(store: Store) -> None:
    reading = made(1)
    with pytest.raises(LedgerError, match="two claims"):
        store.add(replace(reading, claims=(reading.claims[0], reading.claims[0])))
    assert store.counts().reports == 0


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("al-Bāb", "The Bab"), ("Deir ez-Zor", "deir zor"), ("Şanlıurfa", "sanliurfa"), ("Ḥalab", "HALAB"),
        ("تدمر", "تَدْمُر"), ("الرقة", "رقة"), ("Dar‘a", "Dara"), ("Łódź", "lodz"), ("Tal  Abyad", "tal-abyad"),
    ],
)  # fmt: skip
def test_spellings_of_one_name_fold_alike(a: str, b: str) -> None:
    assert fold(a) == fold(b)


def test_folding_keeps_names_apart_and_never_empties_one() -> None:
    assert fold("Tal Abyad") != fold("Tal Afar")
    assert fold("The An") == "the an"
    assert fold("??") == "??"


def test_a_place_has_a_point_that_some_report_gave(store: Store) -> None:
    for n, (lat, lon) in enumerate([(34.5, 39.9), (36.2, 37.1)], 1):
        reading = made(n)
        moved = [replace(m, lat=lat, lon=lon) if m.lat is not None else m for m in reading.mentions]
        store.add(replace(reading, mentions=tuple(moved)))
    (palmyra,) = store.places()
    assert (palmyra.lat, palmyra.lon) in {(34.5, 39.9), (36.2, 37.1)}


def test_what_is_withheld_and_purged_under_another_id_is_what_is_meant_by_it(store: Store) -> None:
    a, b = made(1), made(2)
    for reading in (a, b, replace(a, report=replace(a.report, id="x"))):
        store.add(reading)
    time.sleep(1.1)  # ids are told apart by the second in which they came
    store.add(replace(b, report=replace(b.report, id="x")))
    meant = store.report("x").id
    assert meant == "r2"
    assert store.withhold("report", "x", who="Ada").name == meant
    store.purge_report("x", who="Ada", why="a family asked")
    assert [r.report.id for r in store.readings()] == ["r1"]


def test_any_number_of_ids_goes_into_one_question(store: Store) -> None:
    for n in (1, 2):
        store.add(made(n))
    wanted = [f"x{n}" for n in range(100_000)] + ["r2"]
    with store.engine.connect() as connection:
        stmt = select(t.report.c.id).where(queries.among(t.report.c.id, wanted, connection.dialect.name))
        assert connection.scalars(stmt).all() == ["r2"]
