"""What a party is, and where it stands in the report and to the clauses of a claim, whatever its role."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Mapping, Sequence

from tadmor.model import Mention
from tadmor.reading import arguments
from tadmor.reading.drafts import Draft
from tadmor.reading.embedded.parties import KINDS, Parties, Party, Told, kind_of
from tadmor.reading.triggers import read_data

_WORDS = tomllib.loads(read_data("wording.toml"))["parties"]
_BY = tuple(_WORDS["by"])
_NUMBERS, _WE = frozenset(_WORDS["numbers"]), frozenset(_WORDS["we"])
OF_PARTY = (
    "spoken",  # the claim's innermost source
    "relayed",  # an outer one
    "speaks",  # how often it is a source in the report, as a logarithm
    "same sentence",
    "inside",  # of the clause
    "inside other",
    "sentence other",
    "before",  # before the trigger, in its sentence
    "after",
    "words",  # between trigger and party
    "nearest",  # no other party stands nearer to the trigger
    "subject",  # stands before the trigger with no other party between them
    "counted",  # right after a number: "31 civilians"
    "owner",  # right before a thing: "rebel positions"
    "gap",  # sentences since the party was named last, as a logarithm
    "later",  # it is named only after the clause
    "frequency",  # of all namings of parties in the report, as a logarithm
    "count",
    "most",
    "head",
    "opening",
    "country",
    "nationality",
    "person",
    "named",
    "pronoun",
    "we",
    "known",  # it has an identity
    "lexicon",  # only the lexicon has it as a party
    "length",
    "capital",
    *(f"kind:{k}" for k in (*KINDS, "")),
    *(f"by:{w}" for w in _BY),
    "acts",  # of its roles in the report, how many are the actor's
)


def of_parties(
    parties: Parties,
    told: Told,
    among: Mapping[str, Party],
    tally: Mapping[str, Mapping[str, int]],
    inner: Collection[str],
    outer: Collection[str],
) -> dict[str, dict[str, float]]:
    """OF_PARTY of each party.

    ``tally`` says how often each group is first chosen for each role in the report, ``inner`` and ``outer`` are the groups of
    the claim's ``speakers``.
    """
    main = told.tellings[0].draft
    sentence, line = main.line.sentence, parties.line(main.start)
    others, beside = {parties.line(t.draft.start) for t in told.tellings}, [t.draft for t in told.tellings[1:]]
    here: dict[str, list[Mention]] = {}
    for m in parties.scene.within(sentence.start, sentence.end):
        if arguments.allowed("actor", m):
            here.setdefault(parties.key(m), []).append(m)
    out = {}
    for key, party in among.items():
        m, group = party.mention, parties.group(key)
        own = here.get(key) or ([m] if sentence.start <= m.start < sentence.end else [])
        rest = [x for k, xs in here.items() if k != key for x in xs] if own else []
        acts, suffers = tally["actor"].get(group, 0), tally["target"].get(group, 0)
        out[key] = (
            _in_clause(main, own, rest)
            | parties.from_line(group, m, line)
            | _anywhere(parties, party)
            | {
                "spoken": float(group in inner),
                "relayed": float(group in outer),
                "inside other": float(any(t.covers(x) for t in beside for x in parties.named.get(group, [m]))),
                "sentence other": float(not own and any(at in others for at in parties.lines_of(group, m))),
                "acts": acts / (acts + suffers) if acts + suffers else 0.5,
            }
        )
    return out


def _anywhere(parties: Parties, party: Party) -> dict[str, float]:
    """What is known of a party whatever the claim."""
    m = party.mention
    if m.id not in parties.traits:
        group = parties.group(party.key)
        parties.traits[m.id] = {
            "speaks": math.log1p(parties.speaks[group]),
            "frequency": parties.frequency(group),
            "country": float(m.type == "place"),
            "nationality": float(m.type == "nationality"),
            "person": float(m.type == "person"),
            "named": float(m.level == "name"),
            "pronoun": float(m.level == "pronoun"),
            "we": float(m.text.lower() in _WE),
            "known": float(group != party.key or m.entity is not None),
            "lexicon": float(m.id in parties.scene.unnamed),
            "length": float(len(party.printed.split())),
            "capital": float(party.printed[:1].isupper()),
            f"kind:{kind_of(party.printed)}": 1.0,
        }
    return parties.traits[m.id]


def speakers(parties: Parties, told: Told) -> tuple[set[str], set[str]]:
    """The groups of the claim's innermost sources, and of those who pass on what they say."""
    scene = parties.scene
    inner, outer = set[str](), set[str]()
    for chain in told.claim.sources:
        for n, a in enumerate(reversed(chain)):
            source = scene.attribution[a].source
            m = scene.mention.get(source.mention) if source is not None and source.mention is not None else None
            if m is not None:
                (outer if n else inner).add(parties.group(parties.key(m)))
    return inner, outer


def inside(parties: Parties, main: Draft, among: Mapping[str, Party]) -> int:
    """How many of the parties the clause names."""
    named = {parties.key(m) for m in parties.scene.within(main.start, main.end) if arguments.allowed("actor", m)}
    return sum(key in named or main.covers(party.mention) for key, party in among.items())


def _in_clause(main: Draft, own: Sequence[Mention], rest: Sequence[Mention]) -> dict[str, float]:
    """Where a party's mentions in the clause's sentence stand to the trigger, among those of the others."""
    if not own:
        return {}
    words = main.line.words
    first, last = words[main.first], words[main.last]
    close = min(own, key=main.gap)
    word = main.line.word_at(close.start)
    before = close.end <= first.start
    out = {
        "same sentence": 1.0,
        "inside": float(any(main.covers(x) for x in own)),
        "before": float(before),
        "after": float(close.start >= last.end),
        "words": min(abs(word - main.last), 30) / 10.0,
        "nearest": float(not any(main.gap(x) < main.gap(close) for x in rest)),
        "subject": float(before and not any(close.end <= x.start and x.end <= first.start for x in rest)),
    }
    stop = main.line.word_at(close.end - 1) + 1
    following = words[stop : stop + 1]
    out["counted"] = float(any(w.lower in _NUMBERS or w.text[0].isdigit() for w in words[max(0, word - 2) : word + 1]))
    out["owner"] = float(any(kind_of(w.text) == "thing" for w in following))
    governor = _governor(main, word)
    return out if governor is None else out | {f"by:{governor}": 1.0}


def _governor(draft: Draft, at: int) -> str | None:
    """The preposition that governs the word at an index, if one does."""
    words = draft.line.words
    for w in reversed(words[max(0, at - 3) : at]):
        if w.lower in _BY:
            return w.lower
        if not w.text[0].isalnum():
            return None
    return None
