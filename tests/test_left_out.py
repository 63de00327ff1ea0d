"""Files of no known form in a folder: they are named, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tadmor.cli import cli
from tadmor.gather.left_out import left_out
from tadmor.publish.left_out import left_out_words

TEXT = "The road to the north was closed by the army, a driver said."


def make(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT)
    return folder


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, [*args, "--reader", "rules"])
    return result.exit_code, result.stdout, result.stderr


def test_files_of_other_forms_are_found_in_order_below_every_folder(tmp_path: Path) -> None:
    make(tmp_path / "a", "b.txt", "brief.doc", "deep/notes.odt", "deep/page.html", "report", "old.rtf.gz")
    make(tmp_path / "c", "x.json", "y.csv.gz")
    found = list(
        left_out([str(tmp_path / "a"), tmp_path / "c", tmp_path / "a" / "brief.doc", "-", "https://a.example/"])
    )
    assert found == ["brief.doc", str(Path("deep") / "notes.odt"), "old.rtf.gz", "report", "x.json"]


def test_what_nobody_means_to_have_read_is_not_named(tmp_path: Path) -> None:
    noise = ".DS_Store .git/config Thumbs.db desktop.ini ~$brief.docx brief.doc~ tadmor.db tadmor.db-wal a.warc.sha256"
    more = "a.warc.cdx __MACOSX/x page_files/logo.png page_files/style.css style.css _SUCCESS a.part"
    assert list(left_out([make(tmp_path, *noise.split(), *more.split())])) == []


def test_a_folder_that_leads_back_to_itself_ends(tmp_path: Path) -> None:
    make(tmp_path, "brief.doc")
    (tmp_path / "again").symlink_to(tmp_path)
    assert list(left_out([tmp_path])) == ["brief.doc"]


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["a.doc"], "1 file of no known form was left out: a.doc"),
        (["a.doc", "b.rtf"], "2 files of no known form were left out: a.doc and b.rtf"),
        (["a.doc", "b.rtf", "c"], "3 files of no known form were left out: a.doc, b.rtf and c"),
        (["a.doc", "b.rtf", "c", "d"], "4 files of no known form were left out: a.doc, b.rtf, c and 1 more"),
    ],
)
def test_the_line_names_three(names: list[str], says: str) -> None:
    assert left_out_words(names) == says


@pytest.mark.parametrize(
    "verb", [["add", "--all", "--ledger"], ["read", "--engine", "local", "--jobs", "1", "--out"], ["read"]]
)
def test_the_command_line_says_it_once_and_goes_on(tmp_path: Path, verb: list[str]) -> None:
    folder = make(tmp_path / "in", "a.txt", "brief.doc", "brief.rtf", "notes.odt", "x.json")
    target = [str(tmp_path / "war.db")] if len(verb) > 1 else []
    code, _, err = run(*verb, *target, str(folder))
    assert code == 0, err
    assert err.count("4 files of no known form were left out: brief.doc, brief.rtf, notes.odt and 1 more\n") == 1


def test_a_folder_of_nothing_but_such_files_names_them_too(tmp_path: Path) -> None:
    code, _, err = run("read", str(make(tmp_path, "brief.doc")))
    assert code == 1
    assert "no file of a known kind" in err
    assert "1 file of no known form was left out: brief.doc" in err


def test_what_a_run_in_parts_wrote_is_no_file_that_was_left_out(tmp_path: Path) -> None:
    folder, out = make(tmp_path / "in", "a.txt"), str(tmp_path / "out")
    assert run("read", str(folder), "--engine", "local", "--jobs", "1", "--out", out)[0] == 0
    code, _, err = run("add", out, "--ledger", str(tmp_path / "war.db"))
    assert code == 0, err
    assert "left out" not in err
