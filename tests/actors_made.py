"""Text read with a registry, for the tests of actors."""

from __future__ import annotations

from tadmor.model import Mention, Report
from tadmor.resolve.actors import resolve_actors
from tadmor.resolve.registry import Registry


def found(registry: Registry, text: str) -> dict[str, tuple[str, str, str | None]]:
    return {text[f.start : f.end]: (f.type, f.level, f.entity) for f in registry.recognise(text)}


def read(registry: Registry, text: str, published: str | None = "2016-12-11") -> dict[str, Mention]:
    mentions = [
        Mention(f"m{i}", f.start, f.end, text[f.start : f.end], f.type, f.level, f.entity)
        for i, f in enumerate(registry.recognise(text))
    ]
    report = Report("r", text, published=published)
    done = resolve_actors(mentions, report, registry)
    return {m.text: done[m.id] for m in mentions if m.id in done}


def who(registry: Registry, name: str, **scene: str) -> str | None:
    identity = registry.identify(name, **scene)
    return identity.entity if identity else None
