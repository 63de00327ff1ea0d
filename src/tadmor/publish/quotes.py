"""The sentences of the situation report, with who says so and where, and the ids under which they stand on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tadmor.model import Account, ClaimRef, Report
from tadmor.publish.day_words import day_words
from tadmor.publish.identifiers import web
from tadmor.publish.wire import speakers
from tadmor.reconcile.sources import sides_of


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence with who says so and where it was published; ``beyond`` when it is outside the scope of the page."""

    sentence: str
    who: tuple[str, ...]
    sides: tuple[str, ...]
    report: str
    title: str
    publisher: str
    published: str
    ref: ClaimRef
    url: str | None = None
    language: str | None = None
    beyond: bool = False
    retracted: str | None = None


class Quoting:
    """Makes quotes of accounts; reports are asked for their address and language once."""

    def __init__(self, shown: Iterable[Account], report: Callable[[str], Report | None]) -> None:
        self._shown = frozenset(a.ref for a in shown)
        self._report = report
        self._known: dict[str, tuple[str | None, str | None]] = {}

    def _about(self, id: str) -> tuple[str | None, str | None]:
        if id not in self._known:
            found = self._report(id)
            self._known[id] = (web(found.url), found.language) if found else (None, None)
        return self._known[id]

    def quotes(self, accounts: Iterable[Account]) -> tuple[Quote, ...]:
        """One for each sentence and who says it."""
        seen: dict[tuple[str, tuple[str, ...], str | None], Quote] = {}
        for a in accounts:
            key = (a.sentence, tuple(speakers(a)), a.retracted)
            if key not in seen:
                url, language = self._about(a.ref.report)
                seen[key] = Quote(
                    sentence=a.sentence,
                    who=key[1],
                    sides=tuple(sides_of(a)),
                    report=a.ref.report,
                    title=a.title,
                    publisher=a.publisher or "publisher unknown",
                    published=day_words(a.published),
                    ref=a.ref,
                    url=url,
                    language=language,
                    beyond=a.ref not in self._shown,
                    retracted=a.retracted,
                )
        return tuple(seen.values())


class Anchors:
    """Ids of the page: letters that an address takes, each given once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._quoted: set[ClaimRef] = set()

    def of(self, name: str) -> str:
        """An id for what is named so, other than all before."""
        base = slug = "".join(c if c.isalnum() else "-" for c in name.lower())
        number = 1
        while slug in self._taken:
            number += 1
            slug = f"{base}-{number}"
        self._taken.add(slug)
        return slug

    def quote(self, ref: ClaimRef) -> str:
        """The id of a quote where it stands first; the empty string where it comes again."""
        if ref in self._quoted:
            return ""
        self._quoted.add(ref)
        return self.of(f"{ref.report}/{ref.claim}")
