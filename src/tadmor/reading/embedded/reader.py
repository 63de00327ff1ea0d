"""The embedded reader: rules find mentions and who says what, the trained network what is claimed and by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tadmor.model import Certainty, ReaderInfo, Reading, Report
from tadmor.reading import attributions as rules
from tadmor.reading.arguments import Arguments
from tadmor.reading.claims import Chain, claims
from tadmor.reading.document import Refine, Say, analyse
from tadmor.reading.drafts import Draft, Line
from tadmor.reading.embedded import features
from tadmor.reading.embedded.attributions import find
from tadmor.reading.embedded.drafts import drafts
from tadmor.reading.embedded.links import Links
from tadmor.reading.embedded.mentions import by_sentence, merge
from tadmor.reading.embedded.session import Encoded, Encoder, View, default
from tadmor.reading.embedded.slots import Slots
from tadmor.reading.recognise import Recogniser
from tadmor.reading.scene import Scene


class _Network:
    """Judging by the network; every clause is looked at once, all clauses of a report together."""

    def __init__(self, encoded: Encoded, encoder: Encoder, slots: Slots) -> None:
        self._encoded = encoded
        self._encoder = encoder
        self._types: Sequence[str] = encoder.manifest["types"]
        self._combiner: Mapping[str, float] = encoder.manifest["combiner"]
        self._slots = slots
        self._views: dict[Draft, View] = {}

    def drafts(self, scene: Scene, lines: Sequence[Line]) -> list[Draft]:
        places = frozenset(m.start for m in scene.places)
        found = drafts(self._encoded, lines, places, self._types, self._combiner)
        clauses = [features.marked(self._encoded, scene.document.sentences, d, self._types) for d in found]
        self._views = dict(zip(found, self._encoder.look_at(self._encoded, clauses), strict=True))
        return found

    def link(self, scene: Scene, draft: Draft) -> Arguments:
        return self._slots.link(scene, self._views[draft], draft)

    def certainty(self, scene: Scene, draft: Draft) -> Certainty:
        return self._slots.certainty(self._views[draft], draft)

    def chains(self, scene: Scene, draft: Draft) -> tuple[Chain, ...]:
        return scene.document.chains_for(draft.start, draft.end)


class EmbeddedReader:
    """Reads with the encoder that ships in the package, or with another one of its kind. Raises MissingResource."""

    def __init__(self, recognisers: Sequence[Recogniser], encoder: Encoder | None = None) -> None:
        self._recognisers = tuple(recognisers)
        self._encoder = encoder or default()
        self._slots = Slots(self._encoder.folder / "slots.npz")
        linked = "links.npz" in self._encoder.manifest["sha256"]
        self._links = Links(self._encoder.folder / "links.npz") if linked else None

    @property
    def info(self) -> ReaderInfo:
        """Name "embedded" and the version of its weights."""
        return ReaderInfo("embedded", str(self._encoder.manifest["version"]))

    def read(self, report: Report) -> Reading:
        """Mentions, attributions and claims, unresolved: dates and amounts are left to resolving."""
        encoded = self._encoder.encode(report.text)
        document = analyse(report, self._recognisers, refine=self._refine(encoded), say=self._say(encoded))
        found, mentions = claims(document, _Network(encoded, self._encoder, self._slots))
        return Reading(report, self.info, mentions, document.attributions, found)

    def _refine(self, encoded: Encoded) -> Refine | None:
        if not self._encoder.manifest.get("mentions", False):
            return None
        return lambda report, sentences, found: merge(
            report, sentences, found, by_sentence(self._encoder, encoded, sentences)
        )

    def _say(self, encoded: Encoded) -> Say:
        links = self._links
        if links is None:
            return rules.find
        return lambda report, sentences, mentions, names: find(report, sentences, mentions, names, encoded, links)
