"""What the verbs of a ledger have in common, and what they answer with; a part of ``tadmor.Ledger``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

from tadmor import pipeline
from tadmor.ledger import Decision, Store
from tadmor.model import Account, ClaimRef, Incident, Party, Place
from tadmor.pipeline import Pipeline
from tadmor.reconcile import ControlIndex
from tadmor.resolve.registry import Registry
from tadmor.resolve.resolve import Resources

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """An answer with the accounts that it rests on, and the place that it is about, if it is about one."""

    items: list[T]
    accounts: Mapping[ClaimRef, Account]
    place: Place


@dataclass(frozen=True, slots=True)
class Told:
    """An incident with all its accounts, and what people decided of it, oldest first."""

    incident: Incident
    accounts: Mapping[ClaimRef, Account]
    decisions: list[Decision]


class Verbs:
    """A store with the files that resolve names in it; the verbs are in the classes that are made of this one."""

    store: Store
    _line: Pipeline | None
    _resources: tuple[Path | None, Path | None]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the ledger."""
        self.store.close()

    def public(self) -> Self:
        """The ledger without what is withheld, as exports and viewers have it; close it by itself, before this one."""
        seen = copy(self)
        seen.store = self.store.public()
        return seen

    def _control_index(self, accounts: Iterable[Account]) -> ControlIndex:
        return ControlIndex(accounts, resolve_holder=self._holder, reliability=self.store.reliability())

    def _holder(self, party: Party, on: str | None, country: str | None) -> Party:
        return self._registry().holding(party, on, country)

    def _registry(self) -> Registry:
        return self._line.resources.registry if self._line else Registry.load(self._resources[0])

    def _open(self) -> Resources:
        return self._line.resources if self._line else pipeline.resources(*self._resources)
