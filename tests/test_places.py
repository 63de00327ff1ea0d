"""Places: what is recognised in a text, and what a name is resolved to in its context."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor.model import Mention, Report
from tadmor.resolve.gazetteer import Gazetteer, default_path
from tadmor.resolve.places import distance_km, locate_mentions, look_up, resolve_places

pytestmark = pytest.mark.skipif(
    not default_path().is_file(), reason="the gazetteer is not compiled: install the package"
)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return _opened()


@cache
def _opened() -> Gazetteer:
    return Gazetteer.open()


def named(gazetteer: Gazetteer, text: str, type: str = "place") -> list[str]:
    return [text[f.start : f.end] for f in gazetteer.recognise(text) if f.type == type]


def resolved(gazetteer: Gazetteer, text: str) -> dict[str, Mention]:
    """Resolved place and nationality mentions of the text, by their text."""
    mentions = [
        Mention(f"m{k}", f.start, f.end, text[f.start : f.end], f.type, f.level, f.entity)
        for k, f in enumerate(gazetteer.recognise(text))
    ]
    return {m.text: m for m in resolve_places(mentions, Report("r", text), gazetteer).values()}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Militants seized Palmyra castle and the Hayan mountain on Thursday.", ["Palmyra castle", "Hayan mountain"]),
        ("Troops entered Khan Sheikhoun town from the north in March.", ["Khan Sheikhoun town"]),
        ("They shelled the Castello road and the T4 airbase in Syria.", ["Castello road", "T4 airbase", "Syria"]),
        ("Flights to Aleppo International Airport were halted.", ["Aleppo International Airport"]),
        ("Clashes went on in Sheikh Maqsoud district of Aleppo.", ["Sheikh Maqsoud district", "Aleppo"]),
        ("The bridge on the Sajur River in Aleppo province fell.", ["Sajur River", "Aleppo province"]),
        ("The village of Um Zaqar near Manbij was shelled.", ["Um Zaqar", "Manbij"]),
        ("Warplanes struck eastern Ghouta near Damascus.", ["eastern Ghouta", "Damascus"]),
        ("Shells fell in Damascus Camp Yarmouk on Sunday.", ["Damascus", "Yarmouk"]),
        ("Rebels left the outskirts of al-Bab in northern Syria.", ["al-Bab", "Syria"]),
        ("Aleppos eastern quarters and Syrias border were quiet.", ["Aleppo", "Syria"]),
        ("Shells hit Syrian towns such as Azaz, Zerqan and Marea.", ["Azaz", "Zerqan", "Marea"]),
        ("M23 rebels hold Bunagana and Minova in DR Congo.", ["Bunagana", "Minova", "DR Congo"]),
        ("They fought in Qazwinata, in the Manbij district of Aleppo.", ["Qazwinata", "Manbij district", "Aleppo"]),
        ("Trucks waited at the Kerem Shalom crossing and in El Fasher.", ["Kerem Shalom crossing", "El Fasher"]),
    ],
)
def test_places_are_found(gazetteer: Gazetteer, text: str, places: list[str]) -> None:
    assert named(gazetteer, text) == places


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("On Thursday in March the army advanced.", {"Thursday", "March"}),
        ("SANA said that the road was open. It was SANAs report. Sana quoted an officer.", {"SANA", "Sana"}),
        ("The Aleppo Media Center published a video of Syria.", {"Aleppo"}),
        ("Governor Talal Barazi spoke in Homs. Barazi said the town would be retaken.", {"Barazi", "Talal"}),
        (
            "Nice work was done. Reading is hard. Most men of the unit left. Battle followed.",
            {"Nice", "Reading", "Most", "Battle"},
        ),
        ("Mr Henry Lincoln met John Washington. Lincoln said nothing.", {"Lincoln", "Henry", "Washington"}),
        ("The car bomb hit. Car traffic stopped; who told us that, nobody knew.", {"Car", "us", "who"}),
        ("The fine was US$5 million.", {"US"}),
        (
            "It began on Wednesday. March was calm in Syria, May was not; August ended with a truce.",
            {"March", "May", "August"},
        ),
        ("The agency Sana said so in Damascus. According to Sana, Syrian troops left.", {"Sana"}),
        (
            "Abu Yahya al-Homsi, a rebel in Syria, spoke. Al-Homsi said the town would fall.",
            {"al-Homsi", "Homsi", "Al-Homsi"},
        ),
        (
            "Ahmad al-Idlibi and Hassan al-Raqqawi were killed near Idlib.",
            {"Ahmad", "Hassan", "al-Idlibi", "al-Raqqawi"},
        ),
        ("The Raqqa Media Center and the University of Aleppo were shut, Syrian media said.", {"Raqqa", "Aleppo"}),
    ],
)
def test_what_is_no_place(gazetteer: Gazetteer, text: str, wrong: set[str]) -> None:
    assert not wrong & set(named(gazetteer, text))


def test_nationalities_stand_for_their_country(gazetteer: Gazetteer) -> None:
    text = "Syrian and South Korean officers met Kurdish fighters."
    found = {text[f.start : f.end]: f.entity for f in gazetteer.recognise(text) if f.type == "nationality"}
    assert found == {"Syrian": "country:SY", "South Korean": "country:KR", "Kurdish": None}
    mention = resolved(gazetteer, text)["Syrian"]
    assert (mention.entity, mention.country, mention.name) == ("country:SY", "SY", "Syria")
    assert mention.lat == pytest.approx(35, abs=1)


@pytest.mark.parametrize(
    ("text", "name", "entity"),
    [
        ("Syrian troops lost Palmyra to militants, an official in Homs said.", "Palmyra", "geonames:163808"),
        ("Libyan fighters shelled Tripoli, and Benghazi was tense.", "Tripoli", "geonames:2210247"),
        ("Lebanese soldiers were deployed in Tripoli and Beirut.", "Tripoli", "geonames:266826"),
        ("Rebels took Idlib from Syrian forces.", "Idlib", "geonames:169389"),
        ("Rebels hold most of Idlib province in Syria.", "Idlib province", "admin1:SY.12"),
        ("Russian tanks entered Georgia and neared Tbilisi.", "Georgia", "country:GE"),
        ("A man from Savannah, Georgia, was held in Atlanta.", "Georgia", "admin1:US.GA"),
        ("The French president spoke in Paris.", "Paris", "geonames:2988507"),
        ("Shelling of Deir Ezzor city went on, Syrian media said.", "Deir Ezzor city", "geonames:170794"),
        ("Fighting at Azovstal in Mariupol.", "Azovstal", "place:azovstal"),
        ("The Euphrates Dam near Tabqa in Syria is damaged.", "Euphrates Dam", "place:tabqa-dam"),
    ],
)
def test_a_name_is_resolved_in_its_context(gazetteer: Gazetteer, text: str, name: str, entity: str) -> None:
    assert resolved(gazetteer, text)[name].entity == entity


def test_a_site_named_after_a_town_is_not_the_town(gazetteer: Gazetteer) -> None:
    places = resolved(gazetteer, "Mortars fell on Saraqib and on Saraqib hospital in Syria.")
    town, site = places["Saraqib"], places["Saraqib hospital"]
    assert site.entity == f"{town.entity}/hospital"
    assert (site.lat, site.lon, site.country) == (town.lat, town.lon, "SY")


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("Dayr az Zawr military airport", "place:dez-airbase"),
        ("Hmeimim base", "place:hmeimim"),
        ("northern Hama countryside", "admin1:SY.10"),
        ("Ain al-Asad air base", "place:al-asad-airbase"),
    ],
)
def test_a_site_or_area_is_found_under_other_words(gazetteer: Gazetteer, name: str, entity: str) -> None:
    found = look_up(name, gazetteer)
    assert entity in {c.id for c in found.candidates}
    assert not found.derived


def test_an_area_has_a_radius(gazetteer: Gazetteer) -> None:
    found = resolved(gazetteer, "Fighting went on along the Euphrates in Darfur and Sudan.")
    assert found["Darfur"].radius_km == 450.0


def test_a_small_enclave_outweighs_no_town(gazetteer: Gazetteer) -> None:
    found = resolved(gazetteer, "Rebels in Libya moved from Benghazi on Marj, in Cyrenaica, and on Tobruk.")
    assert found["Marj"].country == "LY"


def test_unknown_names_stay_unresolved(gazetteer: Gazetteer) -> None:
    place = resolved(gazetteer, "They left the village of Qazwinata in Syria.")["Qazwinata"]
    assert (place.entity, place.lat, place.country) == (None, None, None)


def test_one_sense_per_report(gazetteer: Gazetteer) -> None:
    text = "Lebanese police closed Tripoli. In Beirut, ministers spoke of Tripoli again."
    mentions = [
        Mention(f"m{k}", f.start, f.end, text[f.start : f.end], f.type) for k, f in enumerate(gazetteer.recognise(text))
    ]
    found = locate_mentions(mentions, Report("r", text), gazetteer)
    assert {found[m.id].id for m in mentions if m.text == "Tripoli"} == {"geonames:266826"}  # type: ignore[union-attr]


def test_order_of_mentions_does_not_matter(gazetteer: Gazetteer) -> None:
    text = "Syrian troops left Palmyra for Homs, Hama and Tripoli in Lebanon."
    mentions = [
        Mention(f"m{k}", f.start, f.end, text[f.start : f.end], f.type) for k, f in enumerate(gazetteer.recognise(text))
    ]
    forth = resolve_places(mentions, Report("r", text), gazetteer)
    assert resolve_places(mentions[::-1], Report("r", text), gazetteer) == forth


def test_other_mentions_are_left_alone(gazetteer: Gazetteer) -> None:
    mention = Mention("m0", 0, 4, "ISIS", "actor")
    assert resolve_places([mention], Report("r", "ISIS left."), gazetteer) == {}


def test_distance() -> None:
    assert distance_km((33.51, 36.29), (36.2, 37.16)) == pytest.approx(310, abs=5)  # Damascus to Aleppo
    assert distance_km((1.0, 2.0), (1.0, 2.0)) == 0


def test_threads_and_processes_share_the_file(gazetteer: Gazetteer) -> None:
    texts = [
        f"Syrian troops left {name} in Syria." for name in ("Homs", "Hama", "Idlib", "Azaz", "Manbij", "Saraqib")
    ] * 5
    alone = [gazetteer.recognise(t) for t in texts]
    fresh = pickle.loads(pickle.dumps(gazetteer))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(fresh.recognise, texts)) == alone


_PIECES = st.sampled_from(
    [
        "Homs",
        "al-",
        "Al",
        "the",
        "of",
        "town",
        "St.",
        "U.S.",
        "’s",
        "Aleppos",
        "-",
        "\n",
        " ",
        ", ",
        ". ",
        "District",
        "in",
        "Mr",
        "İz",
        "ß",
        "‘Ayn",
        "T4",
        "9",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200), st.lists(_PIECES, max_size=25).map("".join), st.lists(_PIECES, max_size=25).map(" ".join)
    )
)
def test_any_text_gives_valid_spans(text: str) -> None:
    gazetteer = _opened()
    found = list(gazetteer.recognise(text))
    assert all(0 <= f.start < f.end <= len(text) and text[f.start : f.end].strip() for f in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    mentions = [Mention(f"m{k}", f.start, f.end, text[f.start : f.end], f.type) for k, f in enumerate(found)]
    for mention in resolve_places(mentions, Report("r", text), gazetteer).values():
        assert (mention.entity is None) == (mention.lat is None)
