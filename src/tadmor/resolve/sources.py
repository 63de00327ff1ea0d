"""Sources of attributions: which kind of source it is, whether it is named, and on whose side it stands.

By the registry where the source is known, else by the words that describe it: "an unnamed military official" is military
and anonymous, "a Syrian government official" is of the government, "residents" are witnesses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tadmor.model import Attribution, Mention, Report, Source, SourceKind
from tadmor.resolve.actors import side_of_words, war_of
from tadmor.resolve.actors_lexicon import lexicon, source_words
from tadmor.resolve.registry import Identity, Registry

_OF_KIND: Mapping[str, SourceKind] = {
    "state": "official",
    "official": "official",
    "police": "official",
    "ministry": "official",
    "military": "military",
    "coalition": "military",
    "armed group": "armed group",
    "militia": "armed group",
    "monitor": "monitor",
    "activists": "activist",
    "rescuers": "organisation",
    "organisation": "organisation",
    "agency": "agency",
    "media": "media",
}
_SPEAKS_FOR = re.compile(
    r"\b(?:spokes(?:man|woman|person|men)|statement|reporters?|correspondents?|media office|press office|press service)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\b(?:posted|released|published|filmed|circulated|issued|shared|uploaded|made|taken)\s+(?:online\s+)?by\s+(.+)$",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"[^\W\d_][\w.'’-]*")
_GOVERNMENT_SPEAKS = frozenset({"military", "official"})


def describe(
    text: str,
    identity: Identity | None = None,
    *,
    registry: Registry | None = None,
    on: str | None = None,
    war: str | None = None,
    country: str | None = None,
) -> tuple[SourceKind, bool, str | None]:
    """Kind, whether unnamed, and side of a source described as ``text``; ``identity`` when it is known who it is.

    With a registry, an organisation named inside the description ("a source in the Russian Defence Ministry") and a
    nationality ("a Turkish official") count too. Side is None when nothing tells it.
    """
    maker = _AFTER.search(text)
    who = maker[1] if maker else text
    inner = identity
    if inner is None and registry is not None:
        inner = _inside(who, registry, on, war, country)
    kind = _kind(who, text, inner, registry)
    anonymous = _anonymous(who, identity, registry)
    side = inner.side if inner is not None else None
    return kind, anonymous, side or side_of_words(who, war)


def resolve_sources(
    attributions: Sequence[Attribution], mentions: Mapping[str, Mention], report: Report, registry: Registry
) -> tuple[Attribution, ...]:
    """The attributions with ``entity``, ``anonymous``, ``kind`` and ``side`` of each source.

    ``mentions`` are those of the reading by id, actors and places resolved. An unnamed soldier or official without a side of
    his own has that of the state outlet that quotes him.
    """
    war = war_of(report, tuple(mentions.values()), registry)
    done: dict[str, Attribution] = {}
    by_id = {a.id: a for a in attributions}
    publisher = registry.identify(report.publisher, on=report.published, war=war) if report.publisher else None
    for attribution in attributions:
        source = attribution.source
        done[attribution.id] = (
            attribution
            if source is None
            else replace(attribution, source=_resolved(source, mentions, report, registry, war))
        )
    return tuple(_with_outlet(a, done, by_id, publisher, registry) for a in (done[x.id] for x in attributions))


def _resolved(
    source: Source, mentions: Mapping[str, Mention], report: Report, registry: Registry, war: str | None
) -> Source:
    on = report.published
    mention = mentions.get(source.mention or "")
    text = source.text or source.name
    identity = registry.identity(mention.entity, on=on, war=war) if mention is not None and mention.entity else None
    if identity is None:
        identity = registry.identify(source.name or text, on=on, war=war) or registry.identify(text, on=on, war=war)
    person = mention is not None and mention.type == "person" and mention.level == "name"
    named = identity is not None and (identity.kind == "person" or not _people(text, registry))
    kind, anonymous, side = describe(text, identity if named else None, registry=registry, on=on, war=war)
    if person and identity is None:
        anonymous = False
        kind = kind if kind != "other" else _by_words(_beside(report.text, source))
    if identity is not None and side is None:
        side = identity.side
    entity = identity.entity if identity is not None and (named or _SPEAKS_FOR.search(text)) else None
    if entity is None and mention is not None and mention.entity and (mention.level == "name" and person):
        entity = mention.entity
    if mention is not None and side is None:
        side = mention.side
    return replace(source, entity=entity, anonymous=anonymous, kind=kind, side=side)


def _beside(text: str, source: Source) -> str:
    """The words that say what a named person is: just before the name, and set off by commas after it."""
    before = re.split(r"[.;:,!?\n]|\b(?:and|said|told|that|to)\b", text[max(0, source.start - 60) : source.start])[-1]
    after = re.match(r"\s*,([^,.;\n]{1,80})", text[source.end : source.end + 90])
    return f"{before} {after[1] if after else ''}"


def _with_outlet(
    attribution: Attribution,
    done: Mapping[str, Attribution],
    by_id: Mapping[str, Attribution],
    publisher: Identity | None,
    registry: Registry,
) -> Attribution:
    source = attribution.source
    if source is None or source.side is not None or source.kind not in _GOVERNMENT_SPEAKS or not source.anonymous:
        return attribution
    outer = done[attribution.via].source if attribution.via is not None and attribution.via in by_id else None
    outlet = outer.entity if outer is not None else publisher.entity if publisher is not None else None
    side = outer.side if outer is not None else publisher.side if publisher is not None else None
    if outlet is None or side is None or not _of_state(outlet, registry):
        return attribution
    return replace(attribution, source=replace(source, side=side))


def _of_state(outlet: str, registry: Registry) -> bool:
    return any(
        registry.actors[a].kind in ("state", "ministry") for a in registry.ancestors(outlet) if a in registry.actors
    )


def _inside(text: str, registry: Registry, on: str | None, war: str | None, country: str | None) -> Identity | None:
    whole = registry.identify(text, on=on, war=war, country=country)
    if whole is not None:
        return whole
    for found in reversed(registry.recognise(text)):
        part = text[found.start : found.end]
        identity = registry.identify(part, on=on, war=war, country=country)
        if identity is not None and identity.kind != "person":
            return identity
    for word in re.findall(r"[\w.]+", text):
        code = registry.nationality(word)
        state = registry.state(code) if code else None
        if state is not None and re.search(
            r"official|diplomat|minist|military|army|officer|general|state|government|president|troops|police",
            text,
            re.IGNORECASE,
        ):
            return registry.identity(state.id, on=on, war=war)
    return None


def _kind(who: str, text: str, identity: Identity | None, registry: Registry | None) -> SourceKind:
    if identity is not None:
        if identity.kind == "person":
            actor = registry.actors.get(identity.entity) if registry is not None else None
            return _OF_KIND.get(actor.office if actor else "", "official" if actor else "other")
        kind = _OF_KIND.get(identity.kind, "other")
        words = _by_words(who)
        # "a Turkish military source", "Kurdish activists": the words are nearer to the speaker than the state behind them
        nearer = ("military", "activist", "witness", "media", "armed group", "official")
        if (
            identity.kind in ("state", "organisation", "coalition")
            and words in nearer
            and source_words().people.search(who)
        ):
            return words
        return kind
    kind = _by_words(who)
    return _by_words(text) if kind == "other" else kind


def _by_words(text: str) -> SourceKind:
    head = re.split(r"\s(?:in|at|from|near|who|which|on|inside)\s", text, maxsplit=1)[0]
    for part in (head, text):
        for kind, pattern in source_words().kinds:
            if pattern.search(part):
                return "official" if kind == "military" and re.search(r"\bpolice\b", part, re.IGNORECASE) else kind
    return "other"


def _people(text: str, registry: Registry) -> bool:
    """Whether the words speak of persons of an organisation and not of the organisation itself."""
    return bool(source_words().people.search(text)) and not _proper(text, registry)


def _anonymous(text: str, identity: Identity | None, registry: Registry | None) -> bool:
    if source_words().unnamed.search(text):
        return True
    if registry is not None and registry.is_name(text):
        return False
    if identity is not None and (identity.kind == "person" or not source_words().people.search(text)):
        return False
    return bool(source_words().people.search(text)) and not _proper(text, registry)


def _proper(text: str, registry: Registry | None) -> bool:
    """Whether a person's own name stands in the description, beside titles, organisations and nationalities."""
    cut = re.split(r"\s(?:in|at|from|near|of|for|inside|with|to)\s", text, maxsplit=1)[0]
    covered: list[tuple[int, int]] = []
    if registry is not None:
        found = registry.recognise(cut)
        if any(f.type == "person" for f in found):
            return True
        covered = [(f.start, f.end) for f in found]
    for m in _CAPITAL.finditer(cut):
        word = m[0]
        lower = word.lower().rstrip(".")
        if (
            not word[0].isupper()
            or lower in source_words().ordinary
            or source_words().people.fullmatch(word)
            or lower in lexicon().adjectives
            or lower in lexicon().heads
        ):
            continue
        if any(a <= m.start() < b for a, b in covered) or (registry is not None and registry.nationality(word)):
            continue
        if m.start() == 0 and " " in cut and cut.split()[1][:1].islower():
            continue  # the capital of a sentence's first word
        return True
    return False
