"""Plain text to passages: headline, lead, captions, credits, subheads, page chrome, repeats, wrapped lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tadmor.errors import Empty
from tadmor.gather import from_text
from tadmor.model import Report

PAGE = """Rebels leave the northern hills - Valley Herald
Home WebMail Tuesday, March 3, 2026, 08:15 AM | Springfield | -4.5°C | Regions Advertise Login |
World

Rebels leave the northern hills

Rebels left the northern hills on Friday after a week of shelling, a government spokesman and a monitor said.

This image provided by activists purports to show smoke over the northern hills. Rebels left the northern hills on \
Friday after a week of shelling (A. Person/AP)

Rebels left the northern hills on Friday after a week of shelling, a government spokesman and a monitor said.

Why the hills matter

The hills look over the only road to the capital, which has been closed to traffic since early summer.

A boy walks past a burnt-out bus in the old market. The market had reopened only two weeks before the attack. \
(Jo Doe/Some Agency)

The market had reopened only two weeks before the attack. Traders said that they would not come back.

Most popular
Ten things to do this weekend
Privacy policy
© 2026 Valley Herald. All rights reserved
"""


def kinds(report: Report) -> list[tuple[str, str, int | None]]:
    return [(p.kind, report.text[p.start : p.end], p.repeats) for p in report.passages]


def test_chrome_of_a_copied_page_goes_and_its_clock_is_no_date() -> None:
    report = from_text(PAGE)
    assert report.title == "Rebels leave the northern hills"
    assert report.publisher == "Valley Herald"
    assert report.text.startswith("Rebels leave the northern hills\n")
    for chrome in ("WebMail", "°C", "World", "2026", "Most popular", "weekend", "Privacy", "Valley Herald"):
        assert chrome not in report.text
    assert (report.published, report.published_basis) == (None, "none")


def test_passages_of_a_copied_page() -> None:
    found = kinds(from_text(PAGE))
    assert [k for k, _, _ in found] == [
        *("headline", "lead", "caption", "caption", "credit", "lead", "subhead", "body"),
        *("caption", "caption", "credit", "body"),
    ]
    assert found[4][1] == "(A. Person/AP)"
    assert found[6][1] == "Why the hills matter"


def test_what_is_said_twice_points_to_what_is_read() -> None:
    found = kinds(from_text(PAGE))
    assert [r for _, _, r in found] == [None, None, None, 1, None, 1, None, None, None, 11, None, None]
    assert found[3][1].startswith("Rebels left the northern hills")
    assert found[2][1].endswith("over the northern hills.")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("killed 12 people", "killed 14 people"),
        ("captured the northern town", "lost the northern town"),
        ("did reach the northern town", "did not reach the northern town"),
    ],
)
def test_other_numbers_words_or_a_denial_are_no_repeat(first: str, second: str) -> None:
    say = "The spokesman of the army said late on Sunday that the column {} before it turned back to its base."
    report = from_text(say.format(first) + "\n\n" + say.format(second))
    assert [p.repeats for p in report.passages] == [None, None]


def test_spelling_alone_makes_no_new_sentence() -> None:
    one = "The Defence Ministry said on Monday that IS fighters had left the town before dawn."
    two = "The Defense Ministry said on Monday that ISIS fighters had left the town before dawn."
    assert [p.repeats for p in from_text(f"{one}\n\n{two}").passages] == [None, 0]


@pytest.mark.parametrize(
    "text",
    [
        "Two soldiers were killed near the bridge on Tuesday.",
        "World leaders condemned the attack. Home is where people want to return, an aid worker said.",
        "Shelling in Aleppo\nThree people were killed in the eastern districts on Friday, a doctor said.\nMore is expected.",
        "BEIRUT, March 3 (Wire) - The army closed the road to the north on Friday, residents said.\n"
        "It gave no reason.\n(Reporting by A. Writer)",
        "Weather stopped the flights. It was -5°C in the hills, and the soldiers had no fuel, their commander said.",
        "Video\nThe video shows three trucks on a bridge. It was posted on Friday.",
    ],
)
def test_nothing_is_taken_from_a_report_that_is_no_page(text: str) -> None:
    report = from_text(text)
    assert report.text == text
    covered = "".join(report.text[p.start : p.end] for p in report.passages)
    assert "".join(covered.split()) == "".join(text.split())


def test_a_given_title_stands_in_front_once() -> None:
    body = "The road was closed on Friday. Nobody was hurt."
    assert from_text(body, title="Road closed").text == f"Road closed\n{body}"
    doubled = from_text(f"Road to the north closed\n{body}", title="Road to the north closed")
    assert doubled.text == f"Road to the north closed\n{body}"
    assert doubled.passages[0].kind == "headline"


def test_title_behind_a_dateline_is_marked_as_said_again() -> None:
    text = "Sat 12 Mar 2016 Road to the north closed. The road to the north was closed by the army, a driver said."
    report = from_text(text, title="Road to the north closed")
    assert report.text == "Road to the north closed\n" + text
    assert kinds(report) == [
        ("headline", "Road to the north closed", None),
        ("credit", "Sat 12 Mar 2016", None),
        ("headline", "Road to the north closed.", 0),
        ("lead", "The road to the north was closed by the army, a driver said.", None),
    ]


def test_title_that_opens_the_first_sentence_is_no_headline() -> None:
    report = from_text("Army closes road after the attack on Friday.", title="Army closes road")
    assert report.text == "Army closes road after the attack on Friday."
    assert [p.kind for p in report.passages] == ["lead"]


def test_site_name_leaves_a_title_only_when_something_shows_it() -> None:
    body = "Road to the north closed AFP Friday 4 Mar 2016 The army closed the road."
    report = from_text(body, title="Road to the north closed - Region - Example Online")
    assert (report.title, report.publisher) == ("Road to the north closed", "Example Online")
    assert from_text("The army closed it.", title="Army closes road - monitor").title == "Army closes road - monitor"
    assert from_text("It did.", title="Army closes road | The Daily", publisher="daily").title == "Army closes road"


def test_wrapped_lines_are_joined_and_nothing_else_changes() -> None:
    text = (
        "The army said on Sunday that it had retaken the hill after two days of heavy\n"
        "fighting with the militants, who withdrew to the east of the town and left\n"
        "behind several vehicles."
    )
    report = from_text(text)
    assert report.text == text.replace("\n", " ")
    assert len(report.passages) == 1


def test_markdown_headings_are_headline_and_subheads() -> None:
    report = from_text("# Note on the road\n\nThe road is closed.\n\n## What next\n\nThe army will open it in May.")
    assert report.title == "Note on the road"
    assert [(k, t) for k, t, _ in kinds(report)] == [
        ("headline", "Note on the road"),
        ("lead", "The road is closed."),
        ("subhead", "What next"),
        ("body", "The army will open it in May."),
    ]


def test_lines_of_a_wire_report() -> None:
    report = from_text(
        "Bridge destroyed in the south\nBy A. Writer\nThe bridge was destroyed on Friday, the mayor said.\n"
        "Photo: Some Agency\n(Reporting by A. Writer; editing by B. Other)"
    )
    assert [p.kind for p in report.passages] == ["headline", "credit", "lead", "credit", "credit"]


def test_short_lines_alone_are_read() -> None:
    assert [p.kind for p in from_text("no stop here\nnor here\nnor there").passages] == ["lead", "body", "body"]


def test_unfit_characters_are_made_harmless() -> None:
    report = from_text("A\x00 shell \ud800 hit\r\nthe town.", title="Shell\x07 hits\ntown")
    report.text.encode("utf-8")
    assert "\x00" not in report.text
    assert report.text == "Shell hits town\nA  shell \ufffd hit\nthe town."


@pytest.mark.parametrize("text", ["", "  \n\t ", "---\n...", "\ufeff"])
def test_nothing_to_read_is_empty(text: str) -> None:
    with pytest.raises(Empty):
        from_text(text)


def test_identity_is_the_text_unless_given() -> None:
    one, two = from_text("The road is closed."), from_text("The road is closed.", publisher="Elsewhere")
    assert one.id == two.id
    assert one.id.startswith("r-")
    assert len(one.id) == 18
    assert from_text("The road is open.").id != one.id
    assert from_text("The road is closed.", id="mine").id == "mine"


def test_language() -> None:
    assert from_text("The road to the north was closed by the army on Friday morning.").language == "en"
    assert from_text("Die Straße nach Norden wurde am Freitag von der Armee gesperrt.").language == "de"
    assert from_text("Closed.").language is None


def test_the_report_that_the_project_starts_from(shared: Path) -> None:
    report = from_text((shared / "reports" / "palmyra-action-news.txt").read_text(encoding="utf-8"))
    assert report.publisher == "Action News"
    assert report.published is None
    assert "2024" not in report.text
    found = [p.kind for p in report.passages]
    assert found[:2] == ["headline", "lead"]
    assert found.count("credit") == 5
    assert sum(p.repeats is not None for p in report.passages) == 6
    assert not any(w in report.text for w in ("WebMail", "Calgary", "Login", "maintenance"))
