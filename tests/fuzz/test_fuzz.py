"""A bounded time of fuzzing in every run of the tests, and every case ever found, replayed; `make fuzz` goes on longer."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fuzz.kept import cases, shorter
from fuzz.seeds import PIECES, mutated, seeds
from fuzz.targets import TARGETS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
FAST = (
    "edtf",
    "times",
    "quantities",
    "record",
    "csv",
    "jsonl",
    "eml",
    "mbox",
    "docx",
    "wacz",
    "warc",
    "parquet",
    "robots",
)
SLOW = tuple(sorted(set(TARGETS) - set(FAST)))


@contextmanager
def soon(seconds: int = 20) -> Iterator[None]:
    """Breaks what hangs. (Not a measure of speed: twenty seconds is far from what any of this takes.)"""

    def ring(*_: object) -> None:
        raise TimeoutError(f"not done in {seconds} seconds")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(("target", "path"), [pytest.param(t, p, id=f"{t}-{p.name}") for t, p in cases()])
def test_found_cases_stay_mended(target: str, path: Path) -> None:
    with soon():
        TARGETS[target](path.read_bytes())


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_good_inputs_are_read(target: str) -> None:
    for seed in seeds()[target]:
        with soon():
            TARGETS[target](seed)


@pytest.mark.parametrize("target", FAST)
def test_changed_inputs(target: str) -> None:
    known = seeds()[target]

    @FEW
    @given(seed=st.sampled_from(known), dice=st.randoms(use_true_random=False))
    def changed(seed: bytes, dice: random.Random) -> None:
        with soon():
            TARGETS[target](mutated(seed, dice))

    changed()


@pytest.mark.parametrize("target", FAST)
def test_any_bytes(target: str) -> None:
    @FEW
    @given(
        data=st.binary(max_size=300)
        | st.text(max_size=100).map(_bytes)
        | st.lists(st.sampled_from(PIECES)).map(b"".join)
    )
    def anything(data: bytes) -> None:
        with soon():
            TARGETS[target](data)

    anything()


@pytest.mark.slow
@pytest.mark.parametrize("target", SLOW)
def test_changed_inputs_of_what_takes_longer(target: str) -> None:
    dice = random.Random(int(os.environ.get("TADMOR_FUZZ_SEED", "7")))
    for _ in range(25):
        with soon(60):
            TARGETS[target](mutated(dice.choice(seeds()[target]), dice))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def test_a_found_case_is_made_shorter_as_long_as_it_breaks() -> None:
    data = b"x" * 100 + b"bad" + b"y" * 77
    assert shorter(data, lambda d: b"bad" in d) == b"bad"
    assert shorter(b"abc", lambda d: d == b"abc") == b"abc"


def test_fuzzing_finds_what_breaks_and_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fuzz import __main__ as fuzzing
    from fuzz import kept

    def breaking(data: bytes) -> None:
        if b"Y" in data:
            raise ZeroDivisionError

    monkeypatch.setitem(TARGETS, "edtf", breaking)
    monkeypatch.setattr(fuzzing, "seeds", lambda: {"edtf": (b"XX Y XX",)})
    monkeypatch.setattr(kept, "FOLDER", tmp_path)
    assert fuzzing.blind("edtf", 0.2, 3) == 1
    assert [(t, p.read_bytes()) for t, p in _kept(tmp_path)] == [("edtf", b"Y")]


def _kept(folder: Path) -> list[tuple[str, Path]]:
    return [(p.parent.name, p) for p in folder.glob("*/*")]
