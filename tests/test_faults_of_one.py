"""What goes wrong unforeseen with one report costs that report, with its reason, and never the run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tadmor import pipeline
from tadmor.cli import cli
from tadmor.errors import LedgerError, MissingResource
from tadmor.intake import adding as adding_module
from tadmor.intake.adding import Kept, adding
from tadmor.intake.reading import readings
from tadmor.intake.sorting import BOTH, Sorter
from tadmor.ledger import Store
from tadmor.model import Failure, Reading, Report
from tadmor.pipeline import Pipeline

WAR = "Shelling killed {} people in Aleppo on Sunday, the Syrian Observatory for Human Rights said."
PEACE = (
    "The bakery on Mill Lane has won the county prize for its walnut cake for the {}th year in a row, the organisers said."
    " Visitors may taste it at the summer fair next weekend, where tickets cost four pounds and include a cup of tea."
)


def reports(text: str = WAR) -> list[Report]:
    return [Report(id, text.format(n), path=f"{id}.txt") for n, id in ((3, "one"), (14, "two"), (27, "three"))]


def failing_on_two(act: Callable[..., Any], error: Exception) -> Callable[..., Any]:
    """The same, but for the second report, which is the second argument."""

    def broken(*given: Any, **named: Any) -> Any:
        report = getattr(given[1], "report", given[1])
        if report.id == "two":
            raise error
        return act(*given, **named)

    return broken


def added(tmp_path: Path, items: list[Report]) -> list[Kept | Failure]:
    with Store(tmp_path / "war.db") as store:
        return list(adding(store, pipeline.default("rules"), items, sorting=BOTH))


def read(items: list[Report]) -> list[Reading | Failure]:
    return list(readings(pipeline.default("rules"), items, sorting=BOTH))


FAULT = ValueError("odd")
BY_STEP = pytest.mark.parametrize(
    ("owner", "name", "text", "step"),
    [
        (Sorter, "irrelevant", WAR, "sorting"),
        (Sorter, "sketch", WAR, "sorting"),
        (Pipeline, "leave", PEACE, "setting it aside"),
    ],
    ids=["relevance", "sketch", "aside"],
)


@BY_STEP
def test_the_others_are_added(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, owner: type, name: str, text: str, step: str
) -> None:
    monkeypatch.setattr(owner, name, failing_on_two(getattr(owner, name), FAULT))
    one, two, three = added(tmp_path, reports(text))
    assert isinstance(one, Kept)
    assert isinstance(three, Kept)
    assert two == Failure("two", "two.txt", f"{step} failed: ValueError: odd")


@BY_STEP
def test_the_others_are_read(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, text: str, step: str) -> None:
    monkeypatch.setattr(owner, name, failing_on_two(getattr(owner, name), FAULT))
    one, two, three = read(reports(text))
    assert isinstance(one, Reading)
    assert isinstance(three, Reading)
    assert two == Failure("two", "two.txt", f"{step} failed: ValueError: odd")


def test_what_cannot_be_kept_is_named_and_the_others_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Store, "add", failing_on_two(Store.add, FAULT))
    one, two, three = added(tmp_path, reports())
    assert isinstance(one, Kept)
    assert isinstance(three, Kept)
    assert two == Failure("two", "two.txt", "keeping failed: ValueError: odd")
    monkeypatch.undo()
    assert [k.added for k in added(tmp_path, reports()) if isinstance(k, Kept)] == [False, True, False]


@pytest.mark.parametrize("error", [LedgerError("no room"), MissingResource("no file")])
def test_what_would_befall_every_report_ends_the_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception
) -> None:
    monkeypatch.setattr(adding_module, "keep", failing_on_two(adding_module.keep, error))
    with pytest.raises(type(error)):
        added(tmp_path, reports())


def test_the_command_line_tells_the_reason_and_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for n, name in enumerate(("a", "b", "c")):
        (tmp_path / f"{name}.txt").write_text(WAR.format(n + 3))

    def irrelevant(self: Sorter, report: Report) -> None:
        if report.path is not None and report.path.endswith("b.txt"):
            raise FAULT

    monkeypatch.setattr(Sorter, "irrelevant", irrelevant)
    given = [str(tmp_path / f"{name}.txt") for name in ("a", "b", "c")]
    done = CliRunner().invoke(
        cli, ["add", *given, "--ledger", str(tmp_path / "war.db"), "--reader", "rules", "--no-fold"]
    )
    assert done.exit_code == 1
    assert f"tadmor: {given[1]}: sorting failed: ValueError: odd" in done.stderr
    assert "2 reports added" in done.stderr
    assert "1 not read" in done.stderr
