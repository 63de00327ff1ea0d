"""Asking the model: requests to the endpoint within budget and patience, and every way of failing told in words.

All requests are made by one event loop on a thread of its own, so that several are under way at once while reports are
gathered and readings built. Retries of failed requests (time-outs, 408, 409, 429, 5xx, with the server's Retry-After) are the
HTTP client's; an answer that is not in form is handed back to the model with what is wrong with it.
"""

from __future__ import annotations

import time
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tadmor.errors import BudgetSpent, MissingResource, ModelError
from tadmor.reading.llm.budget import Budget
from tadmor.reading.llm.parts import most_answer, tokens
from tadmor.reading.llm.prompts import Prompt
from tadmor.reading.llm.settings import LlmSettings

if TYPE_CHECKING:
    from pydantic_ai import Agent

    from tadmor.reading.llm.answer import Answer

INSTALL = "the second reader needs pydantic-ai and the OpenAI client: pip install 'tadmor[llm]'"
_LONGEST_ANSWER = 8_000_000  # bytes: no honest answer to a part is near it
_REST = 60.0  # seconds without requests once the endpoint has shown that it will not answer
_PATIENCE = 5  # requests in a row that the endpoint did not answer
_SHORTEST_KEY = 8
_SAID = 200  # characters of a server's own words that are handed on


class TooLong(Exception):  # noqa: N818 - reads as the state it is
    """The answer, or the part with its answer, does not fit the model's context: ask for less at once."""


class Client:
    """A model at its endpoint. Raises MissingResource when the libraries are not installed."""

    def __init__(self, settings: LlmSettings, prompt: Prompt, budget: Budget) -> None:
        if not all(map(find_spec, ("pydantic_ai", "openai"))):
            raise MissingResource(INSTALL)
        self._settings = settings
        self._prompt = prompt
        self._budget = budget
        self._instructions = tokens(prompt.instructions)
        self._unanswered = 0
        self._resting: tuple[float, str] | None = None

    @cached_property
    def _agent(self) -> Agent[object, Answer]:
        """Made with the first request: its libraries take seconds to load, and the cache may have every answer."""
        try:
            from tadmor.reading.llm.agent import make_agent
        except ImportError as error:
            raise MissingResource(f"{INSTALL} ({error})") from error
        return make_agent(self._settings, self._prompt.instructions, self._budget, self._instructions, _LONGEST_ANSWER)

    async def ask(self, message: str, text_tokens: int) -> Answer:
        """The model's answer to a message. Raises TooLong, BudgetSpent, ModelError."""
        if self._resting is not None and time.monotonic() < self._resting[0]:
            raise ModelError(f"not asked: {self._resting[1]}")
        from pydantic_ai import ModelSettings

        agent, s = self._agent, self._settings
        most = min(most_answer(text_tokens), max(256, s.context - self._instructions - tokens(message)))
        wanted = ModelSettings(
            temperature=0.0,
            seed=0,
            max_tokens=most,
            timeout=s.timeout,
            request_timeout=(s.timeout + 10.0) * (s.retries + 1),
            max_retries=s.retries,
        )
        try:
            result = await agent.run(message, model_settings=wanted)
        except (BudgetSpent, TooLong):
            raise
        except Exception as error:
            raise self._told(error) from error
        self._unanswered = 0
        return result.output

    def _told(self, error: Exception) -> Exception:
        """What went wrong in the user's words, and what would mend it."""
        from pydantic_ai import exceptions as e

        s = self._settings
        at = f"{s.model} at {s.base_url}"
        match error:
            case e.ModelContextWindowExceededError() | e.OutputTokenLimitExceeded():
                return TooLong(
                    f"{at}: the text with its answer does not fit the model's context; give its size with --context"
                )
            case e.ModelAuthenticationError():
                mend = f"refuses the key: set it in the environment variable {s.key_variable}"
                return self._rest(f"{at} {mend}{self._said(error)}")
            case e.ModelNotFoundError():
                return self._rest(
                    f"{at} is not there: name one of the endpoint's models with --model, or mend --base-url{self._said(error)}"
                )
            case e.ModelQuotaExceededError():
                return self._rest(f"{at} answers no more: the account has nothing left{self._said(error)}")
            case e.ModelTimeoutError() | e.ModelRequestTimeout():
                return self._missed(
                    f"{at} gave no answer within {s.timeout:g} seconds, asked {s.retries + 1} times: raise --model-timeout"
                )
            case e.ModelConnectionError():
                root = _root(error)
                if "Connect" in type(root).__name__ or isinstance(root, OSError):
                    return self._missed(
                        f"{at} cannot be reached: start the server, or mend --base-url{self._said(root)}"
                    )
                return self._missed(f"{at} broke off its answer{self._said(root)}")
            case e.ModelRateLimitError():
                return ModelError(
                    f"{at} limits its rate (429), asked {s.retries + 1} times: lower --model-calls, or wait"
                )
            case e.ModelHTTPError():
                return ModelError(f"{at} answered with status {error.status_code}{self._said(error)}")
            case e.ContentFilterError():
                return ModelError(f"{at} declined to read this text")
            case e.UnexpectedModelBehavior() | e.ModelAPIError():
                return ModelError(
                    f"{at} gave no answer of the form asked for, asked {s.retries + 1} times{self._said(error)}"
                )
        return ModelError(f"{at}: {type(error).__name__}{self._said(error)}")

    def _missed(self, why: str) -> ModelError:
        self._unanswered += 1
        return self._rest(why) if self._unanswered >= _PATIENCE else ModelError(why)

    def _rest(self, why: str) -> ModelError:
        """The error; further reports fail with it at once for a while, rather than wait for what will not come."""
        self._resting = time.monotonic() + _REST, why
        return ModelError(why)

    def _said(self, error: BaseException) -> str:
        """The server's own words, cut short, without control characters and without the key, which some servers repeat."""
        body: Any = getattr(error, "body", None)
        if isinstance(body, dict):
            body = body.get("message") or body.get("error") or body
        if isinstance(body, dict):
            body = body.get("message") or body
        words = " ".join("".join(c if c.isprintable() else " " for c in str(body or error)).split())
        key = self._settings.key()
        if key is not None and len(key) >= _SHORTEST_KEY:
            words = words.replace(key, "***").replace(key[:_SHORTEST_KEY], "***")  # some show the beginning of it
        return f" ({words[:_SAID]})" if words else ""


def _root(error: BaseException) -> BaseException:
    """What an error goes back to."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error
