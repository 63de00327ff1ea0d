"""What is known of each name that may be a claim's place, over the whole report.

A clause seldom says by itself where it happens: in coded reports four places of ten stand outside of every clause that
states the claim. So names of the whole report are weighed for each claim: what the network says of them where it looks at
the claim's clauses, how far they stand from these, how often the report names them, whether its head does, and where the
other claims happen. That there is no place at all is weighed beside them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tadmor import taxonomy
from tadmor.model import Mention
from tadmor.reading import arguments
from tadmor.reading.arguments import Arguments
from tadmor.reading.drafts import Draft
from tadmor.reading.embedded import wording
from tadmor.reading.embedded.namings import around
from tadmor.reading.embedded.roles import CLIP, clipped, reached
from tadmor.reading.embedded.toponyms import Toponyms, folded, part_of
from tadmor.taxonomy import UTTERANCES

_UNSEEN = -4.0  # log-odds of a name that no clause of the claim has in reach
_POLITICS = frozenset({"talks", "agreement", "support", "sanction", *UTTERANCES})
_LINKS = frozenset("of in on at the a an to from its near city town village province district area region".split())
# the event is spoken of as one already told: "the raids", "this attack"
_POINTING = frozenset("the this that these those its their his latest such".split())
OF_NAME = (
    "odds",  # the best log-odds that the fullest clause gives to a mention of the name
    "no odds",  # there is none in its reach
    "lead",  # how much likelier the name is than all others in any clause of the claim
    "top",
    "net",  # the network's logit
    "net most",
    "rule",  # the lexicon's log-odds
    "rule most",
    "odds elsewhere",  # the best log-odds that another clause of the claim gives
    "elsewhere",
    "first",  # chosen for the claim by its clauses alone
    "claims share",  # of all places first chosen for other claims
    "claims log",
    "claims most",
    "alike share",  # of the other claims of this type
    "alike before",
    "alike first",
    "lead share",  # of the claims in the first sentences
    "again",  # the event is spoken of as one already told, and others of this type happen here
    "claim before",
    "claim after",
    "claim beside",  # another claim of the same sentence happens here
    "same sentence",
    "inside",  # of the clause
    "inside other",
    "sentence other",
    "after",  # follows the trigger at once
    "right",
    "words",  # between trigger and name
    "gap",  # sentences since the name was named last, as a logarithm
    "later",  # the name stands only after the clause
    "share",  # of all names of the report, as a logarithm
    "count",
    "most",
    "head",
    "opening",
    "country",
    "country alike",  # a country, where another claim of this type has a narrower place
    "country near",  # a country, where a narrower name is in reach
    "nominal",
    "unnamed",
    "phrase",  # "south of M"
    "length",
    "longer",  # another candidate says more: "M" beside "M airport"
    "longer odds",
    "shorter",
    "holds",  # another candidate lies in it, by the report's words
    "holds odds",
    "held",
    *wording.FEATURES,
)
OF_CLAIM = (
    "none",  # this is no name: the claim has no place
    "territory",
    "politics",
    "top odds",
    "candidates",
    "names",
    "unplaced",  # no place was first chosen
    "unplaced share",  # of the other claims
    "named here",  # a name stands in the clause's sentence
    "sentences",  # of the report, as a logarithm
)
FEATURES = (*OF_NAME, *OF_CLAIM, *(f"type:{t}" for t in taxonomy.types()))
_ABSENT = (0.0,) * len(FEATURES)


class Heard(NamedTuple):
    """A mention that may be a clause's place: log-odds, the network's logit, the lexicon's log-odds."""

    mention: Mention
    odds: float
    net: float
    rule: float


@dataclass(frozen=True, slots=True)
class Telling:
    """A clause of a claim with the mentions that may be its place, and what was chosen for it by itself."""

    draft: Draft
    heard: Sequence[Heard]
    first: Arguments
    events: Sequence[float] = ()  # of each word of the draft's line, how much it looks like an event's


@dataclass(frozen=True, slots=True)
class Name:
    """A name that may be the place of a claim: its key, the mention that stands for it, how it is printed, its list."""

    key: str
    mention: Mention
    printed: str
    mates: frozenset[str]


@dataclass(frozen=True, slots=True)
class Choice:
    """The names that may be a claim's place, and a row of FEATURES for each, the last one for there being none."""

    names: Sequence[Name]
    known: Sequence[Sequence[float]]


class _Report:
    """The claims of a report with the places first chosen for each."""

    def __init__(self, places: Toponyms, claims: Sequence[Sequence[Telling]]) -> None:
        self.places = places
        self.claims = claims
        self.types = [c[0].draft.type for c in claims]
        self.lines = [places.line(c[0].draft.start) for c in claims]
        self.first = [_first(places, c) for c in claims]
        self.tally = Counter(k for keys in self.first for k in keys)
        self.common = [k for k, _ in self.tally.most_common(2)]


def choices(places: Toponyms, claims: Sequence[Sequence[Telling]]) -> list[Choice]:
    """For each claim, given by its tellings from the fullest on, what may be its place."""
    report = _Report(places, claims)
    return [_choice(report, i) for i in range(len(claims))]


def _first(places: Toponyms, tellings: Sequence[Telling]) -> tuple[str, ...]:
    chosen = next((t.first.places for t in tellings if t.first.places), ())
    return tuple(dict.fromkeys(places.key(m) for m in chosen))


def _choice(report: _Report, i: int) -> Choice:
    places, tellings = report.places, report.claims[i]
    main = tellings[0].draft
    names: dict[str, Name] = {}
    heard: list[dict[str, Heard]] = []
    for t in tellings:
        best: dict[str, Heard] = {}
        for h in sorted(t.heard, key=lambda h: -h.odds):
            printed = arguments.place_name(places.scene, t.draft, h.mention)
            key = folded(printed)
            best.setdefault(key, h)
            names.setdefault(key, _name(places, key, h.mention, printed))
        heard.append(best)
    near = (k for j in around(i, len(report.claims)) for k in report.first[j])
    for key in dict.fromkeys([*places.often, *places.head, *places.opening, *near, *report.common]):
        if key not in names and key in places.named:
            m = places.nearest(key, main.start)
            names[key] = _name(places, key, m, arguments.settled(places.scene.name(m)))
    reach = reached(heard)
    rows = _claims_say(report, i, names)
    told = _tellings_say(heard, reach, names, set(report.first[i]), places)
    others = {places.line(t.draft.start) for t in tellings}
    stand = {k: _stands(places, n, tellings, others) for k, n in names.items()}
    beside = _beside(report, i, names, stand, reach)
    of_claim = {
        "territory": float(taxonomy.get(main.type).implies in taxonomy.TELLING),
        "politics": float(main.type in _POLITICS),
        "top odds": max(reach.values(), default=-CLIP),
        "candidates": math.log1p(len(names)),
        "names": math.log1p(len(places.count)),
        "unplaced": float(not report.first[i]),
        "unplaced share": sum(not f for j, f in enumerate(report.first) if j != i) / max(1, len(report.first) - 1),
        "named here": float(any(s["same sentence"] for s in stand.values())),
        "sentences": math.log(places.sentences),
        f"type:{main.type}": 1.0,
    }
    known = [_row(rows[k] | told[k] | stand[k] | beside[k] | of_claim) for k in names]
    return Choice(list(names.values()), [*known, _row(of_claim | {"none": 1.0})])


def _row(known: Mapping[str, float]) -> list[float]:
    return list(map(known.get, FEATURES, _ABSENT))


def _name(places: Toponyms, key: str, m: Mention, printed: str) -> Name:
    return Name(key, m, printed, places.mates.get(m.id, frozenset()))


def _tellings_say(
    heard: Sequence[Mapping[str, Heard]],
    reach: Mapping[str, float],
    names: Mapping[str, Name],
    first: set[str],
    places: Toponyms,
) -> dict[str, dict[str, float]]:
    """What the network and the lexicon say of each name at the claim's clauses."""
    own = heard[0]
    net = max((h.net for h in own.values()), default=0.0)
    rule = max((h.rule for h in own.values()), default=0.0)
    top = max((h.odds for h in own.values()), default=0.0)
    best = [*sorted(reach.values(), reverse=True)[:2], _UNSEEN, _UNSEEN]
    out = {}
    for key, name in names.items():
        h = own.get(key)
        odds = clipped(h.odds) if h is not None else -CLIP
        rival = best[1] if reach.get(key) == best[0] else best[0]
        elsewhere = [clipped(b[key].odds) for b in heard[1:] if key in b]
        out[key] = {
            "odds": odds if h is not None else 0.0,
            "no odds": float(h is None),
            "lead": max(-6.0, min(6.0, odds - rival)),
            "top": float(h is not None and h.odds == top),
            "net": clipped(h.net) if h is not None else 0.0,
            "net most": float(h is not None and h.net == net),
            "rule": clipped(h.rule) if h is not None else 0.0,
            "rule most": float(h is not None and h.rule == rule),
            "odds elsewhere": max(elsewhere, default=0.0),
            "elsewhere": float(bool(elsewhere)),
            "first": float(places.key(name.mention) in first),
        }
    return out


def _claims_say(report: _Report, i: int, names: Mapping[str, Name]) -> dict[str, dict[str, float]]:
    """How many of the other claims happen at each name, and which."""
    first, tally = report.first, Counter(report.tally)
    tally.subtract(first[i])
    others, most = sum(tally.values()), max(tally.values(), default=0)
    indices = [j for j in range(len(first)) if j != i and first[j]]
    alike = [j for j in indices if report.types[j] == report.types[i]]
    before = [j for j in alike if j < i]
    lead = [j for j in indices if report.lines[j] <= 2]
    beside = [j for j in indices if report.lines[j] == report.lines[i]]
    again = report.claims[i][0].draft.led_by(_POINTING)
    out = {}
    for key, name in names.items():
        k = report.places.key(name.mention)
        share = sum(k in first[j] for j in alike) / (len(alike) + 0.5)
        out[key] = {
            "claims share": tally[k] / max(1, others),
            "claims log": math.log1p(tally[k]),
            "claims most": float(0 < tally[k] == most),
            "alike share": share,
            "alike before": float(bool(before) and k in first[before[-1]]),
            "alike first": float(bool(alike) and k in first[alike[0]]),
            "lead share": sum(k in first[j] for j in lead) / (len(lead) + 0.5),
            "again": again * share,
            "claim before": float(i > 0 and k in first[i - 1]),
            "claim after": float(i + 1 < len(first) and k in first[i + 1]),
            "claim beside": float(any(k in first[j] for j in beside)),
        }
    return out


def _stands(places: Toponyms, name: Name, tellings: Sequence[Telling], others: Collection[int]) -> dict[str, float]:
    """Where the name stands in the report and to the claim's clauses, whose sentences are ``others``."""
    m, main = name.mention, tellings[0].draft
    key = places.key(m)
    named, sentence = places.named.get(key, [m]), main.line.sentence
    here = [x for x in named if sentence.start <= x.start < sentence.end]
    trigger = main.line.words[main.last]
    at = {x.id: abs(main.line.word_at(x.start) - main.last) for x in here}
    nearest = min(here, key=lambda x: at[x.id], default=None)
    told = wording.wording(main, nearest, tellings[0].events) if nearest is not None else {}
    return (
        places.from_line(key, m, places.line(main.start))
        | told
        | {
            "same sentence": float(bool(here)),
            "inside": float(any(main.covers(x) for x in here)),
            "inside other": float(any(t.draft.covers(x) for t in tellings[1:] for x in named)),
            "sentence other": float(not here and any(at in others for at in places.lines_of(key, m))),
            "after": float(any(_after(main, x) for x in here)),
            "right": float(any(x.start >= trigger.end for x in here)),
            "words": min(at.values(), default=0) / 10.0,
            "share": places.frequency(key),
            "country": float(arguments.is_country(m)),
            "nominal": float(m.level != "name"),
            "unnamed": float(m.id in places.scene.unnamed),
            "phrase": float(key != name.key),
            "length": float(len(name.key.split())),
        }
    )


def _beside(
    report: _Report,
    i: int,
    names: Mapping[str, Name],
    stand: Mapping[str, Mapping[str, float]],
    reach: Mapping[str, float],
) -> dict[str, dict[str, float]]:
    """How each name stands to the other candidates: which is wider, which narrower."""
    places = report.places
    alike = (report.first[j] for j in range(len(report.first)) if j != i and report.types[j] == report.types[i])
    narrow = any(not places.is_country(k) for keys in alike for k in keys)
    near = {k for k, x in reach.items() if x > -2 and not stand[k]["country"] and not stand[k]["nominal"]}
    words = {k: k.split() for k in names}
    longer: dict[str, list[str]] = {k: [] for k in names}
    shorter: dict[str, list[str]] = {k: [] for k in names}
    for long in (k for k, w in words.items() if len(w) > 1):
        for k, w in words.items():
            if len(w) < len(words[long]) and part_of(w, words[long]):
                longer[k].append(long)
                shorter[long].append(k)
    inner = {k: places.holds.get(places.key(n.mention), ()) for k, n in names.items()}
    held = {k for keys in inner.values() for k in keys}
    out = {}
    for key in names:
        country = stand[key]["country"]
        holds = [k for k in inner[key] if k in names]
        out[key] = {
            "country alike": country * narrow,
            "country near": country * bool(near - {key}),
            "longer": float(bool(longer[key])),
            "longer odds": max((reach.get(k, _UNSEEN) for k in longer[key]), default=_UNSEEN) - _UNSEEN,
            "shorter": float(bool(shorter[key])),
            "holds": float(bool(holds)),
            "holds odds": max((reach.get(k, _UNSEEN) for k in holds), default=_UNSEEN) - _UNSEEN,
            "held": float(key in held),
        }
    return out


def _after(draft: Draft, m: Mention) -> bool:
    """Whether the name follows the trigger at once, or after "of", "in the town of"."""
    words = draft.line.words
    between = words[draft.last + 1 : max(draft.last + 1, draft.line.word_at(m.start))]
    follows = m.start >= words[draft.last].end and len(between) <= 4
    return follows and all(w.lower in _LINKS or w.lower.endswith("ern") for w in between)
