"""The score of a pair of accounts: how probably they tell of one occurrence, or one of a part of the other's.

A log-linear model with three outcomes (same, part, different). Its signs are what this module finds in two accounts; its
weights are fitted to coded pairs by ``training.derive_pairs`` and lie in ``data/pairing.json``. Every sign is symmetric, and
depends on the two accounts alone: what else is in the record changes no score.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product

from tadmor.model import Count, Place
from tadmor.reconcile.days import Span, gap
from tadmor.reconcile.lexicon import type_likeness
from tadmor.reconcile.names import distance_km, fold_place, is_country
from tadmor.reconcile.traits import Traits, name_words
from tadmor.reconcile.wording import stem, stems, unheard, worth

OUTCOMES = ("same", "part", "different")
_GROUND = frozenset(
    "territory_taken territory_lost territory_held siege advance attack_repelled armed_clash deployment".split()
)
_VIOLENCE = frozenset(
    "air_strike shelling bombing chemical_attack attack_on_civilians sexual_violence abduction arrest destruction "
    "casualties".split()
)
LASTING = frozenset(
    "advance siege agreement talks displacement deployment support aid sanction".split()
)  # goes on for days
_MEETING = ("same", "overlap", "within:week")
_OUTCOMES = frozenset({"territory_taken", "territory_lost", "attack_repelled"})
# Stems that tell of an offensive as a whole; without them an advance is most often one step of it.
_CAMPAIGN = frozenset(
    map(stem, "offensive campaign operation assault battle onslaught drive push siege weeks months".split())
)
BY_HAND = {"outcomes": (2.4, 0.0)}  # for what too few coded pairs show: one battle, told with another outcome
_OLD = 45  # days between an occurrence and the report that looks back on it
SAME_KM, FAR_KM, REGION_KM = 3.0, 60.0, 120.0
_PLACES = ("one", "name", "3km", "part", "10km", "region", "30km", "60km", "far", "unknown")  # from the nearest on
_WIDTHS = ((7, "week"), (31, "month"), (92, "season"), (400, "year"))


@cache
def _weights() -> dict[str, tuple[float, float]]:
    table = json.loads(files("tadmor.reconcile").joinpath("data/pairing.json").read_text(encoding="utf-8"))
    return {sign: (float(same), float(part)) for sign, (same, part) in table.items()} | BY_HAND


def probabilities(a: Traits, b: Traits) -> tuple[float, float]:
    """P(same) and P(one is a part of the other)."""
    return weigh(signs(a, b), _weights())


def weigh(found: dict[str, float], weights: dict[str, tuple[float, float]]) -> tuple[float, float]:
    """P(same) and P(part) of the signs; "different" is the outcome that the weights are relative to."""
    same = part = 0.0
    for sign, value in found.items():
        pair = weights.get(sign)
        if pair is not None:
            same += pair[0] * value
            part += pair[1] * value
    top = max(same, part, 0.0)
    x, y, z = math.exp(same - top), math.exp(part - top), math.exp(-top)
    return x / (x + y + z), y / (x + y + z)


def signs(a: Traits, b: Traits) -> dict[str, float]:
    """What speaks for and against the two telling of one occurrence, each sign with its value (1 for a plain fact)."""
    out = dict.fromkeys(_facts(a, b), 1.0)
    out["bias"] = 1.0
    out["kin"] = type_likeness(a.type, b.type)
    shared = a.stems & b.stems
    other = "place:far" in out or not any(f"days:{d}" in out for d in _MEETING)
    if a.stems and b.stems:
        common = worth(shared)
        out["words:share"] = 3.0 * common / max(1.0, min(a.worth, b.worth))
        out["words:union"] = 4.0 * common / max(1.0, a.worth + b.worth - common)
        out["words:common"] = min(3.0, common / 10.0)
        if other:
            out["words:union:other"] = out["words:union"]
        kind = "strange" if "types:strange" in out else family(a.type) if family(a.type) == family(b.type) else "mixed"
        out[f"words:union:{kind}"] = out["words:union"]
        out[f"words:share:{kind}"] = out["words:share"]
    around = (a.stems | a.around) & (b.stems | b.around) - shared
    if around:
        out["around:common:other" if other else "around:common"] = min(3.0, worth(around) / 10.0)
    if titled := a.title & b.title:
        out["title:common:other" if other else "title:common"] = min(3.0, worth(titled) / 10.0)
    rarest = max((place_rarity(p) for p in a.places if p in b.places), default=0.0)
    if "place:one" in out or "place:name" in out:
        out["place:rarity"] = rarest or max((place_rarity(p) for p in (*a.places, *b.places)), default=0.0)
    return out


def _facts(a: Traits, b: Traits) -> Iterator[str]:
    kind = family(a.type)
    both = kind if kind == family(b.type) else "mixed"
    yield f"type:{a.type}" if a.type == b.type else f"types:{'+'.join(sorted((a.type, b.type)))}"
    yield "type:one" if a.type == b.type else f"types:{both}" if type_likeness(a.type, b.type) else "types:strange"
    if a.type != b.type and {a.type, b.type} <= _OUTCOMES:
        yield "outcomes"
    if "advance" in (a.type, b.type):
        yield f"campaigns:{bool(a.stems & _CAMPAIGN) + bool(b.stems & _CAMPAIGN)}:{'one' if a.type == b.type else 'kin'}"
    if a.whom and b.whom and a.whom != b.whom:
        yield "whom:other"
    place = place_relation(a.places, b.places)
    yield f"place:{place}"
    yield f"place:{place}:{both}"
    if place not in ("one", "name", "country", "none"):
        told = placed(a, b) + placed(b, a)
        yield f"place:{place}+{'told' if told else 'untold'}"
    if len(a.places) > 1 or len(b.places) > 1:
        yield "place:several"
    days = date_relation(a, b)
    yield f"days:{days}"
    yield f"days:{days}:{both}"
    lasting = (a.type in LASTING) + (b.type in LASTING)
    yield f"days:{days}:{('brief', 'mixed', 'lasting')[lasting]}"
    near = "same" if place in _PLACES[:3] else "near" if place in _PLACES[3:8] else place
    if a.type == b.type:
        yield f"one+{near}+{_coarse(days)}"
    else:
        yield f"{'kin' if type_likeness(a.type, b.type) else 'strange'}+{near}+{_coarse(days)}"
    yield f"place+days:{near}+{_coarse(days)}"
    old = sum(map(_old, (a, b)))
    if old:
        yield f"old:{old}"
        yield f"old:{old}+{_coarse(days)}"
    yield f"told:{_told(a, b)}"
    yield from _party_facts(a, b, both)
    yield from _counts(a, b)
    denied = (a.account.claim.certainty == "denied") + (b.account.claim.certainty == "denied")
    if denied:
        yield f"denied:{denied}"
    if (a.account.claim.certainty == "expected") != (b.account.claim.certainty == "expected"):
        yield "expected:1"
    if a.voices & b.voices:
        yield "voices:shared"
    if a.account.publisher and a.account.publisher == b.account.publisher:
        yield "outlet:one"


def placed(a: Traits, b: Traits) -> bool:
    """Whether the title or sentence of one names a place of the other."""
    return any((words := name_words(p.name)) and words <= a.context for p in b.places if not is_country(p))


def _party_facts(a: Traits, b: Traits, both: str) -> Iterator[str]:
    """Doers beside doers and those done to beside those done to; who fights over ground is told from either side."""
    if both == "ground":
        own, other = a.actors | a.targets, b.actors | b.targets
        sides = a.actor_sides | a.target_sides, b.actor_sides | b.target_sides
        yield f"parties:{_parties(own, other, *sides)}"
        return
    yield f"actors:{_parties(a.actors, b.actors, a.actor_sides, b.actor_sides)}"
    yield f"targets:{_parties(a.targets, b.targets, a.target_sides, b.target_sides)}"
    if a.actors & b.targets or b.actors & a.targets:
        yield "parties:crossed"


def family(kind: str) -> str:
    """The family of a claim type: fighting over ground, violence, or the affairs of the war."""
    return "ground" if kind in _GROUND else "violence" if kind in _VIOLENCE else "affairs"


@lru_cache(maxsize=16384)
def place_relation(a: tuple[Place, ...], b: tuple[Place, ...]) -> str:
    """How the nearest two of their places lie to one another; a country is no place, but one in common is said."""
    fine_a, fine_b = [p for p in a if not is_country(p)], [p for p in b if not is_country(p)]
    if fine_a and fine_b:
        return min((_relation(p, q) for p, q in product(fine_a, fine_b)), key=_PLACES.index)
    if not fine_a and not fine_b:
        return "country" if {p.entity or p.name for p in a} & {p.entity or p.name for p in b} else "none"
    return "half"


def _relation(a: Place, b: Place) -> str:
    if a.entity and a.entity == b.entity:
        return "one"
    km = distance_km(a, b)
    if fold_place(a.name) == fold_place(b.name) and (km is None or km <= FAR_KM):
        return "name" if is_region(a) == is_region(b) else "region"
    s, t = name_words(a.name), name_words(b.name)
    part = bool(s and t and (s <= t or t <= s))
    if km is None:
        return "part" if part else "unknown"
    if is_region(a) != is_region(b):
        return "region" if km <= REGION_KM else "far"
    if km <= SAME_KM:
        return "3km"
    if part and km <= FAR_KM:
        return "part"
    return "10km" if km <= 10.0 else "30km" if km <= 30.0 else "60km" if km <= FAR_KM else "far"


def is_region(place: Place) -> bool:
    """Whether the place is a province or a district."""
    return bool(place.entity and place.entity.startswith("admin"))


@lru_cache(maxsize=16384)
def place_rarity(place: Place) -> float:
    """How seldom the place is written of, 0 to 1: two reports of one small village are seldom of two occurrences."""
    words = stems(place.name)
    return min(1.0, max((worth(frozenset((w,))) for w in words), default=0.0) / unheard())


def date_relation(a: Traits, b: Traits) -> str:
    """How their days lie to one another: the same ones, days apart, or within a wider date of so many days."""
    if a.days is None or b.days is None:
        return "unknown" if a.days or b.days else "none"
    apart = gap(a.days, b.days)
    if apart:
        if not (a.precise and b.precise):
            return "apart" if apart > 7 else "beside"
        return (
            "1" if apart == 1 else "2-3" if apart <= 3 else "4-7" if apart <= 7 else "8-31" if apart <= 31 else "apart"
        )
    if a.running or b.running:
        return "running"
    if a.days == b.days:
        return "same" if a.precise else f"same:{_width(a.days)}"
    if a.precise and b.precise:
        return "overlap"
    wide = _width(max(a.days, b.days, key=lambda d: d[1] - d[0]))
    return f"within:{wide}" if a.precise or b.precise else f"wide:{wide}"


def _width(days: Span) -> str:
    return next((name for most, name in _WIDTHS if days[1] - days[0] <= most), "years")


def _coarse(days: str) -> str:
    """The day's relation without how wide or how far."""
    if days in ("1", "2-3", "4-7", "8-31", "apart", "beside"):
        return "other" if days != "1" else "next"
    return days.partition(":")[0]


def _old(item: Traits) -> bool:
    """Whether the account looks back: what it tells of ended long before its report."""
    return item.days is not None and item.told is not None and item.told - item.days[1] > _OLD


def _told(a: Traits, b: Traits) -> str:
    if a.told is None or b.told is None:
        return "unknown"
    apart = abs(a.told - b.told)
    return (
        "one" if apart == 0 else "next" if apart == 1 else "week" if apart <= 7 else "month" if apart <= 31 else "later"
    )


def _parties(a: frozenset[str], b: frozenset[str], sides_a: frozenset[str], sides_b: frozenset[str]) -> str:
    if not a or not b:
        return "half" if a or b else "none"
    if a & b:
        return "shared"
    if sides_a & sides_b:
        return "side"
    return "apart" if sides_a and sides_b else "other"


def _counts(a: Traits, b: Traits) -> Iterator[str]:
    """How the figures of each thing that both count lie to one another."""
    found: set[str] = set()
    for m in a.account.claim.counts:
        for n in b.account.claim.counts:
            if m.what == n.what:
                found.add(_figures(m, n, a, b))
    if not found:
        yield "counts:none"
    elif found & {"equal", "some"}:  # one figure in common tells more than others that differ
        yield "counts:equal" if "equal" in found else "counts:some"
    else:
        yield from (f"counts:{f}" for f in sorted(found))


def _figures(m: Count, n: Count, a: Traits, b: Traits) -> str:
    if (m.min, m.max) == (n.min, n.max):
        least = m.min or m.max or 0
        return "equal" if least > 9 else "some" if least > 3 else "few"
    if counts_overlap(m, n):
        return "fit"
    low, high = sorted((m.min if m.min is not None else m.max or 0.0, n.min if n.min is not None else n.max or 0.0))
    if high > 3 * max(low, 1.0):
        return "far"
    if high > 1.5 * low and a.told is not None and a.told == b.told:
        return "apart"
    if a.told is not None and b.told is not None and a.told != b.told:
        later, earlier = (m, n) if a.told > b.told else (n, m)
        return "rising" if (later.min or later.max or 0.0) > (earlier.min or earlier.max or 0.0) else "falling"
    return "near"


def counts_overlap(a: Count, b: Count) -> bool:
    """Whether one number could satisfy both; an approximate figure reaches a tenth further."""
    (a0, a1), (b0, b1) = count_bounds(a), count_bounds(b)
    return a0 <= b1 and b0 <= a1


def count_bounds(n: Count) -> tuple[float, float]:
    """Lowest and highest number that the count allows."""
    low = 0.0 if n.min is None else n.min
    high = float("inf") if n.max is None else n.max
    return (low * 0.9, high * 1.1) if n.approx else (low, high)
