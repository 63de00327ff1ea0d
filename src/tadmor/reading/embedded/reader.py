"""The embedded reader: the trained network finds what is claimed, by whom, where, and who says so; rules stand beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from tadmor.model import Attribution, Certainty, Claim, Hint, ReaderInfo, Reading, Report
from tadmor.reading import attributions as rules
from tadmor.reading.arguments import TERRITORY, Arguments
from tadmor.reading.claims import claims
from tadmor.reading.document import Refine, Say, analyse
from tadmor.reading.drafts import Draft, Line
from tadmor.reading.embedded import (
    event_words,
    hints,
    participants,
    phrases,
    places,
    repeats,
    roles,
    speakers,
    verdicts,
    voices,
)
from tadmor.reading.embedded.attributions import find
from tadmor.reading.embedded.drafts import drafts, events, likelihood, triggers
from tadmor.reading.embedded.involvement import ROLES
from tadmor.reading.embedded.links import Links
from tadmor.reading.embedded.looks import look
from tadmor.reading.embedded.mentions import merge
from tadmor.reading.embedded.parties import Telling as Involving
from tadmor.reading.embedded.parties import Told
from tadmor.reading.embedded.session import Encoded, Encoder, View, default
from tadmor.reading.embedded.whereabouts import Telling
from tadmor.reading.judges import Chain, Parts, Stated
from tadmor.reading.recognise import Recogniser
from tadmor.reading.scene import Scene
from tadmor.taxonomy import CERTAINTIES, UTTERANCES


class _Network:
    """Judging by the network; every clause is looked at once, all clauses of a report together."""

    def __init__(self, encoded: Encoded, encoder: Encoder) -> None:
        self._encoded = encoded
        self._strength = triggers(encoded)
        self._encoder = encoder
        self._settings: Mapping[str, Any] = encoder.manifest
        self._views: dict[int, View] = {}  # by the identity of the draft, which this judge keeps
        self._drafts: list[Draft] = []
        self._scene: Scene | None = None
        self._looked: frozenset[tuple[str, int, int]] = frozenset()  # type, line and trigger of all clauses looked at
        # all asked for again and again: once for each claim, and for each comparison of two clauses
        self._linked: dict[int, Arguments] = {}
        self._candidates: dict[int, dict[str, list[roles.Candidate]]] = {}
        self._odds: dict[int, dict[str, list[float]]] = {}  # of the candidates
        self._chains: dict[int, tuple[Chain, ...]] = {}
        self._events: dict[int, list[float]] = {}  # by the start of the line
        self._tellings: dict[int, repeats.Telling] = {}

    @property
    def own(self) -> float:
        return float(self._settings["repeats"]["own"])

    def drafts(self, scene: Scene, lines: Sequence[Line]) -> list[Draft]:
        places = frozenset(m.start for m in scene.places)
        types = self._settings["types"]
        likely = drafts(self._encoded, lines, places, types, self._settings["combiner"])
        seen = views(self._encoder, self._encoded, scene, likely)
        kept = verdicts.chosen(likely, seen, self._settings["verdict"])
        self._drafts = [d for d, _ in kept]
        self._looked = frozenset((d.type, d.line.index, d.first) for d in likely)
        self._views = {id(d): v for d, v in kept}
        voices.hear(scene, kept)
        self._scene = scene
        return self._drafts

    def attributions(self, found: Sequence[Claim]) -> tuple[Attribution, ...]:
        """The attributions of the report, of those that were only heard the ones that a claim is laid to."""
        if self._scene is None:
            return ()
        used = {a for claim in found for chain in claim.sources for a in chain}
        heard = self._scene.heard
        return tuple(a for a in self._scene.document.attributions if a.id not in heard or a.id in used)

    def allows(self, draft: Draft) -> bool:
        # What was looked at and dropped is none, whatever its grammar: of such clauses hardly one in three is coded. A report
        # of which nothing else is told states it all the same.
        if self._drafts and (draft.type, draft.line.index, draft.first) in self._looked:
            return False
        combiner = self._settings["combiner"]
        return likelihood(self._encoded, draft, self._settings["types"], combiner) >= float(combiner["plain"])

    def link(self, scene: Scene, draft: Draft) -> Arguments:
        if id(draft) not in self._linked:
            found, weights = roles.candidates(scene, draft, self._views[id(draft)]), self._settings["roles"]
            odds = {r: roles.told(found[r], weights[r]) for r in found}
            self._candidates[id(draft)], self._odds[id(draft)] = found, odds
            self._linked[id(draft)] = roles.linked(scene, draft, found, odds, weights)
        return self._linked[id(draft)]

    def where(self, scene: Scene, claims: Sequence[Sequence[Stated]]) -> list[Arguments]:
        chosen = places.choose(scene, [[self.telling(scene, s) for s in c] for c in claims])
        return [
            phrases.joined(scene, a, territory=True)
            if c[0].draft.type in TERRITORY
            else phrases.of_event(scene, a, [self._views[id(s.seen)] for s in c if s.seen is not None])
            for a, c in zip(chosen, claims, strict=True)
        ]

    def telling(self, scene: Scene, stated: Stated) -> Telling:
        """A clause of a claim with what may be its place."""
        if stated.seen is None:
            return places.told_by_rule(scene, stated.draft, stated.linked)
        self.link(scene, stated.seen)
        found = self._candidates[id(stated.seen)]["place"]
        odds, draft = self._odds[id(stated.seen)]["place"], stated.draft
        return places.told(draft, found, odds, stated.linked, self._events_of(draft.line))

    def tells(self, scene: Scene, claims: Sequence[tuple[Claim, Sequence[Stated]]]) -> list[Draft]:
        return event_words.choose(self.events_told(scene, claims))

    def events_told(self, scene: Scene, claims: Sequence[tuple[Claim, Sequence[Stated]]]) -> list[event_words.Told]:
        """The main clauses of the claims with their places and what may tell their events."""
        mentions = scene.mention | scene.unnamed
        return [
            event_words.Told(
                stated[0].draft, tuple(mentions[i] for i in claim.places), self._events_of(stated[0].draft.line)
            )
            for claim, stated in claims
        ]

    def _events_of(self, line: Line) -> list[float]:
        """How much each word of a line looks like an event's."""
        if line.sentence.start not in self._events:
            self._events[line.sentence.start] = events(self._encoded, line, self._strength)
        return self._events[line.sentence.start]

    def who(self, scene: Scene, claims: Sequence[tuple[Claim, Sequence[Stated]]]) -> list[Parts]:
        chosen = participants.choose(scene, self.involved(scene, claims))
        return [(parts["actor"], parts["target"]) for parts in chosen]

    def involved(self, scene: Scene, claims: Sequence[tuple[Claim, Sequence[Stated]]]) -> list[Told]:
        """The claims with what may fill their roles."""
        mentions = scene.mention | scene.unnamed
        return [participants.told(c, [self.involving(scene, s) for s in stated], mentions) for c, stated in claims]

    def involving(self, scene: Scene, stated: Stated) -> Involving:
        """A clause of a claim with what may fill its roles."""
        if stated.seen is None:
            heard = participants.heard_by_rule(scene, stated.draft)
        else:
            self.link(scene, stated.seen)
            found, odds = self._candidates[id(stated.seen)], self._odds[id(stated.seen)]
            heard = {r: participants.heard(found[r], odds[r]) for r in ROLES}
        return participants.telling(stated.draft, heard, stated.linked)

    def certainty(self, scene: Scene, draft: Draft) -> Certainty:
        if draft.type in UTTERANCES:
            return "asserted"
        return cast(Certainty, CERTAINTIES[int(np.argmax(self._views[id(draft)].certainty))])

    def chains(self, scene: Scene, draft: Draft) -> tuple[Chain, ...]:
        if id(draft) not in self._chains:
            view = self._views[id(draft)]
            self._chains[id(draft)] = speakers.chains(scene, draft, view, self._settings["speakers"])
        return self._chains[id(draft)]

    def same(self, scene: Scene, a: Draft, b: Draft) -> float:
        return repeats.same(self._telling(scene, a), self._telling(scene, b), self._settings["repeats"])

    def hint(self, scene: Scene, draft: Draft) -> Hint | None:
        return hints.hint(scene, self._views[id(draft)])

    def _telling(self, scene: Scene, draft: Draft) -> repeats.Telling:
        if id(draft) not in self._tellings:
            names = frozenset(scene.document.source_name(c[-1]) for c in self.chains(scene, draft))
            self._tellings[id(draft)] = repeats.telling(
                scene,
                self._encoded,
                draft,
                self.link(scene, draft),
                names,
                self.certainty(scene, draft),
                self._drafts,
            )
        return self._tellings[id(draft)]


def views(encoder: Encoder, encoded: Encoded, scene: Scene, found: Sequence[Draft]) -> list[View]:
    """What the network says of each clause when it looks at it."""
    types, sentences = encoder.manifest["types"], scene.document.sentences
    looks = [look(*encoded.offsets, sentences, d.line.index, (d.start, d.end), types.index(d.type)) for d in found]
    return encoder.look_at(encoded, looks)


class EmbeddedReader:
    """Reads with the encoder that ships in the package, or with another one of its kind. Raises MissingResource."""

    def __init__(self, recognisers: Sequence[Recogniser], encoder: Encoder | None = None) -> None:
        self._recognisers = tuple(recognisers)
        self._encoder = encoder or default()
        linked = "links.npz" in self._encoder.manifest["sha256"]
        self._links = Links(self._encoder.folder / "links.npz") if linked else None

    @property
    def info(self) -> ReaderInfo:
        """Name "embedded" and the version of its weights."""
        return ReaderInfo("embedded", str(self._encoder.manifest["version"]))

    def read(self, report: Report) -> Reading:
        """Mentions, attributions and claims, unresolved: dates and amounts are left to resolving."""
        encoded = self._encoder.encode(report.text)
        document = analyse(report, self._recognisers, refine=refine(encoded), say=say(encoded, self._links))
        judge = _Network(encoded, self._encoder)
        found, mentions = claims(document, judge)
        return Reading(report, self.info, mentions, judge.attributions(found), found)


def refine(encoded: Encoded) -> Refine:
    """How the network betters the mentions of the rules."""
    return lambda report, sentences, found: merge(report, sentences, found, encoded)


def say(encoded: Encoded, links: Links | None) -> Say:
    """How attributions are found: by the network with its links, by the rules without."""
    if links is None:
        return rules.find
    return lambda report, sentences, mentions, names: find(report, sentences, mentions, names, encoded, links)
