"""What a report in another language than English names: places, actors, dates, numbers; for reports that no reader reads.

Names of places are those of the gazetteer in their own script, in any case of Russian and Ukrainian and behind the
particles of Arabic and Hebrew; of countries, those of CLDR. Without a reader nothing tells a town from a word that is
spelt alike but its size and the words before it, so small towns are believed only behind "the town of" and the like, or
in a country that the report speaks of. What is named more than once is looked up once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

from tadmor.errors import MissingResource
from tadmor.model import Mention, Report
from tadmor.resolve import foreign_times, quantities
from tadmor.resolve.foreign_words import Word, fold, forms, split
from tadmor.resolve.gazetteer import Candidate, Gazetteer
from tadmor.resolve.registry import Registry

_LONGEST = 5  # words of a name
_LARGE = 100_000  # people of a town that is believed wherever it is named
_TOWN = 15_000  # of one that is believed behind a preposition
_CASED = 20_000  # of one that is believed by its capital letter alone, within a sentence
_SMALL = 2_000  # of one in a country that the report speaks of
_SHORTEST = 3  # letters


@dataclass(frozen=True, slots=True)
class _Lists:
    """Words before places by language (``place`` names a kind of place, ``near`` is a preposition); actors by first word."""

    place: Mapping[str, frozenset[str]]
    near: Mapping[str, frozenset[str]]
    never: Mapping[str, frozenset[str]]  # everyday words that are spelt like towns
    actors: Mapping[str, Sequence[tuple[tuple[str, ...], str]]]
    countries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Named:
    start: int
    end: int
    places: tuple[Candidate, ...]
    believed: bool


def mentions(report: Report, gazetteer: Gazetteer, registry: Registry) -> tuple[Mention, ...]:
    """Mentions in text order, none overlapping, resolved; ids m1, m2, ... A country is named as a place."""
    text, language = report.text, (report.language or "")
    words = split(text)
    found: list[tuple[int, Mention]] = []
    found += [(0, m) for m in foreign_times.mentions(report)]
    found += [(1, m) for m in _actors(text, words, registry, report.published)]
    found += [(2, m) for m in _places(text, words, language, gazetteer)]
    numbers = tuple(
        Mention(f"q{f.start}", f.start, f.end, text[f.start : f.end], f.type)
        for f in quantities.recognise(text)
        if f.type == "quantity"
    )
    resolved = quantities.resolve_quantities(numbers, report)
    found += [(3, resolved.get(m.id, m)) for m in numbers]
    kept: list[Mention] = []
    for _, mention in sorted(found, key=lambda f: (f[0], f[1].start)):
        if not any(mention.start < k.end and k.start < mention.end for k in kept):
            kept.append(mention)
    kept.sort(key=lambda m: m.start)
    return tuple(replace(m, id=f"m{i}") for i, m in enumerate(kept, 1))


def _actors(text: str, words: Sequence[Word], registry: Registry, on: str | None) -> Iterable[Mention]:
    spans: list[tuple[int, int, str]] = [
        (f.start, f.end, f.entity)
        for f in registry.recognise(text)
        if f.entity is not None and f.type in ("actor", "person") and f.level == "name"
    ]
    by_first = _lists().actors
    for i, word in enumerate(words):
        for key in _keys(word.key):
            for pattern, entity in by_first.get(key[:3], ()):
                if len(words) - i >= len(pattern) and all(
                    _fits(p, words[i + n].key if n else key) and (not n or words[i + n].joined)
                    for n, p in enumerate(pattern)
                ):
                    spans.append((word.start, words[i + len(pattern) - 1].end, entity))
    for start, end, entity in sorted(spans, key=lambda s: (s[0], -s[1])):
        known = registry.identity(entity, on=on) if entity in registry.actors else None
        yield Mention(
            "", start, end, text[start:end], "person" if entity.startswith("person:") else "actor", entity=entity,
            name=known.name if known else None, kind=known.kind if known else None, side=known.side if known else None,
        )  # fmt: skip


def _fits(pattern: str, key: str) -> bool:
    return key.startswith(pattern[:-1]) if pattern.endswith("*") else key == pattern


def _keys(key: str) -> list[str]:
    """The folded word, and without the particles that Arabic hangs on before it."""
    return list(dict.fromkeys(forms(key))) if "\u0600" <= key[:1] <= "\u06ff" else [key]


def _places(text: str, words: Sequence[Word], language: str, gazetteer: Gazetteer) -> Iterable[Mention]:
    lists = _lists()
    place, near = lists.place.get(language, frozenset()), lists.near.get(language, frozenset())
    never = lists.never.get(language, frozenset()) | place | near
    cased = any(w.upper for w in words)
    lower = {w.key for w in words if not w.upper} if cased else set()
    found: list[_Named] = []
    i = 0
    while i < len(words):
        named = None
        if len(words[i].key) >= _SHORTEST and (words[i].upper or not cased):
            named = _at(text, words, i, gazetteer)
        if named is None:
            i += 1
            continue
        j, places = named
        if j == i + 1 and words[i].key in never:
            i = j
            continue
        before = words[i - 1].key if i and not words[i].first else ""
        alone = j == i + 1 and words[i].key in lower
        found.append(
            _Named(
                words[i].start,
                words[j - 1].end,
                places,
                not alone and _believed(places, before, place, near, words[i], cased),
            )
        )
        i = j
    # a name that only one country has tells of which country the report speaks; one that several have does not
    context = {n.places[0].country for n in found if n.believed and len({c.country for c in n.places}) == 1}
    for named_ in found:
        at_home = [c for c in named_.places if c.country in context]
        if not named_.believed and not (at_home and at_home[0].population >= _SMALL and named_.end - named_.start >= 5):
            continue
        best = max(at_home or named_.places, key=lambda c: (c.kind == "country", c.population))
        yield Mention(
            "", named_.start, named_.end, text[named_.start : named_.end], "place", entity=best.id, name=best.name,
            lat=best.lat, lon=best.lon, country=best.country, radius_km=best.radius_km,
        )  # fmt: skip


def _at(text: str, words: Sequence[Word], i: int, gazetteer: Gazetteer) -> tuple[int, tuple[Candidate, ...]] | None:
    """The longest name that begins at word ``i``: the word behind it, and what it may be."""
    stop = i + 1
    while stop < len(words) and stop - i < _LONGEST and words[stop].joined:
        stop += 1
    for j in range(stop, i, -1):
        head, last = text[words[i].start : words[j - 1].start], text[words[j - 1].start : words[j - 1].end]
        options = [head + f for f in forms(last)] if j > i + 1 else list(forms(last))
        if j > i + 1:
            options += [
                f + text[words[i].end : words[j - 1].end] for f in list(forms(text[words[i].start : words[i].end]))[1:]
            ]
        for name in options:
            places = _known(gazetteer, name)
            if places:
                return j, places
    return None


@lru_cache(maxsize=8192)
def _known(gazetteer: Gazetteer, name: str) -> tuple[Candidate, ...]:
    country = _lists().countries.get(fold(name))
    if country is not None:
        found = gazetteer.by_id(f"country:{country}")
        if found is not None:
            return (found,)
    return tuple(c for c in gazetteer.strict(name) if c.match != "loose")


def _believed(
    places: Sequence[Candidate], before: str, place: frozenset[str], near: frozenset[str], word: Word, cased: bool
) -> bool:
    most = max(c.population for c in places)
    if any(c.kind in ("country", "admin1", "region", "site") or c.match == "own" for c in places) and (
        cased or len(word.key) > 3
    ):
        return True
    if before in place:
        return True
    if most >= _LARGE:
        return not (cased and word.first and most < 5 * _LARGE)
    if before in near:
        return most >= _TOWN
    return cased and not word.first and most >= _CASED


@cache
def _lists() -> _Lists:
    try:
        folder = files("tadmor.resolve").joinpath("data")
        raw = tomllib.loads(folder.joinpath("foreign.toml").read_text(encoding="utf-8"))
        countries = folder.joinpath("countries_languages.tsv").read_text(encoding="utf-8").splitlines()
        actors: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for entity, names in raw.pop("actors").items():
            for name in names:
                pattern = tuple(part + "*" * starred for part, starred in _parts(name))
                actors.setdefault(pattern[0].rstrip("*")[:3], []).append((pattern, entity))
        return _Lists(
            {language: frozenset(fold(w) for w in one["place"].split()) for language, one in raw.items()},
            {language: frozenset(fold(w) for w in one["near"].split()) for language, one in raw.items()},
            {language: frozenset(fold(w) for w in one.get("never", "").split()) for language, one in raw.items()},
            {k: sorted(v, key=lambda p: -len(p[0])) for k, v in actors.items()},
            {fold(name): code for code, _, name in (line.split("\t") for line in countries)},
        )
    except (OSError, ValueError, KeyError) as error:
        raise MissingResource(
            "the lists of names in other languages are missing or damaged: reinstall tadmor"
        ) from error


def _parts(name: str) -> list[tuple[str, bool]]:
    """The words of a pattern, folded as words of a text are, and whether each stands for all that begin so."""
    return [(fold(part.rstrip("*")), part.endswith("*")) for part in name.replace("-", " ").split()]
