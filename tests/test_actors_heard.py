"""Who is meant by bare words, shared abbreviations and titles, in sentences as agencies and monitors write them."""

from __future__ import annotations

import pytest

from actors_made import read, who
from tadmor.model import Mention, Report
from tadmor.resolve.actors import resolve_actors
from tadmor.resolve.registry import Registry, check
from tadmor.resolve.registry_file import check_entries


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.mark.parametrize(
    ("name", "on", "war", "entity"),
    [
        # names of several groups are decided by the war, and mean nobody where it is another
        ("AA fighters", "2023-11-14", "myanmar", "actor:arakan-army"),
        ("the AA", "2023-11-14", "syria", None),
        ("the PDF", "2012-06", "sudan", "actor:popular-defence-forces-sudan"),
        ("the PDF", "2023-06", "myanmar", "actor:peoples-defence-force-myanmar"),
        ("the KIA", "2023-06", "myanmar", "actor:kia"),
        ("the FLA", "2025-06", "sahel", "actor:fla-azawad"),
        ("the FLA", "2023-06", "sahel", None),
        ("Federal police", "2017", "iraq", "actor:iraqi-federal-police"),
        ("Federal police", "2024", "ethiopia", "actor:ethiopian-federal-police"),
        ("the National Guard", "2014-08", "ukraine", "actor:ukrainian-national-guard"),
        ("the National Guard", "2025-10", "syria", "actor:national-guard-suwayda"),
        ("the National Army", "2019-10", "syria", "actor:syrian-national-army"),
        ("the Joint Forces", "2024-06", "sudan", "actor:joint-force-darfur"),
        ("Ukraine's General Staff", "2023", "ukraine", "actor:ukrainian-general-staff"),
        ("Russia's General Staff", "2023", "ukraine", None),
        ("the UN-backed government", "2019-04", "libya", "actor:gna"),
        ("the UN-backed government", "2022-08", "libya", "actor:gnu-libya"),
        # a country's forces are those of the date
        ("The Syrian Arab Army", "2026-01", "syria", "actor:syrian-army-2024"),
        ("Syria's army", "2025-06", "syria", "actor:syrian-army-2024"),
        ("Afghan forces", "2021-07", "afghanistan", "actor:afghan-forces"),
        ("Afghan forces", "2022-09", "afghanistan", "actor:taliban-government"),
        ("government troops", "2022-09", "afghanistan", "actor:taliban-government"),
        ("Assad loyalists", "2013", "syria", "actor:syrian-army"),
        ("Assad loyalists", "2025-03", "syria", "actor:assad-loyalists"),
        ("the former regime", "2025-03", "syria", "actor:syrian-government"),
        ("former regime officers", "2025-03", "syria", None),
        ("ousted Syrian government", "2025-03", "syria", None),
        ("the former president Bashar al-Assad", "2025-04", "syria", "person:bashar-al-assad"),
        ("the regime", "2011-06", "libya", "actor:gaddafi-government"),
        ("loyalist troops", "2011-06", "libya", "actor:gaddafi-forces"),
        ("government troops", "2019-06", "libya", None),
        # whose they are who are backed, led or set up by another
        ("the Russian-backed authorities", "2024-05", "ukraine", None),
        ("the Houthi-backed government", "2018", "yemen", None),
        ("the Saudi-backed government", "2018", "yemen", "actor:yemeni-government"),
        ("US-backed government", "2016", "iraq", "actor:iraqi-government"),
        ("US-led warplanes", "2015", "syria", "actor:us-led-coalition"),
        ("the rebel coalition", "2024-12-01", "syria", "actor:syrian-opposition"),
        # forms of names
        ("Israel's air force", "2025-06", "gaza", "actor:israeli-air-force"),
        ("North Korean troops", "2024-11", "ukraine", "actor:north-korea"),
        ("South Sudanese government forces", "2016", "south-sudan", "actor:sspdf"),
        ("South Sudanese police", "2016", "sudan", "actor:south-sudan"),
        ("federal troops", "2021-06", "ethiopia", "actor:ethiopian-national-defence-force"),
        ("Myanmar's military regime", "2024-08", "myanmar", "actor:state-administration-council"),
        ("Haftar's fighters", "2020-05", "libya", "actor:libyan-national-army"),
    ],
)
def test_who_is_meant_by_war_and_date(registry: Registry, name: str, on: str, war: str, entity: str | None) -> None:
    assert who(registry, name, on=on, war=war) == entity


def test_local_names_need_their_war_and_their_time(registry: Registry) -> None:
    assert registry.identify("the AA") is None
    assert registry.identify("the National Guard", on="2016", war="syria") is None
    assert "AA" not in set(read(registry, "In Syria an AA gun fired."))
    text = "In Ukraine the Ohio National Guard trained soldiers."
    assert "actor:ukrainian-national-guard" not in {m.entity for m in read(registry, text, "2023-05").values()}


def test_local_names_are_held_to_the_form() -> None:
    entry = {"id": "actor:river-guard", "name": "River Guard", "kind": "militia", "source": "own", "local": ["RG"]}
    assert check_entries([entry], known=()) == []
    assert check_entries([entry | {"local": "RG"}], known=()) != []
    assert check() == []


@pytest.mark.parametrize(
    ("text", "on", "words", "entity"),
    [
        ("Russian jets hit Idlib in Syria. The army killed nine.", "2015-10-14", "army", "actor:syrian-army"),
        ("In Syria the NDF fled. The army killed 40 terrorists.", "2015-10-14", "terrorists", None),
        (
            "In Nigeria Boko Haram fled the CJTF. The terrorists returned.",
            "2014-07-20",
            "terrorists",
            "actor:boko-haram",
        ),
        ("ISIS fighters shot people in Iraq. Shiite militias came.", "2017-07-10", "Shiite militias", None),
        ("In Syria, the Suwayda Military Council spoke. Bedouin fighters left.", "2025-07-20", "fighters", None),
        (
            "In Iraq, the Islamic Resistance in Iraq fired. The Iraqi government said the coalition left.",
            "2024-02-04",
            "coalition",
            "actor:us-led-coalition",
        ),
        (
            "CENTCOM struck the Houthis in Yemen. The Iran-backed group denied it.",
            "2024-01-12",
            "Iran-backed group",
            "actor:houthis",
        ),
        (
            "In Yemen the Security Belt won. The separatists cheered.",
            "2019-08-10",
            "separatists",
            "actor:southern-transitional-council",
        ),
        ("In Myanmar the junta's military jets bombed.", "2023-11-03", "military jets", "actor:myanmar-air-force"),
        ("In Sudan the rebel RSF shelled a camp.", "2024-09-15", "rebel", None),
    ],
)
def test_bare_words_are_not_laid_to_the_other_side(
    registry: Registry, text: str, on: str, words: str, entity: str | None
) -> None:
    done = read(registry, text, on)
    found = next((m for t, m in done.items() if words in t), None)
    assert (found.entity if found else None) == entity


def told(registry: Registry, text: str, words: str, on: str, **more: str) -> Mention:
    start = text.index(words)
    own = Mention("m", start, start + len(words), words, more.get("type", "actor"), more.get("level", "nominal"))
    return resolve_actors([own], Report("r", text, published=on), registry)["m"]


def test_a_nationality_just_before_the_mention_counts(registry: Registry) -> None:
    text = "In Ukraine, the brigade said the Russian army had fled."
    assert told(registry, text, "army", "2023-05-10").entity == "actor:russian-armed-forces"


def test_the_words_of_a_mention_come_before_what_it_was_linked_to(registry: Registry) -> None:
    text = "In Myanmar the resistance forces hold Mobye."
    start = text.index("the resistance")
    own = Mention("m", start, start + 21, text[start : start + 21], "actor", "nominal", "actor:tatmadaw")
    done = resolve_actors([own], Report("r", text, published="2023-12-20"), registry)["m"]
    assert (done.entity, done.side) == (None, "resistance")


def test_one_name_with_and_without_its_adjective_or_owner(registry: Registry) -> None:
    text = "In Sudan the allied Joint Force won."
    done = told(registry, text, "allied Joint Force", "2024-09-15", level="name")
    assert done.entity == "actor:joint-force-darfur"
    other = told(registry, "In Sudan the allied Grey Lions won.", "allied Grey Lions", "2024-09-15", level="name")
    assert other.entity == registry.unknown("Grey Lions")
    owned = told(registry, "In Gaza PIJ's Al-Quds Brigades fired.", "PIJ's Al-Quds Brigades", "2024-01", level="name")
    assert owned.entity == "actor:islamic-jihad"


@pytest.mark.parametrize(
    ("text", "name", "place", "side"),
    [
        ("In Ukraine, Kursk was hit. Governor Vlad Tenno said so.", "Vlad Tenno", "Kursk", "russia"),
        ("In Ukraine, Kharkiv was hit. Governor Vlad Tenno said so.", "Vlad Tenno", "Kharkiv", "ukraine"),
        ("In Ukraine, Moscow-appointed mayor Vlad Tenno said so.", "Vlad Tenno", "", "russia"),
        ("In Ukraine, interior ministry spokesman Vlad Tenno said so.", "Vlad Tenno", "", "ukraine"),
    ],
)
def test_an_office_is_of_the_government_of_its_place(
    registry: Registry, text: str, name: str, place: str, side: str
) -> None:
    start = text.index(name)
    mentions = [Mention("p", start, start + len(name), name, "person", "name")]
    if place:
        at = text.index(place)
        country = "RU" if place == "Kursk" else "UA"
        mentions.append(Mention("l", at, at + len(place), place, "place", "name", country=country))
    done = resolve_actors(mentions, Report("r", text, published="2024-08-09"), registry)["p"]
    assert done.side == side


def test_the_side_is_that_of_the_state_behind_them(registry: Registry) -> None:
    text = "In Ukraine the Russian-backed authorities denied it."
    assert told(registry, text, "Russian-backed authorities", "2024-05-16").side == "russia"


def test_a_neighbours_name_does_not_make_a_governor_a_foreigner(registry: Registry) -> None:
    text = "In Congo, M23 and Congo's army fought near Rwanda. South Kivu governor Jean Tenno said so."
    start, at = text.index("Jean Tenno"), text.index("Rwanda")
    mentions = [
        Mention("p", start, start + 10, "Jean Tenno", "person", "name"),
        Mention("l", at, at + 6, "Rwanda", "place", "name", country="RW"),
        Mention("c", 3, 8, "Congo", "place", "name", country="CD"),
    ]
    done = resolve_actors(mentions, Report("r", text, published="2025-02-16"), registry)["p"]
    assert done.side == "government"
