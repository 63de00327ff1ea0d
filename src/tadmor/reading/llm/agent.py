"""The agent of pydantic-ai that puts the question: native structured output, metered request by request.

This module needs the libraries of ``tadmor[llm]`` and is loaded with the first request.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
from openai import AsyncOpenAI
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.exceptions import ModelAPIError, ModelTimeoutError
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.profiles.openai import OpenAIJsonSchemaTransformer, OpenAIModelProfile
from pydantic_ai.providers import Provider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider
from pydantic_ai.settings import ModelSettings

from tadmor.reading.llm.answer import Answer
from tadmor.reading.llm.budget import Budget
from tadmor.reading.llm.parts import FORM, tokens
from tadmor.reading.llm.settings import LlmSettings

_OPENAI = "api.openai.com"
_CONNECT = 10.0  # seconds


def make_agent(
    settings: LlmSettings, instructions: str, budget: Budget, instruction_tokens: int, longest: int
) -> Agent[object, Answer]:
    """The agent for a model; ``longest`` is the most bytes of a response that are read."""
    own = settings.host == _OPENAI
    # One profile for every name at other servers: what a name says of its maker tells nothing of the server that runs it.
    profile = OpenAIModelProfile(
        supports_json_schema_output=True,
        json_schema_transformer=OpenAIJsonSchemaTransformer,
        openai_supports_strict_tool_definition=False,
        openai_chat_supports_max_completion_tokens=False,
    )
    client = AsyncOpenAI(
        base_url=settings.base_url,
        api_key=settings.key() or "none",
        http_client=httpx2.AsyncClient(
            timeout=httpx2.Timeout(settings.timeout, connect=_CONNECT),
            headers={"Accept-Encoding": "identity"},
            event_hooks={"response": [_bounded(longest)]},
        ),
    )
    provider: Provider[AsyncOpenAI] = (
        OpenAIProvider(openai_client=client)
        if own
        else OpenAICompatibleProvider("second-reader", openai_client=client, profile=lambda _: profile)
    )
    model = _Metered(OpenAIChatModel(settings.model, provider=provider), budget, instruction_tokens)
    return Agent(
        model,
        output_type=NativeOutput(Answer, name="claims", description="The claims of the report.", strict=own),
        instructions=instructions,
        retries={"output": settings.retries},
        name="second-reader",
    )


class _Metered(WrapperModel):
    """A model whose every request, also one that asks again, has room in the budget and is written down in it."""

    def __init__(self, wrapped: OpenAIChatModel, budget: Budget, instruction_tokens: int) -> None:
        super().__init__(wrapped)
        self._budget = budget
        self._instructions = instruction_tokens

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """One request to the endpoint. Raises BudgetSpent."""
        said = sum(tokens(str(getattr(part, "content", ""))) for m in messages for part in m.parts)
        most_out = (model_settings or {}).get("max_tokens", 0)
        async with self._budget.request(self._instructions + FORM + said, most_out) as usage:
            try:
                response = await super().request(messages, model_settings, model_request_parameters)
            except ModelTimeoutError:
                raise  # the server may have worked all the while: what was put aside counts
            except ModelAPIError:
                usage.tokens_in = usage.tokens_out = 0
                raise
            if response.usage.input_tokens or response.usage.output_tokens:
                usage.tokens_in, usage.tokens_out = response.usage.input_tokens, response.usage.output_tokens
            return response


def _bounded(most: int) -> Callable[[httpx2.Response], Awaitable[None]]:
    """A hook that keeps a response from being read beyond so many bytes; a packed one, whose size cannot be told, is refused."""

    async def bound(response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise httpx2.RemoteProtocolError("the response is packed, which was not asked for")
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Limited(response.stream, most)

    return bound


class _Limited(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, most: int) -> None:
        self._inner = inner
        self._most = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self._most
        async for chunk in self._inner:
            left -= len(chunk)
            if left < 0:
                raise httpx2.RemoteProtocolError("the response is longer than any answer")
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()
