"""`tadmor read --engine`: parts, marks, what is tried again, and that every engine gives what a plain loop gives."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.test_bulk_work import Flaky, square

from tadmor import gather, pipeline
from tadmor.bulk import batch, corpus, parts
from tadmor.bulk.batch import Recipe
from tadmor.bulk.corpus import Run, Told
from tadmor.bulk.engines import Trial, engine, finish
from tadmor.bulk.kept import readings
from tadmor.bulk.on_local import Local
from tadmor.errors import InputError
from tadmor.intake import reading as intake
from tadmor.model import Failure, Reading
from test_bulk_make import parquet, rows

RULES = Recipe(reader="rules")
ENGINES = [
    "local",
    pytest.param("daft", marks=pytest.mark.slow),
    pytest.param("ray", marks=pytest.mark.slow),
]


def named(name: str, jobs: int = 2) -> object:
    if name != "local":
        pytest.importorskip(name, reason=f"{name} is not installed: the extra tadmor[scale] has it")
    return engine(name, jobs)


def by_id(items: list[Reading | Failure]) -> dict[str, Reading]:
    assert all(isinstance(item, Reading) for item in items)
    return {item.report.id: item for item in items if isinstance(item, Reading)}


def plain(path: Path) -> dict[str, Reading]:
    """What one loop on one core reads of a file."""
    return by_id(list(intake.readings(pipeline.default("rules"), gather.gather([path]))))


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_gives_what_a_plain_loop_gives(tmp_path: Path, name: str) -> None:
    file = parquet(tmp_path / "reports.parquet", rows(24), group=10)
    run = corpus.read([str(file)], str(tmp_path / "out"), on=named(name), recipe=RULES, rows=4)  # type: ignore[arg-type]
    assert (run.parts, run.read, run.reports, run.not_read, run.given_up) == (7, 7, 24, 0, ())
    found = by_id(list(readings(str(tmp_path / "out"))))
    lines = tmp_path / "reports.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows(24)))
    for id, reading in plain(lines).items():
        assert found[id].claims == reading.claims
        assert found[id].mentions == reading.mentions
        assert (found[id].report.text, found[id].reader) == (reading.report.text, reading.reader)
    assert run.claims == sum(len(r.claims) for r in found.values()) > 24


@pytest.mark.parametrize("name", ENGINES)
def test_what_fails_is_tried_again_and_what_always_fails_is_told(tmp_path: Path, name: str) -> None:
    work = Flaky(tmp_path, on=(2, 5), times=1)
    got = list(finish(named(name), work, range(8), pause=0))  # type: ignore[arg-type]
    assert dict(g for g in got if isinstance(g, tuple)) == {n: n * n for n in range(8)}
    trials = [g for g in got if isinstance(g, Trial)]
    assert sorted(t.index for t in trials) == [2, 5]
    assert all("is not to be had" in t.error and not t.last for t in trials)
    (tmp_path / "always").mkdir()
    work = Flaky(tmp_path / "always", on=(3,), times=99)
    got = list(finish(named(name), work, range(4), tries=2, pause=0))  # type: ignore[arg-type]
    assert dict(g for g in got if isinstance(g, tuple)) == {0: 0, 1: 1, 2: 4}
    assert [(t.index, t.tries, t.last) for t in got if isinstance(t, Trial)] == [(3, 1, False), (3, 2, True)]


@pytest.mark.parametrize("name", ENGINES)
def test_a_part_that_kills_its_process_costs_no_other(tmp_path: Path, name: str) -> None:
    work = Flaky(tmp_path, on=(3,), times=99, how="die")
    got = list(finish(named(name), work, range(6), tries=2, pause=0))  # type: ignore[arg-type]
    assert dict(g for g in got if isinstance(g, tuple)) == {n: n * n for n in (0, 1, 2, 4, 5)}
    last = [t for t in got if isinstance(t, Trial) and t.last]
    assert [t.index for t in last] == [3]
    assert "process" in last[0].error


def test_finished_parts_are_not_read_again_and_changed_ones_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    attempt = pipeline.Pipeline.attempt

    def counting(line: pipeline.Pipeline, report: object) -> object:
        read.append(1)
        return attempt(line, report)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline.Pipeline, "attempt", counting)
    out = str(tmp_path / "out")
    first = corpus.read([str(parquet(tmp_path / "a.parquet", rows(9), 3))], out, jobs=1, recipe=RULES)
    assert (first.read, first.known, len(read)) == (3, 0, 9)
    # under another name, with one row group changed and one more: only those two are read
    moved = [*rows(3), *rows(3, first=100), *rows(3, first=6), *rows(3, first=9)]
    second = corpus.read([str(parquet(tmp_path / "b.parquet", moved, 3))], out, jobs=1, recipe=RULES)
    assert (second.read, second.known, second.reports, len(read)) == (2, 2, 12, 15)
    # read otherwise, all is read anew
    third = corpus.read([str(tmp_path / "a.parquet")], out, jobs=1, recipe=Recipe(reader="rules", max_bytes=10_000))
    assert (third.read, third.known) == (3, 0)


def test_a_run_that_is_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    file, out = parquet(tmp_path / "a.parquet", rows(10), 2), str(tmp_path / "out")

    def stop(told: Told) -> None:
        if told.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        corpus.read([str(file)], out, jobs=1, recipe=RULES, tell=stop)
    kept = {r.report.id for r in readings(out) if isinstance(r, Reading)}
    assert kept == {f"made-{n}" for n in range(4)}
    run = corpus.read([str(file)], out, jobs=1, recipe=RULES)
    assert (run.known, run.read, run.reports) == (2, 3, 10)


def test_a_damaged_mark_or_file_is_told_or_made_anew(tmp_path: Path) -> None:
    file, out = parquet(tmp_path / "a.parquet", rows(4), 2), tmp_path / "out"
    corpus.read([str(file)], str(out), jobs=1, recipe=RULES)
    mark = sorted((out / "done").iterdir())[0]
    mark.write_bytes(b"{")
    again = corpus.read([str(file)], str(out), jobs=1, recipe=RULES)
    assert (again.read, again.known) == (1, 1)
    kept = sorted((out / "readings").iterdir())[0]
    kept.write_bytes(kept.read_bytes()[:-100])
    with pytest.raises(InputError, match=r"is damaged .* delete it with its mark"):
        list(readings(str(out)))
    kept.unlink()
    (out / "done" / f"{kept.stem}.json").unlink()
    assert corpus.read([str(file)], str(out), jobs=1, recipe=RULES).read == 1
    assert len(list(readings(str(out)))) == 4


def test_a_mark_without_its_file_is_no_mark(tmp_path: Path) -> None:
    file, out = parquet(tmp_path / "a.parquet", rows(4), 2), tmp_path / "out"
    corpus.read([str(file)], str(out), jobs=1, recipe=RULES)
    sorted((out / "readings").iterdir())[0].unlink()
    assert corpus.read([str(file)], str(out), jobs=1, recipe=RULES).read == 1
    assert len(list(readings(str(out)))) == 4


def test_bad_rows_and_bad_files_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    given = [*rows(2), {**rows(1)[0], "id": "empty", "text": None}, *rows(1, first=5)]
    parquet(tmp_path / "good.parquet", given)
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 and nothing of it")
    pq.write_table(pa.table({"words": ["none"]}), tmp_path / "other.parquet")
    (tmp_path / "note.txt").write_text("Rebels captured Azaz on Sunday, residents said.")
    run = corpus.read([str(tmp_path)], str(tmp_path / "out"), jobs=1, recipe=RULES, pause=0)
    assert (run.read, run.reports, run.not_read) == (2, 4, 1)
    told = {Path(f.path).name: f.error for f in run.given_up}
    assert set(told) == {"torn.parquet", "other.parquet"}
    assert "no column named text" in told["other.parquet"]
    failures = [f for f in readings(str(tmp_path / "out")) if isinstance(f, Failure)]
    assert [(f.id, "row 3" in f.error) for f in failures] == [("empty", True)]
    assert "good.parquet" in failures[0].path


def test_a_reader_of_another_version_on_a_machine_is_told(tmp_path: Path) -> None:
    part = parts.cut(str(parquet(tmp_path / "a.parquet", rows(1))))[0]
    with pytest.raises(Exception, match="have the same version of tadmor"):
        batch.work(part, Recipe(reader="rules", version="of another machine"), str(tmp_path / "out"))


def test_nothing_there_and_nothing_known(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        corpus.read([str(tmp_path / "no.parquet")], str(tmp_path / "out"), jobs=1, recipe=RULES)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="no file of a known kind"):
        corpus.read([str(tmp_path / "folder")], str(tmp_path / "out"), jobs=1, recipe=RULES)
    with pytest.raises(InputError, match="holds no readings"):
        list(readings(str(tmp_path / "folder")))


def archive(pages: int, packed: Callable[[bytes], bytes]) -> tuple[bytes, list[int]]:
    """A web archive of so many pages, and where its records begin."""
    data, starts = b"", []
    for n in range(pages):
        words = f"<html><body><h1>Town {n}</h1><p>Rebels captured Azaz on Sunday, resident {n} said.</p></body></html>"
        answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(words)}\r\n\r\n{words}"
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{n:012}>\r\nWARC-Date: 2016-12-12T00:00:00Z\r\n"
            f"WARC-Target-URI: http://example.org/{n}\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(answer)}\r\n\r\n"
        )
        starts.append(len(data))
        data += packed(f"{head}{answer}\r\n\r\n".encode())
    return data, starts


@pytest.mark.parametrize("ending", [".warc", ".warc.gz"])
def test_a_web_archive_is_cut_between_records(tmp_path: Path, ending: str) -> None:
    data, starts = archive(9, gzip.compress if ending.endswith("gz") else bytes)
    path = tmp_path / f"pages{ending}"
    path.write_bytes(data)
    found = parts.cut(str(path), size=starts[3])
    assert [(p.first, p.last) for p in found] == [(0, starts[3]), (starts[3], starts[6]), (starts[6], len(data))]
    assert b"".join(parts.content(p).data for p in found) == data
    whole = tmp_path / "whole.warc.gz"
    whole.write_bytes(gzip.compress(archive(9, bytes)[0]))
    assert len(parts.cut(str(whole), size=100)) == 1, "packed as a whole it has no place to be cut at"


def test_the_readings_of_a_web_archive(tmp_path: Path) -> None:
    pytest.importorskip("tadmor.gather.warc")
    path = tmp_path / "pages.warc.gz"
    path.write_bytes(archive(6, gzip.compress)[0])
    run: Run = corpus.read([str(path)], str(tmp_path / "out"), jobs=1, recipe=RULES, size=700)
    assert run.parts > 1
    assert run.reports == 6
    found = by_id(list(readings(str(tmp_path / "out"))))
    assert {r.report.url for r in found.values()} == {f"http://example.org/{n}" for n in range(6)}
    assert all(r.report.path and str(path).removesuffix(".gz") in r.report.path for r in found.values())


def test_local_processes_are_as_many_as_told_and_all_end() -> None:
    import multiprocessing

    before = len(multiprocessing.active_children())
    assert sorted(a.value for a in Local(3).run(square, range(7))) == [n * n for n in range(7)]
    assert len(multiprocessing.active_children()) == before
