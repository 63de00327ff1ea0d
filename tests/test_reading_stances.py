"""Constructions that settle certainty by themselves."""

from __future__ import annotations

import pytest

from tadmor.model import Report
from tadmor.reading.drafts import Draft, drafts, lines
from tadmor.reading.stances import stance
from tadmor.reading.text import sentences


def draft(text: str, type_: str, trigger: str) -> Draft:
    """The likeliest draft of a type on a trigger word, however unlikely."""
    report = Report(id="r", text=text)
    found = [
        d
        for line in lines(report, sentences(report))
        for d in drafts(line, 0.0)
        if d.type == type_ and trigger in text[d.line.words[d.first].start : d.line.words[d.last].end]
    ]
    assert found, text
    return max(found, key=lambda d: d.score)


@pytest.mark.parametrize(
    ("text", "type_", "trigger", "wanted"),
    [
        ("The army denied that it had withdrawn from Arwad.", "territory_lost", "withdrawn", "denied"),
        ("The army rejected claims that rebels had seized Arwad.", "territory_taken", "seized", "denied"),
        ("The mayor said the rebels had not captured Arwad.", "territory_taken", "captured", "denied"),
        ("The troops have yet to capture Arwad.", "territory_taken", "capture", "denied"),
        ("There is no evidence that soldiers shelled Arwad.", "shelling", "shelled", "denied"),
        ("Nobody was killed in Arwad on Sunday.", "casualties", "killed", "denied"),
        ("The siege of Arwad was lifted on Sunday.", "siege", "siege", "denied"),
        ("The rebels will not besiege Arwad.", "siege", "besiege", "denied"),
        ("Both sides broke the ceasefire in Arwad.", "agreement", "ceasefire", "denied"),
        ("The army is preparing to capture Arwad.", "territory_taken", "capture", "expected"),
        ("The rebels tried to capture Arwad.", "territory_taken", "capture", "expected"),
        ("The rebels would withdraw from Arwad, he said.", "territory_lost", "withdraw", "expected"),
        ("The ceasefire in Arwad is expected to begin on Monday.", "agreement", "ceasefire", "expected"),
        ("Rebels reportedly captured Arwad.", "territory_taken", "captured", "hedged"),
        ("The rebels appear to have withdrawn from Arwad.", "territory_lost", "withdrawn", "hedged"),
        ("Soldiers may have shelled Arwad.", "shelling", "shelled", "hedged"),
        ("Suspected rebels kidnapped a doctor in Arwad.", "abduction", "kidnapped", "hedged"),
        ("There were unconfirmed reports that rebels captured Arwad.", "territory_taken", "captured", "hedged"),
    ],
)
def test_a_construction_settles_certainty(text: str, type_: str, trigger: str, wanted: str) -> None:
    assert stance(draft(text, type_, trigger)) == wanted


@pytest.mark.parametrize(
    ("text", "type_", "trigger"),
    [
        ("The rebels captured Arwad.", "territory_taken", "captured"),
        ("The army said it had captured Arwad.", "territory_taken", "captured"),
        # what governs another clause says nothing of this one
        ("The army denied the report, but rebels captured Arwad.", "territory_taken", "captured"),
        ("Rebels captured Arwad after the army failed to send help.", "territory_taken", "captured"),
        ("The army did not deny that it had withdrawn from Arwad.", "territory_lost", "withdrawn"),
        ("The rebels not only captured Arwad.", "territory_taken", "captured"),
        # aid that is denied is withheld, and people suspected are really arrested
        ("Guards denied aid to families in Arwad.", "aid", "aid"),
        ("Police arrested a suspected rebel in Arwad.", "arrest", "arrested"),
        ("The rebels attacked Arwad to lift the siege.", "siege", "siege"),
    ],
)
def test_plain_wording_is_left_to_the_reader(text: str, type_: str, trigger: str) -> None:
    assert stance(draft(text, type_, trigger)) is None


def test_an_act_of_speech_has_no_stance() -> None:
    assert stance(draft("The minister will accuse the rebels of murder.", "accusation", "accuse")) is None
