"""The marks of a map of control: who is shown in which colour and shape, and how a mark is drawn."""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from tadmor.publish.basemap import Frame, Points, clip_ring
from tadmor.publish.control_places import PlaceControl

MOST_GROUPS = 10  # more cannot be told apart: the smallest are shown as others
_SHARE = (
    0.03  # of the places, up to five, that a holder of which only the name is known must have to be shown by itself
)
_NO_SIDE = frozenset({"neutral"})


@dataclass(frozen=True, slots=True)
class Group:
    """Those who are shown alike: the holders of one side, or one holder that is of no side.

    ``key`` is None for places that nobody is said to hold; ``holders`` are names with the number of their places, most first.
    """

    key: str | None
    label: str
    holders: tuple[tuple[str, int], ...]
    number: int
    colour: str
    shape: str


def group_key(found: PlaceControl) -> str | None:
    """The group that the place is shown in: the side of its holder, else the holder, None without one."""
    if found.held.holder is None:
        return None
    if found.side and found.side not in _NO_SIDE:
        return found.side
    return found.held.holder_entity or f"name:{found.held.holder}"


def groups(places: Iterable[PlaceControl]) -> dict[str | None, Group]:
    """By key, each group with its look; the biggest first, the others and the places without a holder last."""
    members: dict[str | None, Counter[str]] = {}
    for p in places:
        members.setdefault(group_key(p), Counter())[p.held.holder or "nobody named"] += 1
    ranked = sorted((k for k in members if k is not None), key=lambda k: (-members[k].total(), k))
    least = min(5, math.ceil(_SHARE * sum(m.total() for m in members.values())))
    shown = [k for k in ranked if members[k].total() >= least or not k.startswith("name:")][:MOST_GROUPS]
    rest = [k for k in ranked if k not in shown]
    looks = _looks(shown)
    out: dict[str | None, Group] = {k: _group(k, members[k], *looks[k]) for k in shown}
    if rest:
        together = sum((members[k] for k in rest), Counter[str]())
        others = _group("others", together, _data()["others"], "circle")
        out |= dict.fromkeys(rest, others)
    if None in members:
        out[None] = Group(None, "No holder named", (), members[None].total(), "#ffffff", "circle")
    return out


def _group(key: str, told: Counter[str], colour: str, shape: str) -> Group:
    holders = tuple(sorted(told.items(), key=lambda h: (-h[1], h[0])))
    label = holders[0][0] if len(holders) == 1 else key.partition(":")[2] or key
    if len(holders) > 1:
        words = label.replace("-", " ")
        label = words[:1].upper() + words[1:]
    return Group(key, label, holders, told.total(), colour, shape)


def _looks(keys: list[str]) -> dict[str, tuple[str, str]]:
    """A colour and a shape for each: its own where the data file has one, else the first that is free, by name."""
    data = _data()
    own: dict[str, list[str]] = data["sides"]
    out: dict[str, tuple[str, str]] = {}
    for key in sorted(k for k in keys if k in own):
        out[key] = own[key][0], own[key][1]
    palette, shapes = data["palette"], data["shapes"]
    for key in sorted(k for k in keys if k not in own):
        colours, forms = Counter(c for c, _ in out.values()), Counter(s for _, s in out.values())
        out[key] = min(palette, key=lambda c: colours[c]), min(shapes, key=lambda s: forms[s])
    return out


@cache
def _data() -> dict[str, Any]:
    text = files("tadmor.publish").joinpath("data/control_map.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def shape_path(shape: str, x: float, y: float, radius: float, *, half: bool = False) -> str:
    """The path of a shape around a point, or of its left half, in SVG's language; all shapes cover about the same area."""
    if shape == "circle":
        turn = f"A {radius:.1f} {radius:.1f} 0 0 0"
        if half:
            return f"M {x:.1f} {y - radius:.1f} {turn} {x:.1f} {y + radius:.1f} Z"
        return f"M {x:.1f} {y - radius:.1f} {turn} {x:.1f} {y + radius:.1f} {turn} {x:.1f} {y - radius:.1f} Z"
    points = _corners(shape) * radius + (x, y)
    if half:
        points = clip_ring(points, Frame(-1e9, -1e9, x, 1e9))
    return path(points, closed=True)


def path(points: Points, *, closed: bool) -> str:
    """A line through the points in SVG's language, in tenths of a pixel, without points that fall together."""
    rounded = np.round(points, 1)
    keep = np.ones(len(rounded), dtype=bool)
    keep[1:] = (np.diff(rounded, axis=0) != 0).any(axis=1)
    steps = " ".join(f"{_short(a)} {_short(b)}" for a, b in rounded[keep].tolist())
    return f"M {steps}{' Z' if closed else ''}"


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _corners(shape: str) -> Points:
    """The corners of a shape of radius 1, y downwards."""
    if shape == "square":
        return np.array(((-1, -1), (1, -1), (1, 1), (-1, 1))) * 0.89
    if shape == "bar":
        return np.array(((-1.25, -0.62), (1.25, -0.62), (1.25, 0.62), (-1.25, 0.62)))
    sides, start, size = {
        "triangle": (3, -90.0, 1.42),
        "wedge": (3, 90.0, 1.42),
        "diamond": (4, -90.0, 1.28),
        "hexagon": (6, 0.0, 1.12),
    }[shape]
    angles = [math.radians(start + 360 * k / sides) for k in range(sides)]
    return np.array([(math.cos(a), math.sin(a)) for a in angles]) * size
