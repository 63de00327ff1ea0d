"""The second reader against a real server: what a good answer becomes, and what becomes of every bad one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("pydantic_ai", reason="the second reader needs the extra tadmor[llm]")

from tests.llm_checks import ACCUSED, LOST, STRIKES, TAKEN, TEXT, answer, check, reading_by
from tests.llm_server import Reply, claim

from tadmor.gather import from_text
from tadmor.model import Reading

read = pytest.fixture(reading_by)


def test_a_good_answer_is_a_reading_like_any_other(read: Callable[..., Reading]) -> None:
    reading = read(answer(TAKEN, STRIKES, LOST, ACCUSED))
    check(reading)
    assert (reading.reader.name, reading.reader.version) == ("llm", "tiny claims-1")
    assert not reading.warnings
    taken, strikes, lost, accused = reading.claims
    assert (taken.id, taken.type, taken.certainty, taken.date, taken.score) == (
        "c1", "territory_taken", "asserted", "2016-12-11", 0.9)  # fmt: skip
    assert taken.trigger is not None
    assert taken.trigger.text == "captured"
    assert [s.text for s in taken.also] == ["Rebels take Marjeh from the army"]
    assert taken.source_names == (("Northern Observatory",),) or taken.source_names == (("the Northern Observatory",),)
    assert (taken.actor_names, taken.place_names) == (("Rebels",), ("Marjeh",))
    mentions = {m.id: m for m in reading.mentions}
    assert all(taken.start <= mentions[i].start < taken.end for i in (*taken.actors, *taken.places))
    # numbers are worked out from the text, not taken from the model
    assert [(n.what, n.min, n.max, n.of) for n in strikes.counts] == [
        ("strikes", 14, 14, None), ("killed", 30, None, "fighters")]  # fmt: skip
    assert [len(chain) for chain in lost.sources] == [2]
    assert lost.source_names[0][-1].endswith("field commander")
    # of an utterance, who speaks is who acts, and the certainty is the utterance's
    assert (accused.certainty, accused.actor_names) == ("asserted", ("The foreign ministry",))
    assert strikes.acled == "Explosions/Remote violence/Air/drone strike"


def test_the_prompt_holds_the_codebook_and_the_report_as_data(read: Callable[..., Reading]) -> None:
    read(answer())
    asked = read.server.asked[0]  # type: ignore[attr-defined]
    assert asked["model"] == "tiny"
    assert asked["temperature"] == 0
    assert asked["max_tokens"] > 500
    schema = asked["response_format"]["json_schema"]["schema"]
    assert set(schema["$defs"]["ToldClaim"]["required"]) == set(TAKEN)
    assert "air_strike" in schema["$defs"]["ToldClaim"]["properties"]["type"]["enum"]
    system = asked["messages"][0]
    assert system["role"] == "system"
    assert "never\nan instruction" in system["content"]
    assert "Marjeh" not in system["content"]
    said = read.server.said(0)  # type: ignore[attr-defined]
    assert TEXT.split("\n\n")[2] in said
    assert "2016-12-12" in said


def test_what_is_not_in_the_text_is_dropped_and_counted(read: Callable[..., Reading]) -> None:
    invented = claim("The whole of the north has surrendered", "territory_lost")
    reading = read(
        answer(
            TAKEN
            | {
                "actors": ["Rebels", "Martians"],
                "places": ["Marjeh", "Atlantis"],
                "also": ["Marjeh is free"],
                "date": "soon",
            },
            STRIKES | {"sources": [["an unnamed general"]]},
            LOST | {"date": "2017-05-01", "counts": [{"what": "killed", "number": "900", "min": 900, "max": 900}]},
            invented,
        )
    )
    check(reading)
    taken, lost = reading.claims
    assert (taken.actor_names, taken.place_names) == (("Rebels",), ("Marjeh",))
    assert taken.date != "soon"
    assert lost.date != "2017-05-01"
    assert not any(n.max == 900 for n in lost.counts)
    for said in (
        "1 × a quote that is not in the text",
        "1 × a further quote",
        "1 × an actor or target",
        "1 × a place",
        "1 × a claim whose speaker is not in the text",
        "1 × a date that is none",
        "1 × a date after that of publication",
        "1 × a count whose number",
    ):
        assert any(said in w for w in reading.warnings), (said, reading.warnings)


def test_without_a_date_of_publication_only_years_of_the_text_are_taken(read: Callable[..., Reading]) -> None:
    report = from_text(
        "Rebels took Marjeh on Sunday. They had lost it to the army in the spring of 2014, a resident said."
    )
    told = answer(
        claim("Rebels took Marjeh on Sunday", "territory_taken", date="2016-12-11"),
        claim("They had lost it to the army in the spring of 2014", "territory_lost", date="2014-21"),
    )
    taken, lost = read(told, report).claims
    assert taken.date != "2016-12-11"
    assert lost.date == "2014-21"


def test_a_quote_that_stands_twice_is_the_next_one(read: Callable[..., Reading]) -> None:
    text = "Shells hit the market. The army fired back. Shells hit the market. Nobody was hurt, a witness said."
    told = answer(
        claim("Shells hit the market", "shelling"),
        claim("The army fired back", "armed_clash"),
        claim("Shells hit the market", "shelling", certainty="hedged", date="2016"),
    )
    reading = read(told, from_text(text, published="2016-12-12"))
    shelling = [c for c in reading.claims if c.type == "shelling"]
    # the same words said twice are one claim with two clauses
    assert len(shelling) == 1
    assert [shelling[0].start, *(s.start for s in shelling[0].also)] == [0, text.rindex("Shells")]


def test_a_repeating_model_and_overlapping_parts_make_one_claim(read: Callable[..., Reading]) -> None:
    short = TAKEN | {"quote": "captured the town of Marjeh on Sunday", "also": []}
    reading = read(answer(TAKEN, short, TAKEN))
    check(reading)
    assert [c.text for c in reading.claims] == ["Rebels captured the town of Marjeh on Sunday"]


def test_a_long_report_is_read_in_parts_that_fit_the_context(read: Callable[..., Reading]) -> None:
    told = " ".join(f"Rebels of unit {i} shelled the village of Marjeh for the {i}th time." for i in range(120))
    report = from_text("Shelling of Marjeh\n\n" + told, published="2016-12-12")

    def script(body: dict[str, Any], _: int) -> Any:
        said = body["messages"][-1]["content"]
        quotes = [f"Rebels of unit {i} shelled the village of Marjeh" for i in range(120)]
        return Reply(answer(*(claim(q, "shelling") for q in quotes if q in said)), pause=0.1)

    reading = read(script, report, context=4096, calls=3)
    asked = read.server.asked  # type: ignore[attr-defined]
    assert len(asked) > 3
    assert all(len(json.dumps(a["messages"])) / 3.6 + a["max_tokens"] < 4096 for a in asked)
    assert 1 < read.server.most_at_once <= 3  # type: ignore[attr-defined]
    assert len(reading.claims) == 120
    check(reading)


@pytest.mark.parametrize(
    "wrapped",
    ["```json\n{}\n```", "<think>Marjeh is a town.</think>{}", "\n\n  {}  \n"],
    ids=["fence", "thought", "space"],
)
def test_models_that_wrap_their_answer_are_understood(read: Callable[..., Reading], wrapped: str) -> None:
    reading = read(wrapped.replace("{}", json.dumps(answer(TAKEN))))
    assert len(reading.claims) == 1
    assert len(read.server.asked) == 1  # type: ignore[attr-defined]


def test_what_two_parts_tell_of_one_event_is_one_claim(read: Callable[..., Reading]) -> None:
    filler = " ".join(f"The council of quarter {i} met on that day and spoke of bread and water." for i in range(90))
    lead = "Rebels captured the town of Marjeh on Sunday from the army."
    late = "The rebels had captured Marjeh town on Sunday, residents said."
    other = "The rebels captured 30 soldiers in Marjeh on Sunday, residents said."
    report = from_text(f"{lead}\n\n{filler}\n\n{late} {other}", published="2016-12-12")
    taken = {
        lead: claim(lead, "territory_taken", actors=["Rebels"], places=["Marjeh"], date="2016-12-11"),
        late: claim(late, "territory_taken", actors=["The rebels"], places=["Marjeh"]),
        other: claim(other, "arrest", actors=["The rebels"], places=["Marjeh"]),
    }
    reading = read(
        lambda body, _: answer(*(c for quote, c in taken.items() if quote in body["messages"][-1]["content"])),
        report,
        context=4096,
    )
    assert len(read.server.asked) > 2  # type: ignore[attr-defined]
    first, second = reading.claims
    assert (first.type, second.type) == ("territory_taken", "arrest")
    assert {first.text, *(s.text for s in first.also)} == {lead, late}


def test_who_is_only_described_has_the_fullest_name(read: Callable[..., Reading]) -> None:
    report = from_text(
        "Ahrar al-Sham entered the town of Saraqib on Friday. The group shelled the town hall there, residents said.",
        published="2016-12-12",
    )
    reading = read(answer(claim("The group shelled the town hall there", "shelling", actors=["The group"])), report)
    (told,) = reading.claims
    assert told.actor_names == ("Ahrar al-Sham",)
    mention = next(m for m in reading.mentions if m.id == told.actors[0])
    assert (mention.text, mention.entity) == ("The group", "actor:ahrar-al-sham")


def test_who_stands_in_the_text_in_another_form_is_found(read: Callable[..., Reading]) -> None:
    report = from_text(
        "Russian jets bombed rebel-held Marjeh on Friday. Shells fell in the east of Qasr, a medic said.",
        published="2016-12-12",
    )
    told = answer(
        claim(
            "Russian jets bombed rebel-held Marjeh on Friday", actors=["Russia"], targets=["rebels"], places=["Marjeh"]
        ),
        claim("rebel-held Marjeh", "territory_held", actors=["rebels"], places=["parts of Marjeh"]),
        claim("Shells fell in the east of Qasr", "shelling", places=["the eastern side of Qasr"]),
    )
    reading = read(told, report)
    check(reading)
    strike, held, shelling = reading.claims
    assert (strike.actor_names, strike.target_names) == (("Russia",), ("rebels",))
    assert held.actor_names == ("rebels",)
    assert shelling.place_names == ("Qasr",)
    # of who holds a place, a part must not become the whole
    assert held.place_names == ()
    assert not any("actor" in w for w in reading.warnings)


def test_a_number_that_only_the_model_can_read_has_its_range(read: Callable[..., Reading]) -> None:
    report = from_text("Rebels killed a policeman and wounded two others in Marjeh on Friday.", published="2016-12-12")
    counts = [
        {"what": "killed", "number": "a policeman", "min": 1, "max": 1, "approx": False, "of": "a policeman"},
        {"what": "injured", "number": "two others", "min": 3, "max": 2, "approx": False, "of": None},
    ]
    (told,) = read(answer(claim("Rebels killed a policeman", "attack_on_civilians", counts=counts)), report).claims
    assert [(n.what, n.min, n.max, n.of) for n in told.counts] == [
        ("killed", 1, 1, "a policeman"), ("injured", 2, 2, None)]  # fmt: skip
