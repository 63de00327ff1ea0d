"""The counts of claims: what a number in the clause counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor.model import Claim, Count, Mention, ReaderInfo, Reading, Report, Span
from tadmor.resolve import quantities
from tadmor.resolve.claim_counts import count_claims


def mentions_of(text: str) -> tuple[Mention, ...]:
    found = quantities.recognise(text)
    mentions = [Mention(f"q{i}", f.start, f.end, text[f.start : f.end], "quantity") for i, f in enumerate(found)]
    return tuple(quantities.resolve_quantities(mentions, Report("r", text)).values())


def counts(text: str, kind: str, quote: str | None = None) -> list[tuple[str, float | None, float | None]]:
    clause = quote or text
    start = text.index(clause)
    claim = Claim("c", kind, "asserted", start, start + len(clause), clause)
    reading = Reading(Report("r", text), ReaderInfo("test", "1"), mentions=mentions_of(text), claims=(claim,))
    return [(n.what, n.min, n.max) for n in count_claims(reading)[0].counts]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("The strike killed 12 people", "air_strike", [("killed", 12, 12)]),
        ("Twelve people were killed and more than 30 injured", "shelling", [("killed", 12, 12), ("injured", 31, None)]),
        ("The blast killed 26 people and wounded 30 others", "bombing", [("killed", 26, 26), ("injured", 30, 30)]),
        ("killing four and wounding dozens", "bombing", [("killed", 4, 4), ("injured", 24, None)]),
        ("4 civilians killed 9 wounded in the city", "shelling", [("killed", 4, 4), ("injured", 9, 9)]),
        (
            "27 civilians including three children were killed",
            "air_strike",
            [("killed", 27, 27), ("killed", 3, 3)],
        ),
        ("The raid killed 14 militants and five civilians", "air_strike", [("killed", 14, 14), ("killed", 5, 5)]),
        ("left at least 31 civilians dead", "air_strike", [("killed", 31, None)]),
        ("64 air strikes killed 300 militants", "air_strike", [("strikes", 64, 64), ("killed", 300, 300)]),
        ("militants fired 20 rocket shells at the town", "shelling", [("strikes", 20, 20)]),
        ("The army captured 15 fighters", "arrest", [("captured", 15, 15)]),
        ("Thousands of civilians fled the town", "displacement", [("displaced", 2000, None)]),
        ("Some 4,000 fighters were sent to the front", "deployment", [("fighters", 4000, 4000)]),
        ("The army destroyed three tanks", "destruction", [("vehicles", 3, 3)]),
        ("Rebels seized several villages", "territory_taken", [("other", 3, None)]),
        ("The opposition keeps 700 hectares", "territory_held", [("area_ha", 700, 700)]),
        ("A mine killed a soldier", "bombing", [("killed", 1, 1)]),
        ("A young woman was wounded near the bridge", "shelling", [("injured", 1, 1)]),
        ("killed or wounded 20 fighters", "armed_clash", [("casualties", 20, 20)]),
        ("A village 6 km away was hit by a 120mm mortar", "shelling", []),
        ("Mark Hill, 24, from Leeds, died in the fighting", "casualties", []),
        ("The shell killed a man and a woman", "shelling", [("killed", 1, 1), ("killed", 1, 1)]),
        ("The raid killed and wounded 20 fighters", "armed_clash", [("casualties", 20, 20)]),
        ("The commander was killed in an ambush", "armed_clash", [("killed", 1, 1)]),
        ("Dozens of people were killed and wounded", "air_strike", [("casualties", 24, None)]),
        ("A number of militants were killed", "armed_clash", []),
        ("A group of people was arrested", "arrest", []),
        ("The raid killed a girl, 6, and her mother", "air_strike", [("killed", 1, 1), ("killed", 1, 1)]),
        ("The death toll rose from 12 to 15", "casualties", [("killed", 15, 15)]),
        ("Two of the three attackers were killed", "attack_on_civilians", [("killed", 2, 2)]),
        ("Seven of the 19 dead were children", "casualties", [("killed", 7, 7), ("killed", 19, 19)]),
        ("Three 120mm mortar shells hurt two pupils", "shelling", [("strikes", 3, 3), ("injured", 2, 2)]),
        ("Jets dropped 250-kg bombs and killed four people", "air_strike", [("killed", 4, 4)]),
        ("Two thirds of the residents have fled", "displacement", []),
    ],
)
def test_what_a_number_counts(text: str, kind: str, expected: list[tuple[str, float | None, float | None]]) -> None:
    assert counts(text, kind) == expected


def test_a_toll_outside_the_clause_is_not_taken() -> None:
    text = "Rebels took the hill after a blast killed 9 soldiers."
    assert counts(text, "territory_taken", "Rebels took the hill") == []


def test_a_toll_of_the_same_event_may_stand_just_outside_the_clause() -> None:
    text = "At least 15 people were killed and 12 others wounded in a car bomb blast in the town on Thursday."
    quote = "12 others wounded in a car bomb blast in the town on Thursday"
    assert sorted(counts(text, "bombing", quote)) == [("injured", 12, None), ("killed", 15, None)]


def test_a_number_told_twice_is_counted_once() -> None:
    text = "Raid kills 18 people in the town.\nAt least 18 people were killed in the raid, a monitor said."
    start = text.index("At least")
    also = (Span(0, 32, text[:32]),)
    claim = Claim("c", "air_strike", "asserted", start, start + 42, text[start : start + 42], also=also)
    reading = Reading(Report("r", text), ReaderInfo("test", "1"), mentions=mentions_of(text), claims=(claim,))
    assert [(n.what, n.min, n.max) for n in count_claims(reading)[0].counts] == [("killed", 18, None)]


def test_of_two_claims_the_likelier_counts_a_number() -> None:
    text = "Troops attacked the hill on Monday and 40 civilians were killed in an air strike."
    clauses = (("armed_clash", text[:-1]), ("air_strike", "40 civilians were killed in an air strike"))
    claims = tuple(
        Claim(f"c{i}", kind, "asserted", text.index(said), text.index(said) + len(said), said)
        for i, (kind, said) in enumerate(clauses)
    )
    reading = Reading(Report("r", text), ReaderInfo("test", "1"), mentions=mentions_of(text), claims=claims)
    assert [[n.min for n in c.counts] for c in count_claims(reading)] == [[], [40]]


@given(st.text(alphabet="abc \n.,1290a killed one The Aa’-()", max_size=120), st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_any_text_and_clause_can_be_counted(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    end = min(len(text), start + length)
    claim = Claim("c", "casualties", "asserted", start, end, text[start:end])
    reading = Reading(Report("r", text), ReaderInfo("test", "1"), mentions=mentions_of(text), claims=(claim,))
    for count in count_claims(reading)[0].counts:
        assert count.min is None or count.max is None or count.min <= count.max


def test_linked_counts_get_the_range_of_their_mention() -> None:
    text = "At least 12 people died."
    mentions = mentions_of(text)
    linked = Count("killed", None, None, of="people", mention=mentions[0].id)
    claim = Claim("c", "casualties", "asserted", 0, len(text), text, counts=(linked,))
    reading = Reading(Report("r", text), ReaderInfo("test", "1"), mentions=mentions, claims=(claim,))
    assert count_claims(reading)[0].counts == (Count("killed", 12, None, "people", False, mentions[0].id),)


def test_counts_say_what_is_counted_and_where() -> None:
    text = "Jets killed about 30 opposition fighters on the road."
    mentions = mentions_of(text)
    claim = Claim("c", "air_strike", "asserted", 0, len(text), text)
    reading = Reading(Report("r", text), ReaderInfo("test", "1"), mentions=mentions, claims=(claim,))
    assert count_claims(reading)[0].counts == (Count("killed", 30, 30, "opposition fighters", True, mentions[0].id),)
