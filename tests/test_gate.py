"""The evaluation gate: the committed set holds its floors, and floors go down only with a reason."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tadmor import edtf, taxonomy
from tadmor.errors import InputError
from tadmor.evaluate import gate
from tadmor.evaluate.gate import Floors, LoweringRefused, fallen, updated

GATE = Path(__file__).resolve().parents[1] / "gate"
TODAY = dt.date(2030, 1, 2)


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    """The figures of the default reader on the committed set, measured once."""
    return gate.figures(GATE)


def test_no_figure_fell(figures: dict[str, float]) -> None:
    assert gate.faults(GATE, figures) == []


def test_the_check_exits_zero_on_the_committed_set(
    figures: dict[str, float], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gate, "figures", lambda folder: figures)
    assert gate.main(["check", str(GATE)]) == 0
    assert "claims.typed_f1" in capsys.readouterr().out


def coded() -> list[dict]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((GATE / "reports").glob("*.json"))]


def test_the_set_is_sound() -> None:
    reports = coded()
    assert len(reports) == 30
    assert len({g["report"]["id"] for g in reports}) == 30
    for g in reports:
        text = g["report"]["title"] + "\n" + g["report"]["text"]
        ids = [c["id"] for c in g["claims"]]
        assert ids == [f"c{n}" for n in range(1, len(ids) + 1)]
        assert 6 <= len(ids) <= 16
        for c in g["claims"]:
            at = f"{g['report']['id']} {c['id']}"
            assert all(quote in text for quote in [c["quote"], *c["also"]]), at
            assert c["type"] in taxonomy.types(), at
            assert c["date"] is None or edtf.bounds(c["date"]), at
        for row in [*g["control"], *g["disputes"]]:
            assert set(row["claims"]) <= set(ids)


def test_names_in_the_coding_stand_in_the_text() -> None:
    """A place or source that the text does not name would be a figure nobody can reach."""
    for g in coded():
        text = (g["report"]["title"] + "\n" + g["report"]["text"]).lower()
        for c in g["claims"]:
            places = [c["place"]] if isinstance(c["place"], str) else c["place"] or []
            for name in [*places, *(n for chain in c["sources"] for n in chain), *c["actors"], *c["targets"]]:
                assert name.lower() in text, f"{g['report']['id']} {c['id']}: {name}"


def test_four_sentences_for_each_sub_event() -> None:
    rows = [json.loads(line) for line in (GATE / "event_type.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len({r["id"] for r in rows}) == len(rows) == 100
    assert set(Counter(r["acled"] for r in rows).values()) == {4}


@pytest.mark.parametrize(("now", "falls"), [(0.5, 0), (0.495, 0), (0.4949, 1), (0.9, 0)])
def test_a_fall_is_more_than_the_tolerance(now: float, falls: int) -> None:
    assert len(fallen({"f": now}, Floors({"f": 0.5}))) == falls


def test_a_figure_that_is_no_longer_measured_counts_as_fallen() -> None:
    (fall,) = fallen({}, Floors({"f": 0.5}))
    assert fall.now is None
    assert "f was not measured" in str(fall)


def test_update_raises_and_adds() -> None:
    after = updated({"f": 0.6, "g": 0.3}, Floors({"f": 0.5}), today=TODAY)
    assert after.floors == {"f": 0.6, "g": 0.3}
    assert after.lowered == ()


def test_small_falls_do_not_add_up() -> None:
    floors = Floors({"f": 0.5})
    for now in (0.498, 0.496):
        floors = updated({"f": now}, floors, today=TODAY)
    assert floors.floors == {"f": 0.5}


@pytest.mark.parametrize(
    ("lower", "reason"), [(False, None), (True, None), (True, "  "), (False, "a reason without --lower")]
)
def test_update_refuses_to_lower_without_a_reason(lower: bool, reason: str | None) -> None:
    with pytest.raises(LoweringRefused, match=r"f fell to 0\.4000; its floor is 0\.5000"):
        updated({"f": 0.4}, Floors({"f": 0.5}), lower=lower, reason=reason, today=TODAY)


def test_a_lowering_is_recorded_with_its_date_and_reason() -> None:
    before = Floors({"f": 0.5, "g": 0.2, "gone": 0.7})
    after = updated({"f": 0.4, "g": 0.3}, before, lower=True, reason=" recoded ", today=TODAY)
    assert after.floors == {"f": 0.4, "g": 0.3}
    assert [(r.date, r.figure, r.was, r.now, r.reason) for r in after.lowered] == [
        ("2030-01-02", "f", 0.5, 0.4, "recoded"),
        ("2030-01-02", "gone", 0.7, None, "recoded"),
    ]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A gate of one coded report and one sentence, without floors."""
    (tmp_path / "reports").mkdir()
    shutil.copy(sorted((GATE / "reports").glob("*.json"))[0], tmp_path / "reports/one.json")
    with (GATE / "event_type.jsonl").open(encoding="utf-8") as stream:
        (tmp_path / "event_type.jsonl").write_text(stream.readline(), encoding="utf-8")
    return tmp_path


def test_the_whole_round(small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    now = {"f": 0.5, "g": 0.25}
    monkeypatch.setattr(gate, "figures", lambda folder: dict(now))
    assert gate.main(["check", str(small)]) == 1
    assert "f (0.5000) has no floor" in capsys.readouterr().err
    assert gate.main(["update", str(small)]) == 0
    assert gate.main(["check", str(small)]) == 0

    now["f"] = 0.4
    capsys.readouterr()
    assert gate.main(["check", str(small)]) == 1
    assert capsys.readouterr().err == "FAULT f fell to 0.4000; its floor is 0.5000\n"
    pinned = (small / gate.FLOORS).read_bytes()
    assert gate.main(["update", str(small)]) == 1
    assert (small / gate.FLOORS).read_bytes() == pinned
    assert gate.main(["update", str(small), "--lower", "--reason", "the coding was wrong"]) == 0
    assert gate.main(["check", str(small)]) == 0
    (row,) = gate.load(small).lowered
    assert (row.figure, row.was, row.now, row.reason) == ("f", 0.5, 0.4, "the coding was wrong")


def test_a_changed_set_shuts_the_gate(small: Path) -> None:
    gate.save(small, Floors({"f": 0.5}, gate.data_hash(small)))
    assert gate.faults(small, {"f": 0.5}) == []
    path = small / "reports/one.json"
    path.write_text(path.read_text(encoding="utf-8").replace("asserted", "hedged"), encoding="utf-8")
    assert gate.faults(small, {"f": 0.5}) == ["the coded set is not the one that the floors were pinned on: run update"]


def test_the_hash_does_not_depend_on_line_ends(small: Path) -> None:
    before = gate.data_hash(small)
    path = small / "reports/one.json"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert gate.data_hash(small) == before


def test_a_set_or_floors_that_cannot_be_read_are_named(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gate.main(["check", str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err
    (small / gate.FLOORS).write_text('{"floors": {"f": "high"}}', encoding="utf-8")
    with pytest.raises(InputError, match="is no file of floors"):
        gate.load(small)
