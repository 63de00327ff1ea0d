"""Finds the names of places and nationalities in English news text.

Runs of capitalised words are looked up in the gazetteer, longest first. A name is believed by its weight (a country or a
large town more than a hamlet, and less when it is also a common word, a given name or a surname) and by what stands
around it: a preposition of place, a feature word, a country or province after a comma, the countries that the text speaks
of. Words that make it part of a person's name or of an organisation's speak against it. The weights are judgements, set on
public corpora of toponyms (``docs/quality.md`` has the figures).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tadmor.model import MentionType
from tadmor.reading.recognise import Found
from tadmor.resolve._compile import TRANSLITERATED
from tadmor.resolve.places_text import NewsText
from tadmor.resolve.places_unknown import unknown_names

if TYPE_CHECKING:
    from tadmor.resolve.gazetteer import Candidate, Gazetteer

_OF_PLACE = frozenset("man woman men women resident residents native teenager teen mayor police area border".split())
_LONGEST = 7  # words of a name
_ENOUGH = 3  # weight and support that make a name believed


@dataclass(slots=True, eq=False)
class _Hit:
    """A name at words ``i`` to ``j`` (exclusive): what it may be, how far it is believed."""

    i: int
    j: int
    start: int
    end: int
    key: str
    type: MentionType
    places: Sequence[Candidate] = ()
    entity: str | None = None
    weight: int = 0
    support: int = 0
    feature: str | None = None
    person: bool = False


def recognise(text: str, gazetteer: Gazetteer) -> list[Found]:
    """Names of places and nationalities in text order, none overlapping; nationalities of one country carry its identity."""
    hits = _Scan(text, gazetteer).hits()
    return [Found(h.start, h.end, h.type, "name", h.entity) for h in hits]


class _Scan(NewsText):
    """One pass over one text."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        super().__init__(text)
        self.gazetteer = gazetteer
        self.named: set[int] = set()  # the words that names of places and nationalities take up

    def hits(self) -> list[_Hit]:
        """The names that are believed, in text order, none overlapping."""
        found = self._lookups()
        self.named = {k for hit in found for k in range(hit.i, hit.j)}
        places = [hit for hit in found if hit.type == "place"]
        for hit in places:
            self._judge(hit)
        context = self._context(found)
        self._weigh_context(places, context)
        kept = [hit for hit in found if hit.type == "nationality" or self._is_believed(hit, context)]
        placed = {k for hit in kept if hit.type == "place" for k in range(hit.i, hit.j)}
        for hit in places:
            if hit not in kept and not hit.person and self._is_listed(hit, placed):
                hit.support += 1
                if self._is_believed(hit, context):
                    kept.append(hit)
                    placed.update(range(hit.i, hit.j))
        taken = {k for hit in kept for k in range(hit.i, hit.j)}
        for i, j in unknown_names(self, placed, taken, context):
            kept.append(_Hit(i, j, self.words[i].start, self.words[j - 1].end, "", "place"))
        return sorted(kept, key=lambda h: h.start)

    def _weigh_context(self, places: Sequence[_Hit], context: set[str]) -> None:
        """Support from the countries and provinces of the text, and from a name's other occurrences."""
        provinces = {
            (c.country, c.admin1)
            for hit in places
            if hit.weight >= 2 and hit.weight + hit.support >= _ENOUGH + 1
            for c in hit.places[:1]
            if c.admin1 and c.country in context
        }
        supported: set[str] = set()
        for hit in places:
            hit.support += any(c.country in context for c in hit.places if c.country)
            hit.support += any((c.country, c.admin1) in provinces for c in hit.places)
            if hit.support >= 1 and hit.weight + hit.support >= _ENOUGH and not hit.person:
                supported.add(hit.key)
        for hit in places:
            if hit.key in supported and not hit.person:
                hit.support += 2

    def _is_believed(self, hit: _Hit, context: set[str]) -> bool:
        if all(c.match == "loose" for c in hit.places) and not any(c.country in context for c in hit.places):
            return False
        return hit.weight + hit.support >= _ENOUGH

    def _is_listed(self, hit: _Hit, placed: set[int]) -> bool:
        """Whether it stands in a list beside a believed place: "Harem and Atarib"."""
        i, j, all_words = hit.i, hit.j, self.words
        left = i > 0 and (all_words[i].comma or all_words[i].joined) and i - 1 in placed
        left = left or (i > 1 and all_words[i - 1].key == "and" and i - 2 in placed)
        right = j < len(all_words) and (all_words[j].comma or all_words[j].joined) and j in placed
        return left or right or (j + 1 < len(all_words) and all_words[j].key == "and" and j + 1 in placed)

    # -- names that are known ------------------------------------------------------------------------------------

    def _lookups(self) -> list[_Hit]:
        found: list[_Hit] = []
        i = 0
        while i < len(self.words):
            hit = self._at(i) if self.opens(i) else None
            if hit is None:
                i += 1
                continue
            self._turn(hit)
            found.append(hit)
            i = hit.j
        return found

    def _turn(self, hit: _Hit) -> None:
        """Take a direction before the name into it where the two are one name: "eastern Ghouta"."""
        i = hit.i - 1
        if (
            hit.type != "place"
            or i < 0
            or not self.words[hit.i].joined
            or self.words[i].key not in self.lists.directions
        ):
            return
        start = self.words[i].start
        places = self.gazetteer.strict(self.text[start : hit.end])
        if any(c.kind in ("region", "site", "admin1") for c in places):
            hit.i, hit.start, hit.places = i, start, [c for c in places if c.kind in ("region", "site", "admin1")]
            hit.key = f"{self.words[i].key} {hit.key}"

    def _at(self, i: int) -> _Hit | None:
        stop = i + 1
        while stop < len(self.words) and stop - i < _LONGEST and self.words[stop].joined:
            stop += 1
        for j in range(stop, i, -1):
            if not self._may_close(i, j):
                continue
            hit = self._lookup(i, j)
            if hit is not None:
                return hit
        return None

    def _may_close(self, i: int, j: int) -> bool:
        last = self.words[j - 1]
        if not (last.upper or (last.digit and j - i > 1)):
            return False
        return all(w.upper or w.digit or w.key in self.lists.particles for w in self.words[i + 1 : j - 1])

    def _lookup(self, i: int, j: int) -> _Hit | None:
        start, end = self.words[i].start, self.words[j - 1].end
        key = " ".join(w.key for w in self.words[i:j]) if j - i > 1 else self.words[i].key
        if not key or (len(key) < 2 and j - i == 1):
            return None
        if j - i == 1 and self.words[i].comma:
            for stop in (end + 1, end):
                if self.text[start:stop] in self.lists.abbreviations:
                    states = self.gazetteer.strict(self.lists.abbreviations[self.text[start:stop]])
                    return _Hit(
                        i, j, start, stop, key, "place", places=[c for c in states if c.kind == "admin1"], weight=9
                    )
        if key in self.lists.demonyms:
            country = self.lists.demonyms[key]
            entity = f"country:{country}" if country else None
            return _Hit(i, j, start, end, key, "nationality", entity=entity)
        if key in self.lists.never or (j - i == 1 and self.is_generic(key)):
            return None
        name = self.text[start:end]
        if self.text.startswith("$", end):
            return None  # "US$2.4 million"
        places = self.gazetteer.strict(name)
        if j - i == 1 and len(name) <= 4 and places:
            if self.words[i].shout:  # "US", "UAE", "DRC" are countries, "ICE" is no town
                places = [c for c in places if c.match == "own" or not self.is_mixed()]
            else:  # "Car" is not the Central African Republic
                places = [c for c in places if c.match != "own" or c.kind not in ("country", "admin1")]
        if (
            not places
            and key.endswith("s")
            and len(key) > 4
            and key[:-1] not in self.lists.never
            and not self.words[j - 1].owner
        ):
            # texts that lost their apostrophes: "Aleppos northern suburbs"
            places = [
                c for c in self.gazetteer.strict(name[:-1]) if c.population >= 50_000 or c.kind in ("country", "admin1")
            ]
            end -= 1 if places else 0
        if not places and len(key) >= 4 and key not in self.lists.given and key not in self.lists.ordinary:
            places = self.gazetteer.variants(name)
        if not places:
            return None
        return _Hit(i, j, start, end, key, "place", places=places)

    # -- how far a name is believed ------------------------------------------------------------------------------

    def _judge(self, hit: _Hit) -> None:
        lists, all_words = self.lists, self.words
        if hit.weight:
            return  # an abbreviated state
        hit.weight = self._weight(hit)
        self._extend(hit)
        before = all_words[hit.i - 1] if hit.i else None
        after = all_words[hit.j] if hit.j < len(all_words) else None
        if hit.feature:
            hit.support += 2
        if self.is_located(hit.i):
            hit.support += 2
        if self._is_contained(hit):
            hit.support += 2
        titled = self.in_title(hit.start)
        if all_words[hit.i].key in lists.articles and hit.j - hit.i > 1 and not all_words[hit.i].upper:
            hit.support += 1
        if before is not None and all_words[hit.i].joined and before.upper:
            if before.key in lists.titles or (before.key in lists.given and not titled):
                hit.person = True
            elif not titled and not before.first and not self.is_modifier(before) and hit.i - 1 not in self.named:
                hit.support -= 2
        maker = all_words[hit.i - 2] if before is not None and before.key == "of" and hit.i > 1 else None
        if maker is not None and maker.upper and maker.key in lists.bodies:
            hit.support -= 4  # "University of Aleppo"
        if after is not None and after.joined and after.upper and not after.hyphen and not hit.feature:
            if after.key in lists.bodies:
                hit.support -= 4
            elif not titled and not self.is_modifier(after) and hit.j not in self.named:
                hit.support -= 1 if hit.weight >= 3 else 2
        if after is not None and after.key in lists.speech and hit.weight < 3:
            hit.support -= 2
        if hit.key in lists.given and after is not None and after.joined and after.upper and not after.hyphen:
            hit.person = hit.person or not (titled or self.is_modifier(after) or after.key in lists.bodies)
        if after is not None and after.joined and after.key in _OF_PLACE:
            hit.support += 1
        if hit.j - hit.i == 1 and hit.weight < 4 and after is not None and after.joined and after.key in lists.articles:
            k = hit.j + 1  # "Ahmad al-Halabi": had the two been a place, they had been found together
            hit.person = hit.person or (k < len(all_words) and all_words[k].joined and all_words[k].upper)
        if all_words[hit.i].first and all_words[hit.j - 1].shout and self.has_dash(hit.end):
            hit.support += 2
        if hit.key.split()[-1] in self.surnames and not (self.is_located(hit.i) and hit.weight >= 2) and hit.weight < 4:
            hit.person = True
        if hit.person:
            hit.support -= 4

    def _weight(self, hit: _Hit) -> int:
        best = max(_weight_of(c, hit.j - hit.i > 1) for c in hit.places)
        if hit.j - hit.i > 1:
            return best
        if self.words[hit.i].shout:
            return best
        if hit.key in self.lists.ordinary:
            # a common word: only at a sentence's start can it be one in disguise, but titles of things are capitalised too
            return best if best >= 4 and not self.words[hit.i].first else min(best, 3) - 2 if best >= 3 else 0
        if hit.key in self.lists.given or hit.key in self.lists.surnames:
            return best if best >= 3 else 1 if best == 2 else 0
        # Where names are transliterated, few towns bear the name of anything else: one is believed without its country.
        if best == 2 and any(_is_plain_town(c) for c in hit.places[:1]):
            return 3
        return best

    def _is_contained(self, hit: _Hit) -> bool:
        """Whether a country, province or state that holds one of the places follows after a comma."""
        if hit.j >= len(self.words) or not self.words[hit.j].comma:
            return False
        short = self.lists.abbreviations
        after = self.words[hit.j]
        if self.text[after.start : after.end + 1] in short or self.text[after.start : after.end] in short:
            return True
        for j in (hit.j + 2, hit.j + 1):
            if j <= len(self.words) and (j == hit.j + 1 or self.words[j - 1].joined):
                for c in self.gazetteer.strict(self.text[after.start : self.words[j - 1].end]):
                    if c.kind in ("country", "admin1") and any(
                        p.country == c.country and (c.kind == "country" or p.admin1 == c.admin1) for p in hit.places
                    ):
                        return True
        return False

    def _extend(self, hit: _Hit) -> None:
        """Take the feature words after the name into it: "Homs province", "Aleppo International Airport"."""
        for length in (2, 1):
            j = hit.j + length
            if j > len(self.words) or not all(w.joined and not w.hyphen for w in self.words[hit.j : j]):
                continue
            key = " ".join(w.key for w in self.words[hit.j : j])
            kind = self.lists.features.get(key)
            if kind is None or (kind == "road" and self.words[hit.j].upper and hit.weight < 3):
                continue
            if not self.named.isdisjoint(range(hit.j, j)):
                continue
            after = self.words[j] if j < len(self.words) else None
            if after is not None and after.joined and after.upper and self.words[j - 1].upper:
                continue  # "Ohio State University"
            hit.feature, hit.j, hit.end = kind, j, self.words[j - 1].end
            return

    def _context(self, found: Sequence[_Hit]) -> set[str]:
        """The countries that the text speaks of, by name, nationality or a place that can hardly be another."""
        countries: set[str] = set()
        for hit in found:
            if hit.entity:
                countries.add(hit.entity[-2:])
            elif hit.type == "place" and hit.weight >= 3 and hit.support >= 0 and hit.places[0].country:
                best = hit.places[0]
                if best.country and (best.kind in ("country", "admin1") or best.population >= 200_000):
                    countries.add(best.country)
        return countries


_ALSO_PLAIN = TRANSLITERATED | frozenset("UA RU BY KZ UZ TJ KG TM MM CD ET ER SS CF".split())


def _is_plain_town(c: Candidate) -> bool:
    return c.country in _ALSO_PLAIN and c.match in ("main", "own") and c.population >= 15_000


def _weight_of(c: Candidate, several: bool) -> int:
    """4 country, great city; 3 large town, province, sea; 2 town; 1 hamlet, alternate name; 0 a guess."""
    if c.kind == "country":
        return 4 if c.match != "alternate" else 3
    if c.match == "loose":
        return 1
    if c.kind == "admin1":
        return 3 if c.population >= 100_000 or several else 1
    if c.kind == "region":
        return 3
    if c.kind == "admin2":
        return 3 if several else 1
    if c.kind == "site":
        return 2 if several else 1
    if c.population >= 1_000_000:
        return 4 if c.match in ("main", "own") else 3
    if (
        c.match == "alternate" and c.country not in TRANSLITERATED
    ):  # there, the usual English spelling is an alternate one
        return 3 if c.population >= 500_000 else 2 if c.population >= 100_000 else 1
    if c.population >= 100_000:
        return 3
    curated = (c.match == "own" and c.country in _ALSO_PLAIN) or c.id.startswith("place:")
    return 2 if c.population >= 15_000 or several or curated else 1
