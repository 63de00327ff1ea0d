"""The options of the second reader, gathered into one value: which model, where, and what it may take."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import click

from tadmor.cli.verb import Option
from tadmor.errors import InputError
from tadmor.reading.llm.settings import BELOW, CONTEXT, LEAST_CONTEXT, LlmSettings, default_cache

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_option = functools.partial(
    click.option, cls=Option, heading="The language model of the second reader (docs/second-reader.md)"
)

_OPTIONS: dict[
    str, Decorator
] = {  # by the field of LlmSettings that each sets; one not given keeps the field's default
    "model": _option(
        "--model",
        "model",
        envvar="TADMOR_MODEL",
        metavar="NAME",
        help="A language model as the second reader, by its name at the endpoint: for --reader llm and mixed, and for reports "
        "that are not in English. Their text is sent to the endpoint.",
    ),
    "base_url": _option(
        "--base-url",
        envvar="TADMOR_BASE_URL",
        metavar="URL",
        help="The model's OpenAI-compatible endpoint.  [default: http://127.0.0.1:11434/v1, a local Ollama]",
    ),
    "key_variable": _option(
        "--key-variable",
        metavar="VARIABLE",
        help="The environment variable that holds the endpoint's key.  [default: TADMOR_LLM_KEY]",
    ),
    "budget_tokens": _option(
        "--budget-tokens", type=click.IntRange(min=0), help="Most tokens that all requests together may take."
    ),
    "budget_cost": _option(
        "--budget-cost", type=click.FloatRange(min=0), help="Most money that all requests may take; needs the prices."
    ),
    "price_in": _option("--price-in", type=click.FloatRange(min=0), help="Price of a million tokens of prompts."),
    "price_out": _option("--price-out", type=click.FloatRange(min=0), help="Price of a million tokens of answers."),
    "context": _option(
        "--context",
        type=click.IntRange(min=LEAST_CONTEXT),
        help=f"The model's context in tokens; longer reports are read in parts.  [default: {CONTEXT}]",
    ),
    "timeout": _option(
        "--model-timeout",
        "timeout",
        type=click.FloatRange(min=0, min_open=True),
        help="Seconds for one try of a request.  [default: 300]",
    ),
    "retries": _option(
        "--model-retries",
        "retries",
        type=click.IntRange(0, 20),
        help="How often a request is tried again.  [default: 2]",
    ),
    "calls": _option(
        "--model-calls", "calls", type=click.IntRange(1, 256), help="Requests under way at once.  [default: 4]"
    ),
    "cache": _option(
        "--model-cache",
        "cache",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        help='Where answers are kept, "none" to keep none.  [default: tadmor/llm in the user\'s caches]',
    ),
    "below": _option(
        "--mixed-below",
        "below",
        type=click.FloatRange(0, 1),
        help=f"For --reader mixed: reports less certain than this go to the model.  [default: {BELOW}]",
    ),
}


def second(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of the second reader; the command is handed ``second``, an LlmSettings or None where no model is named."""

    @functools.wraps(command)
    def with_second(**given: Any) -> Any:
        told = {field: given.pop(field) for field in _OPTIONS}
        return command(second=_settings({k: v for k, v in told.items() if v is not None}), **given)

    wrapped: Callable[..., Any] = with_second
    for option in reversed(_OPTIONS.values()):
        wrapped = option(wrapped)
    return wrapped


class Reading(Protocol):
    """A pipeline or a ledger: what can tell what reading has taken."""

    @property
    def note(self) -> str | None:
        """What reading has taken so far, in a line; None where no model was asked."""
        ...


@contextmanager
def total(reading: Reading) -> Iterator[None]:
    """Tells at the end what the second reader has taken, also when the block was broken off: it may have cost money."""
    try:
        yield
    finally:
        if note := reading.note:
            click.echo(note, err=True)


def _settings(told: dict[str, Any]) -> LlmSettings | None:
    """The settings; a usage error where something is told of a model that is not named."""
    if "model" not in told:
        told.pop("base_url", None)  # an address in the environment alone asks for nothing
        if told:
            names = {option.name: option.opts[0] for option in click.get_current_context().command.params}
            given = " and ".join(names[field] for field in told)
            raise click.UsageError(f"name the model with --model: {given} is of no use without one")
        return None
    cache = told.pop("cache", None)
    kept = default_cache() if cache is None else None if str(cache).lower() == "none" else cache
    try:
        return LlmSettings(**told, cache=kept)
    except InputError as error:
        raise click.UsageError(str(error)) from error
