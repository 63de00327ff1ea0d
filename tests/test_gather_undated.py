"""What stands for a date and is none: the report is read without one, and it is said by name."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tadmor import Ledger
from tadmor.cli import cli
from tadmor.gather import from_html, from_text, gather
from tadmor.gather.again import read_again
from tadmor.gather.undated import SAID, undated
from tadmor.model import Failure, Report
from tadmor.record import report_from_record, report_to_record

TEXT = "The road to the north was closed by the army, a driver said."
PAGE = f"<html><head><meta name='date' content='2017-04-05'></head><body><p>{TEXT}</p></body></html>"


def one(path: Path, **options: str) -> Report:
    (item,) = gather([path], **options)  # type: ignore[arg-type]
    assert isinstance(item, Report)
    return item


def rows(path: Path, *told: object) -> Path:
    path.write_text("".join(json.dumps({"text": f"{TEXT} ({i})", "published": p}) + "\n" for i, p in enumerate(told)))
    return path


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, [*args, "--reader", "rules"])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("said", "mend"),
    [
        ("03/04/2017", "can be 2017-04-03 or 2017-03-04: write the one that is meant"),
        ("03/04/2017 10:30", "can be 2017-04-03 or 2017-03-04: write the one that is meant"),
        ("sometime", "is no date that Tadmor reads: write it like 2017-04-03"),
        ("30 February 2016", "is no date that Tadmor reads: write it like 2017-04-03"),
    ],
)
def test_a_date_that_is_none_is_told_with_its_line_and_its_mend(tmp_path: Path, said: str, mend: str) -> None:
    table = tmp_path / "semi.csv"
    table.write_text(f"title;text;published\n;{TEXT};{said}\n")
    report = one(table)
    assert (report.published, report.published_basis) == (None, "none")
    assert report.metadata[SAID] == said
    assert undated(report) == (
        f"{table}: line 2: published '{said}' {mend}, or say it with --published; the report has no date"
    )


@pytest.mark.parametrize("said", [None, "", "  ", "2017-04-03", "3 April 2017", 20170403, "2017-04"])
def test_nothing_is_told_of_a_date_or_of_none(tmp_path: Path, said: object) -> None:
    report = one(rows(tmp_path / "a.jsonl", said))
    assert undated(report) is None
    assert SAID not in report.metadata


def test_neither_identity_nor_text_change(tmp_path: Path) -> None:
    bad, none = (one(rows(tmp_path / f"{name}.jsonl", said)) for name, said in (("bad", "sometime"), ("none", None)))
    assert (bad.id, bad.text, bad.text_hash) == (none.id, none.text, none.text_hash)


def test_what_the_text_or_the_user_says_of_the_date_is_enough(tmp_path: Path) -> None:
    assert undated(from_text(f"Posted on July 12 2016\n\n{TEXT}", row_published="sometime")) is None
    assert undated(one(rows(tmp_path / "a.jsonl", "sometime"), published="2017-04-03")) is None
    (first, second) = gather([rows(tmp_path / "b.jsonl", "sometime", "2016")], published="2017-04-03")
    assert [(r.published, undated(r)) for r in (first, second) if isinstance(r, Report)] == [
        ("2017-04-03", None),
        ("2016", None),
    ]
    assert from_html(PAGE, row_published="sometime").published == "2017-04-05"


def test_a_message_whose_date_is_none_is_told_too(tmp_path: Path) -> None:
    mail = tmp_path / "a.eml"
    mail.write_text(f"From: Ana <ana@example.org>\nTo: x@example.org\nSubject: Road\nDate: last week\n\n{TEXT}\n")
    report = one(mail)
    assert f"{mail}: report {report.id}: published 'last week' is no date" in (undated(report) or "")


def test_a_long_text_in_the_wrong_column_is_cut(tmp_path: Path) -> None:
    report = one(rows(tmp_path / "a.jsonl", TEXT * 50))
    assert len(report.metadata[SAID]) <= 100


def test_what_was_said_is_kept_with_the_report_and_the_line_is_not(tmp_path: Path) -> None:
    report = one(rows(tmp_path / "a.jsonl", "sometime"))
    kept = report_from_record(report_to_record(report))
    assert (kept.metadata[SAID], kept.where) == ("sometime", None)
    assert kept == replace(report, metadata=kept.metadata)
    assert f"report {report.id}: published 'sometime'" in (undated(kept) or "")
    assert report.original is not None
    assert read_again(report.original).metadata == report.metadata


def test_python_is_told_when_it_is_added_and_not_again(tmp_path: Path) -> None:
    table = rows(tmp_path / "a.jsonl", "sometime", "2017-04-03")
    with Ledger(tmp_path / "war.db", reader="rules") as ledger:
        first, again = ledger.add(table), ledger.add(table)
    assert not [o for o in first if isinstance(o, Failure)]
    assert "line 1: published 'sometime'" in (first[0].remark or "")  # type: ignore[union-attr]
    assert [o.remark for o in (*first[1:], *again)] == [None] * 3  # type: ignore[union-attr]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_add_says_it_once_a_report_and_in_its_summary(tmp_path: Path, jobs: str) -> None:
    table = rows(tmp_path / "a.jsonl", "sometime", "03/04/2017", "2017-04-03")
    code, _, err = run("add", str(table), "--all", "--no-fold", "--jobs", jobs, "--ledger", str(tmp_path / "war.db"))
    assert code == 0, err
    assert err.count("a.jsonl: line 1: published 'sometime' is no date") == 1
    assert err.count("a.jsonl: line 2: published '03/04/2017' can be 2017-04-03 or 2017-03-04") == 1
    assert "3 reports added" in err
    assert "0 not read" in err
    assert "2 reports without a date" in err


def test_a_date_that_is_mended_is_taken_when_it_is_added_again(tmp_path: Path) -> None:
    ledger = str(tmp_path / "war.db")
    for said in ("03/04/2017", "2017-04-03"):
        code, _, err = run("add", str(rows(tmp_path / "a.jsonl", said)), "--all", "--ledger", ledger)
        assert code == 0, err
    assert "without a date" not in err
    with Ledger(ledger) as kept:
        assert [r.report.published for r in kept.readings()] == ["2017-04-03"]


@pytest.mark.parametrize("form", ["table", "jsonl"])
def test_read_says_it_on_standard_error(tmp_path: Path, form: str) -> None:
    code, out, err = run("read", str(rows(tmp_path / "a.jsonl", "sometime")), "--format", form)
    assert code == 0
    assert err.count("line 1: published 'sometime' is no date") == 1
    assert "line 1" not in out
    if form == "jsonl":
        assert json.loads(out)["report"]["metadata"] == {SAID: "sometime"}


def test_readings_made_in_parts_tell_it_when_they_are_taken(tmp_path: Path) -> None:
    table, out = rows(tmp_path / "a.jsonl", "sometime"), str(tmp_path / "out")
    assert run("read", str(table), "--engine", "local", "--jobs", "1", "--out", out)[0] == 0
    code, _, err = run("add", out, "--ledger", str(tmp_path / "war.db"))
    assert code == 0, err
    assert "published 'sometime' is no date" in err
    assert "1 report without a date" in err
