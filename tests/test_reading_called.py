"""One speaker, one name: offices, acronyms, monitors and surnames; one party, one name; communiqués."""

from __future__ import annotations

import pytest

from tadmor.gather import from_text
from tadmor.model import Mention, MentionType
from tadmor.reading.attributions_issued import issued
from tadmor.reading.attributions_names import Known
from tadmor.reading.coreference import representatives, spelt_out
from tadmor.reading.people import alike, plain_name
from tadmor.reading.text import sentences

TEXT = (
    "Halab Governor Samir Nasri spoke on Monday. The Northern Observatory for Human Rights counted nine dead. "
    "Omar Farhan, a doctor, saw it. The Qarah health ministry sent aid, and the Free Eastern Army watched."
)


def _mention(number: int, text: str, kind: MentionType, whole: str = TEXT) -> Mention:
    start = whole.index(text)
    return Mention(f"m{number}", start, start + len(text), text, kind, "nominal" if text.islower() else "name")


def _known() -> Known:
    mentions = [
        _mention(1, "Halab Governor Samir Nasri", "person"),
        _mention(2, "Northern Observatory", "actor"),
        _mention(3, "Omar Farhan", "person"),
        _mention(4, "Qarah health ministry", "actor"),
        _mention(5, "Free Eastern Army", "actor"),
    ]
    return Known(TEXT, mentions, {"m1": "Samir Nasri"} | {m.id: m.text for m in mentions[1:]})


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("the Halab governor", "Samir Nasri"),
        ("the governor", "Samir Nasri"),
        ("the Qarah governor", None),
        ("a governor", None),
        ("Nasri", "Samir Nasri"),
        ("Farhan", "Omar Farhan"),
        ("a monitor", "Northern Observatory for Human Rights"),
        ("the Britain-based war monitor", "Northern Observatory for Human Rights"),
        ("in Qarah Monitor", "Northern Observatory for Human Rights"),
        ("Northern Observatory", "Northern Observatory for Human Rights"),
        ("the London-based Observatory", "Northern Observatory for Human Rights"),
        ("a source in the Northern Observatory", None),
        ("a monitor of the truce", None),
        ("the ministry", "Qarah health ministry"),
        ("Eastern Army", None),
        ("fire killed 10 people in the town of Qarah the Free Eastern Army", "Free Eastern Army"),
        ("a witness", None),
    ],
)
def test_what_a_shorter_name_stands_for(name: str, full: str | None) -> None:
    assert _known().fuller(name, len(TEXT)) == full


@pytest.mark.parametrize(
    ("acronym", "name", "spelt"),
    [
        ("ENA", "Marek's Eastern National Army", "Eastern National Army"),
        ("HTN", "Hay’at Tahrir al-Nahr", "Hay’at Tahrir al-Nahr"),
        ("ENA", "Eastern Army", None),
    ],
)
def test_the_words_that_an_acronym_stands_for(acronym: str, name: str, spelt: str | None) -> None:
    assert spelt_out(acronym, name) == spelt


def test_an_acronym_is_spelt_out_as_the_report_does() -> None:
    text = "The Eastern National Army (ENA) left Qarah. ENA fighters burnt the mill."
    report = from_text(text)
    mentions = [_mention(1, "Eastern National Army (ENA)", "actor", text)]
    at = text.index("ENA fighters")
    mentions.append(Mention("m2", at, at + 12, "ENA fighters", "actor", "name"))
    names = representatives(report, sentences(report), mentions)
    assert names == {"m1": "Eastern National Army", "m2": "Eastern National Army fighters"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Civilians", "civilians", True),
        ("the insurgents", "insurgents", True),
        ("the army", "Qarah army", True),
        ("ISIL Terrorists", "ISIL", True),
        ("rebels", "civilians", False),
        ("Eastern Army", "Free Eastern Army", False),
    ],
)
def test_names_of_one_party(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same
    assert alike(other, one) is same


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("regime helicopters", "regime"),
        ("ISILs", "ISIL"),
        ("ISIL Armed Groups", "ISIL"),
        ("Armed Groups", "Armed Groups"),
    ],
)
def test_the_party_behind_a_phrase(name: str, printed: str) -> None:
    assert plain_name(name, Mention("m1", 0, len(name), name, "actor", "name")) == printed


@pytest.mark.parametrize(
    ("title", "body", "issuer", "cue"),
    [
        (
            "Evening update of the General Staff, 3 May 2023",
            "The enemy shelled Qarah.",
            "the General Staff",
            "Evening update",
        ),
        ("Southern Command, communique no. 4", "Our forces took the hill.", "Southern Command", "communique"),
        ("Qarah: situation update", "The army took the hill.", None, None),
        ("Army retakes Qarah", "The army said it took the hill in a statement.", None, None),
    ],
)
def test_whose_statement_a_report_is(title: str, body: str, issuer: str | None, cue: str | None) -> None:
    report = from_text(body, title=title)
    found = issued(report, sentences(report), [], "a1")
    assert (found.source.text if found and found.source else None) == issuer
    assert (found.cue.text if found and found.cue else None) == cue
    if found is not None:
        assert [report.text[s.start : s.end] for s in found.content] == [body]
