"""Where a text puts something in regard to a place that it names: "6 km south of Manbij", "the outskirts of al-Bab".

What stands before and behind the name is read by a few phrases; the result is a point with the radius within which the
spot meant lies, never the named place's own point as if it were exact. Radii come from how far the place reaches and from
how coarsely news speaks: a direction is one of eight (so a distance along it leaves 0.4 of itself to either side), and
what is "south of" a town without a distance is taken to lie within about 20 km of its edge. These are judgements.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from tadmor.model import Mention, Relation, RelationKind
from tadmor.resolve.gazetteer import Candidate, distance_km
from tadmor.resolve.names import fold

__all__ = ["Relation", "reach_km", "relation_of", "with_relation"]

_BEARINGS = {
    "north": 0.0, "northeast": 45.0, "east": 90.0, "southeast": 135.0,
    "south": 180.0, "southwest": 225.0, "west": 270.0, "northwest": 315.0,
}  # fmt: skip
# "north-northwest" is read as the one of eight that its second half names
_FINER = r"(?:(?:north|south|east|west)[- ]?(?=(?:north|south)[- ]?(?:east|west)))?"
_D = _FINER + r"(?P<d>(?:north|south)(?:[- ]?(?:east|west))?|east|west)"
_AS = _D + r"(?:ern|ernmost|ward|wards)?"  # "northern", "north"
# "the besieged city of": at most three words in lower case, so that another name is not passed over
_TOWN = (
    r"(?:the\s+)?(?:(?:(?!and\b)(?-i:[a-z])[\w-]*\s+){0,3}?"
    r"(?:city|cities|towns?|villages?|capital|province|district)\s+(?:of\s+)?)?"
)
_NUMBERS = {
    "half a": 0.5, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "a few": 3, "several": 4, "a couple of": 2, "a dozen": 12, "dozens of": 30,
}  # fmt: skip
_UNIT = r"(?P<u>km|kms|kilomet(?:er|re)s?|miles?|mi|m|met(?:er|re)s)\b"
_NUMBER = r"(?P<n>\d[\d,]*(?:\.\d+)?|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")"
_PARTS = r"(?:parts?|half|side|sector|section|districts?|neighbou?rhoods?|quarters?|areas?|sections|flank|bank)"
_EDGES = r"(?:outskirts|edges?|suburbs?|fringes?|entrances?|approach(?:es)?|gates?|perimeter|periphery|limits)"
_COUNTRY = r"(?:countryside|rural areas?|rural parts?|hinterland|reef|rif)"
_OF = r"\s+(?:of|to)\s+" + _TOWN
_BORDER = r"(?:border|borders|frontier|boundary)\s+(?:with|of)\s+"
# what a distance may be measured from: the place, its middle, its edge, a country's border
_POINT = (
    r"(?:(?:central|downtown)\s+|(?:the|its)\s+(?:(?:city\s+)?(?:cent(?:er|re)|outskirts|edge|limits)\s+of\s+|"
    + _BORDER
    + r"))?"
)

# Read in this order, before the name; the first that ends where the name begins holds.
_BEFORE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(r"(?:^|(?<=[\s(“\"'-]))" + pattern + r"$", re.IGNORECASE))
    for kind, pattern in (
        (
            "distance",
            _NUMBER
            + r"[\s-]*"
            + _UNIT
            + r"(?:\s*\([^)]{1,20}\))?(?:,)?\s+(?:to\s+the\s+)?(?:"
            + _AS
            + r"\s+)?(?:(?:inland|upstream|downstream|offshore)\s+)?(?:of|from|away\s+from|outside(?:\s+of)?|off)\s+"
            + _POINT
            + _TOWN,
        ),
        ("side", r"(?:" + _AS + r"\s+)?" + _EDGES + _OF),
        ("countryside", r"(?:" + _AS + r"\s+)?" + _COUNTRY + r"\s+(?:of|around|outside|surrounding)\s+" + _TOWN),
        ("within", r"\b(?:in|from|across|throughout|through|into|over)\s+the\s+(?:far\s+)?" + _D + r"\s+of\s+" + _TOWN),
        ("within", r"(?<!\bto\s)the\s+(?:far\s+)?" + _D + r"\s+of\s+" + _TOWN),
        ("within", _AS + r"\s+" + _PARTS + r"\s+(?:of|in)\s+" + _TOWN),
        ("within", r"(?:both|left|right|opposite|far)[\s-](?:banks?|sides?)\s+of\s+" + _TOWN),
        ("within", r"(?P<c>cent(?:er|re)|heart|middle|downtown)\s+of\s+" + _TOWN),
        ("within", r"(?:some\s+|most\s+|large\s+|other\s+)?parts\s+of\s+" + _TOWN),
        ("direction", _D + r"(?:wards?)?\s+(?:of|from)\s+" + _TOWN),
        (
            "near",
            r"(?:along|on|at|near|across|over|by|close\s+to|towards?)\s+(?:the|its|their)\s+(?:\w+\s+)?"
            + _BORDER
            + _TOWN,
        ),
        (
            "near",
            r"(?:near|close\s+to|next\s+to|adjacent\s+to|not\s+far\s+from|(?:in|within)\s+the\s+(?:vicinity|area|surroundings)\s+of"
            r"|around|outside(?:\s+of)?|surrounding|just\s+off)\s+" + _TOWN,
        ),
        ("countryside", r"(?:" + _AS + r"[\s-]+)?rural\s+" + r"(?:" + _AS.replace("?P<d>", "?P<e>") + r"\s+)?"),
        ("within", r"(?P<c>central|downtown|inner|mid)[\s-]+(?:the\s+)?"),
        ("within", r"(?:far[\s-]+)?" + _AS + r"[\s-]+(?:rebel-held\s+|government-held\s+)?"),
    )
)
_AFTER: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(r"(?:['’ʼ]s?)?\s+" + pattern + r"\b", re.IGNORECASE))
    for kind, pattern in (
        ("countryside", r"(?:" + _AS + r"\s+)?" + _COUNTRY),
        ("side", r"(?:" + _AS + r"\s+)?(?:outskirts|suburbs|fringes|edge)(?!\s+of\b)"),
        ("within", _AS + r"\s+" + _PARTS),
    )
)
_INSIDE = re.compile(r"(?:far[\s-]+)?(?:" + _AS + r"|(?P<c>central|downtown)|(?P<r>rural))[\s-]+", re.IGNORECASE)
# "Between" of places is one of roads and villages, that of states and parties is not.
_SPATIAL = re.compile(
    r"\b(?:road|highway|route|motorway|half|border|frontier|boundary|line|lines|area|areas|villages?|towns?|point|territory|land|corridor|stretch|checkpoint"
    r"|bridge|front|frontlines?|somewhere|located|lies|lying|lie|halfway|midway|countryside|zone|positions?|hills?|valley"
    r"|railway|pipeline|crossing|axis|distance|districts?|desert|section|strip|convoy|tunnel)\b(?:\W+\w+){0,2}?\W+$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:between|linking|connecting|joining)\s+" + _TOWN + r"$", re.IGNORECASE)
_AND = re.compile(r"(?:['’]s)?\s+(?:and|to|with)\s+" + _TOWN + r"(?:nearby\s+)?", re.IGNORECASE)
_WAY = r"(?:road|highway|motorway|route|railway|pipeline)"
_FROM = re.compile(r"\b" + _WAY + r"\s+(?:(?:running|leading)\s+)?from\s+" + _TOWN + r"$", re.IGNORECASE)
_TO = re.compile(r"\s+to\s+" + _TOWN, re.IGNORECASE)
_DASH = re.compile(r"\s?[-–—]\s?")
_PAIR = re.compile(r"\s+(?:international\s+|main\s+|strategic\s+)?(?:" + _WAY + r"|border|axis)\b", re.IGNORECASE)
_MORE = re.compile(r"\b(?:north|south|east|west)\w*(?:\s+(?:and|or)|,)\s+(?:the\s+)?$", re.IGNORECASE)
_BEYOND_KM = 20.0  # how far beyond a town's edge "south of" it goes
_LONGEST = 90  # characters before a name that are read


def reach_km(place: Candidate) -> float:
    """How far a place reaches from its point: an area's own reach where known, a town's by its people.

    A town is taken for a disc of 5,000 people a square kilometre, the order of dense cities (Demographia World Urban Areas).
    """
    if place.radius_km is not None:
        return max(place.radius_km, 1.0)
    rough = {"country": 250.0, "admin1": 60.0, "admin2": 20.0, "region": 50.0, "site": 1.5}.get(place.kind)
    return rough if rough is not None else max(1.5, math.sqrt(place.population / 5000 / math.pi))


def relation_of(
    text: str, mention: Mention, *, reach_km: float = 3.0, others: Sequence[Mention] = (), whole: bool = False
) -> Relation | None:
    """What the text says of the spot that a resolved place mention stands for, or None when it is the place itself.

    ``reach_km`` is how far the place reaches from its point (:func:`reach_km`), ``others`` the report's other resolved
    places, for "between"; ``whole`` says that all words of the mention are the place's name ("Rural Damascus"). Gives None
    for a mention without coordinates. A pure function of its arguments.
    """
    if mention.lat is None or mention.lon is None or mention.entity is None:
        return None
    before = text[max(0, mention.start - _LONGEST) : mention.start]
    if "\n" in before:
        before = before.rpartition("\n")[2]
    between = _between(text, before, mention, others)
    if between is not None:
        return between
    inside = None if whole else _INSIDE.match(mention.text)
    if re.search(r"\s(?:countryside|outskirts|suburbs)$", mention.text, re.IGNORECASE):
        kind: RelationKind = "countryside" if mention.text.lower().endswith("countryside") else "side"
        direction = _direction(inside) if inside else _adjacent(before)
        return _make(kind, direction, None, mention, reach_km)
    if inside and fold(inside[0]).split()[0] not in fold(mention.name or "").split():
        kind = "countryside" if inside["r"] else "within"
        return _make(kind, _direction(inside), None, mention, reach_km)
    after = text[mention.end : mention.end + 40]
    for kind_, pattern in _AFTER:
        match = pattern.match(after)
        if match:
            direction = _direction(match) or _adjacent(before)
            return _make(kind_, direction, None, mention, reach_km)  # type: ignore[arg-type]
    for kind_, pattern in _BEFORE:
        match = pattern.search(before)
        if match:
            far = _distance(match) if kind_ == "distance" else None
            # "the northern and eastern outskirts": no one direction
            several = kind_ != "distance" and _MORE.search(before[: match.start()])
            direction = None if several else _direction(match)
            return _make(kind_, direction, far, mention, reach_km)  # type: ignore[arg-type]
    return None


def with_relation(
    text: str, mention: Mention, place: Candidate, others: Sequence[Mention] = (), *, whole: bool = False
) -> Mention:
    """The resolved mention with its relation and its radius, where there are any; ``whole`` as for :func:`relation_of`."""
    reach = reach_km(place)
    relation = relation_of(text, mention, reach_km=reach, others=others, whole=whole)
    if relation is not None:
        shift = distance_km((place.lat, place.lon), (relation.lat, relation.lon))
        return replace(mention, relation=relation, radius_km=round(shift + relation.radius_km, 1))
    if "/" in place.id:  # "Hama airport", of which only Hama is known
        return replace(mention, radius_km=round(reach_km(replace(place, kind="town")) + 10.0, 1))
    return replace(mention, radius_km=place.radius_km) if place.radius_km is not None else mention


def _direction(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    if groups.get("c"):
        return "centre"
    word = groups.get("d") or groups.get("e")
    return re.sub(r"[- ]", "", word.lower()) if word else None


def _adjacent(before: str) -> str | None:
    """The direction that stands right before the name: "northern Hama countryside"."""
    match = re.search(r"\b" + _AS + r"[\s-]+$", before, re.IGNORECASE)
    return _direction(match) if match else None


def _distance(match: re.Match[str]) -> float:
    word, unit = match["n"].lower(), match["u"].lower()
    number = _NUMBERS.get(word)
    if number is None:
        number = float(word.replace(",", ""))
    factor = 1.609 if unit.startswith("mi") else 0.001 if unit.startswith("m") else 1.0
    return round(number * factor, 3)


def _make(kind: RelationKind, direction: str | None, far: float | None, mention: Mention, reach: float) -> Relation:
    assert mention.lat is not None
    assert mention.lon is not None
    assert mention.entity is not None
    area = mention.entity.startswith(("country:", "admin1:", "admin2:"))
    bearing = _BEARINGS.get(direction or "")
    offset = 0.0
    if kind == "distance":
        assert far is not None
        offset, radius = (far, 0.4 * far + 0.5 * min(reach, far)) if bearing is not None else (0.0, far + reach)
    elif kind == "direction":
        span = max(_BEYOND_KM, reach) if area else _BEYOND_KM
        offset, radius = reach + span / 2, reach + span / 2
    elif kind == "near":
        radius = reach + (30.0 if area else 10.0)
    elif kind == "side":
        offset, radius = (reach, 0.6 * reach + 2.0) if bearing is not None else (0.0, reach + 4.0)
    elif kind == "countryside":
        land = reach if area else max(30.0, 2 * reach)
        offset, radius = (0.5 * land, 0.7 * land) if bearing is not None else (0.0, land)
    else:
        offset, radius = (0.5 * reach, 0.7 * reach) if bearing is not None else (0.0, reach)
        if direction == "centre":
            radius = 0.4 * reach
    lat, lon = _shift(mention.lat, mention.lon, bearing, offset)
    return Relation(kind, direction, far, lat, lon, round(max(radius, 0.5), 1), mention.entity)


def _shift(lat: float, lon: float, bearing: float | None, far: float) -> tuple[float, float]:
    """The point so many km off in a direction, on a sphere of radius 6,371 km."""
    if bearing is None or far == 0.0:
        return lat, lon
    angle, turn, phi = far / 6371, math.radians(bearing), math.radians(lat)
    north = math.asin(math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(turn))
    east = math.atan2(
        math.sin(turn) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * math.sin(north)
    )
    return round(math.degrees(north), 4), round((lon + math.degrees(east) + 180) % 360 - 180, 4)


def _between(text: str, before: str, mention: Mention, others: Sequence[Mention]) -> Relation | None:
    """The relation of X, or of Y, in "the road between X and Y", "the road from X to Y", "the X-Y road"."""
    located = [o for o in others if o.lat is not None and o.type == "place" and o.start != mention.start]
    for other in located:
        if other.end <= mention.start:
            start = text[max(0, other.start - _LONGEST) : other.start].rpartition("\n")[2]
            joined = _joined(text, start, other, mention)
        else:
            joined = _joined(text, before, mention, other)
        if joined:
            return _middle(mention, other)
    return None


def _joined(text: str, before: str, left: Mention, right: Mention) -> bool:
    """Whether the text puts something between the two, of which ``before`` stands before the left one."""
    if not 0 < right.start - left.end < _LONGEST:
        return False
    between = _BETWEEN.search(before)
    if between and _SPATIAL.search(before[: between.start()]) and _AND.fullmatch(text, left.end, right.start):
        return True
    if _FROM.search(before) and _TO.fullmatch(text, left.end, right.start):
        return True
    return bool(_DASH.fullmatch(text, left.end, right.start) and _PAIR.match(text, right.end))


def _middle(one: Mention, other: Mention) -> Relation | None:
    assert one.lat is not None
    assert one.lon is not None
    if other.lat is None or other.lon is None or other.entity == one.entity:
        return None
    far = distance_km((one.lat, one.lon), (other.lat, other.lon))
    if far > 1000:
        return None
    east = (other.lon - one.lon + 540) % 360 - 180
    lat, lon = round((one.lat + other.lat) / 2, 4), round((one.lon + east / 2 + 540) % 360 - 180, 4)
    first, second = (one, other) if one.start < other.start else (other, one)
    return Relation("between", None, None, lat, lon, round(max(far / 2, 0.5), 1), f"{first.entity} {second.entity}")
