"""Places that a text names in a description of somebody: the town in "an Xton man", the province in "Xland officials".

The description is an actor's or a person's mention; that it also names a place, as corpora of toponyms have it, is added beside
it, for what the report speaks of and where. No claim is about these mentions. Names are left alone ("the Xton Times"), and so are
countries that act ("Xland said"): such a mention is the state's.
"""

from __future__ import annotations

from collections.abc import Sequence

from tadmor.model import Mention
from tadmor.resolve.gazetteer import Gazetteer
from tadmor.resolve.places_names import within

_TOWN = 100_000  # people from which a town in a description is believed
_AREAS = ("country", "admin1", "admin2")


def named(mentions: Sequence[Mention], gazetteer: Gazetteer) -> list[Mention]:
    """Place mentions, in text order with ids p1, p2, ..., where a description names a place and no mention of it is there.

    These are countries, provinces, counties and larger towns in nominal mentions of actors and persons.
    """
    taken = [(m.start, m.end) for m in mentions if m.type in ("place", "nationality")]
    out: list[Mention] = []
    for m in sorted(mentions, key=lambda m: (m.start, m.end)):
        span = _span(m, gazetteer) if m.type in ("actor", "person") and m.level == "nominal" else None
        if span is None or any(a < span[1] and span[0] < b for a, b in taken):
            continue
        taken.append(span)
        text = m.text[span[0] - m.start : span[1] - m.start]
        out.append(Mention(f"p{len(out) + 1}", *span, text, "place", "name"))
    return out


def _span(m: Mention, gazetteer: Gazetteer) -> tuple[int, int] | None:
    """Where in the text of the report the mention names a place."""
    found = within(m.text, gazetteer)
    if found.span is None or not any(c.kind in _AREAS or c.population >= _TOWN for c in found.candidates):
        return None
    return m.start + found.span[0], m.start + found.span[1]
