"""Actors and persons of a reading to identities, with kind and side at the date of the report.

Names are looked up in the registry. A noun phrase is resolved by its own words where they decide it ("Turkish troops"), by
the war that the report is about ("government troops"), or by what the report has named before it ("the group"): the last only
when one actor of a fitting kind stands out; otherwise it stays open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tadmor.model import Mention, Report
from tadmor.resolve.actors_context import Context
from tadmor.resolve.actors_lexicon import lexicon
from tadmor.resolve.actors_match import key
from tadmor.resolve.actors_nominals import Phrase, phrases
from tadmor.resolve.actors_persons import side_of_title, without_title
from tadmor.resolve.actors_theatre import theatre_of
from tadmor.resolve.actors_theatre import war_of as war_of
from tadmor.resolve.registry import Identity, Registry
from tadmor.resolve.registry_lookup import SUBJECTS, is_ministry_of
from tadmor.resolve.registry_names import LEADING

_DEFINITE = re.compile(r"\b(?:the|this|that|these|those|its)\s+(?:\w+\s+)?$", re.IGNORECASE)
_AIR_FORCE = re.compile(r"(?:the |its )?air ?force", re.IGNORECASE)
_MONITORING = frozenset({"monitoring", "monitor", "monitors", "watchdog", "rights", "human"})
_ONE_GROUP = frozenset({"group", "organisation", "organization", "movement", "network"})
_STRANGERS = frozenset(
    {"gunmen", "gunman", "attackers", "attacker", "assailants", "assailant", "bomber", "snipers", "sniper", "tribesmen"}
)
_OUTSIDERS = frozenset({"foreign", "other", "former", "allied", "local", "rival", "new", "captured", "suspected"})
# A group of such people is told by more than being the one that the report speaks of: "Shiite militias" beside ISIS
_PEOPLES = frozenset(
    (
        "shiite shia shi'ite alawite druze christian kurdish arab turkmen yazidi chechen bedouin tribal clan ethnic tuareg "
        "jewish"
    ).split()
)
# Words that a government's own men are not called by: "the army killed 40 terrorists" is not about its militia
_FOES = frozenset(
    "terrorists terrorist jihadists jihadist jihadis jihadi insurgents insurgent extremists extremist rebels rebel takfiris "
    "militants militant islamists islamist separatists separatist".split()
)
_ARMED = frozenset({"armed group", "militia"})
_REBELS = frozenset({"rebels", "rebel", "insurgents", "insurgent", "revolutionaries"})
_ARMS = re.compile(r"\b(?:rebel|insurgent|anti-government|anti-regime|fighters|forces)", re.IGNORECASE)
_OWNED = re.compile(r"^[\w-]+['’]s (?=[A-Z])")
_SEAT = re.compile(r" (?:in|of) (?:the )?[A-Z]\w+")
_WORD_BEFORE = re.compile(r"\b([A-Z][\w.]+) $")
_SET_UP = re.compile(r"([\w.]+)-(?:backed|installed|appointed|supported|led)")
_BACKED = re.compile(r"[\w.]+-(?:backed|aligned|allied|linked)")
_OF = re.compile(r"\s+(?:of|from)\s+(?:the\s+)?")
_BESIDE = 90
_NEAR = 350  # code points: about two sentences of news
_DOMINANT = 0.7


def resolve_actors(mentions: Sequence[Mention], report: Report, registry: Registry) -> dict[str, Mention]:
    """Actor and person mentions by id, with ``entity``, ``name``, ``kind`` and ``side`` where they can be told.

    Places should be resolved before: their countries say which war the report is about. A name that the registry lacks gets
    an identity of its own (``Registry.unknown``), a surname that of the fuller name told in the report; a noun phrase that
    cannot be resolved keeps ``entity`` None but has the kind and side of its words.
    """
    own = sorted((m for m in mentions if m.type in ("actor", "person")), key=lambda m: (m.start, m.end))
    theatre = theatre_of(report, mentions, registry)
    context = Context(report, registry, theatre.war, theatre.country)
    context.starts = {m.start: m for m in own if m.level == "name" and m.type == "actor"}
    context.places = [
        (m.start, m.country)
        for m in mentions
        if m.type == "place" and m.country and registry.nationality(m.text) is None
    ]
    for mention in own:
        known = (
            context.identify(mention.text)
            if mention.level == "name"
            else context.identity(mention.entity)
            if mention.level == "nominal" and mention.entity is not None
            else None
        )
        if known is not None and known.kind in _ARMED:
            context.armed[known.entity] += 1
    resolved: dict[str, Mention] = {}
    for mention in own:
        done = _resolve(mention, context)
        resolved[mention.id] = done
        if (
            done.entity is not None
            and done.level != "pronoun"
            and (identity := registry.identity(done.entity, on=context.on, war=context.war))
        ):
            context.named.append((done.start, identity))
    return resolved


def _resolve(mention: Mention, context: Context) -> Mention:
    if mention.level == "pronoun":
        return _filled(
            mention,
            context.registry.identity(mention.entity, on=context.on, war=context.war) if mention.entity else None,
        )
    if mention.level == "name":
        return _name(mention, context)
    phrase = _phrase(mention.text, context.registry)
    identity = _of_nation(mention, context) or context.identify(mention.text)
    if identity is None and phrase:
        identity = _by_context(mention, phrase, context)
    if identity is None and mention.entity is not None:
        told = side_of_words(mention.text, context.war)
        given = context.identity(mention.entity)
        identity = given if given is None or told is None or given.side in (None, told) else None
    if identity is None and _AIR_FORCE.fullmatch(mention.text):
        identity = context.home("air")
    if identity is not None:
        return _filled(mention, identity)
    kind = lexicon().kinds.get(phrase.group) if phrase else mention.kind
    side = side_of_words(mention.text, context.war) or (_side_of_backer(phrase, context) if phrase else None)
    return replace(mention, entity=None, kind=kind, side=side)


def _of_nation(mention: Mention, context: Context) -> Identity | None:
    """Who is meant when the nationality stands just before the mention: "the Russian army" of which it holds "army"."""
    before = _word_before(mention, context)
    code = context.registry.nationality(before) if before and mention.text[:1].islower() else None
    state = context.registry.state(code) if code and not LEADING.match(mention.text) else None
    if state is None or before == state.name:
        return None
    return context.identify(f"{before} {mention.text}")


def _word_before(mention: Mention, context: Context) -> str | None:
    before = _WORD_BEFORE.search(context.report.text, max(0, mention.start - 24), mention.start)
    return before[1] if before is not None else None


def _name(mention: Mention, context: Context) -> Mention:
    words = key(mention.text).split()
    person = mention.type == "person"
    if person and words:
        fuller = context.persons.get(words[-1])
        if fuller is not None and len(key(fuller.text).split()) > len(words):
            return replace(mention, entity=fuller.entity, name=fuller.name, kind=fuller.kind, side=fuller.side)
    identity = context.identify(mention.text)
    if identity is None and mention.entity is not None:
        identity = context.registry.identity(mention.entity, on=context.on, war=context.war)
    plain = mention.text if person else _without_adjectives(mention.text)
    if identity is None and not person:
        owned = _OWNED.search(plain)
        identity = context.identify(plain) or (context.identify(plain[owned.end() :]) if owned else None)
    if identity is not None:
        done = _filled(mention, identity)
    else:
        phrase = _phrase(mention.text, context.registry)
        kind = "person" if person else lexicon().kinds.get(phrase.group) if phrase else mention.kind
        bare = without_title(mention.text) if person else plain
        done = replace(
            mention,
            entity=context.registry.unknown(bare),
            name=bare,
            kind=kind,
            side=_side_of_person(mention, context) if person else side_of_words(mention.text, context.war),
        )
    if person and len(words) > 1:
        context.persons.setdefault(words[-1], done)
    return done


def _without_adjectives(text: str) -> str:
    """A name without the plain adjectives before it, so that "allied Joint Force" is who the Joint Force is."""
    words = text.split()
    first = next((i for i, w in enumerate(words) if not (w.islower() and w in lexicon().adjectives)), 0)
    return " ".join(words[first:]) if first and words[first][:1].isupper() else text


def _side_of_person(mention: Mention, context: Context) -> str | None:
    def by_words(words: str) -> str | None:
        side, own = side_of_words(words, context.war), context.home("government")
        of_government = side == "government" or (side is None and re.search(r"\bgovernment\b", words, re.IGNORECASE))
        return own.side if of_government and own is not None else side

    def home(slot: str) -> Identity | None:
        return (_government_there(mention, context) if slot == "government" else None) or context.home(slot)

    told = side_of_title(mention, context.report, context.registry, context.identify, home, by_words)
    return told or by_words(mention.text)


def _government_there(mention: Mention, context: Context) -> Identity | None:
    """The state whose governor or mayor somebody is, where the place told nearest lies outside the war's countries: "Kursk"."""
    near = [
        (abs(mention.start - start), code) for start, code in context.places if -_NEAR < start - mention.start < _BESIDE
    ]
    country = min(near)[1] if near else None
    place = lexicon().wars.get(context.war or "")
    state = context.registry.state(country) if country and place and country not in place.countries else None
    return context.identify(state.name) if state else None


def _filled(mention: Mention, identity: Identity | None) -> Mention:
    if identity is None:
        return mention
    return replace(mention, entity=identity.entity, name=identity.name, kind=identity.kind, side=identity.side)


def _phrase(text: str, registry: Registry) -> Phrase | None:
    """The noun phrase that a mention is, with or without its article; one that stands alone counts too."""
    whole = next((p for p in phrases(text, (), registry.nationalities) if p.end == len(text)), None)
    if whole is not None:
        # "Bedouin fighters": a people that is no word of the grammar still says that these are not just any fighters
        before = tuple(w for w in re.findall(r"[\w'’-]+", text[: whole.start].lower()) if w in _PEOPLES)
        return replace(whole, modifiers=(*before, *whole.modifiers)) if before else whole
    words = [w for w in re.findall(r"[\w'’.-]+", text.lower()) if w not in ("the", "a", "an", "some", "its", "their")]
    if not words or words[-1] not in lexicon().heads:
        return None
    return Phrase(0, len(text), words[-1], lexicon().heads[words[-1]], tuple(words[:-1]))


def _by_context(mention: Mention, phrase: Phrase, context: Context) -> Identity | None:
    text = context.report.text
    definite = (
        phrase.definite
        or bool(_DEFINITE.search(text[max(0, mention.start - 30) : mention.start]))
        or bool(re.match(r"(?:the|this|that|these|those|its)\s", mention.text, re.IGNORECASE))
    )
    if phrase.head == "ministry":
        foreign = any(context.registry.nationality(w) for w in phrase.modifiers)
        return None if foreign else _ministry(mention, phrase, context, definite)
    if any(_BACKED.fullmatch(w) for w in phrase.modifiers):
        return _backed(phrase, context, definite)
    if any(context.registry.nationality(w) or w in _OUTSIDERS or "-" in w for w in phrase.modifiers):
        return None
    if phrase.group in ("armed", "rebel", "group", "military") and not _PEOPLES.isdisjoint(
        (*phrase.modifiers, (_word_before(mention, context) or "").lower())
    ):
        return None
    if phrase.group == "monitor" or (phrase.group == "group" and _MONITORING & {phrase.head, *phrase.modifiers}):
        return context.last(mention.start, frozenset({"monitor"})) if definite else None
    if phrase.group in ("armed", "rebel", "military") and (of := _OF.match(text, mention.end)):
        master = context.starts.get(of.end())
        named = context.identify(master.text) if master is not None else None
        if named is not None and named.kind in (*_ARMED, "military", "coalition"):
            return named
    if "army" in phrase.modifiers and phrase.group in ("group", "military", "armed"):
        return context.home("army")
    if phrase.group == "group":
        if phrase.head == "coalition":
            return _coalition(mention, context)
        return _armed(mention, context, definite) if phrase.head in _ONE_GROUP and definite else None
    open_rebels = context.war is not None and not context.registry.has_home(context.war, "rebels", context.on)
    if open_rebels and (
        phrase.head in _REBELS or (phrase.group in ("armed", "military") and "rebel" in phrase.modifiers)
    ):
        return _rebels(mention, context, definite)
    if phrase.head in ("separatists", "separatist") and (own := context.home("separatists")) is not None:
        return own
    if phrase.group == "air":
        return context.home("air") if "military" in phrase.modifiers or "army" in phrase.modifiers else None
    if phrase.group == "armed" and not set(phrase.modifiers) & {"opposition", "rebel", "government", "regime"}:
        if phrase.head in _STRANGERS and not definite:
            return None
        foes = phrase.head in _FOES
        return _armed(mention, context, definite, foes=foes)
    if phrase.group == "military":
        near = context.last(mention.start, frozenset({"military"}), _NEAR, aloft=False) if definite else None
        told = side_of_words(mention.text, context.war)
        if near is not None and (told is None or told == near.side):
            return near
        return context.home("army") if phrase.head in ("army", "military") or "armed" in phrase.modifiers else None
    if phrase.group == "police":
        return context.home("police") if definite else None
    if phrase.group == "government" and phrase.head in ("government", "regime") and definite:
        return context.home("government")
    return None


def _armed(mention: Mention, context: Context, definite: bool, *, foes: bool = False) -> Identity | None:
    """The armed group that stands out: nearly all that the report names, else the one just named, if it is pointed to.

    ``foes``: the words do not fit one that is on the government's side.
    """
    home = context.home("government")
    not_of = home.side if foes and home is not None else "government" if foes else None
    known = {
        e: (i, n) for e, n in context.armed.items() if (i := context.identity(e)) and not (foes and i.side == not_of)
    }
    if known:
        identity, count = max(known.values(), key=lambda row: row[1])
        if count >= _DOMINANT * sum(n for _, n in known.values()):
            return identity
    return context.last(mention.start, _ARMED, _NEAR, not_of=not_of) if definite else None


def _backed(phrase: Phrase, context: Context, definite: bool) -> Identity | None:
    """The one armed group of a report that "the Iran-backed group" can be: the only one, and not of the backer's country."""
    if not definite or phrase.group not in ("group", "armed", "rebel"):
        return None
    home = context.home("government")
    known = [i for e in context.armed if (i := context.identity(e)) and (home is None or i.side != home.side)]
    group = known[0] if len(known) == 1 else None
    codes = {context.registry.nationality(w.rpartition("-")[0]) for w in phrase.modifiers if "-" in w}
    return group if group is not None and codes and None not in codes and group.country not in codes else None


def _side_of_backer(phrase: Phrase, context: Context) -> str | None:
    """The side of those who are told by the state behind them: "Russian-installed authorities"."""
    words = [m[1] for w in phrase.modifiers if (m := _SET_UP.fullmatch(w))]
    states = [context.registry.state(c) for w in words if (c := context.registry.nationality(w))]
    sides = {i.side for s in states if s is not None and (i := context.identity(s.id)) is not None}
    return sides.pop() if len(sides) == 1 else None


def _coalition(mention: Mention, context: Context) -> Identity | None:
    """The coalition that the report calls one, else that of the war, else the last one of the kind."""
    last = context.last(mention.start, frozenset({"coalition"}))
    actor = context.registry.actors.get(last.entity) if last is not None else None
    if actor is not None and any("coalition" in n.lower() for n in (actor.name, *actor.aliases)):
        return last
    told = next(
        (s for s, i in reversed(context.named) if s < mention.start and last is not None and i.entity == last.entity), 0
    )
    if last is not None and "coalition" in context.report.text[max(0, told - 30) : min(told + 80, mention.start)]:
        return last
    return context.home("coalition") or last


def _rebels(mention: Mention, context: Context, definite: bool) -> Identity | None:
    """The rebels of a war that has no one party of that name: the armed group that stands out, if it is not the government's."""
    group = _armed(mention, context, definite, foes=True)
    return None if group is None or group.side == "government" else group


def _ministry(mention: Mention, phrase: Phrase, context: Context, definite: bool) -> Identity | None:
    """The ministry named before, else the one of the war's country that has this business: "the defence ministry"."""
    subject = SUBJECTS.intersection(phrase.modifiers)
    if (seat := _SEAT.match(context.report.text, mention.end)) is not None:
        seated = context.identify(f"{mention.text}{seat[0]}")
        if seated is not None and seated.kind == "ministry":
            return seated
    if not definite and not subject:
        return None
    registry = context.registry
    for start, identity in reversed(context.named):
        if start < mention.start and identity.kind == "ministry":
            actor = registry.actors.get(identity.entity)
            if actor is not None and is_ministry_of(actor, subject):
                return identity
    country = context.country
    own = registry.ministry(country, subject, context.on) if country and subject else None
    return context.identity(own.id) if own else None


def side_of_words(text: str, war: str | None) -> str | None:
    """The side that the words themselves tell ("rebel commander", "pro-government fighters"); None when none or several."""
    words = lexicon()
    place = words.wars.get(war or "")
    if place is not None and (own := place.sides.get("rebel")) and re.search(rf"(?<![\w-]){own}\b", text.lower()):
        return own
    sides = {
        words.sides[w]
        for w in re.findall(r"[\w.-]+", text.lower().replace("’s", "").replace("'s", ""))
        if w in words.sides
    }
    if len(sides) != 1:
        return None
    side = sides.pop()
    if place is None:
        return side if side not in ("government", "opposition") else None
    if side == "opposition" and "opposition" in place.sides and not _ARMS.search(text):
        return place.sides["opposition"]  # the political one, where it is not the rebels'
    return place.sides.get("rebel" if side == "opposition" else side, side) or None
