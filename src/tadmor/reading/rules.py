"""The rules reader: lexicons and rules, with weights derived from coded reports; no network, no model runtime."""

from __future__ import annotations

from collections.abc import Sequence

from tadmor.model import ReaderInfo, Reading, Report
from tadmor.reading.claims import claims
from tadmor.reading.document import analyse
from tadmor.reading.judges import Rules
from tadmor.reading.recognise import Recogniser

VERSION = "10"


class RulesReader:
    """Reads by trigger lexicon, clause rules and log-linear weights; knows names by the recognisers it is given."""

    def __init__(self, recognisers: Sequence[Recogniser]) -> None:
        self._recognisers = tuple(recognisers)

    @property
    def info(self) -> ReaderInfo:
        """Name "rules" and the version of its rules and data."""
        return ReaderInfo("rules", VERSION)

    def read(self, report: Report) -> Reading:
        """Mentions, attributions and claims, unresolved: dates and amounts are left to resolving."""
        document = analyse(report, self._recognisers)
        found, mentions = claims(document, Rules())
        return Reading(report, self.info, mentions, document.attributions, found)
