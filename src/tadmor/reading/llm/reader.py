"""The reader that asks a language model, and builds a reading of what can be found in the report of what it says."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Coroutine, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from tadmor.errors import ModelError
from tadmor.model import ReaderInfo, Reading, Report
from tadmor.reading.attributions_assembly import Said
from tadmor.reading.document import Document, analyse
from tadmor.reading.llm import building, located, prompts
from tadmor.reading.llm.answer import Answer, schema_digest
from tadmor.reading.llm.background import Background
from tadmor.reading.llm.budget import Budget, Spent
from tadmor.reading.llm.cache import Cache
from tadmor.reading.llm.client import Client, TooLong
from tadmor.reading.llm.parts import Part, halves, parts, room, tokens
from tadmor.reading.llm.quotes import Verbatim
from tadmor.reading.llm.settings import LlmSettings
from tadmor.reading.mentions import recognised
from tadmor.reading.reader import is_english
from tadmor.reading.recognise import Recogniser

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Told:
    """What the model said of a report, part by part."""

    document: Document
    answers: tuple[tuple[Part, Answer], ...]


class LlmReader:
    """Reads with a language model, in any language that it knows. Raises MissingResource when libraries are missing."""

    def __init__(self, recognisers: Sequence[Recogniser], settings: LlmSettings) -> None:
        self._recognisers = tuple(recognisers)
        self._settings = settings
        self._prompt = prompts.prompt()
        self._budget = Budget(settings.budget_tokens, settings.budget_cost, settings.price_in, settings.price_out)
        self._client = Client(settings, self._prompt, self._budget)
        self._cache = Cache(settings.cache)
        self._background = Background()
        self._calls: asyncio.Semaphore | None = None
        self._begun: dict[str, Future[_Told]] = {}
        self._lock = threading.Lock()

    @property
    def info(self) -> ReaderInfo:
        """Name "llm" and, as version, the model with the version of the prompt: "llama3.1:8b claims-1"."""
        return ReaderInfo("llm", f"{self._settings.model.strip()} {self._prompt.version}")

    @property
    def width(self) -> int:
        """How many reports are worth beginning before the first of them is read."""
        return 2 * self._settings.calls

    @property
    def spent(self) -> Spent:
        """What all requests have taken so far."""
        return self._budget.spent

    @property
    def note(self) -> str | None:
        """The running total, and what went wrong with the cache, in a line; None when nothing was asked yet."""
        if not self.spent.requests and not self.spent.cached:
            return None
        fault = f"; {self._cache.fault}" if self._cache.fault else ""
        return f"second reader {self._settings.model}: {self._budget.total()}{fault}"

    def begin(self, report: Report) -> None:
        """Ask about a report now that will be read later: its answer is then there, or on its way."""
        with self._lock:
            if _key(report) not in self._begun:
                self._begun[_key(report)] = self._asked(report)

    def forget(self) -> None:
        """Give up what was begun and has not been read."""
        with self._lock:
            begun, self._begun = self._begun, {}
        for future in begun.values():
            future.cancel()

    def read(self, report: Report) -> Reading:
        """Mentions, attributions and claims, unresolved but for dates. Raises ModelError, and BudgetSpent when it is spent."""
        with self._lock:
            future = self._begun.pop(_key(report), None) or self._asked(report)
        try:
            told = future.result()
        except BaseException:
            future.cancel()
            raise
        return self._built(report, told)

    def _asked(self, report: Report) -> Future[_Told]:
        return self._background.submit(self._ask(report))

    def _built(self, report: Report, told: _Told) -> Reading:
        verbatim = Verbatim(report.text)
        left: Counter[str] = Counter()
        found: list[located.Located] = []
        for part, answer in told.answers:
            left["a claim that is not in form"] += answer.unformed
            found += located.locate(answer.claims, part, verbatim, told.document.sentences, left)
        claims, mentions, attributions = building.claims(
            told.document, located.merged(found, report.text), verbatim, left
        )
        return Reading(report, self.info, mentions, attributions, claims, warnings=_warnings(left))

    async def _ask(self, report: Report) -> _Told:
        self._calls = self._calls or asyncio.Semaphore(self._settings.calls)
        document = await asyncio.to_thread(self._analysed, report)
        most = room(self._settings.context, tokens(self._prompt.instructions))
        pieces = parts(report, document.sentences, most)
        answers = await _all(self._of(report, p, i, len(pieces)) for i, p in enumerate(pieces, 1))
        return _Told(document, tuple(a for found in answers for a in found))

    async def _of(self, report: Report, part: Part, number: int, of: int) -> list[tuple[Part, Answer]]:
        """The answer to a part; to its halves, where the answer to the whole is too long."""
        assert self._calls is not None
        message = self._prompt.message(report, part.text, number, of)
        key = Cache.key(
            model=self._settings.model,
            url=self._settings.base_url,
            prompt=self._prompt.digest,
            schema=schema_digest(),
            message=message,
        )
        kept = self._kept(key)
        if kept is not None:
            return [(part, kept)]
        try:
            async with self._calls:
                answer = await self._client.ask(message, part.tokens)
        except TooLong as error:
            smaller = halves(report, part)
            if len(smaller) == 1:
                raise ModelError(str(error)) from error
            found = await _all(self._of(report, p, number, of) for p in smaller)
            return [a for answers in found for a in answers]
        self._cache.put(key, answer.model_dump(mode="json"))
        return [(part, answer)]

    def _kept(self, key: str) -> Answer | None:
        kept = self._cache.get(key)
        if kept is None:
            return None
        try:
            answer = Answer.model_validate(kept).model_copy(update={"unformed": int(kept["unformed"])})
        except (ValueError, TypeError, KeyError):
            return None
        self._budget.hit()
        return answer

    def _analysed(self, report: Report) -> Document:
        if is_english(report):
            return analyse(report, self._recognisers)
        return named_only(report, self._recognisers)


async def _all(asked: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """All outcomes in order; the first that fails ends the others, since a report is read whole or not at all."""
    tasks = [asyncio.ensure_future(one) for one in asked]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


def named_only(report: Report, recognisers: Sequence[Recogniser]) -> Document:
    """A report in a language of which there are no rules: its sentences, and the names, dates and numbers that are recognised."""
    return analyse(
        report,
        (),
        refine=lambda *_: recognised(report, recognisers),
        say=lambda *_: Said((), frozenset()),
    )


def _key(report: Report) -> str:
    return f"{report.text_hash} {report.published} {report.language}"


def _warnings(left: Counter[str]) -> tuple[str, ...]:
    """What was dropped of the model's answer, each reason with how often."""
    return tuple(f"dropped from the model's answer: {n} × {why}" for why, n in sorted(left.items()) if n)
