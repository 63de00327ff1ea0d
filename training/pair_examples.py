"""What the pairwise score of accounts is learned from: pairs of accounts with their signs and their outcome.

Pairs that are coded (``training.pairs``), on accounts of the coded claims and on those of the claims that a reader finds for
them, and five kinds of pairs besides. Some follow from coded ones: all claims that are coded as one occurrence are one, and
what is coded of one of them holds for the others. Since people only coded pairs that look alike, some that plainly are not
are added: claims that are coded with days more than a week apart, or with places far from one another. And rivals: where
a claim is coded as one with a claim of another report, the other claims of that report of a kindred type that are coded with
another place or other days. And strangers: claims that are compared though their types are no kin. Last, of the months of
which every claim has its occurrence (``training.occurrences``), all pairs that are compared: their claims look alike as often
as those that reconciling meets. Reports of the months that incidents are measured on are left out.
"""

from __future__ import annotations

import collections
import math
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tadmor.model import Account
from tadmor.reconcile.blocking import Entry, entries, looks
from tadmor.reconcile.days import gap
from tadmor.reconcile.incidents import occurrence
from tadmor.reconcile.lexicon import type_likeness
from tadmor.reconcile.pairing import place_relation, signs
from tadmor.reconcile.traits import Traits, traits
from training import occurrences
from training.pair_readings import Twice
from training.pairs import load

READ, FOLLOWS = 1.0, 0.5
PLAIN, PLAINLY = 600, 0.08  # how many plainly different pairs of either kind to add, and what each counts
RIVAL = 0.08  # what a pair with a rival counts
APART = 0.25  # what a pair that follows counts where it is different: there are many times more of these
STRANGERS, STRANGE = 2000, 0.08  # how many pairs of types that are no kin to add, and what each counts
MONTHS = {"coded": 2.0, "read": 4.0}  # what a pair of a month counts, before it is shared among all pairs of its claims
OUTCOME = {"same": 0, "part-of": 1, "different": 2}
NOT_SAME = 3  # a part or different: the months don't say which
End = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """A pair's signs and outcome. ``made`` is coded, read or follows (from other pairs); ``by`` names the reader of read ones."""

    a: End
    b: End
    made: str
    by: str
    outcome: int
    weight: float
    signs: dict[str, float]


def relations() -> tuple[dict[tuple[End, End], int], dict[tuple[End, End], tuple[int, float]]]:
    """The coded pairs with their outcomes; and those that follow, each with its share of the coded pair's weight."""
    coded: dict[tuple[End, End], int] = {}
    parent: dict[End, End] = {}

    def root(x: End) -> End:
        while parent.setdefault(x, x) != x:
            x = parent[x]
        return x

    for row in load():
        if row["relation"] in OUTCOME:
            a, b = sorted((tuple(row["a"]), tuple(row["b"])))
            coded[a, b] = OUTCOME[row["relation"]]
            if row["relation"] == "same":
                parent[root(a)] = root(b)
    members: dict[End, list[End]] = collections.defaultdict(list)
    for x in sorted({x for pair in coded for x in pair}):
        members[root(x)].append(x)
    follow: dict[tuple[End, End], tuple[int, float]] = {}
    between: dict[tuple[End, End], set[int]] = collections.defaultdict(set)
    for (a, b), outcome in coded.items():
        between[min(root(a), root(b)), max(root(a), root(b))].add(outcome)
    for (x, y), outcomes in between.items():
        if len(outcomes) > 1:
            continue
        if x == y:
            pairs = list(combinations(members[x], 2))
        else:
            pairs = [(min(a, b), max(a, b)) for a in members[x] for b in members[y]]
        pairs = [p for p in pairs if p not in coded and p[0][0] != p[1][0]]
        share = min(1.0, (len(members[x]) + len(members[y])) / 2 / max(1, len(pairs)))
        follow |= {p: (min(outcomes), share) for p in pairs}
    return coded, follow


def weights_of(pairs: Collection[tuple[End, End]]) -> dict[tuple[End, End], float]:
    """What each pair counts: a claim of which very many pairs are known counts less for each."""
    often = collections.Counter(x for pair in pairs for x in pair)
    return {pair: 1.0 / math.sqrt(min(often[pair[0]], often[pair[1]])) for pair in pairs}


def examples(found: Sequence[Twice], *, coded_too: bool = True) -> list[Example]:
    """All pairs: as coded (unless that is not wanted), as read where the reader has both claims, and those that follow."""
    by_report = {t.report: t for t in found}
    reader = next((t.reader for t in found), "")
    known: dict[tuple[str, str, str], Traits] = {}

    def seen(end: End, how: str) -> Traits | None:
        twice = by_report.get(end[0])
        if twice is None:
            return None
        own: Account | None
        if how == "read":
            own = twice.read.get(twice.stands_for.get(end[1], ""))
        else:
            own = twice.coded.get(end[1])
        if own is None:
            return None
        key = (*end, how)
        if key not in known:
            known[key] = traits(own)
        return known[key]

    coded, follow = relations()
    known_pairs = {*coded, *follow}
    different = OUTCOME["different"]
    todo = [(pair, outcome, value, "") for pair, value in weights_of(coded).items() for outcome in (coded[pair],)]
    rest = [
        (pair, outcome, FOLLOWS * share * (APART if outcome == different else 1.0), "follows")
        for pair, (outcome, share) in follow.items()
    ]
    for value, pairs in (
        (PLAINLY, plain(by_report, known_pairs)),
        (RIVAL, rivals(by_report, coded, known_pairs)),
        (STRANGE, strangers(by_report, known_pairs)),
    ):
        rest += [(pair, different, value, "follows") for pair in pairs]
    out = []
    for how, value_of_it in (("coded", 1.0), ("read", READ)):
        if how == "coded" and not coded_too:
            continue
        for (x, y), outcome, value, made_by in todo + rest:
            a, b = seen(x, how), seen(y, how)
            if a is not None and b is not None:
                share = FOLLOWS if made_by and how == "read" else value_of_it
                out.append(
                    Example(x, y, made_by or how, reader if how == "read" else "", outcome, value * share, signs(a, b))
                )
    return out


def plain(found: dict[str, Twice], known: set[tuple[End, End]]) -> list[tuple[End, End]]:
    """Pairs of kindred claims that are plainly different: ``PLAIN`` by their days and as many by their places."""
    claims = [((r, c), traits(a)) for r, t in sorted(found.items()) for c, a in sorted(t.coded.items())]
    rng = random.Random(7)
    out: dict[tuple[End, End], None] = {}
    wanted = {"days": PLAIN, "places": PLAIN}
    while any(wanted.values()):
        (x, a), (y, b) = sorted(rng.sample(claims, 2), key=lambda c: c[0])
        if x[0] == y[0] or (x, y) in known or (x, y) in out or not type_likeness(a.type, b.type):
            continue
        far = place_relation(a.places, b.places) == "far"
        late = a.precise and b.precise and a.days is not None and b.days is not None and gap(a.days, b.days) > 7
        why = "days" if late and not far else "places" if far and not late else None
        if why and wanted[why]:
            wanted[why] -= 1
            out[x, y] = None
    return list(out)


def rivals(
    found: dict[str, Twice], coded: dict[tuple[End, End], int], known: set[tuple[End, End]]
) -> list[tuple[End, End]]:
    """Pairs of a claim with what its counterpart's report tells besides the counterpart, each once."""
    out: dict[tuple[End, End], None] = {}
    for pair in sorted(p for p, outcome in coded.items() if outcome == OUTCOME["same"]):
        for mine, counterpart in (pair, pair[::-1]):
            if mine[0] not in found or counterpart[0] not in found:
                continue
            told = found[counterpart[0]].coded
            own, other = found[mine[0]].coded.get(mine[1]), told.get(counterpart[1])
            if own is None or other is None:
                continue
            for claim, rival in told.items():
                both = (min(mine, (counterpart[0], claim)), max(mine, (counterpart[0], claim)))
                elsewhere = not set(rival.places) & set(other.places)
                if both in known or not type_likeness(own.claim.type, rival.claim.type):
                    continue
                if (elsewhere and rival.places and other.places) or rival.claim.date != other.claim.date:
                    out[both] = None
    return list(out)


def strangers(found: dict[str, Twice], known: set[tuple[End, End]]) -> list[tuple[End, End]]:
    """``STRANGERS`` pairs of coded claims that are compared though their types are no kin: coders seldom call these one."""
    items = {
        (r, c): item for r, t in sorted(found.items()) for c, a in sorted(t.coded.items()) if (item := occurrence(a))
    }
    left = sorted(
        p for p in compared(items) if p not in known and not type_likeness(items[p[0]].type, items[p[1]].type)
    )
    return sorted(random.Random(7).sample(left, min(STRANGERS, len(left))))


def compared(items: Mapping[End, Traits]) -> set[tuple[End, End]]:
    """The pairs of claims of two reports that reconciling compares."""
    filed: dict[int, list[tuple[Entry, End]]] = collections.defaultdict(list)
    for end, item in items.items():
        for entry in entries(item):
            filed[entry.key].append((entry, end))
    return {
        (end, other)
        for end, item in items.items()
        for look in looks(item)
        for entry, other in filed.get(look.key, ())
        if end[0] < other[0] and look.takes(entry.first, entry.last)
    }


def of_months(found: Sequence[Twice]) -> list[Example]:
    """All pairs that are compared in the months of coded occurrences, as coded and as read.

    A claim that is read tells of the occurrences of those coded claims that it stands for; of no other it is known.
    """
    by_report = {t.report: t for t in found}
    out: list[Example] = []
    for month in occurrences.load():
        own = [by_report[r] for r in month["reports"] if r in by_report]
        at = occurrences.numbered(month)
        coded = {(t.report, c): {at.get((t.report, c), (t.report, c))} for t in own for c in t.coded}
        read: dict[End, set[object]] = collections.defaultdict(set)
        for t in own:
            for c, mine in t.stands_for.items():
                read[t.report, mine] |= coded.get((t.report, c), set())
        out += _of_month(coded, {(t.report, c): a for t in own for c, a in t.coded.items()}, "coded")
        out += _of_month(read, {(t.report, c): a for t in own for c, a in t.read.items()}, "read")
    return out


def _of_month(told: Mapping[End, set[object]], accounts: Mapping[End, Account], how: str) -> list[Example]:
    items = {end: item for end, own in sorted(told.items()) if own and (item := occurrence(accounts[end]))}
    return [
        Example(
            x,
            y,
            "follows",
            "",
            OUTCOME["same"] if told[x] & told[y] else NOT_SAME,
            MONTHS[how] * value,
            signs(items[x], items[y]),
        )
        for (x, y), value in weights_of(sorted(compared(items))).items()
    ]
