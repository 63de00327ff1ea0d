"""What is known of each party that may be a claim's actor or target, over the whole report.

A clause often names neither: "the city was shelled again", and it is the report that says who shells whom. So the parties of
the whole report are weighed for each claim and role: what the network says of them where it looks at the claim's clauses,
where they stand to the trigger, of what kind they are, what they do and suffer in the other claims, and who fills the
other role. That nobody fills the role is weighed beside them.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tadmor import taxonomy
from tadmor.model import Mention
from tadmor.reading.embedded.parties import Cast, Heard, Parties, Party, Telling, Told
from tadmor.reading.embedded.standing import OF_PARTY, inside, of_parties, speakers
from tadmor.taxonomy import UTTERANCES

ROLES = ("actor", "target")
_CLIP = 8.0
_UNLIKELY = -3.5  # log-odds below which no clause speaks for a party
_UNSEEN = -4.0  # log-odds of a party that no clause of the claim has in reach
_BEFORE, _AFTER = 3, 1  # claims before and after it whose parties are candidates
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
_AT = {name: i for i, name in enumerate(FEATURES)}
_AT_OTHER = {name: _AT[f"{name}, other role"] for name in _IN_ROLE if name not in SEEN}
# what may speak for a party that no clause makes likely
_SPEAKS_FOR = ("chosen", "alike share", "kin share", "facing", "claim beside")


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


def _is_hopeless(known: Mapping[str, float]) -> bool:
    """Whether neither a clause nor another claim speaks for a party in a role: such are never weighed."""
    return (
        (known["no odds"] > 0 or known["odds"] < _UNLIKELY)
        and (known["elsewhere"] == 0 or known["odds elsewhere"] < _UNLIKELY)
        and not any(known[name] for name in _SPEAKS_FOR)
    )


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
    near = (g for j in _around(report, i) for r in ROLES for g in report.first[r][j])
    common = (g for r in ROLES for g, _ in report.tally[r].most_common(2))
    for group in dict.fromkeys([*parties.often, *near, *common]):
        if group not in groups and group in parties.named:
            _add(parties, among, _nearest(parties.named[group], main.start))
    reach = {
        r: {k: max(_clip(b[k].odds) for b in heard[r] if k in b) for k in among if any(k in b for b in heard[r])}
        for r in ROLES
    }
    in_role = {r: _in_role(report, i, r, among, heard[r], reach[r]) for r in ROLES}
    inner, outer = speakers(parties, told)
    keys = list(among)
    weighed = {
        r: [j for j, k in enumerate(keys) if parties.group(k) in inner or not _is_hopeless(in_role[r][k])]
        for r in ROLES
    }
    likely = {keys[j]: among[keys[j]] for j in sorted({j for r in ROLES for j in weighed[r]})}
    of_party = of_parties(parties, told, likely, report.tally, inner, outer)
    here = float(inside(parties, main, among))
    out = {}
    for r, other in (ROLES, ROLES[::-1]):
        claim = _of_claim(report, i, r, other, reach, len(among)) | {"here": here}
        rows = [
            _row(in_role[r][k], of_party[k], claim, against=in_role[other][k]) for k in (keys[j] for j in weighed[r])
        ]
        out[r] = [*rows, _row(claim, {"none": 1.0})]
        weighed[r].append(len(keys))
    return Cast(list(among.values()), weighed, out, ["same sentence" in of_party.get(k, ()) for k in keys])


def _row(*known: Mapping[str, float], against: Mapping[str, float] | None = None) -> list[float]:
    """FEATURES of what is known; ``against`` is what speaks for the party in the other role."""
    row = [0.0] * len(FEATURES)
    for features in known:
        for name, x in features.items():
            row[_AT[name]] = x
    for name, x in (against or {}).items():
        at = _AT_OTHER.get(name)
        if at is not None:
            row[at] = x
    return row


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


def _nearest(named: Sequence[Mention], start: int) -> Mention:
    return next((m for m in reversed(named) if m.start <= start), named[0])


def _around(report: _Report, i: int) -> Iterable[int]:
    yield from range(i - 1, max(-1, i - 1 - _BEFORE), -1)
    yield from range(i + 1, min(len(report.claims), i + 1 + _AFTER))


def _in_role(
    report: _Report,
    i: int,
    role: str,
    among: Mapping[str, Party],
    heard: Sequence[Mapping[str, Heard]],
    reach: Mapping[str, float],
) -> dict[str, dict[str, float]]:
    """What speaks for each party in the role: the network and the lexicon at the clauses, and the other claims."""
    parties, told = report.parties, report.claims[i]
    own = heard[0]
    top = max((h.odds for h in own.values()), default=0.0)
    best = [*sorted(reach.values(), reverse=True)[:2], _UNSEEN, _UNSEEN]
    first, tally = report.first[role], Counter(report.tally[role])
    against = report.first[ROLES[1 - ROLES.index(role)]]
    tally.subtract(first[i])
    others, most = sum(tally.values()), max(tally.values(), default=0)
    indices = [j for j in range(len(first)) if j != i and first[j]]
    alike = [j for j in indices if report.types[j] == report.types[i]]
    kin = [j for j in indices if report.families[j] == report.families[i]]
    before = [j for j in alike if j < i]
    beside = [j for j in indices if report.lines[j] == report.lines[i]]
    facing = [j for j in indices if set(against[j]) & set(against[i])]
    there = [j for j in indices if report.places[j] & report.places[i]]
    share_alike, share_kin, share_beside, share_facing, share_there = (
        _shares(first, indices) for indices in (alike, kin, beside, facing, there)
    )
    by_clauses = {parties.key(m) for m in next((t.first[role] for t in told.tellings if t.first[role]), ())}
    chosen = {parties.key(m) for m in told.chosen[role]}
    out = {}
    for key in among:
        h = own.get(key)
        odds = _clip(h.odds) if h is not None else -_CLIP
        rival = best[1] if reach.get(key) == best[0] else best[0]
        elsewhere = [_clip(b[key].odds) for b in heard[1:] if key in b]
        g = parties.group(key)
        out[key] = {
            "odds": odds if h is not None else 0.0,
            "no odds": float(h is None),
            "lead": max(-6.0, min(6.0, odds - rival)),
            "top": float(h is not None and h.odds == top),
            "net": _clip(h.net) if h is not None else 0.0,
            **(h.seen if h is not None else {}),
            "odds elsewhere": max(elsewhere, default=0.0),
            "elsewhere": float(bool(elsewhere)),
            "first": float(key in by_clauses),
            "chosen": float(key in chosen),
            "share": tally[g] / max(1, others),
            "share log": math.log1p(tally[g]),
            "share most": float(0 < tally[g] == most),
            "alike share": share_alike[g],
            "alike before": float(bool(before) and g in first[before[-1]]),
            "alike first": float(bool(alike) and g in first[alike[0]]),
            "kin share": share_kin[g],
            "claim before": float(i > 0 and g in first[i - 1]),
            "claim after": float(i + 1 < len(first) and g in first[i + 1]),
            "claim beside": share_beside[g],
            "facing": share_facing[g],
            "place share": share_there[g],
        }
    return out


def _shares(first: Sequence[Sequence[str]], indices: Sequence[int]) -> defaultdict[str, float]:
    """In what share of some claims each group is first chosen."""
    out = defaultdict[str, float](float)
    for g, n in Counter(g for j in indices for g in first[j]).items():
        out[g] = n / (len(indices) + 0.5)
    return out


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
        "territory": float(taxonomy.get(kind).implies in ("holds", "loses", "besieges")),
        "uttered": float(kind in UTTERANCES),
        "passive": float(any(w.lower in _BE for w in words[max(0, main.first - 3) : main.first])),
        "headline": float(main.line.place == "headline"),
        "asserted": float(told.claim.certainty == "asserted"),
        "sourced": float(bool(told.claim.sources)),
        "tellings": float(len(told.tellings)),
        "top odds": best[0] if best else -_CLIP,
        "second odds": best[1] if len(best) > 1 else -_CLIP,
        "top odds other": max(reach[other].values(), default=-_CLIP),
        "candidates": math.log1p(candidates),
        "parties": math.log1p(len(report.parties.count)),
        "unfilled": float(not first[i]),
        "unfilled other": float(not report.first[other][i]),
        "unfilled share": sum(not first[j] for j in rest) / max(1, len(rest)),
        "unfilled alike": (sum(not first[j] for j in alike) + 0.5) / (len(alike) + 1),
        f"family:{taxonomy.get(kind).family}": 1.0,
        **({f"type:{kind}": 1.0} if kind in _TYPES else {}),
    }


def _clip(x: float) -> float:
    return max(-_CLIP, min(_CLIP, x))
