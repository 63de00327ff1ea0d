"""Who, whom and where by the network: mentions near a clause, and spans that only the network sees, weighed for each role.

Of each candidate it is known what the network says of its pieces when it looks at the clause, and what the lexicon's weights
say of where it stands. A small log-linear model for each role, fitted on coded reports that the network had not seen
(``training/settle.py``, in the manifest under ``roles``), makes one probability of that.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from tadmor.model import Mention, MentionType
from tadmor.reading import arguments, people
from tadmor.reading.arguments import Arguments, allowed, choose_from
from tadmor.reading.drafts import Draft
from tadmor.reading.embedded.looks import ROLES
from tadmor.reading.embedded.mentions import Labelled, trimmed, whole_words
from tadmor.reading.embedded.session import View
from tadmor.reading.odds import log_odds, probability
from tadmor.reading.scene import Scene

FEATURES = (
    "bias",
    "net",  # mean logit of the role over the candidate's pieces
    "net most",
    "net elsewhere",  # the best mean logit among the other mentions of that name in the context
    "net other",  # the mean logit of the likeliest other role
    "rival",  # the best mean logit of another name that is not in a list with it
    "listed",  # the best mean logit of those in a list with it ("Homs, Hama and Idlib")
    "in list",
    "unseen",  # the candidate stands outside the context
    "rule",  # log-odds by the lexicon's weights
    "no rule",  # the lexicon does not weigh this candidate
    "free",  # no mention: a span that only the network sees
    "name",
    "pronoun",
    "same sentence",
    "inside",  # of the clause
    "before",
    "often",  # the name is the report's most frequent of its kind
    "opening",  # the name stands in the headline or first sentence
    "country",
    "part",  # "X in M": the candidate is the X
    "whole",  # "M in X": a more specific place stands before it
    "wider",  # a span that only the network sees, around a mention of another candidate
    "narrower",  # such a span stands around the candidate
    "headline",  # the clause is one
)
CLIP = 8.0
_LONGEST = 90  # characters of such a span
# "territory formerly held by": what is said of the place is no part of its name
_TOLD_OF = re.compile(
    r"\s+(?:formerly |previously |still |now |once )?(?:held|controlled|seized|captured|occupied|run|dominated|belonging|linking"
    r"|connecting)(?:\s+(?:by|to|with|from))?$"
)
_UNSEEN = (0.0, 0.0, 0.0)  # of a mention without pieces in view
_NOBODY = [(-CLIP, -1)]
_KIND: Mapping[str, MentionType] = {"actor": "actor", "target": "actor", "place": "place"}


class Candidate(NamedTuple):
    """A mention that may fill a role, with what is known of it, in the order of FEATURES."""

    mention: Mention
    known: tuple[float, ...]


def link(scene: Scene, draft: Draft, view: View, weights: Mapping[str, Mapping[str, float]]) -> Arguments:
    """The arguments of a clause that the network looked at."""
    found = candidates(scene, draft, view)
    return linked(scene, draft, found, {r: told(found[r], weights[r]) for r in arguments.ROLES}, weights)


def linked(
    scene: Scene,
    draft: Draft,
    found: Mapping[str, Sequence[Candidate]],
    odds: Mapping[str, Sequence[float]],
    weights: Mapping[str, Mapping[str, float]],
) -> Arguments:
    """The arguments among candidates with their log-odds."""
    scored = {r: _scored(found[r], odds[r]) for r in arguments.ROLES}
    return choose_from(
        scene, draft, scored | {"place": most_specific(draft, scored["place"], weights["place"])}, weights
    )


def most_specific(
    draft: Draft, scored: Sequence[tuple[float, Mention]], weights: Mapping[str, float]
) -> list[tuple[float, Mention]]:
    """The likely places without those in which another of them lies ("X in M": codebook, place)."""
    likely = [m for p, m in scored if p >= weights["more"]]
    return [(p, m) for p, m in scored if m not in likely or not arguments.nested(draft, m, likely)[0]]


def weighed(found: Sequence[Candidate], weights: Mapping[str, float]) -> list[tuple[float, Mention]]:
    """Each candidate with its probability."""
    return _scored(found, told(found, weights))


def _scored(found: Sequence[Candidate], odds: Sequence[float]) -> list[tuple[float, Mention]]:
    return [(probability(x), c.mention) for c, x in zip(found, odds, strict=True)]


def told(found: Sequence[Candidate], weights: Mapping[str, float]) -> list[float]:
    """The log-odds of each candidate."""
    row = [weights[name] for name in FEATURES]
    return [log_odds(row, c.known) for c in found]


def clipped(x: float) -> float:
    """Log-odds within the bounds that all features of candidates keep."""
    return -CLIP if x < -CLIP else CLIP if x > CLIP else x


class Likely(Protocol):
    """Something with log-odds of its own."""

    @property
    def odds(self) -> float:
        """The log-odds."""


def reached(heard: Sequence[Mapping[str, Likely]]) -> dict[str, float]:
    """The best log-odds that any of a claim's clauses gives to each of the things that it knows by a key."""
    out: dict[str, float] = {}
    for best in heard:
        for key, one in best.items():
            out[key] = max(out.get(key, -CLIP), clipped(one.odds))
    return out


def candidates(scene: Scene, draft: Draft, view: View) -> dict[str, list[Candidate]]:
    """The candidates of each role."""
    by_rule = arguments.candidates(scene, draft)
    odds = {m.id: arguments.odds(names) for m, names in by_rule}
    known = {m.id: m for m, _ in by_rule} | {m.id: m for m in scene.opening}
    for span in view.spans():
        known |= {m.id: m for m in scene.within(*span)}
    ordered = sorted(known.values(), key=lambda m: (m.start, m.end, m.id))
    fits = {role: [m for m in ordered if allowed(role, m)] for role in arguments.ROLES}
    frees = {
        role: [scene.propose(*span, _KIND[role]) for span in _free(scene, view, ROLES.index(role), fits[role], role)]
        for role in arguments.ROLES
    }
    every = [*ordered, *(m for free in frees.values() for m in free)]
    row_of = {m.id: i for i, m in enumerate(every)}
    mean, most = _pooled(view, every)
    placed = [_placed(scene, draft, m) for m in every]
    headline = draft.line.place == "headline"
    before: list[Mention] | None = None
    out: dict[str, list[Candidate]] = {}
    for k, role in enumerate(arguments.ROLES):
        own = ROLES.index(role)
        one, another = (i for i in range(3) if i != own)
        fit, free = fits[role], frees[role]
        among = [*fit, *free]
        rows = [row_of[m.id] for m in among]
        means = [pieces[own] if (pieces := mean[r]) is not None else None for r in rows]
        if role == "place" or among != before:  # actors and targets are mostly chosen among the same mentions
            names = [scene.party(m) if role != "place" else scene.name(m) for m in among]
            lists, before = arguments.lists(scene.report.text, among), among
        same, rivals = _compared(means, names, lists)
        found = []
        for i, m in enumerate(among):
            is_free = i >= len(fit)
            rule = None if is_free else odds.get(m.id)
            row, listed = rows[i], lists[i]
            seen = mean[row] or _UNSEEN
            mates = [x for j in listed if (x := means[j]) is not None and names[j] != names[i]] if listed else ()
            *where, country = placed[row]
            whole, part = arguments.nested(draft, m, among) if role == "place" else (False, False)
            found.append(
                Candidate(
                    m,
                    (
                        1.0,
                        seen[own],
                        most[row][own],
                        same[i],
                        max(seen[one], seen[another]),
                        rivals[i],
                        max(mates) if mates else 0.0,
                        bool(mates),
                        seen is _UNSEEN,
                        clipped(rule[k]) if rule is not None else 0.0,
                        rule is None,
                        is_free,
                        *where,
                        names[i] in scene.first_names,
                        country,
                        part,
                        whole,
                        is_free and any(_inside(x, m) for x in fit),
                        bool(free) and not is_free and any(_inside(m, x) for x in free),
                        headline,
                    ),
                )
            )
        out[role] = found
    return out


def _pooled(view: View, among: Sequence[Mention]) -> tuple[list[Sequence[float] | None], list[Sequence[float]]]:
    """Mean and greatest logits of the first three of ROLES over the pieces of each mention; no mean where none is in view."""
    logits = view.roles[:, :3].clip(-CLIP, CLIP).tolist()
    starts, ends = view.offsets
    mean: list[Sequence[float] | None] = []
    most: list[Sequence[float]] = []
    for m in among:
        low, high = bisect_right(ends, m.start), bisect_left(starts, m.end)
        if high - low == 1:
            mean.append(logits[low])
            most.append(logits[low])
        elif low < high:
            columns = list(zip(*logits[low:high], strict=True))
            mean.append([sum(c) / (high - low) for c in columns])
            most.append(list(map(max, columns)))
        else:
            mean.append(None)
            most.append(_UNSEEN)
    return mean, most


def _placed(scene: Scene, draft: Draft, m: Mention) -> tuple[bool, ...]:
    """What is known of a mention whatever the role: from "name" to "often", and "country"."""
    sentence = draft.line.sentence
    return (
        m.level == "name",
        m.level == "pronoun",
        sentence.start <= m.start < sentence.end,
        draft.covers(m),
        m.end <= draft.start,
        scene.is_often(m),
        arguments.is_country(m),
    )


def _compared(
    means: Sequence[float | None], names: Sequence[str], lists: Sequence[frozenset[int]]
) -> tuple[list[float], list[float]]:
    """For each mention the best mean among the others of its name, and among other names that are not in a list with it."""
    ranked = sorted(((x, j) for j, x in enumerate(means) if x is not None), key=lambda one: -one[0])
    of_name: dict[str, list[tuple[float, int]]] = {}
    for x, j in ranked:
        of_name.setdefault(names[j], []).append((x, j))
    same, rivals = [], []
    for i, name in enumerate(names):
        own = of_name.get(name, _NOBODY)
        same.append(own[0][0] if own[0][1] != i else own[1][0] if len(own) > 1 else -CLIP)
        for x, j in ranked:
            if names[j] != name and j not in lists[i]:
                rivals.append(x)
                break
        else:
            rivals.append(-CLIP)
    return same, rivals


def _inside(m: Mention, wider: Mention) -> bool:
    return wider.start <= m.start and m.end <= wider.end and m.end - m.start < wider.end - wider.start


def _free(scene: Scene, view: View, own: int, taken: Sequence[Mention], role: str) -> list[tuple[int, int]]:
    """Spans of pieces that the network gives the role and that no mention covers, as code points."""
    text = scene.report.text
    starts, ends = view.offsets
    spans = []
    for first, stop in view.runs(own):
        breaks = [i for i in range(first + 1, stop) if "\n" in text[ends[i - 1] : starts[i]]]
        spans += [
            _phrase(text, starts[i], ends[j - 1], _KIND[role])
            for i, j in zip((first, *breaks), (*breaks, stop), strict=True)
        ]
    return [(x.start, x.end) for x in spans if x is not None and _is_new(text, x, taken, role)]


@lru_cache(maxsize=1024)  # a span is in view of many clauses
def _phrase(text: str, start: int, end: int, kind: MentionType) -> Labelled | None:
    """The mention that a span of pieces is; None where it is none: too long, or without letters."""
    start, end = whole_words(text, start, end)
    if kind == "place" and (tail := _TOLD_OF.search(text, start, end)) and tail.start() > start:
        end = tail.start()
    span = trimmed(text, Labelled(start, end, kind))
    if span is None or span.end - span.start > _LONGEST or not any(c.isalpha() for c in text[span.start : span.end]):
        return None
    return span


def _is_new(text: str, span: Labelled, taken: Sequence[Mention], role: str) -> bool:
    """Whether no mention says what the span says: none overlaps it, or it is one noun phrase around a shorter mention.

    "Regime snipers" is somebody else than "regime", and "the Turkish bases" than "Turkish"; two names in a row are no phrase.
    """
    touched = [m for m in taken if m.start < span.end and span.start < m.end]
    if not touched:
        return True
    if role == "place" or not all(span.start <= m.start and m.end <= span.end for m in touched):
        return False
    core = people.key(text[span.start : span.end])
    if any(people.key(m.text) == core or (m.start, m.end) == (span.start, span.end) for m in touched):
        return False
    apart = [m for m in touched if not any(_inside(m, Mention("", o.start, o.end, "", o.type)) for o in touched)]
    return len(apart) == 1
