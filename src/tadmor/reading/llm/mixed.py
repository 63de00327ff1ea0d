"""Two readers: the first reads what it is sure of, the second what it is not, and what is in a language that it cannot read."""

from __future__ import annotations

import threading
from dataclasses import replace

from tadmor.errors import ModelError
from tadmor.model import ReaderInfo, Reading, Report
from tadmor.reading.llm.reader import LlmReader
from tadmor.reading.reader import Reader, is_english


class MixedReader:
    """Sends to the second reader what the first is least certain of: reports whose certainty is below ``below``.

    The certainty of a report is the mean of its claims' calibrated scores, the share of them that may be expected to be
    right. With ``below`` 0 no report in English is sent, only those in other languages. What the model cannot read, for
    whatever reason, keeps the first reader's reading, with a warning; in another language it is a failure.
    """

    def __init__(self, first: Reader, second: LlmReader, below: float) -> None:
        self._first = first
        self._second = second
        self._below = below
        self._read: dict[str, Reading] = {}
        self._lock = threading.Lock()

    @property
    def info(self) -> ReaderInfo:
        """The first reader's where only other languages are sent; else name "mixed" with both versions and the threshold."""
        return self._mixed if self._below > 0 else self._first.info

    @property
    def _mixed(self) -> ReaderInfo:
        first, second = self._first.info, self._second.info
        return ReaderInfo("mixed", f"{first.name} {first.version}, below {self._below:g} {second.version}")

    def info_of(self, report: Report) -> ReaderInfo:
        """The second reader's for a report in another language than English."""
        return self.info if is_english(report) else self._second.info

    @property
    def width(self) -> int:
        """As the second reader's."""
        return self._second.width

    @property
    def note(self) -> str | None:
        """As the second reader's."""
        return self._second.note

    def begin(self, report: Report) -> None:
        """Read with the first reader now, and begin with the second where that is not certain enough."""
        if not is_english(report) or (self._below > 0 and self._doubtful(self._by_first(report))):
            self._second.begin(report)

    def forget(self) -> None:
        """Give up what was begun and has not been read."""
        self._second.forget()
        with self._lock:
            self._read.clear()

    def read(self, report: Report) -> Reading:
        """The reading by one of the two; a warning says where it was the second, or should have been. Raises ModelError."""
        if not is_english(report):
            return self._second.read(report)
        reading = self._by_first(report)
        with self._lock:
            self._read.pop(_key(report), None)
        if self._below <= 0:
            return reading
        if not self._doubtful(reading):
            return replace(reading, reader=self._mixed)
        sure = f"certainty {certainty(reading):.2f} is below {self._below:g}"
        try:
            second = self._second.read(report)
        except ModelError as error:
            # under the first reader's own name, so that the report is sent again when it is added again
            kept = f"read by {reading.reader.name} {reading.reader.version} alone, though its {sure}: {error}"
            return replace(reading, warnings=(*reading.warnings, kept))
        said = f"read by {second.reader.name} {second.reader.version}: the first reader's {sure}"
        return replace(second, reader=self._mixed, warnings=(said, *second.warnings))

    def _by_first(self, report: Report) -> Reading:
        with self._lock:
            known = self._read.get(_key(report))
        if known is None:
            known = self._first.read(report)
            with self._lock:
                self._read[_key(report)] = known
        return known

    def _doubtful(self, reading: Reading) -> bool:
        return bool(reading.claims) and certainty(reading) < self._below


def certainty(reading: Reading) -> float:
    """The mean score of the claims, the share that may be expected to be right; 1 where there is none to be wrong."""
    return sum(c.score for c in reading.claims) / len(reading.claims) if reading.claims else 1.0


def _key(report: Report) -> str:
    return f"{report.text_hash} {report.published} {report.language}"
