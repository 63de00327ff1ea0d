"""The base map: coasts, borders and names of countries by Natural Earth (1:50m, public domain), cut to a frame.

``data/basemap.json.gz`` is made by ``tools/make_basemap.py``. Borders are as Natural Earth draws them: who holds the ground,
as it says, in 2018. Everything here is in degrees (WGS 84), longitude first; what crosses the antimeridian goes on beyond 180.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from tadmor.errors import MissingResource

Points = NDArray[np.float64]
"""Points as rows of two numbers: longitude and latitude, or x and y."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame in degrees."""

    west: float
    south: float
    east: float
    north: float

    def meets(self, box: Frame) -> bool:
        """Whether the two share a point."""
        return self.west <= box.east and box.west <= self.east and self.south <= box.north and box.south <= self.north


@dataclass(frozen=True, slots=True)
class Polygon:
    """A polygon of a country: its outer ring, then its holes, each closed; with the frame that it fills."""

    name: str
    rings: tuple[Points, ...]
    frame: Frame


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of coast, or of a border that two countries share."""

    points: Points
    border: bool
    frame: Frame


@dataclass(frozen=True, slots=True)
class World:
    """The whole base map."""

    polygons: tuple[Polygon, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """What of the world lies within a frame: land as closed rings by country, coasts and borders as open lines."""

    land: tuple[tuple[str, tuple[Points, ...]], ...]
    coasts: tuple[Points, ...]
    borders: tuple[Points, ...]


@cache
def world() -> World:
    """The base map of the package. Raises MissingResource when its file is not there or damaged."""
    where = files("tadmor.publish").joinpath("data/basemap.json.gz")
    try:
        raw = json.loads(gzip.decompress(where.read_bytes()))
        scale, move = np.array(raw["scale"]), np.array(raw["translate"])
        arcs = [np.cumsum(np.array(a, dtype=np.int64).reshape(-1, 2), axis=0) * scale + move for a in raw["arcs"]]
        shapes = [(name, ring_arcs) for name, polygons in raw["countries"] for ring_arcs in polygons]
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise MissingResource(
            f"the base map {where} is not there or damaged ({error}): install Tadmor again"
        ) from error
    arcs = [_unwrapped(a) for a in arcs]
    polygons = []
    uses: Counter[int] = Counter()
    for name, ring_arcs in shapes:
        rings = tuple(_unwrapped(_ring(arcs, numbers)) for numbers in ring_arcs)
        polygons.append(Polygon(name, rings, _frame(rings[0])))
        uses.update(n if n >= 0 else ~n for numbers in ring_arcs for n in numbers)
    lines = tuple(Line(arcs[n], uses[n] > 1, _frame(arcs[n])) for n in sorted(uses))
    return World(tuple(polygons), lines)


def cut(frame: Frame) -> Cut:
    """What lies within the frame. Rings are cut along it; lines are kept to the first point outside of it."""
    whole = world()
    land: list[tuple[str, tuple[Points, ...]]] = []
    lines: dict[bool, list[Points]] = {True: [], False: []}
    for turn in (0.0, 360.0, -360.0):
        turned = Frame(frame.west - turn, frame.south, frame.east - turn, frame.north)
        back = np.array((turn, 0.0))
        for polygon in whole.polygons:
            if polygon.frame.meets(turned):
                rings = tuple(r + back for ring in polygon.rings if len(r := clip_ring(ring, turned)) > 2)
                if rings:
                    land.append((polygon.name, rings))
        for line in whole.lines:
            if line.frame.meets(turned):
                lines[line.border] += [run + back for run in _runs(line.points, turned)]
    return Cut(tuple(land), tuple(lines[False]), tuple(lines[True]))


def clip_ring(ring: Points, frame: Frame) -> Points:
    """The ring cut to the frame (Sutherland and Hodgman, 1974); empty when nothing of it lies within."""
    points = ring
    for axis, bound, sign in ((0, frame.west, 1), (0, frame.east, -1), (1, frame.south, 1), (1, frame.north, -1)):
        points = _clip_half(points, axis, bound, sign)
        if len(points) < 3:
            return np.empty((0, 2))
    return points


def _clip_half(points: Points, axis: int, bound: float, sign: int) -> Points:
    """What of the ring lies on one side of a line across one axis: above it for ``sign`` 1, below it for -1."""
    inside = (points[:, axis] - bound) * sign >= 0
    if inside.all():
        return points
    out: list[tuple[float, float]] = []
    for k in range(len(points)):
        a, b = points[k - 1], points[k]
        if inside[k] != inside[k - 1]:
            share = (bound - a[axis]) / (b[axis] - a[axis])
            crossing = a + share * (b - a)
            crossing[axis] = bound
            out.append((float(crossing[0]), float(crossing[1])))
        if inside[k]:
            out.append((float(b[0]), float(b[1])))
    return np.array(out).reshape(-1, 2)


def _runs(points: Points, frame: Frame) -> Iterable[Points]:
    """The stretches of a line whose segments may meet the frame."""
    low, high = np.minimum(points[:-1], points[1:]), np.maximum(points[:-1], points[1:])
    keep = (low[:, 0] <= frame.east) & (high[:, 0] >= frame.west)
    keep &= (low[:, 1] <= frame.north) & (high[:, 1] >= frame.south)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], keep.astype(np.int8), [0]))))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        yield points[start : end + 1]


def _ring(arcs: Sequence[Points], numbers: Sequence[int]) -> Points:
    """The arcs one after the other, each but the first without the point that it shares with the one before."""
    parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
    return np.concatenate([parts[0], *(p[1:] for p in parts[1:])])


def _unwrapped(points: Points) -> Points:
    """The points with longitudes that go on where they cross the antimeridian."""
    if not (np.abs(np.diff(points[:, 0])) > 180.0).any():
        return points
    return np.column_stack((np.unwrap(points[:, 0], period=360.0), points[:, 1]))


def _frame(points: Points) -> Frame:
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    return Frame(float(west), float(south), float(east), float(north))
