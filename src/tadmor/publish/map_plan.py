"""The plan of a map of control: what of the base map is seen, and where marks, names of countries and labels go, in pixels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tadmor.publish import basemap, map_layout, map_marks
from tadmor.publish.basemap import Points
from tadmor.publish.control_places import ControlMap, PlaceControl
from tadmor.publish.map_layout import Box, Projection, Wanted, text_width
from tadmor.publish.map_marks import Group
from tadmor.reconcile.days import span

STALE_DAYS = 365  # of silence about a place after which its mark is pale
AREA = 1.45  # how much larger the mark of a province or region is
LONGEST = 40  # characters of a label
_BOLD = 8  # so many labels stand out: the places that most is said of
# What XML cannot hold, and marks that turn the direction of what follows them
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the panel; ``stale`` when nobody has told of it for ``STALE_DAYS``."""

    found: PlaceControl
    group: Group
    x: float
    y: float
    radius: float
    stale: bool

    @property
    def reach(self) -> float:
        """How far it reaches from its middle."""
        size = self.radius * (AREA if self.found.area else 1.0)
        return size * 1.3 + (3.7 if self.found.held.status == "besieged" else 0.5)

    @property
    def box(self) -> Box:
        """What it covers."""
        return Box(self.x - self.reach, self.y - self.reach, self.x + self.reach, self.y + self.reach)


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a place beside its mark."""

    words: str
    box: Box
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a country on its land, with so much space between its letters."""

    words: str
    box: Box
    size: float
    spacing: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a map shows. ``marks`` and ``land`` are in the order in which they are drawn.

    ``outside`` are the places that lie too far off to be within the frame, those of which most is said first.
    """

    projection: Projection
    groups: tuple[Group, ...]
    land: tuple[tuple[Points, ...], ...]
    coasts: tuple[Points, ...]
    borders: tuple[Points, ...]
    names: tuple[Name, ...]
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    outside: tuple[PlaceControl, ...]


def plan(
    shown: ControlMap,
    looks: Mapping[str | None, Group],
    left: float,
    top: float,
    width: float,
    heights: tuple[float, float],
) -> Plan:
    """The plan of the map, in a panel of that width and of a height between the two given."""
    points = np.array([(p.place.lon or 0.0, p.place.lat or 0.0) for p in shown.places])
    near = map_layout.main_field(points)
    projection = map_layout.fit(points[near], left, top, width, heights)
    xy = projection.xy(points)
    inside = [Box(x, y, x, y).within(projection.box) for x, y in xy.tolist()]
    marks = _marks(shown, looks, xy, inside)
    outside = sorted((p for p, i in zip(shown.places, inside, strict=True) if not i), key=lambda p: -p.told)
    boxes = [m.box for m in marks]
    seen = basemap.cut(projection.frame)
    land = [(name, tuple(r for ring in rings if _big(r := _drawn(projection, ring)))) for name, rings in seen.land]
    land = [(name, rings) for name, rings in land if rings]
    names = _names(land, projection.box, boxes)
    labels = _labels(marks, projection.box, [*boxes, *(n.box for n in names)])
    return Plan(
        projection,
        tuple(dict.fromkeys(looks.values())),
        tuple(rings for _, rings in land),
        tuple(xy for line in seen.coasts if _big(xy := _drawn(projection, line))),
        tuple(xy for line in seen.borders if _big(xy := _drawn(projection, line))),
        tuple(names),
        tuple(marks),
        tuple(labels),
        tuple(outside),
    )


def clean(text: str) -> str:
    """The text without what XML cannot hold or what would turn the direction of writing, on one line."""
    return " ".join(_UNFIT.sub("", text).split())


def shortened(text: str, most: int) -> str:
    """The text, cleaned, in at most so many characters."""
    text = clean(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _marks(shown: ControlMap, looks: Mapping[str | None, Group], xy: Points, inside: Sequence[bool]) -> list[Mark]:
    """The marks: areas first, then from the least to the most spoken of, what is fought over last."""
    number = sum(inside)
    radius = 6.0 if number <= 60 else 5.0 if number <= 160 else 4.0 if number <= 500 else 3.0
    day = (span(shown.on) or (1, 1))[0]
    marks = []
    for found, (x, y), shows in zip(shown.places, xy.tolist(), inside, strict=True):
        if not shows:
            continue
        heard = (span(found.heard) or (1, 1))[1]
        marks.append(Mark(found, looks[map_marks.group_key(found)], x, y, radius, day - heard > STALE_DAYS))
    loud = ("contested", "besieged")
    return sorted(
        marks, key=lambda m: (not m.found.area, m.found.held.status in loud, m.found.told, m.found.place.name)
    )


def _labels(marks: Sequence[Mark], panel: Box, taken: Sequence[Box]) -> list[Label]:
    """The labels that have room, the places that most is said of before the others."""
    order = sorted(marks, key=lambda m: (m.found.area, -m.found.told, m.found.place.name, m.found.place.entity or ""))
    texts: list[tuple[str, float, bool]] = []
    wanted: list[Wanted] = []
    for m in order:
        words = shortened(m.found.place.name, LONGEST)
        if not words:
            continue
        bold = len(texts) < _BOLD and not m.found.area
        size = 12.5 if bold else 11.5
        texts.append((words, size, bold))
        wanted.append(Wanted(m.x, m.y, m.reach, text_width(words, size, bold=bold), size * 1.2))
    boxes = map_layout.place_labels(wanted, panel, taken)
    return [Label(words, box, size, bold) for (words, size, bold), box in zip(texts, boxes, strict=True) if box]


def _names(land: Sequence[tuple[str, tuple[Points, ...]]], panel: Box, taken: Sequence[Box]) -> list[Name]:
    """The name of each country in its largest part, as large as there is room for, or none where there is no room."""
    largest: dict[str, Points] = {}
    for name, rings in land:
        if name not in largest or _extent(rings[0]) > _extent(largest[name]):
            largest[name] = rings[0]
    out: list[Name] = []
    for name, ring in sorted(largest.items(), key=lambda item: (-_extent(item[1]), item[0])):
        words = name.upper()
        for size, spacing in ((17.0, 4.0), (13.0, 2.5), (10.0, 1.0)):
            width = text_width(words, size, spacing=spacing)
            box = map_layout.place_name(ring, width, size * 1.25, panel, [*taken, *(n.box for n in out)])
            if box is not None:
                out.append(Name(words, box, size, spacing))
                break
    return out


def _drawn(projection: Projection, points: Points) -> Points:
    """The points in half pixels, without those that fall on the one before."""
    xy = np.round(projection.xy(points) * 2) / 2
    keep = np.ones(len(xy), dtype=bool)
    keep[1:] = (np.diff(xy, axis=0) != 0).any(axis=1)
    return np.asarray(xy[keep])


def _big(points: Points) -> bool:
    return _extent(points) > 0.6


def _extent(points: Points) -> float:
    """The longer side of what the points span."""
    return float(np.ptp(points, axis=0).max())
