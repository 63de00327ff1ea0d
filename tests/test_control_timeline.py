"""The timeline at the terminal: a line and a cell for every interval, and no more evidence than is asked for."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator

import pytest
from benchmarks import join as made
from click.testing import CliRunner

from tadmor import Ledger
from tadmor.api import Found
from tadmor.cli import cli
from tadmor.model import ControlInterval, ControlStatus, Credibility, Place
from tadmor.publish import tables
from tadmor.publish.control_timeline import Detail, control_view, independent_sources

TOWN = max(made.towns(6, random.Random(7))[:4], key=lambda town: len(town.turns))


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with Ledger(tmp_path_factory.mktemp("timeline") / "war.db") as opened:
        for reading in made.readings(made.towns(6, random.Random(7)), 200, random.Random(7)):
            opened.store.add(reading)
        yield opened


def printed(found: Found[ControlInterval], detail: Detail) -> str:
    stream = io.StringIO()
    tables.console(stream).print(control_view(found.place, found.items, found.accounts, detail=detail))
    return stream.getvalue()


def held(holder: str | None, start: str | None, end: str | None, status: ControlStatus = "held") -> ControlInterval:
    return ControlInterval(holder, status, start, end, (), (), (), Credibility(3, "weak", ("Told once.",)))


def view(*intervals: ControlInterval) -> list[str]:
    return printed(Found(list(intervals), {}, Place("Aybar")), "brief").splitlines()


def test_brief_has_a_line_for_every_interval_and_no_sentence(ledger: Ledger) -> None:
    found = ledger.control(TOWN.name)
    assert len(found.items) > 3
    text = printed(found, "brief")
    lines = [line for line in text.splitlines() if re.match(r" *\d+  (\d{4}|…)", line)]
    assert len(lines) == len(found.items)
    for line, interval in zip(lines, found.items, strict=True):
        assert all(part in line for part in (interval.start or "…", interval.end or "…", interval.status))
        assert (interval.holder or "unknown") in line
        assert f"{interval.credibility.admiralty} {interval.credibility.grade}" in line
    assert "“" not in text


def test_all_has_every_sentence(ledger: Ledger) -> None:
    found = ledger.control(TOWN.name)
    text = " ".join(printed(found, "all").split())
    for interval in found.items:
        for ref in (*interval.claims, *interval.against):
            assert f"{ref.report}:{ref.claim}" in text or found.accounts[ref].sentence in text
    assert "--all" not in text


def test_what_is_not_shown_is_counted(ledger: Ledger) -> None:
    found = ledger.control(TOWN.name)
    text = printed(found, "some")
    shown = text.count("“")
    counted = sum(int(n) for n in re.findall(r"(\d+) (?:from before|more: --all)", text))
    everything = printed(found, "all").count("“")
    assert shown + counted == everything
    assert shown < everything


def test_the_number_of_sources_is_that_of_the_reasons(ledger: Ledger) -> None:
    seen = 0
    for town in made.towns(6, random.Random(7)):
        for source in (None, "Coast Observatory"):
            found = ledger.control(town.name, according_to=source)
            for interval in found.items:
                told = " ".join(interval.credibility.reasons)
                number = re.search(r"(One|\d+) independent", told)
                if number:
                    seen += 1
                    expected = 1 if number[1] == "One" else int(number[1])
                    assert independent_sources(interval, found.accounts) == expected
    assert seen > 20


def test_every_holder_has_a_lane_and_every_interval_a_cell() -> None:
    lines = view(
        held("Army", None, "2015-05-20"),
        held("League", "2015-05-20", "2016-03-27"),
        held("Army", "2016-03-27", "2016-12-11"),
        held("Army", "2016-12-11", "2016-12-12", "contested"),
        held("League", "2016-12-12", "2017-03-02", "besieged"),
        held("Army", "2017-03-02", None),
    )
    army = next(line for line in lines if line.startswith("Army "))
    league = next(line for line in lines if line.startswith("League "))
    assert re.fullmatch(r"Army    █+ +█+▚ *█+", army.rstrip())
    assert re.fullmatch(r"League  +█+ +▒+", league.rstrip())
    assert "|2016" in "\n".join(lines)
    taken = [i for i, cell in enumerate(army) if cell in "█▚" and i > 7 and i < len(league) and league[i] in "█▒"]
    assert len(taken) <= 1  # the short fight has a cell of its own


def test_one_interval_has_no_ribbon() -> None:
    assert not any("█" in line for line in view(held("Army", "2015-05-20", None)))


def test_days_name_the_axis_of_a_short_time() -> None:
    text = "\n".join(view(held("Army", "2016-12-01", "2016-12-11"), held("League", "2016-12-11", "2016-12-14")))
    assert "|12-1" in text


def test_markup_in_names_is_text() -> None:
    assert any("[red]x[/red]" in line for line in view(held("[red]x[/red]", "2015-05-20", None)))


def test_the_command_takes_the_evidence_away_and_gives_all_of_it(ledger: Ledger) -> None:
    def run(*args: str) -> str:
        return CliRunner().invoke(cli, ["control", TOWN.name, "--ledger", ledger.store.name, *args]).stdout

    assert len(run("--brief")) < len(run()) < len(run("--all"))
    assert "according to Coast Observatory" in run("--according-to", "Coast Observatory")
    assert all(line == line.rstrip() for line in run().splitlines())
