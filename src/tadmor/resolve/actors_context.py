"""What a report tells of its actors while it is read: its war, and who was named before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tadmor.model import Mention, Report
from tadmor.resolve.registry import Identity, Registry


@dataclass(slots=True)
class Context:
    """A report with its war, and what was named in it so far; ``places`` are those told in it, by start and country."""

    report: Report
    registry: Registry
    war: str | None
    country: str | None
    named: list[tuple[int, Identity]] = field(default_factory=list)
    persons: dict[str, Mention] = field(default_factory=dict)
    armed: Counter[str] = field(default_factory=Counter)
    starts: dict[int, Mention] = field(default_factory=dict)
    places: list[tuple[int, str]] = field(default_factory=list)

    @property
    def on(self) -> str | None:
        """When the report was published."""
        return self.report.published

    def identify(self, name: str) -> Identity | None:
        """Who is meant by a name in this report."""
        return self.registry.identify(name, on=self.on, war=self.war, country=self.country)

    def identity(self, entity: str) -> Identity | None:
        """The identity of an entity at the date and in the war of the report."""
        return self.registry.identity(entity, on=self.on, war=self.war)

    def home(self, slot: str) -> Identity | None:
        """What a bare word ("the army") means in the war of the report."""
        actor = self.registry.home(self.war, slot, self.on, self.country)
        return self.identity(actor.id) if actor else None

    def last(
        self,
        before: int,
        kinds: frozenset[str],
        within: int | None = None,
        *,
        not_of: str | None = None,
        aloft: bool = True,
    ) -> Identity | None:
        """The last actor named of such kinds; ``not_of`` a side, and without air forces and navies unless ``aloft``."""
        for start, identity in reversed(self.named):
            if start >= before:
                continue
            if within is not None and before - start > within:
                return None
            if identity.kind not in kinds or (not_of is not None and identity.side == not_of):
                continue
            actor = self.registry.actors.get(identity.entity)
            if aloft or actor is None or actor.role not in ("air force", "navy"):
                return identity
        return None
