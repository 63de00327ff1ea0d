"""Places that a text names as something else: a state that acts ("Xland said"), the town in "an Xton man".

Such a name is an actor's or a person's mention; that it also names a place, as corpora of toponyms have it, is added beside it,
for what the report speaks of and where. No claim is about these mentions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tadmor.model import Mention
from tadmor.resolve.gazetteer import Gazetteer
from tadmor.resolve.places_names import bare, within

_ARTICLE = re.compile(r"the\s+(?=\S)", re.IGNORECASE)
_TOWN = 100_000  # people from which a town in a description is believed
_AREAS = ("country", "admin1", "admin2")


def named(mentions: Sequence[Mention], gazetteer: Gazetteer) -> list[Mention]:
    """Place mentions, in text order with ids p1, p2, ..., where an actor or a person names a place and no mention of it is there.

    These are the countries that are actors, and the countries, provinces, counties and larger towns in descriptions of
    actors and persons ("an Xton man"; not in names: "the Xton Times").
    """
    taken = sorted((m.start, m.end) for m in mentions if m.type in ("place", "nationality"))
    out: list[Mention] = []
    for m in sorted(mentions, key=lambda m: (m.start, m.end)):
        span = _span(m, gazetteer) if m.type in ("actor", "person") else None
        if span is None or any(a < span[1] and span[0] < b for a, b in taken):
            continue
        taken.append(span)
        text = m.text[span[0] - m.start : span[1] - m.start]
        out.append(Mention(f"p{len(out) + 1}", *span, text, "place", "name"))
    return out


def _span(m: Mention, gazetteer: Gazetteer) -> tuple[int, int] | None:
    """Where in the text of the report the mention names a place."""
    if m.level == "name":
        article = _ARTICLE.match(m.text)
        start = article.end() if article else 0
        name = bare(m.text[start:])
        if m.type != "actor" or not any(c.kind == "country" and c.match != "alternate" for c in gazetteer.strict(name)):
            return None
        return m.start + start, m.start + start + len(name)
    if m.level != "nominal":
        return None
    found = within(m.text, gazetteer)
    if found.span is None or not any(c.kind in _AREAS or c.population >= _TOWN for c in found.candidates):
        return None
    return m.start + found.span[0], m.start + found.span[1]
