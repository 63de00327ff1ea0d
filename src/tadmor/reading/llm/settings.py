"""What the second reader is told by its user: which model, where, with what patience, and how much it may spend."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tadmor.errors import InputError

BASE_URL = "http://127.0.0.1:11434/v1"  # where Ollama listens
KEY_VARIABLE = "TADMOR_LLM_KEY"
CONTEXT = 8192
LEAST_CONTEXT = 4096  # tokens: the prompt and the form of the answer take some 2,500 of them
BELOW = 0.75


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """A model and how to ask it. Raises InputError when something does not fit.

    ``model`` is its name at the endpoint ``base_url`` (http or https, with the path, as a rule "/v1"). ``key_variable`` names the
    environment variable that holds the endpoint's key, if it wants one; the key itself is never kept here. ``timeout`` is in
    seconds for one try, ``retries`` how often a request that failed, or an answer that is not in form, is asked again; ``calls``
    how many requests are under way at once. ``context`` is the model's context in tokens: longer reports are read in parts.

    ``budget_tokens`` and ``budget_cost`` are what all requests together may take, in tokens (of prompts and answers) and in
    the currency of ``price_in`` and ``price_out``, the prices of a million tokens of prompts and of answers. ``cache`` is the
    folder where answers are kept, None for no cache. ``below`` is for the mixed reader: reports less certain go to the model.
    """

    model: str
    base_url: str = BASE_URL
    key_variable: str = KEY_VARIABLE
    timeout: float = 300.0
    retries: int = 2
    calls: int = 4
    context: int = CONTEXT
    budget_tokens: int | None = None
    budget_cost: float | None = None
    price_in: float | None = None
    price_out: float | None = None
    cache: Path | None = None
    below: float = BELOW

    def __post_init__(self) -> None:
        if not self.model.strip() or not self.model.isprintable():
            raise InputError("the second reader needs the name of a model: give it with --model")
        _check_url(self.base_url)
        if self.budget_cost is not None and (self.price_in is None or self.price_out is None):
            raise InputError(
                "a budget in money needs prices: give --price-in and --price-out, those of a million tokens of prompts and of "
                "answers"
            )
        if self.context < LEAST_CONTEXT:
            raise InputError(f"a context of {self.context} tokens is too small: the prompt alone needs {LEAST_CONTEXT}")
        for name in ("timeout", "calls"):
            if getattr(self, name) <= 0:
                raise InputError(f"{name} of the second reader must be more than 0")
        for name in ("retries", "budget_tokens", "budget_cost", "price_in", "price_out"):
            if (getattr(self, name) or 0) < 0:
                raise InputError(f"{name} of the second reader must not be less than 0")
        if not 0 <= self.below <= 1:
            raise InputError("the certainty below which reports go to the second reader is between 0 and 1")

    @property
    def host(self) -> str:
        """The endpoint's host, in lower case."""
        return (urlsplit(self.base_url).hostname or "").lower()

    def key(self) -> str | None:
        """The key of the endpoint, from the environment; None when there is none."""
        return os.environ.get(self.key_variable, "").strip() or None


def default_cache() -> Path:
    """The folder where answers are kept unless told otherwise: that of the user's caches."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "tadmor" / "llm"


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        fits = False
    if not fits:
        raise InputError(f"{url!r} is no address of an endpoint: write it like {BASE_URL}")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InputError(
            "the address of the endpoint must hold no user, password or query: put the key into the environment "
            f"variable {KEY_VARIABLE}"
        )
