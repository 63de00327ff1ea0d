"""Mentions and who is who: what is found by form, how recognisers and form go together, names inside one report."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor.model import Mention, MentionType, Report
from tadmor.reading.coreference import core_name
from tadmor.reading.document import Document, analyse
from tadmor.reading.recognise import Found

_KNOWN: dict[str, tuple[MentionType, str | None]] = {
    "Northern Front": ("actor", "actor:northern-front"),
    "NF": ("actor", "actor:northern-front"),
    "Qarah": ("place", "place:qarah"),
    "Lakia": ("place", "place:lakia"),
    "Russia": ("place", "place:russia"),
    "Sunday": ("time", None),
    "300": ("quantity", None),
}


def recognise(text: str) -> Sequence[Found]:
    """A small recogniser for the tests: whole words of ``_KNOWN``."""
    pattern = r"\b(?:" + "|".join(map(re.escape, _KNOWN)) + r")\b"
    return [Found(m.start(), m.end(), _KNOWN[m[0]][0], "name", _KNOWN[m[0]][1]) for m in re.finditer(pattern, text)]


def read(text: str) -> Document:
    return analyse(Report("r", text), [recognise])


def texts(document: Document, kind: MentionType) -> list[str]:
    return [m.text for m in document.mentions if m.type == kind]


def name_of(document: Document, text: str) -> str:
    mention = next(m for m in reversed(document.mentions) if m.text == text)
    return document.representative[mention.id]


def test_person_keeps_the_titles_before_the_name() -> None:
    assert texts(read("Lakia Governor Adnan Haddad left, said Col. Omar Sabri."), "person") == [
        "Lakia Governor Adnan Haddad",
        "Col. Omar Sabri",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "the Lakia Military Council",
        "Qarah Media Network",
        "the Ministry of Water Resources",
        "the Observatory for Human Rights",
    ],
)
def test_organisations_by_their_last_word(name: str) -> None:
    assert name in texts(read(f"Aid came late, and {name} complained about it."), "actor")


def test_nominals_are_whole_noun_phrases_without_a_leading_number() -> None:
    found = read("Heavily armed rebel fighters shelled residents of Qarah while 300 government soldiers watched.")
    assert texts(found, "actor") == ["Heavily armed rebel fighters", "residents of Qarah", "government soldiers"]


def test_a_noun_that_describes_the_next_is_no_mention() -> None:
    assert texts(read("It was a major advance in a massive government offensive."), "person") == []
    assert texts(read("It was a major advance in a massive government offensive."), "actor") == []


def test_a_phrase_built_on_a_known_name_keeps_its_identity() -> None:
    found = read("Northern Front fighters entered Qarah.")
    assert [(m.text, m.entity) for m in found.mentions if m.type == "actor"] == [
        ("Northern Front fighters", "actor:northern-front")
    ]


def test_a_place_inside_an_organisation_name_is_no_place() -> None:
    assert texts(read("The Qarah Military Council spoke."), "place") == []


def test_a_country_acts_or_is_a_place() -> None:
    assert texts(read("Russia launched strikes."), "actor") == ["Russia"]
    assert texts(read("Russia launched strikes."), "place") == []
    assert texts(read("They met in Russia."), "place") == ["Russia"]


def test_weapons_by_lexicon_and_by_model() -> None:
    assert texts(read("Su-24 jets dropped barrel bombs; rebels fired Grad rockets and a mortar."), "equipment") == [
        "Su-24 jets",
        "barrel bombs",
        "Grad rockets",
        "a mortar",
    ]


def test_a_recognised_noun_that_only_describes_is_left_out() -> None:
    text = "There was no military solution, the military said."
    starts = [m.start() for m in re.finditer("military", text)]
    found = analyse(Report("r", text), [lambda _: [Found(i, i + 8, "actor", "nominal") for i in starts]])
    assert texts(found, "actor") == ["the military"]


def test_a_nationality_is_no_second_mention_of_the_people_named() -> None:
    text = "Many Syrians fled."
    found = analyse(Report("r", text), [lambda _: [Found(5, 12, "nationality")]])
    assert [(m.type, m.text) for m in found.mentions] == [("actor", "Syrians")]


def test_pronouns_and_their_types() -> None:
    found = read("They said he left, but it was raining.")
    assert [(m.text, m.type) for m in found.mentions if m.level == "pronoun"] == [("They", "actor"), ("he", "person")]


def test_mentions_of_one_type_do_not_overlap_and_are_in_order() -> None:
    found = read("The Northern Front and NF fighters of Qarah told Governor Omar Sabri of Lakia on Sunday.").mentions
    assert list(found) == sorted(found, key=lambda m: m.start)
    _check_overlaps(found)


def _check_overlaps(mentions: Sequence[Mention]) -> None:
    last: dict[str, int] = {}
    for m in mentions:
        assert m.start >= last.get(m.type, 0), m
        last[m.type] = m.end


def test_a_surname_means_the_full_name() -> None:
    found = read("Adnan Haddad spoke to reporters. Mr. Haddad then left. Haddad said it was over.")
    assert name_of(found, "Haddad") == "Adnan Haddad"
    assert name_of(found, "Mr. Haddad") == "Adnan Haddad"


def test_an_acronym_in_brackets_means_the_long_form() -> None:
    found = read("The Qarah Defence Council (QDC) met. Later the QDC agreed to leave.")
    assert name_of(found, "the QDC") == "Qarah Defence Council"


def test_one_identity_has_its_fullest_name() -> None:
    assert name_of(read("The Northern Front attacked. NF denied it."), "NF") == "Northern Front"


def test_the_last_word_of_a_name_means_the_name() -> None:
    found = read("The Lakia Observatory for Human Rights counted them. The Observatory said 300 had died.")
    assert name_of(found, "The Observatory") == "Lakia Observatory for Human Rights"


def test_the_group_means_the_group_named_last() -> None:
    assert name_of(read("Northern Front took Qarah. The group said so."), "The group") == "Northern Front"


def test_he_means_the_person_named_last_and_they_the_last_subject() -> None:
    assert name_of(read("Governor Adnan Haddad came to Qarah. He left early."), "He") == "Adnan Haddad"
    assert name_of(read("Northern Front took Qarah. They shelled Lakia."), "They") == "Northern Front"


def test_the_city_means_the_place_named_last() -> None:
    assert name_of(read("Rebels entered Qarah at night. The army left the city."), "the city") == "Qarah"


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("Lakia Governor Adnan Haddad", "Adnan Haddad"),
        ("the UN Special Envoy Maria de Sousa", "Maria de Sousa"),
        ("Gen. Adnan al-Haddad", "Adnan al-Haddad"),
        ("a governor", "governor"),
    ],
)
def test_core_name_leaves_titles_out(text: str, core: str) -> None:
    assert core_name(text) == core


def test_mentions_in_a_span_are_those_wholly_inside() -> None:
    found = read("Rebels left Qarah. Soldiers entered Lakia on Sunday.")
    assert [m.text for m in found.mentions_in(19, 60)] == ["Soldiers", "Lakia", "Sunday"]
    assert [m.text for m in found.mentions_in(0, 60, "place")] == ["Qarah", "Lakia"]
    assert found.mentions_in(13, 60, "place")[0].text == "Lakia"


_PIECES = st.sampled_from(
    ["The", "Northern Front", "said", "that", "he", "Qarah", "“", "”", '"', ",", ".", "according to", "Gen.", "of", "told",
     "and", "(",
     ")", "300", "fighters", "'s", "reportedly", "quoting", "\n", "\n\n",
     "—", "U.S.", "al-", "’", "''", "Su-24", "who", "it", "İ", "ß"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=120), st.lists(_PIECES, max_size=60).map(" ".join)))
def test_any_text_gives_valid_and_repeatable_spans(text: str) -> None:
    first, second = read(text), read(text)
    assert first == second
    _check_overlaps(first.mentions)
    for m in first.mentions:
        assert m.start < m.end
        assert text[m.start : m.end] == m.text
        assert first.representative[m.id]
    ids = {a.id for a in first.attributions}
    for a in first.attributions:
        assert a.via is None or a.via in ids
        assert a.content
        for span in (*a.content, *([a.cue] if a.cue else []), *([a.source] if a.source else [])):
            assert span.start < span.end
            assert text[span.start : span.end] == span.text
        first.chains_for(a.content[0].start, a.content[0].end)
