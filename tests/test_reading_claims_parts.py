"""The parts under the claims of the rules reader: stems, lexicon, clauses, data files."""

from __future__ import annotations

import pytest

from tadmor import taxonomy
from tadmor.errors import MissingResource
from tadmor.reading import certainty, clauses, predicates, triggers, weighing
from tadmor.reading.text import tokens
from tadmor.reading.words import stem, words_of


@pytest.mark.parametrize(
    "forms",
    [
        ("capture", "captures", "captured", "capturing"),
        ("expel", "expelled", "expelling"),
        ("shell", "shelled", "shelling", "shells"),
        ("flee", "fled", "fleeing"),
        ("take", "took", "taken", "taking"),
        ("urge", "urged", "urging"),
        ("control", "controlled", "controls"),
        ("lose", "lost", "losing"),
        ("carry", "carried", "carries"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_unlike_words_keep_unlike_stems() -> None:
    assert len({stem(w) for w in ("kill", "bomb", "siege", "seize", "mine", "mission", "raid", "aid")}) == 8


def found(text: str) -> set[tuple[str, str]]:
    words = words_of(tokens(text))
    return {(p.key, text[words[a].start : words[b].end]) for p, a, b in triggers.matches(words)}


def test_a_hyphen_does_not_hide_a_phrase() -> None:
    assert {key for key, _ in found("an air-strike")} == {key for key, _ in found("an air strike")}


def test_a_phrase_with_a_gap_is_found_across_a_few_words_only() -> None:
    assert ("tak_control", "took full control") in found("they took full control of it")
    assert not any(key == "tak_control" for key, _ in found("they took a bus to the other end of town under control"))


def test_every_type_has_words_and_weights() -> None:
    spoken_for = {t for entries in triggers.phrases().values() for p in entries for t in p.types}
    assert spoken_for == set(taxonomy.types()) == set(triggers.weights())
    assert 0 < weighing.weights()["threshold"] < 1
    assert set(certainty.weights()) == set(certainty.CLASSES)


def clause(text: str, trigger: str) -> str:
    words = words_of(tokens(text))
    at = next(i for i, w in enumerate(words) if w.text == trigger)
    low, high = clauses.around(words, at, at)
    return text[words[low].start : words[high - 1].end]


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        ("The monitor said that rebels shelled the town.", "shelled", "rebels shelled the town"),
        ("Rebels shelled the town after the army advanced.", "shelled", "Rebels shelled the town"),
        ("Rebels shelled the town after the army advanced.", "advanced", "the army advanced"),
        ("Shells hit the market killing three people.", "hit", "Shells hit the market killing three people"),
        ("The shells hit the market causing material damage to shops.", "damage", "causing material damage to shops"),
        ("Soldiers and militiamen stormed the base.", "stormed", "Soldiers and militiamen stormed the base"),
        ("The army is backed by the U.S. in the north.", "backed", "The army is backed by the U.S. in the north"),
    ],
)
def test_a_clause_ends_where_its_neighbours_begin(text: str, trigger: str, expected: str) -> None:
    assert clause(text, trigger) == expected


def test_a_missing_data_file_is_named() -> None:
    with pytest.raises(MissingResource, match=r"nothing\.json"):
        triggers.read_data("nothing.json")


@pytest.mark.parametrize(
    ("text", "word", "want"),
    [
        ("Troops launched a major offensive on Sarmada.", "offensive", "launched a major offensive"),
        ("The army carried out two raids.", "raids", "carried out two raids"),
        ("The attack took place near Sarmada.", "attack", "attack took place"),
        ("Fighting has broken out in Sarmada.", "Fighting", "Fighting has broken out"),
        ("A student was shot and killed in Sarmada.", "killed", "shot and killed"),
        ("They carried the wounded away from the attack.", "attack", "attack"),
        ("They launched rockets, and the attack failed.", "attack", "attack"),
        ("Rebels shelled Sarmada and fled.", "shelled", "shelled"),
    ],
)
def test_the_predicate_of_an_event_is_the_verb_with_its_noun(text: str, word: str, want: str) -> None:
    words = words_of(tokens(text))
    at = [w.text for w in words].index(word)
    first, last = predicates.whole(words, at, at)
    assert text[words[first].start : words[last].end] == want
