"""What the second reader may spend: tokens and money over all requests, with what has been spent so far.

Before a request, the most that it can take is put aside; after it, what it took is written down. So the budget is never
overdrawn, and several requests at once cannot spend the same rest of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from tadmor.errors import BudgetSpent

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Spent:
    """The running total: requests made, tokens of their prompts and answers, money, and answers that the cache had.

    ``cost`` is None without prices. ``estimated`` counts the requests for which the server told no usage; their tokens are
    estimated from the text.
    """

    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    cached: int = 0
    estimated: int = 0

    @property
    def tokens(self) -> int:
        """Tokens of prompts and answers together."""
        return self.tokens_in + self.tokens_out


class Usage:
    """What one request took, written by who made it; None where the server did not say."""

    def __init__(self) -> None:
        self.tokens_in: int | None = None
        self.tokens_out: int | None = None


class Budget:
    """A budget that requests under way at once share. It belongs to one event loop."""

    def __init__(
        self,
        tokens: int | None = None,
        cost: float | None = None,
        price_in: float | None = None,
        price_out: float | None = None,
    ) -> None:
        self._limits = tokens, cost
        self._prices = (price_in, price_out) if price_in is not None and price_out is not None else None
        self._aside: list[tuple[int, int]] = []
        self._changed: asyncio.Condition | None = None
        self.spent = Spent(cost=0.0 if self._prices else None)

    @asynccontextmanager
    async def request(self, tokens_in: int, tokens_out: int) -> AsyncIterator[Usage]:
        """Room for one request that takes at most so many tokens; waits for others under way to give back what they leave.

        Raises BudgetSpent when there is no room though none is under way.
        """
        changed = self._changed = self._changed or asyncio.Condition()
        want = (tokens_in, tokens_out)
        async with changed:
            while not self._fits([*self._aside, want]):
                if not self._aside:
                    raise BudgetSpent(self._told(want))
                await changed.wait()
            self._aside.append(want)
        usage = Usage()
        try:
            yield usage
        finally:
            async with changed:
                self._aside.remove(want)
                self._write(usage, want)
                changed.notify_all()

    def hit(self) -> None:
        """Write down an answer that the cache had: it costs nothing."""
        self.spent = replace(self.spent, cached=self.spent.cached + 1)

    def _told(self, want: tuple[int, int]) -> str:
        """Why no further request is made, and what to do."""
        tokens, cost = self._limits
        if not self._fits([want], money=False):
            amount, option = f"{tokens:,} tokens", "--budget-tokens"
        else:
            amount, option = f"{cost:,.2f}", "--budget-cost"
        return (
            f"the budget of {amount} has no room for another request of up to {sum(want):,} tokens ({self.total()}): "
            f"raise {option}; what was read before comes from the cache"
        )

    def total(self) -> str:
        """The running total in words."""
        s = self.spent
        parts = [_number(s.requests, "request"), f"{s.tokens_in:,} tokens in", f"{s.tokens_out:,} out"]
        if s.cached:
            parts.append(f"{_number(s.cached, 'answer')} from the cache")
        if s.estimated:
            parts.append(f"{_number(s.estimated, 'request')} estimated")
        if s.cost is not None:
            limit = self._limits[1]
            parts.append(f"cost {s.cost:,.4f}" + (f" of {limit:,.2f}" if limit is not None else ""))
        return ", ".join(parts)

    def _fits(self, aside: list[tuple[int, int]], *, money: bool = True) -> bool:
        tokens, cost = self._limits
        taken_in = self.spent.tokens_in + sum(a for a, _ in aside)
        taken_out = self.spent.tokens_out + sum(b for _, b in aside)
        if tokens is not None and taken_in + taken_out > tokens:
            return False
        return not money or cost is None or self._price(taken_in, taken_out) <= cost

    def _price(self, tokens_in: int, tokens_out: int) -> float:
        price_in, price_out = self._prices or (0.0, 0.0)
        return (tokens_in * price_in + tokens_out * price_out) / _MILLION

    def _write(self, usage: Usage, want: tuple[int, int]) -> None:
        """What the request took; where the server did not say, what was put aside for it."""
        known = usage.tokens_in is not None and usage.tokens_out is not None
        tokens_in = self.spent.tokens_in + (usage.tokens_in if usage.tokens_in is not None else want[0])
        tokens_out = self.spent.tokens_out + (usage.tokens_out if usage.tokens_out is not None else want[1])
        self.spent = replace(
            self.spent,
            requests=self.spent.requests + 1,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            cost=self._price(tokens_in, tokens_out) if self._prices else None,
            estimated=self.spent.estimated + (not known),
        )


def _number(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"
