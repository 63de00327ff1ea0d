"""Incidents of a corpus in parts are those of one machine, whatever its order and however it is cut."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.incidents import war
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor.bulk.batch import MARKS, READINGS, encoded
from tadmor.bulk.engines import Trial
from tadmor.bulk.folders import Folder
from tadmor.bulk.incidents import joining, run
from tadmor.bulk.incidents.tiles import group_of, grouped
from tadmor.bulk.kept import describe
from tadmor.errors import InputError, TadmorError
from tadmor.model import Failure, Reading
from tadmor.publish.periods import by_date
from tadmor.publish.wire import incident_to_record
from tadmor.reconcile import incidents
from tadmor.reconcile.accounts import accounts


def keep(folder: Path, readings: Sequence[Reading | Failure], per_file: int) -> str:
    """A folder as ``tadmor read --out`` writes it."""
    out = Folder(str(folder))
    describe(out, {})
    for n in range(0, len(readings), per_file):
        out.write(f"{READINGS}/{n:05}.parquet", encoded(readings[n : n + per_file]))
        out.write(f"{MARKS}/{n:05}.json", b"{}")
    return out.address


def on_one_machine(readings: Sequence[Reading]) -> list[dict[str, object]]:
    told = [a for reading in readings for a in accounts(reading)]
    by_ref = {a.ref: a for a in told}
    found = sorted(incidents(told), key=by_date)
    return [json.loads(json.dumps(incident_to_record(i, by_ref))) for i in found]


@pytest.fixture(scope="module")
def made() -> list[Reading]:
    return list(war(40, seed=7, towns=160))[::2]


@pytest.fixture(scope="module")
def expected(made: list[Reading]) -> list[dict[str, object]]:
    return on_one_machine(made)


@pytest.mark.parametrize(("seed", "files", "keys", "size"), [(1, 2, 300, 90), (2, 50, 100_000, 100_000)])
def test_equal_to_one_machine_however_it_is_cut(
    tmp_path: Path, made: list[Reading], expected: list[dict[str, object]], seed: int, files: int, keys: int, size: int
) -> None:
    shuffled = random.Random(seed).sample(made, len(made))
    readings = keep(tmp_path / "readings", shuffled, 7)
    out = str(tmp_path / "out")
    found = run.incidents(readings, out, jobs=1, files=files, keys=keys, size=size)
    assert list(run.records(out)) == expected
    assert (found.reports, found.incidents) == (len(made), len(expected))
    assert sum(len(i["claims"]) > 1 for i in expected) > 50  # type: ignore[arg-type]
    if size < 1000:
        assert found.groups > 5, "incidents lie across groups of tiles, too"
    assert not list((tmp_path / "out").glob("work-*")), "what can be worked out again is taken away"


def test_one_report_read_twice_is_told_once_and_its_latest_text_stands(tmp_path: Path, made: list[Reading]) -> None:
    few = made[:20]
    older = replace(few[3], report=replace(few[3].report, published="2011-01-01"), claims=few[3].claims[:1])
    failure = Failure("gone", "nowhere", "no such file")
    readings = keep(tmp_path / "readings", [older, *few, few[5], failure], 4)
    found = run.incidents(readings, str(tmp_path / "out"), jobs=1, size=50)
    assert found.reports == 20
    assert list(run.records(str(tmp_path / "out"))) == on_one_machine(few)


def test_a_run_that_broke_off_goes_on_and_ends_the_same(
    tmp_path: Path, made: list[Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    readings, out = keep(tmp_path / "readings", made[:60], 10), str(tmp_path / "out")
    compared: list[int] = []
    compare, failing = run.compare, [2]

    def broken(task: run.Comparing) -> int:
        if task.group in failing:
            raise OSError("the storage is away")
        compared.append(task.group)
        return compare(task)

    monkeypatch.setattr(run, "compare", broken)
    with pytest.raises(TadmorError, match=r"comparing: task 2 failed 2 times: .*storage is away"):
        run.incidents(readings, out, jobs=1, files=2, size=60, tries=2, pause=0)
    kept = {p.name for p in Path(out).glob("work-*/linked/*")}
    assert kept
    assert "2" not in kept
    stamps = {p: p.stat().st_mtime_ns for p in Path(out).glob("work-*/*/*")}
    failing.clear()
    monkeypatch.setattr(Folder, "clear", lambda *_: None)
    run.incidents(readings, out, jobs=1, files=2, size=60)
    again = {p: p.stat().st_mtime_ns for p in stamps}
    assert {p for p in stamps if stamps[p] != again[p] and "joined" not in p.parts} == set()
    assert list(run.records(out)) == on_one_machine(made[:60])


def test_incidents_of_other_readings_are_not_mixed(tmp_path: Path, made: list[Reading]) -> None:
    one, other = keep(tmp_path / "one", made[:5], 5), keep(tmp_path / "other", made[5:10], 5)
    run.incidents(one, str(tmp_path / "out"), jobs=1)
    with pytest.raises(InputError, match="of other readings"):
        run.incidents(other, str(tmp_path / "out"), jobs=1)
    with pytest.raises(InputError, match="holds no incidents"):
        list(run.records(one))


def test_readings_without_an_occurrence(tmp_path: Path, made: list[Reading]) -> None:
    bare = [replace(r, claims=()) for r in made[:3]]
    found = run.incidents(keep(tmp_path / "readings", bare, 2), str(tmp_path / "out"), jobs=1)
    assert (found.reports, found.accounts, found.incidents) == (3, 0, 0)
    assert list(run.records(str(tmp_path / "out"))) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["local", "daft", "ray"])
def test_every_engine_finds_the_same(
    tmp_path: Path, made: list[Reading], expected: list[dict[str, object]], name: str
) -> None:
    if name != "local":
        pytest.importorskip(name, reason=f"{name} is not installed: the extra tadmor[scale] has it")
    readings = keep(tmp_path / "readings", made, 10)
    run.incidents(readings, str(tmp_path / "out"), on=name, jobs=2, files=4, size=300)
    assert list(run.records(str(tmp_path / "out"))) == expected


@settings(deadline=None, max_examples=60)
@given(edges=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_what_hangs_together(edges: list[tuple[int, int]]) -> None:
    root = list(range(31))

    def find(n: int) -> int:
        while root[n] != n:
            n = root[n]
        return n

    for a, b in edges:
        low, high = sorted((find(a), find(b)))
        root[high] = low
    a, b = (np.array([e[n] for e in edges], np.int64) for n in (0, 1))
    assert joining.components(a, b, 31).tolist() == [find(n) for n in range(31)]
    pairs = np.array([(min(e), max(e), min(e) * 10, max(e) * 10) for e in edges if e[0] != e[1]], np.int64).reshape(
        -1, 4
    )
    few = joining.forest(pairs)
    assert joining.components(few[:, 0], few[:, 1], 31).tolist() == [find(n) for n in range(31)]
    assert len(few) <= len(pairs)
    assert (few[:, 2:] == few[:, :2] * 10).all()


def test_groups_of_tiles_are_in_order_and_hold_all() -> None:
    counts = {5: 40, 9: 70, 12: 1, 20: 200, 31: 3}
    bounds = grouped(counts, 100)
    assert bounds == [5, 12, 31]
    assert [group_of(t, bounds) for t in sorted(counts)] == [0, 0, 1, 1, 2]
    assert grouped({}, 100) == []
    assert Trial(0, "no", 1, True).last
