"""Names of places in a row, in texts that have lost their commas."""

from __future__ import annotations

import pytest

from tadmor.model import Mention
from tadmor.reading.embedded.rows import parted


def row(text: str, *known: str) -> list[str]:
    """The names that the whole text is parted into, ``known`` those that the gazetteer knows."""
    names = [
        Mention(f"k{i}", text.index(k), text.index(k) + len(k), k, "place", "name", f"geonames:{i}")
        for i, k in enumerate(known)
    ]
    return [m.text for m in parted(text, Mention("m1", 0, len(text), text, "place"), names)]


def test_names_that_the_gazetteer_knows_are_parted() -> None:
    assert row("Idlib Raqqa Deir al-Zor", "Idlib", "Raqqa", "Deir al-Zor") == ["Idlib", "Raqqa", "Deir al-Zor"]


def test_known_names_keep_their_identity() -> None:
    text = "Idlib Homs"
    known = [Mention("a", 0, 5, "Idlib", "place", "name", "geonames:1"), Mention("b", 6, 10, "Homs", "place")]
    assert parted(text, Mention("m1", 0, 10, text, "place"), known) == known


def test_a_word_that_begins_names_stays_with_the_next() -> None:
    assert row("Tal Minnis Sarmada", "Tal", "Sarmada") == ["Tal Minnis", "Sarmada"]
    assert row("Kafar Takharim Kafranbil Khan Alsibil", "Kafar Takharim", "Kafranbil", "Alsibil") == [
        "Kafar Takharim", "Kafranbil", "Khan Alsibil",
    ]  # fmt: skip


def test_unknown_words_are_names_and_an_adjective_belongs_to_the_name_before_it() -> None:
    assert row("Sakhour Shaar Jabal Badro Homs", "Sakhour", "Homs") == ["Sakhour", "Shaar", "Jabal Badro", "Homs"]
    assert row("Sakhour Habreh al-Sharqi Homs", "Sakhour", "Homs") == ["Sakhour", "Habreh al-Sharqi", "Homs"]
    assert row("Sakhour Qibtan Aljabal Homs", "Sakhour", "Homs") == ["Sakhour", "Qibtan Aljabal", "Homs"]


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("the Mosul Dam", ("Mosul",)),  # one name alone
        ("Mosul, Kirkuk", ("Mosul", "Kirkuk")),  # no row: it has its comma
        ("Mosul and Kirkuk", ("Mosul", "Kirkuk")),
        ("Tal Homs", ("Tal", "Homs")),  # one name in two words
    ],
)
def test_what_is_no_row_is_not_parted(text: str, known: tuple[str, ...]) -> None:
    assert row(text, *known) == []
