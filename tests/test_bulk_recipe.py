"""How a corpus was read in parts: dates given beside it, and folders in which what was read by several recipes lies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tadmor.bulk import corpus, kept, taking
from tadmor.bulk.batch import RECIPE, Recipe
from tadmor.bulk.incidents import run
from tadmor.errors import BadDate, InputError
from tadmor.ledger import Store
from tadmor.model import Reading
from test_bulk_make import parquet, rows

RULES = Recipe(reader="rules")
WRONG = Recipe(reader="rules", published="2020-01-01")
DAYS = ("2016-12-11", "2016-12-12", "2016-12-13")


def pages(folder: Path) -> str:
    """Pages that say their own date, each a file."""
    folder.mkdir()
    for n, day in enumerate(DAYS):
        words = f"Rebels captured Azaz on Sunday, resident {n} said."
        head = f'<title>Report {n}</title><meta property="article:published_time" content="{day}T09:00:00Z">'
        (folder / f"r{n}.html").write_text(f"<html><head>{head}</head><body><p>{words}</p></body></html>")
    return str(folder)


def dates(out: str) -> list[tuple[str | None, str | None]]:
    found = [r.report for r in kept.readings(out) if isinstance(r, Reading)]
    return sorted((r.published, r.published_basis) for r in found)


def as_before(out: Path, *, corpus_too: bool) -> None:
    """A folder as it was written before there were digests."""
    for file in [*(out / "done").iterdir(), *([out / "corpus.json"] if corpus_too else [])]:
        told = json.loads(file.read_bytes())
        del told[RECIPE]
        file.write_text(json.dumps(told))


def test_the_date_given_stands_for_files_without_one_alone(tmp_path: Path) -> None:
    given, out = pages(tmp_path / "in"), str(tmp_path / "out")
    (tmp_path / "in" / "note.txt").write_text("Rebels captured Azaz on Sunday, residents said.")
    corpus.read([given], out, jobs=1, recipe=WRONG)
    assert dates(out) == [*((day, "metadata") for day in DAYS), ("2020-01-01", "given")]


def test_a_date_that_is_none_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadDate):
        corpus.read([pages(tmp_path / "in")], str(tmp_path / "out"), recipe=Recipe(reader="rules", published="soon"))
    assert not (tmp_path / "out").exists()


def undated(path: Path) -> str:
    return str(parquet(path, [row | {"published": None} for row in rows(6)], 2))


def test_what_was_read_by_another_recipe_is_passed_over_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, out = undated(tmp_path / "a.parquet"), str(tmp_path / "out")
    corpus.read([given], out, jobs=1, recipe=WRONG)
    assert "passed over" not in capsys.readouterr().err
    corpus.read([given], out, jobs=1, recipe=RULES)
    assert dates(out) == [(None, "none")] * 6
    assert "passed over 3 files of readings by another version of the reader or with other" in capsys.readouterr().err
    assert len(list((tmp_path / "out/readings").iterdir())) == 6, "nothing is deleted"
    assert run.incidents(out, str(tmp_path / "found"), jobs=1).reports == 6

    # a run by the first recipe reads nothing, and has its readings told again
    again = corpus.read([given], out, jobs=1, recipe=WRONG)
    assert (again.read, again.known) == (0, 3)
    assert dates(out) == [("2020-01-01", "given")] * 6


def test_a_ledger_takes_what_the_mending_run_read(tmp_path: Path) -> None:
    from tadmor.api import Ledger

    given, out, path = undated(tmp_path / "a.parquet"), str(tmp_path / "out"), tmp_path / "war.db"
    for published in ("2020-01-01", "2016-12-24"):
        corpus.read([given], out, jobs=1, recipe=Recipe(reader="rules", published=published))
    with Ledger(path, reader="rules") as ledger:
        assert [item.added for item in taking.take(ledger, out)] == [True] * 6  # type: ignore[union-attr]
    with Store(path) as store:
        assert {r.report.published for r in store.readings()} == {"2016-12-24"}


def test_more_inputs_by_one_recipe_lie_beside_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "out")
    for n in range(2):
        corpus.read([str(parquet(tmp_path / f"{n}.parquet", rows(2, first=2 * n)))], out, jobs=1, recipe=RULES)
    assert len(list(kept.readings(out))) == 4
    assert capsys.readouterr().err == ""


def test_a_folder_from_before_there_were_digests_is_taken_as_it_is(tmp_path: Path) -> None:
    given, out = undated(tmp_path / "a.parquet"), tmp_path / "out"
    corpus.read([given], str(out), jobs=1, recipe=WRONG)
    corpus.read([given], str(out), jobs=1, recipe=RULES)
    as_before(out, corpus_too=True)
    assert len(list(kept.readings(str(out)))) == 12


def test_marks_from_before_there_were_digests_show_by_their_names_what_they_are_of(tmp_path: Path) -> None:
    given, out = undated(tmp_path / "a.parquet"), tmp_path / "out"
    corpus.read([given], str(out), jobs=1, recipe=WRONG)
    corpus.read([given], str(out), jobs=1, recipe=RULES)
    as_before(out, corpus_too=True)
    again = corpus.read([given], str(out), jobs=1, recipe=RULES)
    assert (again.read, again.known) == (0, 3)
    assert dates(str(out)) == [(None, "none")] * 6


def test_a_run_that_read_nothing_yet_names_what_lies_there(tmp_path: Path) -> None:
    out = tmp_path / "out"
    corpus.read([undated(tmp_path / "a.parquet")], str(out), jobs=1, recipe=WRONG)
    empty = parquet(tmp_path / "b.parquet", rows(1))
    empty.write_bytes(b"PAR1 and nothing of it")
    corpus.read([str(empty)], str(out), jobs=1, recipe=RULES)
    with pytest.raises(InputError, match=r"holds no readings of its last run, but 3 files of readings by another"):
        kept.files(str(out))
