"""Attributions: the source, cue and content of the ways in which news English says who says what."""

from __future__ import annotations

import pytest

from tadmor.model import Attribution
from test_reading_mentions import read
from work import calls


def _first(text: str) -> Attribution:
    return read(text).attributions[0]


def _parts(a: Attribution) -> tuple[str | None, str | None, list[str]]:
    return (a.source.text if a.source else None, a.cue.text if a.cue else None, [c.text for c in a.content])


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("Rebels said that the town had fallen.", "Rebels", "said", ["that the town had fallen"]),
        ("The town had fallen, the army said.", "the army", "said", ["The town had fallen"]),
        ("The town had fallen, the army said on Sunday.", "the army", "said", ["The town had fallen"]),
        ('"We left," said Omar Sabri, a teacher.', "Omar Sabri, a teacher", "said", ['"We left,"']),
        ('"We left," he said. "We had to."', "he", "said", ['"We left,"', '"We had to."']),
        ("The town, he said, had fallen.", "he", "said", ["The town", "had fallen"]),
        ("According to residents, the town fell.", "residents", "According to", ["the town fell"]),
        ("The town fell, according to residents.", "residents", "according to", ["The town fell"]),
        ("Adnan Haddad, the governor of Qarah, has denied that rebels came.", "Adnan Haddad, the governor of Qarah",
         "has denied", ["that rebels came"]),
        ("Omar Sabri told the radio that the town fell.", "Omar Sabri", "told", ["that the town fell"]),
        ("A map distributed by the activists shows the lines.", "A map distributed by the activists", "shows", ["the lines"]),
        ("This image posted online on Sunday by supporters of NF purports to show a gunman.",
         "This image posted online on Sunday by supporters of NF", "purports", ["to show a gunman"]),
        ("A spokesman for the Northern Front said the road was cut.", "A spokesman for the Northern Front", "said",
         ["the road was cut"]),
    ],
)  # fmt: skip
def test_forms_of_attribution(text: str, source: str, cue: str, content: list[str]) -> None:
    assert _parts(_first(text)) == (source, cue, content)


def test_two_speakers_of_one_cue_are_two_attributions() -> None:
    found = read("Qarah has fallen, a government official and the Northern Front said.").attributions
    assert [_parts(a) for a in found] == [
        ("a government official", "said", ["Qarah has fallen"]),
        ("the Northern Front", "said", ["Qarah has fallen"]),
    ]


def test_quoting_nests_the_quoted_source_in_the_outlet() -> None:
    document = read("State news agency NORA, quoting an unnamed officer, reported that the militants received arms.")
    outer, inner = document.attributions
    assert outer.source is not None
    assert inner.source is not None
    assert (outer.source.name, inner.source.text, inner.via, inner.source.anonymous) == (
        "NORA",
        "an unnamed officer",
        outer.id,
        True,
    )
    assert [c.text for c in inner.content] == ["that the militants received arms"]
    content = inner.content[0]
    assert document.chains_for(content.start, content.end) == ((outer.id, inner.id),)


def test_the_outlet_that_is_told_is_no_source() -> None:
    found = read("Omar Sabri told Qarah Radio that the town fell.")
    assert len(found.attributions) == 1
    assert found.chains_for(35, 44) == (("a1",),)


def test_reported_speech_inside_reported_speech_is_nested() -> None:
    outer, inner = read("Qarah Radio reported that the governor said the road was open.").attributions
    assert (outer.via, inner.via) == (None, outer.id)


def test_citing_after_the_saying_nests_too() -> None:
    outer, inner = read("The army has left Qarah, NORA said, citing a military source.").attributions
    assert inner.source is not None
    assert inner.source.text == "a military source"
    assert inner.via == outer.id


def test_quoted_as_saying_is_nested_and_not_taken_twice() -> None:
    document = read("Qarah Radio quoted a military source as saying that the road was open.")
    outer, inner = document.attributions
    assert _parts(outer) == ("Qarah Radio", "quoted", ["that the road was open"])
    assert _parts(inner) == ("a military source", "saying", ["that the road was open"])
    assert inner.via == outer.id


def test_an_unclosed_quotation_ends_where_the_next_opens() -> None:
    document = read('"We left," Omar Sabri said. "It was dark. "They burned it." Lakia fell, the army said.')
    assert _parts(document.attributions[-1]) == ("the army", "said", ["Lakia fell"])


def test_clauses_without_commas_in_a_report_that_has_none() -> None:
    filler = "The road to Lakia was shelled again. " * 14
    document = read(filler + "Ten people died in Qarah said the Northern Front. Nobody came a witness said.")
    first, second = document.attributions
    assert _parts(first) == ("the Northern Front", "said", ["Ten people died in Qarah"])
    assert _parts(second) == ("a witness", "said", ["Nobody came"])


def test_showing_is_an_account_only_of_texts_and_images() -> None:
    assert read("The boy showed no fear of the soldiers.").chains_for(14, 35) == ()
    assert read("A video showed ten dead soldiers.").chains_for(15, 32) == (("a1",),)


def test_a_participle_goes_on_with_the_subject() -> None:
    found = read("The Defence Ministry rejected the report, saying it had sent no troops.").attributions
    last = found[-1]
    assert _parts(last) == ("The Defence Ministry", "saying", ["it had sent no troops"])


def test_reportedly_has_no_source_and_makes_no_chain() -> None:
    document = read("Scores of soldiers have reportedly been killed near Qarah.")
    a = document.attributions[0]
    assert (a.source, a.cue.text if a.cue else None) == (None, "reportedly")
    assert document.chains_for(0, 57) == ()


def test_an_attitude_is_an_attribution_but_makes_no_chain() -> None:
    document = read("The rebels hope to take Qarah soon.")
    assert _parts(document.attributions[0]) == ("The rebels", "hope", ["to take Qarah soon"])
    assert document.chains_for(15, 34) == ()


def test_a_paragraph_wholly_in_quotation_marks_goes_on_with_the_speaker() -> None:
    document = read('"We left at dawn," said Omar Sabri.\n\n"They burned the houses behind us and took the herd."')
    last = document.attributions[-1]
    assert last.source is not None
    assert (last.source.name, last.cue) == ("Omar Sabri", None)
    assert last.content[0].text.startswith('"They burned')


def test_source_names_are_the_fullest_in_the_report() -> None:
    document = read("Governor Adnan Haddad said Qarah was calm. He said the road was open. Haddad added that aid came.")
    assert [document.source_name(a.id) for a in document.attributions] == ["Adnan Haddad"] * 3
    assert all(a.source is not None and a.source.mention is not None for a in document.attributions)


def test_a_spokesman_is_not_the_person_he_speaks_for() -> None:
    a = _first("A spokesman for Adnan Haddad said the talks failed.")
    assert a.source is not None
    assert (a.source.name, a.source.anonymous) == ("A spokesman for Adnan Haddad", True)


def test_own_words_of_the_report_have_no_chain() -> None:
    document = read("Rebels took Qarah. The army said it had left.")
    assert document.chains_for(0, 18) == ()
    assert document.chains_for(34, 45) == (("a1",),)


def test_a_noun_that_looks_like_a_cue_is_none() -> None:
    assert read("The claims were many and the reports of the swing states differed.").attributions == ()


@pytest.mark.parametrize(
    "unit",
    [
        'Northern Front took Qarah, the army said. "We left," he said, adding that Lakia had 300 fighters. ',
        "when Northern Front reported that Omar Sabri said the army of Lakia who came had left ",
        '"we left the army said and ',
    ],
)
def test_work_grows_with_the_length_of_the_text_only(unit: str) -> None:
    read(unit)
    assert calls(lambda: read(unit * 400)) < 8.5 * calls(lambda: read(unit * 50))
