"""The evaluation gate: figures on a committed set must not fall below the floors pinned beside it.

A gate folder holds ``reports/*.json`` (coded reports in the gold shape), ``event_type.jsonl`` (one-sentence reports with their
ACLED sub-event) and ``floors.json``. ``python -m tadmor.evaluate.gate check FOLDER`` reads the set with the default reader and
exits 1 naming each figure that fell; ``update FOLDER`` raises the floors to the present figures, and lowers one only with
``--lower --reason "..."``, which is kept in ``floors.json`` with its date. The floors also pin a hash of the set, so that a
figure cannot be mended quietly by changing what it is measured on.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tadmor.errors import InputError, TadmorError
from tadmor.evaluate import claims, run

TOLERANCE = 0.005  # in units of the figures (shares, 0 to 1): below it, a change is no fall
CLAIM_FIGURES = (
    "found_f1",
    "typed_f1",
    "claim_f1",
    *claims.SLOTS,
    "certainty_by_class",
    "control_f1",
)
FLOORS = "floors.json"
_DIGITS = 4  # of the figures as kept and shown


@dataclass(frozen=True, slots=True)
class Lowered:
    """A floor that was lowered on purpose: the day (ISO 8601), the figure, both values and why; ``now`` None: dropped."""

    date: str
    figure: str
    was: float
    now: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Floors:
    """What is pinned: the floor of each figure (0 to 1), the SHA-256 of the set, and every lowering so far."""

    floors: Mapping[str, float] = field(default_factory=dict)
    data: str | None = None
    lowered: tuple[Lowered, ...] = ()


@dataclass(frozen=True, slots=True)
class Fall:
    """A figure below its floor by more than the tolerance; ``now`` is None when the figure was not measured at all."""

    figure: str
    floor: float
    now: float | None

    def __str__(self) -> str:
        if self.now is None:
            return f"{self.figure} was not measured; its floor is {self.floor:.4f}"
        return f"{self.figure} fell to {self.now:.4f}; its floor is {self.floor:.4f}"


class LoweringRefused(TadmorError):  # noqa: N818 - reads as the state it is
    """A floor would fall and no reason was given."""


def figures(folder: Path) -> dict[str, float]:
    """The figures of the default reader on the set in ``folder``. Raises InputError when a part of the set is missing."""
    scored = run.evaluate("claims", folder / "reports")
    if scored.missing:
        raise InputError(f"no reading for {', '.join(scored.missing)}")
    out = {f"claims.{name}": scored.figures[name] for name in CLAIM_FIGURES}
    event_type = run.evaluate("event_type", folder / "event_type.jsonl")
    out["event_type.best_claim"] = event_type.figures["best_claim"]
    return {name: round(value, _DIGITS) for name, value in out.items()}


def data_hash(folder: Path) -> str:
    """SHA-256 of the coded set: names and contents of its files, line ends aside."""
    digest = hashlib.sha256()
    for path in [*sorted((folder / "reports").glob("*.json")), folder / "event_type.jsonl"]:
        try:
            content = path.read_bytes().replace(b"\r\n", b"\n")
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error}") from error
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def load(folder: Path) -> Floors:
    """The floors of a gate folder; none at all when the file is not there yet. Raises InputError when it is damaged."""
    path = folder / FLOORS
    if not path.exists():
        return Floors()
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        floors = {str(name): float(value) for name, value in raw["floors"].items()}
        lowered = tuple(Lowered(**row) for row in raw.get("lowered", []))
        return Floors(floors, raw.get("data"), lowered)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is no file of floors: {error}") from error


def save(folder: Path, floors: Floors) -> None:
    """Write the floors, in a fixed order so that a change reads well in a diff."""
    raw = {
        "data": floors.data,
        "floors": dict(sorted(floors.floors.items())),
        "lowered": [{name: getattr(row, name) for name in row.__slots__} for row in floors.lowered],
    }
    (folder / FLOORS).write_text(json.dumps(raw, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def fallen(now: Mapping[str, float], floors: Floors, tolerance: float = TOLERANCE) -> list[Fall]:
    """The figures that lie below their floors by more than the tolerance, or that were not measured."""
    out = []
    for name, floor in sorted(floors.floors.items()):
        value = now.get(name)
        # The slack keeps a fall of exactly the tolerance on the side of "no fall" whatever the floats do.
        if value is None or floor - value > tolerance + 1e-9:
            out.append(Fall(name, floor, value))
    return out


def updated(
    now: Mapping[str, float],
    floors: Floors,
    *,
    lower: bool = False,
    reason: str | None = None,
    today: dt.date,
) -> Floors:
    """Floors raised to the present figures; with ``lower`` and a reason also lowered to them, and that is recorded.

    A figure that lies below its floor by no more than the tolerance leaves it as it is, so that small falls cannot add up.
    A figure that is no longer measured loses its floor only in the same way as one that fell. Raises LoweringRefused.
    """
    falls = fallen(now, floors)
    why = (reason or "").strip()
    if falls and not (lower and why):
        names = "; ".join(map(str, falls))
        raise LoweringRefused(f'{names}. To lower a floor give --lower and --reason "..."')
    pinned = {name: max(value, floors.floors.get(name, value)) for name, value in now.items()}
    kept = {name: floor for name, floor in floors.floors.items() if name not in now}
    rows = []
    for fall in falls:
        kept.pop(fall.figure, None)
        if fall.now is not None:
            pinned[fall.figure] = fall.now
        rows.append(Lowered(today.isoformat(), fall.figure, fall.floor, fall.now, why))
    return replace(floors, floors={**kept, **pinned}, lowered=(*floors.lowered, *rows))


def faults(folder: Path, now: Mapping[str, float]) -> list[str]:
    """Why the gate is shut, one line each: figures that fell, figures without a floor, a set that was changed."""
    floors = load(folder)
    lines = [str(fall) for fall in fallen(now, floors)]
    lines += [f"{name} ({now[name]:.4f}) has no floor: run update" for name in sorted(set(now) - set(floors.floors))]
    if floors.data != data_hash(folder):
        lines.append("the coded set is not the one that the floors were pinned on: run update")
    return lines


def check(folder: Path) -> int:
    """Print the figures beside their floors; 1 when the gate is shut, else 0."""
    now, floors = figures(folder), load(folder).floors
    for name, value in now.items():
        floor = f"{floors[name]:.4f}" if name in floors else "-"
        print(f"{name:28} {value:.4f}  floor {floor}")
    lines = faults(folder, now)
    for line in lines:
        print(f"FAULT {line}", file=sys.stderr)
    return 1 if lines else 0


def update(folder: Path, *, lower: bool, reason: str | None, today: dt.date) -> int:
    """Pin the present figures and the present set; 1 when a floor would fall without a reason, else 0."""
    before = load(folder)
    try:
        after = updated(figures(folder), before, lower=lower, reason=reason, today=today)
    except LoweringRefused as error:
        print(f"refused: {error}", file=sys.stderr)
        return 1
    save(folder, replace(after, data=data_hash(folder)))
    for name in sorted({*before.floors, *after.floors}):
        old, new = before.floors.get(name), after.floors.get(name)
        if old != new:
            print(f"{name:28} {'-' if old is None else f'{old:.4f}'} -> {'-' if new is None else f'{new:.4f}'}")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status: 0 held, 1 fell or refused, 2 the set cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m tadmor.evaluate.gate", description=(__doc__ or "").split("\n")[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("check", help="compare with the floors").add_argument("folder", type=Path)
    raising = verbs.add_parser("update", help="raise the floors to the present figures")
    raising.add_argument("folder", type=Path)
    raising.add_argument("--lower", action="store_true", help="also lower floors; needs --reason")
    raising.add_argument("--reason", help="why a floor may fall; kept in floors.json")
    args = parser.parse_args(argv)
    try:
        if args.verb == "check":
            return check(args.folder)
        return update(args.folder, lower=args.lower, reason=args.reason, today=dt.datetime.now(dt.UTC).date())
    except TadmorError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    raise SystemExit(main())
