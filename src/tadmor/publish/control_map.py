"""The map of who held what on a day, as SVG for people: places over coasts and borders, with a legend and its sources.

One file without scripts, fonts or links. The same places give the same bytes. Names come from reports and are only ever text.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from xml.etree import ElementTree as ET

from tadmor._version import __version__
from tadmor.listing import listed
from tadmor.publish import map_layout, map_marks, map_plan
from tadmor.publish.control_places import ControlMap, PlaceControl
from tadmor.publish.day_words import day_words
from tadmor.publish.map_layout import text_width
from tadmor.publish.map_marks import Group
from tadmor.publish.map_plan import Label, Mark, Plan, clean, shortened
from tadmor.publish.plural import many

WIDTH, MARGIN, TOP = 1200.0, 28.0, 92.0
PANEL, LEGEND = 872.0, 244.0  # widths
HEIGHTS = 560.0, 900.0  # of the panel
FONT = "Helvetica, Arial, 'Liberation Sans', 'Noto Sans', sans-serif"
SEA, LAND, COAST, BORDER = "#dfe8ec", "#f8f6f1", "#8fa5b0", "#b3a99a"
INK, SOFT, FAINT = "#24292d", "#5b656c", "#a19b8f"


def svg(shown: ControlMap) -> str:
    """The map as an SVG document; without any place a page that says so."""
    if not shown.places:
        root = _page(shown, TOP + 150)
        _text(root, MARGIN, TOP + 30, "No claim in the ledger says who held any place on that day.", 15, SOFT)
        _footer(root, shown, None, TOP + 50)
        return _written(root)
    made = laid_out(shown)
    box = made.projection.box
    root = _page(shown, box.bottom + (130 if made.outside else 112))
    panel = {"x": box.left, "y": box.top, "width": box.right - box.left, "height": box.bottom - box.top}
    _add(_add(_add(root, "defs"), "clipPath", id="panel"), "rect", **panel)
    body = _add(root, "g", clip_path="url(#panel)")
    _add(body, "rect", fill=SEA, **panel)
    _ground(body, made)
    _marks(body, made.marks)
    for label in made.labels:
        _label(body, label)
    _add(root, "rect", fill="none", stroke="#b9c4ca", **panel)
    _legend(root, made)
    _footer(root, shown, made, box.bottom)
    return _written(root)


def laid_out(shown: ControlMap) -> Plan:
    """Where everything goes on the map of these places, of which there must be one."""
    looks = map_marks.groups(shown.places)
    low = max(HEIGHTS[0], _legend_height(set(looks.values())))
    return map_plan.plan(shown, looks, MARGIN, TOP, PANEL, (low, max(low, HEIGHTS[1])))


def _page(shown: ControlMap, height: float) -> ET.Element:
    """The page with its title."""
    root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDTH:.0f} {height:.0f}"})
    root.attrib |= {"width": f"{WIDTH:.0f}", "height": f"{height:.0f}", "font-family": FONT, "role": "img"}
    title = f"Who held what: {day_words(shown.on)}"
    teller = f"As {shown.according_to} alone tells it" if shown.according_to else "As all sources in the ledger tell it"
    known = f", as known on {day_words(shown.known_at)}" if shown.known_at else ""
    _add(root, "title", title)
    _add(root, "rect", width=WIDTH, height=height, fill="#ffffff")
    _text(root, MARGIN, 46, title, 25, INK, font_weight="600")
    _text(root, MARGIN, 72, shortened(f"{teller}{known}.", 120), 14.5, SOFT)
    return root


def _ground(body: ET.Element, made: Plan) -> None:
    """Land, coasts, borders and the names of countries."""
    # the stroke of the land's own colour closes the hairlines between neighbours
    ground = _add(body, "g", class_="land", fill=LAND, stroke=LAND, stroke_width=0.8, fill_rule="evenodd")
    for rings in made.land:
        _add(ground, "path", d=" ".join(map_marks.path(r, closed=True) for r in rings))
    for kind, lines, colour, dash in (("coasts", made.coasts, COAST, ""), ("borders", made.borders, BORDER, "5 3")):
        group = _add(body, "g", class_=kind, fill="none", stroke=colour, stroke_width=0.9, stroke_linejoin="round")
        if dash:
            group.set("stroke-dasharray", dash)
        if lines:
            _add(group, "path", d=" ".join(map_marks.path(line, closed=False) for line in lines))
    group = _add(body, "g", class_="countries", fill=FAINT, text_anchor="middle")
    for name in made.names:
        x = (name.box.left + name.box.right + name.spacing) / 2
        y = name.box.bottom - name.size * 0.3
        _text(group, x, y, name.words, name.size, None, letter_spacing=name.spacing)


def _marks(body: ET.Element, marks: Sequence[Mark]) -> None:
    group = _add(body, "g", class_="places")
    for m in marks:
        place, held = m.found.place, m.found.held
        each = _add(group, "g", class_="place", data_status=held.status)
        if place.entity:
            each.set("data-place", clean(place.entity))
        _add(each, "title", _told(m.found))
        if m.stale:
            each.set("opacity", "0.45")
        mark(each, m.x, m.y, m.radius, m.group, held.status, area=m.found.area)


def mark(
    parent: ET.Element, x: float, y: float, radius: float, group: Group, status: str, *, area: bool = False
) -> None:
    """Draw one mark: full when held, half when contested, ringed when besieged, hollow where nobody is said to have it."""
    if area:
        radius *= map_plan.AREA
    edge: dict[str, str | float] = {"stroke": INK, "stroke_width": 0.9, "stroke_linejoin": "round"}
    tint: dict[str, str | float] = {"fill_opacity": 0.35} if area else {}
    if area:
        edge["stroke_dasharray"] = "2.5 2"
    shape = map_marks.shape_path(group.shape, x, y, radius)
    if status == "contested":
        half = map_marks.shape_path(group.shape, x, y, radius, half=True)
        _add(parent, "path", d=shape, fill="#ffffff", **tint)
        _add(parent, "path", d=half, fill=group.colour if group.key else FAINT, **tint)
        _add(parent, "path", d=shape, fill="none", **edge)
    else:
        _add(parent, "path", d=shape, fill=group.colour, **edge, **tint)
    if status == "lost":
        _add(parent, "path", d=f"M {x - 3:.1f} {y + 3:.1f} L {x + 3:.1f} {y - 3:.1f}", fill="none", **edge)
    if status == "besieged":
        _add(parent, "circle", cx=x, cy=y, r=radius * 1.3 + 3, fill="none", stroke=INK, stroke_width=1.4)


def _told(found: PlaceControl) -> str:
    """What is said of a place, for those who point at it."""
    held = found.held
    who = f"{held.holder or 'nobody named'}{f' ({found.side})' if found.side else ''}, {held.status}"
    since = f"since {held.start}" if held.start else "since an unknown day"
    grade = f"credibility {held.credibility.admiralty} ({held.credibility.grade})"
    sources = shortened("; ".join(held.sources), 160) or "none named"
    return f"{found.place.name}: {who} {since}; {grade}; last told of {found.heard}. Sources: {sources}"


def _legend_height(entries: Collection[Group]) -> float:
    return sum(24 + 15 * len(_holders(g)) for g in entries) + 258


def _holders(group: Group) -> list[str]:
    """The holders of a group of several, in lines that fit the legend."""
    if len(group.holders) < 2:
        return []
    shown = [f"{shortened(name, 34)} {number}" for name, number in group.holders[:5]]
    if len(group.holders) > 5:
        shown.append(f"{len(group.holders) - 5} more")
    lines = [""]
    for item in shown:
        longer = f"{lines[-1]}, {item}" if lines[-1] else item
        if lines[-1] and text_width(longer, 11.5) > LEGEND - 28:
            lines.append(item)
        else:
            lines[-1] = longer
    return lines


def _legend(root: ET.Element, made: Plan) -> None:
    statuses = {m.found.held.status for m in made.marks}
    x, y = MARGIN + PANEL + 24, TOP + 12
    legend = _add(root, "g", class_="legend")
    _text(legend, x, y, "Held by", 13.5, INK, font_weight="600")
    for group in made.groups:
        y += 24
        mark(legend, x + 8, y - 4.5, 6, group, "held" if group.key else "unknown")
        _text(legend, x + 24, y, shortened(f"{group.label}", 30), 13, INK)
        _text(legend, x + LEGEND, y, str(group.number), 13, SOFT, text_anchor="end")
        for line in _holders(group):
            y += 15
            _text(legend, x + 24, y, line, 11.5, SOFT)
    y += 40
    _text(legend, x, y, "How", 13.5, INK, font_weight="600")
    plain = Group("", "", (), 0, "#8b9499", "circle")
    for status, words in (
        ("held", "held"),
        ("contested", "contested: fought over, or disputed"),
        ("besieged", "besieged, its holder stays"),
        ("lost", "lost: nobody is said to have it since"),
        ("unknown", "holder unknown"),
    ):
        if status in statuses:
            y += 22
            empty = Group(None, "", (), 0, "#ffffff", "circle")
            mark(legend, x + 8, y - 4.5, 6, empty if status in ("lost", "unknown") else plain, status)
            _text(legend, x + 24, y, words, 12.5, INK)
    if any(m.found.area for m in made.marks):
        y += 22
        mark(legend, x + 8, y - 4.5, 6, plain, "held", area=True)
        _text(legend, x + 24, y, "a province, district or region", 12.5, INK)
    if any(m.stale for m in made.marks):
        y += 22
        pale = _add(legend, "g", opacity=0.45)
        mark(pale, x + 8, y - 4.5, 6, plain, "held")
        _text(legend, x + 24, y, "pale: nothing told for a year", 12.5, INK)


def _footer(root: ET.Element, shown: ControlMap, made: Plan | None, y: float) -> None:
    notes = [
        "It shows what the reports in the ledger say, not what is true."
        " A place keeps its holder until somebody tells of a change.",
        "Coasts, borders and names of countries: Natural Earth (public domain), as drawn there."
        f" Points of places: GeoNames (CC BY 4.0). Made with Tadmor {__version__}.",
    ]
    if made is not None:
        told = sum(p.told for p in shown.places)
        left = len(shown.without_point)
        missing = f" {left} more {'has' if left == 1 else 'have'} no point on the map." if left else ""
        notes.insert(1, f"{many(len(shown.places), 'place')}, from {many(told, 'claim')} up to that day.{missing}")
        if made.outside:
            named = [f"{p.place.name} ({p.held.holder or 'nobody named'})" for p in made.outside]
            notes.insert(2, shortened(f"Too far off to be shown: {listed(named, 5)}.", 190))
        projection = made.projection
        km, pixels = map_layout.nice_length(projection, 170)
        bar = _add(root, "g", class_="scale")
        line = f"M {MARGIN:.1f} {y + 16:.1f} v 6 h {pixels:.1f} v -6"
        _add(bar, "path", d=line, fill="none", stroke=INK, stroke_width=1.2)
        side = "N" if projection.middle >= 0 else "S"
        words = f"{km:,.0f} km at {abs(projection.middle):.0f}° {side}"
        _text(bar, MARGIN + pixels + 10, y + 22, words, 12, SOFT)
    y += 48
    for note in notes:
        _text(root, MARGIN, y, note, 12, SOFT)
        y += 18


def _label(parent: ET.Element, label: Label) -> None:
    """A label over a pale edge of its own, written twice: not every program can paint the edge beneath the letters."""
    weight: dict[str, str | float] = {"font_weight": "600"} if label.bold else {}
    edge: dict[str, str | float] = {
        "stroke": LAND,
        "stroke_width": 3,
        "stroke_linejoin": "round",
        "aria_hidden": "true",
    }
    x, y = label.box.left, label.box.bottom - label.size * 0.32
    _text(parent, x, y, label.words, label.size, LAND, class_="halo", **weight, **edge)
    _text(parent, x, y, label.words, label.size, INK, class_="label", **weight)


def _text(
    parent: ET.Element, x: float, y: float, words: str, size: float, fill: str | None, **more: str | float
) -> ET.Element:
    colour = {"fill": fill} if fill else {}
    return _add(parent, "text", words, x=x, y=y, font_size=size, **colour, **more)


def _add(parent: ET.Element, tag: str, words: str | None = None, /, **attributes: str | float) -> ET.Element:
    """An element in its parent; underscores in the names of attributes stand for hyphens, numbers are short."""
    child = ET.SubElement(parent, tag)
    for name, value in attributes.items():
        text = value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
        child.set(name.rstrip("_").replace("_", "-"), text)
    if words is not None:
        child.text = clean(words)
    return child


def _written(root: ET.Element) -> str:
    ET.indent(root, space=" ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
