"""What is known of each party that may be a claim's actor or target, over the whole report.

A clause often names neither: "the city was shelled again", and it is the report that says who shells whom. So the parties of
the whole report are weighed for each claim and role: what the network says of them where it looks at the claim's clauses,
where they stand to the trigger, of what kind they are, what they do and suffer in the other claims, and who fills the
other role. That nobody fills the role is weighed beside them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from operator import itemgetter

from tadmor import taxonomy
from tadmor.model import Mention
from tadmor.reading.embedded.namings import around
from tadmor.reading.embedded.parties import Cast, Heard, Parties, Party, Telling, Told
from tadmor.reading.embedded.roles import CLIP, clipped, reached
from tadmor.reading.embedded.roles import FEATURES as CANDIDATE
from tadmor.reading.embedded.standing import OF_PARTY, inside, of_parties, speakers
from tadmor.taxonomy import UTTERANCES

ROLES = ("actor", "target")
_UNLIKELY = -3.5  # log-odds below which no clause speaks for a party
_UNSEEN = -4.0  # log-odds of a party that no clause of the claim has in reach
_BE = frozenset("is are was were be been being".split())
SEEN = (
    "net most",
    "net elsewhere",
    "net other",
    "rival",
    "listed",
    "in list",
    "unseen",
    "rule",
    "no rule",
    "free",
    "wider",
    "narrower",
)  # of what roles.FEATURES has of the party's likeliest mention
_IN_ROLE = (
    "odds",  # the best log-odds that the fullest clause gives to a mention of the party
    "no odds",  # there is none in its reach
    "lead",  # how much likelier the party is than all others in any clause of the claim
    "top",
    "net",
    *SEEN,
    "odds elsewhere",  # the best log-odds that another clause of the claim gives
    "elsewhere",
    "first",  # chosen for the claim by its clauses alone
    "chosen",  # so chosen, by those rules that look at the whole claim
    "share",  # of the other claims in which it is first chosen for the role
    "share log",
    "share most",
    "alike share",  # of the other claims of this type
    "alike before",
    "alike first",
    "kin share",  # of the other claims of this family of types
    "claim before",
    "claim after",
    "claim beside",  # another claim of the same sentence
    "facing",  # of the other claims in which the other role is filled as here
    "place share",  # of the other claims at the same place
)
_OF_CLAIM = (
    "none",  # this is no party: nobody fills the role
    "territory",
    "uttered",
    "passive",
    "headline",
    "asserted",
    "sourced",
    "tellings",
    "top odds",
    "top odds other",
    "second odds",
    "candidates",
    "parties",
    "unfilled",  # nobody was first chosen
    "unfilled other",
    "unfilled share",  # of the other claims
    "unfilled alike",  # of those of this type
    "here",  # parties in the clause
)
# the types with most claims; the others are told apart by their families
_TYPES = (
    "armed_clash",
    "air_strike",
    "shelling",
    "bombing",
    "territory_taken",
    "territory_lost",
    "territory_held",
    "support",
    "accusation",
    "demand",
)
_FAMILIES = tuple(dict.fromkeys(t.family for t in taxonomy.types().values()))
FEATURES = (
    *_IN_ROLE,
    *(f"{name}, other role" for name in _IN_ROLE if name not in SEEN),
    *OF_PARTY,
    *_OF_CLAIM,
    *(f"family:{f}" for f in _FAMILIES),
    *(f"type:{t}" for t in _TYPES),
)
AFTER = ("acts here", "rival acts", "nobody acts")  # of targets, when it is known how likely each party is the actor
OF_ROLE = {"actor": FEATURES, "target": (*FEATURES, *AFTER)}
_seen = itemgetter(*(CANDIDATE.index(name) for name in SEEN))
_NOT_SEEN, _SEEN_RULE = (0.0,) * len(SEEN), SEEN.index("rule")
_BEFORE_SEEN, _AFTER_SEEN = _IN_ROLE.index(SEEN[0]), _IN_ROLE.index(SEEN[-1]) + 1
_CLAIM = FEATURES[FEATURES.index(_OF_CLAIM[0]) :]
_OF_NOBODY = (0.0,) * FEATURES.index(_OF_CLAIM[0])
_ABSENT = (0.0,) * len(FEATURES)


class _Report:
    """The claims of a report with the parties first chosen for each role; all by their groups."""

    def __init__(self, parties: Parties, claims: Sequence[Told]) -> None:
        self.parties = parties
        self.claims = claims
        self.types = [c.claim.type for c in claims]
        self.families = [taxonomy.get(t).family for t in self.types]
        self.lines = [parties.line(c.claim.start) for c in claims]
        self.first = {r: [_first(parties, c, r) for c in claims] for r in ROLES}
        self.tally = {r: Counter(k for keys in self.first[r] for k in keys) for r in ROLES}
        self.common = [k for r in ROLES for k, _ in self.tally[r].most_common(2)]
        self.places = [frozenset(n.casefold() for n in c.claim.place_names) for c in claims]


def casts(parties: Parties, claims: Sequence[Told]) -> list[Cast]:
    """For each claim who may fill its roles."""
    report = _Report(parties, claims)
    return [_cast(report, i) for i in range(len(claims))]


def after_actors(cast: Cast, acting: Sequence[float]) -> list[list[float]]:
    """The rows of a claim's targets with AFTER; ``acting`` has the probability that each party acts, last that nobody does."""
    best = [*sorted(acting[:-1], reverse=True)[:2], 0.0, 0.0]
    nobody = len(cast.parties)
    return [
        [*row, acting[j] if j < nobody else 0.0, best[1] if acting[j] == best[0] else best[0], acting[-1]]
        for row, j in zip(cast.known["target"], cast.weighed["target"], strict=True)
    ]


def _first(parties: Parties, told: Told, role: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(parties.group(parties.key(m)) for m in told.chosen[role]))


def _cast(report: _Report, i: int) -> Cast:
    parties, told = report.parties, report.claims[i]
    main = told.tellings[0].draft
    among: dict[str, Party] = {}
    heard = {r: _best(parties, told.tellings, r, among) for r in ROLES}
    for r in ROLES:
        for m in told.chosen[r]:
            _add(parties, among, m)
    groups = {parties.group(k) for k in among}
    near = (g for j in around(i, len(report.claims)) for r in ROLES for g in report.first[r][j])
    for group in dict.fromkeys([*parties.often, *near, *report.common]):
        if group not in groups and group in parties.named:
            _add(parties, among, parties.nearest(group, main.start))
    reach = {r: reached(heard[r]) for r in ROLES}
    in_role = {r: _InRole(report, i, r, heard[r], reach[r]) for r in ROLES}
    inner, outer = speakers(parties, told)
    keys = list(among)
    weighed = {
        r: [j for j, k in enumerate(keys) if parties.group(k) in inner or in_role[r].speaks_for(k)] for r in ROLES
    }
    likely = {keys[j]: among[keys[j]] for j in sorted({j for r in ROLES for j in weighed[r]})}
    known = {r: {k: in_role[r].known(k) for k in likely} for r in ROLES}
    of_party = of_parties(parties, told, likely, report.tally, inner, outer)
    standing = {k: _values(OF_PARTY, features) for k, features in of_party.items()}
    here = float(inside(parties, main, among))
    out = {}
    for r, other in (ROLES, ROLES[::-1]):
        of_claim = _of_claim(report, i, r, other, reach, len(among)) | {"here": here}
        claim = _values(_CLAIM, of_claim)
        rows = [[*known[r][k], *_against(known[other][k]), *standing[k], *claim] for k in (keys[j] for j in weighed[r])]
        out[r] = [*rows, [*_OF_NOBODY, *_values(_CLAIM, of_claim | {"none": 1.0})]]
        weighed[r].append(len(keys))
    return Cast(list(among.values()), weighed, out, ["same sentence" in of_party.get(k, ()) for k in keys])


def _values(names: Sequence[str], known: Mapping[str, float]) -> list[float]:
    """The features in this order, 0 for those that are not known."""
    return list(map(known.get, names, _ABSENT))


def _against(in_role: Sequence[float]) -> Sequence[float]:
    """What speaks for a party in a role without SEEN, as it is known in the other role."""
    return [*in_role[:_BEFORE_SEEN], *in_role[_AFTER_SEEN:]]


def _add(parties: Parties, among: dict[str, Party], m: Mention) -> None:
    key = parties.key(m)
    if key not in among:
        among[key] = Party(key, m, parties.scene.party(m), parties.mates.get(m.id, frozenset()))


def _best(parties: Parties, tellings: Sequence[Telling], role: str, among: dict[str, Party]) -> list[dict[str, Heard]]:
    """For each telling the likeliest mention of each party; the parties are added to those known."""
    out = []
    for t in tellings:
        best: dict[str, Heard] = {}
        for h in sorted(t.heard[role], key=lambda h: -h.odds):
            best.setdefault(parties.key(h.mention), h)
            _add(parties, among, h.mention)
        out.append(best)
    return out


class _InRole:
    """What speaks for a party in a role of a claim: the network and the lexicon at the clauses, and the other claims."""

    def __init__(
        self, report: _Report, i: int, role: str, heard: Sequence[Mapping[str, Heard]], reach: Mapping[str, float]
    ) -> None:
        parties, told = report.parties, report.claims[i]
        self._parties, self._at = parties, i
        self._own, self._elsewhere, self._reach = heard[0], heard[1:], reach
        self._top = max((h.odds for h in self._own.values()), default=0.0)
        self._best = [*sorted(reach.values(), reverse=True)[:2], _UNSEEN, _UNSEEN]
        first = self._first = report.first[role]
        against = report.first[ROLES[1 - ROLES.index(role)]]
        self._tally = dict(report.tally[role])
        for g in first[i]:
            self._tally[g] -= 1
        self._others, self._most = sum(self._tally.values()), max(self._tally.values(), default=0)
        indices = [j for j in range(len(first)) if j != i and first[j]]
        self._alike_at = [j for j in indices if report.types[j] == report.types[i]]
        self._before = [j for j in self._alike_at if j < i]
        kin = [j for j in indices if report.families[j] == report.families[i]]
        beside = [j for j in indices if report.lines[j] == report.lines[i]]
        facing = [j for j in indices if set(against[j]) & set(against[i])]
        there = [j for j in indices if report.places[j] & report.places[i]]
        self._alike, self._kin, self._beside, self._facing, self._there = (
            _shares(first, indices) for indices in (self._alike_at, kin, beside, facing, there)
        )
        self._by_clauses = {parties.key(m) for m in next((t.first[role] for t in told.tellings if t.first[role]), ())}
        self._chosen = {parties.key(m) for m in told.chosen[role]}

    def speaks_for(self, key: str) -> bool:
        """Whether a clause or another claim speaks for a party: others are never weighed."""
        g = self._parties.group(key)
        others = (self._alike, self._kin, self._facing, self._beside)
        return self._reach.get(key, -CLIP) >= _UNLIKELY or key in self._chosen or any(g in shares for shares in others)

    def known(self, key: str) -> list[float]:
        """What is known of a party in the role, in the order of _IN_ROLE."""
        h, first, i = self._own.get(key), self._first, self._at
        odds = clipped(h.odds) if h is not None else -CLIP
        rival = self._best[1] if self._reach.get(key) == self._best[0] else self._best[0]
        elsewhere = [clipped(b[key].odds) for b in self._elsewhere if key in b]
        g = self._parties.group(key)
        told = self._tally.get(g, 0)
        return [
            odds if h is not None else 0.0,
            float(h is None),
            max(-6.0, min(6.0, odds - rival)),
            float(h is not None and h.odds == self._top),
            clipped(h.net) if h is not None else 0.0,
            *(_NOT_SEEN if h is None else _seen(h.known) if h.known else _by_rule(h)),
            max(elsewhere, default=0.0),
            float(bool(elsewhere)),
            float(key in self._by_clauses),
            float(key in self._chosen),
            told / max(1, self._others),
            math.log1p(told),
            float(0 < told == self._most),
            self._alike.get(g, 0.0),
            float(bool(self._before) and g in first[self._before[-1]]),
            float(bool(self._alike_at) and g in first[self._alike_at[0]]),
            self._kin.get(g, 0.0),
            float(i > 0 and g in first[i - 1]),
            float(i + 1 < len(first) and g in first[i + 1]),
            self._beside.get(g, 0.0),
            self._facing.get(g, 0.0),
            self._there.get(g, 0.0),
        ]


def _by_rule(h: Heard) -> Sequence[float]:
    """SEEN of a mention that only the lexicon has: its log-odds."""
    return [clipped(h.odds) if i == _SEEN_RULE else 0.0 for i in range(len(SEEN))]


def _shares(first: Sequence[Sequence[str]], indices: Sequence[int]) -> dict[str, float]:
    """In what share of some claims each group is first chosen; those that are in none are left out."""
    told: dict[str, int] = {}
    for j in indices:
        for g in first[j]:
            told[g] = told.get(g, 0) + 1
    return {g: n / (len(indices) + 0.5) for g, n in told.items()}


def _of_claim(
    report: _Report,
    i: int,
    role: str,
    other: str,
    reach: Mapping[str, Mapping[str, float]],
    candidates: int,
) -> dict[str, float]:
    told = report.claims[i]
    main, kind = told.tellings[0].draft, told.claim.type
    words = main.line.words
    first = report.first[role]
    rest = [j for j in range(len(first)) if j != i]
    alike = [j for j in rest if report.types[j] == kind]
    best = sorted(reach[role].values(), reverse=True)
    return {
        "territory": float(taxonomy.get(kind).implies in taxonomy.TELLING),
        "uttered": float(kind in UTTERANCES),
        "passive": float(any(w.lower in _BE for w in words[max(0, main.first - 3) : main.first])),
        "headline": float(main.line.place == "headline"),
        "asserted": float(told.claim.certainty == "asserted"),
        "sourced": float(bool(told.claim.sources)),
        "tellings": float(len(told.tellings)),
        "top odds": best[0] if best else -CLIP,
        "second odds": best[1] if len(best) > 1 else -CLIP,
        "top odds other": max(reach[other].values(), default=-CLIP),
        "candidates": math.log1p(candidates),
        "parties": math.log1p(len(report.parties.count)),
        "unfilled": float(not first[i]),
        "unfilled other": float(not report.first[other][i]),
        "unfilled share": sum(not first[j] for j in rest) / max(1, len(rest)),
        "unfilled alike": (sum(not first[j] for j in alike) + 0.5) / (len(alike) + 1),
        f"family:{taxonomy.get(kind).family}": 1.0,
        **({f"type:{kind}": 1.0} if kind in _TYPES else {}),
    }
