"""Where things go on a map: the projection that fits its places, and labels that do not run into each other."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tadmor.publish.basemap import Frame, Points

EARTH_KM = 6371.0
MOST_NORTH = 82.0  # degrees: beyond, Mercator is of no use
_LEAST = 0.012  # radians that a map shows at least, some 75 km
_FEW = 0.07  # the same for up to three places, some 450 km: what lies around says where they are
_MOST_OF = 0.9  # of the places, by which the field is measured
_WIDER = 1.4  # how much farther off from the middle than these a place may lie to be within the frame
_MARGIN = 0.09  # of the extent of the places, on every side
_SPREAD = 1.06  # fonts differ: the width reckoned is that of Helvetica, and somewhat more


@dataclass(frozen=True, slots=True)
class Box:
    """A box in pixels, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def within(self, other: Box) -> bool:
        """Whether this one lies wholly in the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True, slots=True)
class Projection:
    """Mercator on a sphere, in pixels: ``scale`` pixels to a radian at the equator, ``box`` the panel that it fills."""

    box: Box
    scale: float
    x: float  # of the middle of the panel, in radians east
    y: float  # the same, of Mercator's ordinate

    def xy(self, points: Points) -> Points:
        """Pixels of points in degrees, longitude first."""
        lon, lat = np.radians(points[:, 0]), np.radians(np.clip(points[:, 1], -85.0, 85.0))
        middle_x, middle_y = (self.box.left + self.box.right) / 2, (self.box.top + self.box.bottom) / 2
        y = np.log(np.tan(np.pi / 4 + lat / 2))
        return np.column_stack((middle_x + (lon - self.x) * self.scale, middle_y - (y - self.y) * self.scale))

    @property
    def frame(self) -> Frame:
        """What the panel shows, in degrees."""
        half_x = (self.box.right - self.box.left) / 2 / self.scale
        half_y = (self.box.bottom - self.box.top) / 2 / self.scale
        return Frame(
            math.degrees(self.x - half_x),
            _latitude(self.y - half_y),
            math.degrees(self.x + half_x),
            _latitude(self.y + half_y),
        )

    @property
    def middle(self) -> float:
        """The latitude of the middle of the panel, in degrees."""
        return _latitude(self.y)

    def km(self, pixels: float) -> float:
        """The kilometres of so many pixels along the middle parallel."""
        return pixels / self.scale * EARTH_KM * math.cos(math.radians(self.middle))


def main_field(points: Points) -> NDArray[np.bool_]:
    """Which points (degrees, longitude first) lie in the main field: a few that lie far off would make a map of the globe.

    At least nine in ten are in it: with the nearest nine in ten to the middle (the medians) those not much farther from it.
    """
    middle = np.median(points, axis=0)
    apart = np.abs(points - middle) * (math.cos(math.radians(float(middle[1]))), 1.0)
    far = apart.max(axis=1)
    ninth = np.sort(far)[math.ceil(len(far) * _MOST_OF) - 1]
    return np.asarray(far <= _WIDER * ninth + 0.5)


def fit(points: Points, left: float, top: float, width: float, heights: tuple[float, float]) -> Projection:
    """The projection that shows all points (degrees, longitude first) with a margin, in a panel of that width.

    The panel is as high as the points ask for, between the two ``heights`` (pixels).
    """
    lon, lat = np.radians(points[:, 0]), np.radians(np.clip(points[:, 1], -MOST_NORTH, MOST_NORTH))
    y = np.log(np.tan(np.pi / 4 + lat / 2))
    least = (_LEAST if len(points) > 3 else _FEW) / max(0.2, math.cos(float(np.mean(lat))))
    wide = max(float(np.ptp(lon)), least) * (1 + 2 * _MARGIN)
    high = max(float(np.ptp(y)), least * heights[0] / width) * (1 + 2 * _MARGIN)
    height = min(heights[1], max(heights[0], width * high / wide))
    scale = min(width / wide, height / high)
    scale = max(scale, width / math.tau)  # never more than once round the globe
    x = min(max(float(lon.min() + lon.max()) / 2, width / 2 / scale - math.pi), math.pi - width / 2 / scale)
    return Projection(Box(left, top, left + width, top + height), scale, x, float(y.min() + y.max()) / 2)


def nice_length(projection: Projection, most: float) -> tuple[float, float]:
    """A round number of kilometres for a scale bar of at most so many pixels, and its pixels."""
    room = projection.km(most)
    power = 10.0 ** math.floor(math.log10(room))
    km = max(f * power for f in (1, 2, 5) if f * power <= room)
    return km, most * km / room


def text_width(text: str, size: float, *, bold: bool = False, spacing: float = 0.0) -> float:
    """How wide a text is at most, in pixels, in a sans-serif font of that size."""
    total = sum(_advance(c) for c in text) * size * _SPREAD * (1.07 if bold else 1.0)
    return total + spacing * len(text)


def _advance(c: str) -> float:
    """The advance of a character as a share of the size: after Helvetica's, by kinds."""
    if unicodedata.combining(c):
        return 0.0
    if c in "iljI.,:;'’|!`":
        return 0.28
    if c in "ftr()[]/- ":
        return 0.36
    if c in "mwMW@%—…":
        return 0.94
    if unicodedata.east_asian_width(c) in "WF":
        return 1.05
    return 0.74 if c.isupper() else 0.57 if c.isascii() else 0.7


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label that is wanted at a mark: the middle of the mark, how far it reaches, and the size of the label, in pixels."""

    x: float
    y: float
    reach: float
    width: float
    height: float


def place_labels(wanted: Sequence[Wanted], panel: Box, taken: Iterable[Box]) -> list[Box | None]:
    """A box for each label in the order of their importance, or None where there is no room for it.

    No box meets another, a box that is ``taken``, or the edge of the panel. The sides of a mark are tried in turn, right
    first (Imhof 1975; greedy, as in Christensen, Marks and Shieber 1995).
    """
    obstacles = _Obstacles(taken)
    out: list[Box | None] = []
    for label in wanted:
        free = (b for b in _around(label) if b.within(panel) and not obstacles.meet(b))
        box = next(free, None)
        if box is not None:
            obstacles.add(box)
        out.append(box)
    return out


def _around(w: Wanted) -> Iterable[Box]:
    near, out = w.reach * 0.72 + 2, w.reach + 3
    for left, top in (
        (w.x + out, w.y - w.height / 2),
        (w.x - out - w.width, w.y - w.height / 2),
        (w.x + near, w.y - near - w.height + 1),
        (w.x + near, w.y + near - 1),
        (w.x - near - w.width, w.y - near - w.height + 1),
        (w.x - near - w.width, w.y + near - 1),
        (w.x - w.width / 2, w.y - out - w.height + 1),
        (w.x - w.width / 2, w.y + out - 1),
    ):
        yield Box(left, top, left + w.width, top + w.height)


def place_name(
    ring: Points, width: float, height: float, panel: Box, taken: Sequence[Box], *, steps: int = 26
) -> Box | None:
    """A box of that size well within the ring (pixels), clear of what is taken; None where there is no room.

    Of the spots of a grid the one that lies farthest from the ring's corners, the edge of the panel and what is taken.
    """
    (left, top), (right, bottom) = ring.min(axis=0), ring.max(axis=0)
    if right - left < width or bottom - top < height:
        return None
    xs, ys = np.linspace(left, right, steps + 2)[1:-1], np.linspace(top, bottom, steps + 2)[1:-1]
    spots = np.array([(x, y) for y in ys for x in xs])
    half = np.array((width / 2 + 4, height / 2 + 3))
    fits = np.ones(len(spots), dtype=bool)
    for corner in ((-1, -1), (1, -1), (-1, 1), (1, 1), (0, 0)):
        fits &= _inside(spots + half * corner, ring)
    spots = spots[fits]
    room = np.minimum(spots - (panel.left, panel.top), (panel.right, panel.bottom) - spots).min(axis=1, initial=np.inf)
    for points in (ring, np.array([((b.left + b.right) / 2, (b.top + b.bottom) / 2) for b in taken]).reshape(-1, 2)):
        if len(points) and len(spots):
            room = np.minimum(room, np.hypot(*(spots[:, None, :] - points[None, :, :]).transpose(2, 0, 1)).min(axis=1))
    obstacles = _Obstacles(taken)
    for k in np.argsort(-room.round(1), kind="stable"):
        x, y = (float(v) for v in spots[k])
        box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        if box.within(panel) and not obstacles.meet(box):
            return box
    return None


def _inside(points: Points, ring: Points) -> NDArray[np.bool_]:
    """Whether each point lies within the ring, by the crossings of a ray to the right."""
    a, b = ring, np.roll(ring, -1, axis=0)
    x, y = points[:, :1], points[:, 1:]
    crosses = (a[:, 1] > y) != (b[:, 1] > y)
    rise = np.where(b[:, 1] == a[:, 1], 1.0, b[:, 1] - a[:, 1])
    at = a[:, 0] + (y - a[:, 1]) / rise * (b[:, 0] - a[:, 0])
    return np.asarray((crosses & (x < at)).sum(axis=1) % 2 == 1)


class _Obstacles:
    """Boxes that must not be met, in cells so that few are looked at."""

    cell = 64

    def __init__(self, boxes: Iterable[Box]) -> None:
        self._cells: dict[tuple[int, int], list[Box]] = {}
        for box in boxes:
            self.add(box)

    def add(self, box: Box) -> None:
        for key in self._keys(box):
            self._cells.setdefault(key, []).append(box)

    def meet(self, box: Box) -> bool:
        return any(box.meets(other) for key in self._keys(box) for other in self._cells.get(key, ()))

    def _keys(self, box: Box) -> Iterable[tuple[int, int]]:
        for column in range(int(box.left // self.cell), int(box.right // self.cell) + 1):
            for row in range(int(box.top // self.cell), int(box.bottom // self.cell) + 1):
                yield column, row


def _latitude(y: float) -> float:
    return math.degrees(2 * math.atan(math.exp(y)) - math.pi / 2)
