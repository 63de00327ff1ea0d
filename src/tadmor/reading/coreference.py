"""Who is who inside one report: for every mention the fullest name by which the report calls its referent.

Names join by identity, by surname, by acronym and by their last word ("the Observatory"); definite nominals and pronouns
go to the most recent fitting antecedent ("the city" to the likeliest: ``coreference_places``). It is
left-to-right and keeps a bounded memory, so its time is linear.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from tadmor.model import Mention, Report
from tadmor.reading.coreference_offices import KUNYA, Offices
from tadmor.reading.coreference_places import SETTLEMENTS, antecedent, counted
from tadmor.reading.cues import mention_lexicon
from tadmor.reading.text import Sentence

_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")
_BRACKETS = re.compile(r"\s*\([^()]*\)?\s*$")
_DESCRIBES = re.compile(
    r"^(?:the|a|an|its|one|another|head|leader|commander|director|spokesman|spokeswoman|member)\b", re.IGNORECASE
)
_DEFINITE = re.compile(r"^(?:the|this|that|these|those|its|their|his|her)\b", re.IGNORECASE)
_BEHIND_OFFICE = re.compile(
    r"(?<!\w)(?!(?:of|for|the|in|and|on|to|at|from|with)\s)[a-z]{3,}\s+((?:[A-Z][\w'’-]+\s){1,3}[A-Z][\w'’-]+)$"
)
_IN_BRACKETS = re.compile(r"\s*\(([A-Z]{2,7})\)")
_DESCRIBED = re.compile(
    r"^(?:(?:so-called|[\w’'-]+(?:\s[\w’'-]+)?-(?:linked|affiliated|based|allied|inspired))\s+)+(?=[A-Z]|al-)"
)
_PARTICLES = ("al-", "el-", "de", "von", "van", "bin")
_ACRONYM = re.compile(r"^[A-Z]{2,7}s?$")
_GROUP_HEADS = frozenset(
    "group militants organisation organization movement fighters extremists jihadists terrorists faction militia".split()
)
_OF_THE_WHOLE = frozenset(
    "whole entire ancient historic besieged strategic embattled desert".split()
)  # no part, no other place
_MONITORS = frozenset("monitor monitoring watchdog".split())
_ARMED = frozenset("paramilitary armed rebel insurgent militant separatist".split())
_MEMORY = 40


def core_name(text: str) -> str:
    """A name without article, title and possessive mark: "Homs Governor Talal Barazi" gives "Talal Barazi"."""
    name = _POSSESSIVE.sub("", _ARTICLE.sub("", " ".join(text.split())))
    lexicon = mention_lexicon()
    parts = name.split(" ")
    last_title = max(
        (
            i
            for i, p in enumerate(parts[:-1])
            if (p.strip(".,").lower() in lexicon.titles and p.lower() not in KUNYA) or p in lexicon.title_words
        ),
        default=-1,
    )
    rest = parts[last_title + 1 :]
    small = bool(rest) and rest[0][:1].islower() and not rest[0].startswith(_PARTICLES)
    behind = _BEHIND_OFFICE.search(
        name
    )  # "member of the committee Yasser Farhan", not "head of the Institute for Peace"
    if behind and (small or last_title < 0):
        return behind[1]
    if last_title >= 0 and small:
        return name
    return " ".join(rest) or name


def representatives(report: Report, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> Mapping[str, str]:
    """Maps each mention id to the fullest name of its referent; a mention without antecedent to its own text."""
    full, often = _full_names(report.text, mentions), counted(mentions)
    out: dict[str, str] = {}
    recent: list[tuple[Mention, str]] = []
    starts = iter(sentences)
    sentence = next(starts, None)
    subject: dict[str, str] = {}
    previous: dict[str, str] = {}
    apposed = _appositions(report.text, mentions, full)
    offices = offices_of(report.text, mentions, full)
    for mention in mentions:
        while sentence is not None and mention.start >= sentence.end:
            sentence = next(starts, None)
            previous, subject = (subject or previous), {}
        office = offices.holder(mention.text) if mention.type == "person" and mention.level == "nominal" else None
        name = apposed.get(mention.id) or office or _resolve(mention, full, recent, previous, subject, often)
        out[mention.id] = name
        if mention.type in ("actor", "person", "place"):
            recent.append((mention, name))
            del recent[:-_MEMORY]
            subject.setdefault(mention.type, name)
    return out


def offices_of(text: str, mentions: Sequence[Mention], names: Mapping[str, str]) -> Offices:
    """The offices that a report gives to the persons it names; ``names`` maps mention ids to fullest names."""
    named = [
        (m, core_name(names[m.id])) for m in mentions if m.type == "person" and m.level == "name" and m.id in names
    ]
    return Offices(text, mentions, named)


def _appositions(text: str, mentions: Sequence[Mention], full: Mapping[str, str]) -> dict[str, str]:
    """Descriptions of a person beside the name: "Omar Sabri, a commander" and "the commander, Omar Sabri"."""
    out: dict[str, str] = {}
    persons = [m for m in mentions if m.type == "person"]
    for a, b in pairwise(persons):
        between = text[a.end : b.start]
        if between not in (", ", " ", ","):
            continue
        if a.level == "name" and b.level == "nominal" and _DESCRIBES.match(b.text):
            out[b.id] = full[a.id]
        elif a.level == "nominal" and b.level == "name":
            out[a.id] = full[b.id]
    return out


def _full_names(text: str, mentions: Sequence[Mention]) -> dict[str, str]:
    """Mention id to fullest name, for mentions that carry a name."""
    by_entity: dict[str, list[Mention]] = {}
    persons: dict[str, str] = {}
    long_forms: dict[str, str] = {}
    tails: dict[str, str] = {}
    for m in mentions:
        if m.level != "name":
            continue
        if m.entity is not None and m.type in ("actor", "person"):
            by_entity.setdefault(m.entity, []).append(m)
        if m.type == "person":
            core = core_name(m.text)
            parts = core.split()
            if len(parts) > 1:
                for key in {parts[-1].lower(), parts[-1].lower().removeprefix("al-")}:
                    if len(persons.get(key, "")) < len(core):
                        persons[key] = core
        elif m.type == "actor":
            name = _bare(m.text)
            initials = _initials(name)
            if len(initials) > 1:
                long_forms.setdefault(initials, name)
            acronym = _IN_BRACKETS.search(m.text) or _IN_BRACKETS.match(text, m.end)
            if acronym and not _ACRONYM.match(name):
                long_forms[acronym[1]] = spelt_out(acronym[1], name) or name
            words = name.split()
            if len(words) > 1:
                for w in words:
                    if w[0].isupper() and w.lower() in mention_lexicon().organisation_heads:
                        tails[w.lower()] = name
    fullest = {entity: _fullest(group) for entity, group in by_entity.items()}
    out: dict[str, str] = {}
    for m in mentions:
        if m.level != "name":
            continue
        bare = _bare(m.text)
        if m.entity in fullest:
            out[m.id] = _spelt(fullest[m.entity], long_forms)
        elif m.type == "person":
            core = core_name(m.text)
            parts = core.split()
            key = parts[-1].lower() if parts else ""
            known = persons.get(key) or persons.get(key.removeprefix("al-"))
            out[m.id] = (
                known
                if known and (len(parts) == 1 or set(core.lower().split()) <= set(known.lower().split()))
                else core
            )
        elif m.type == "actor" and (spelt := _spelt(bare, long_forms)) != bare:
            out[m.id] = spelt
        elif m.type == "actor" and bare.lower() in tails:
            out[m.id] = tails[bare.lower()]
        else:
            out[m.id] = bare if m.type == "actor" else m.text
    out.update({f"tail:{word}": name for word, name in tails.items()})
    return out


def _spelt(name: str, long_forms: Mapping[str, str]) -> str:
    """The name with an acronym at its beginning or end spelt out as the report does: "ADF fighters", "the Kurdish SDF"."""
    words = name.split()
    if words[0] in long_forms and all(w.islower() for w in words[1:]):
        return " ".join([long_forms[words[0]], *words[1:]])
    if words[-1] in long_forms and _ACRONYM.match(words[-1]):
        return long_forms[words[-1]]
    return name


def spelt_out(acronym: str, name: str) -> str | None:
    """The last words of a name whose initials are the acronym's letters: "Libyan National Army" for LNA; None without."""
    words = name.split()
    for i in range(len(words)):
        if _initials(" ".join(words[i:])) == acronym:
            return " ".join(words[i:])
    return None


def _bare(text: str) -> str:
    """The name without article, possessive mark, brackets and what only describes it ("al-Qaeda-linked", "so-called")."""
    name = _BRACKETS.sub("", _POSSESSIVE.sub("", _ARTICLE.sub("", " ".join(text.split()))))
    return _DESCRIBED.sub("", name) or name or text


def _fullest(group: Sequence[Mention]) -> str:
    """The name of one identity: the one used most, in its longest form, an acronym spelt out where the report does so.

    Phrases with a small-letter head ("ISIS fighters") count only when nothing else is there.
    """
    names = [_bare(m.text) for m in group]
    plain = [n for n in names if not n.split()[-1][:1].islower()] or names
    counts = Counter(plain)
    best = max(counts, key=lambda n: (counts[n], len(n), -plain.index(n)))
    words = set(best.lower().split())
    longer = [n for n in counts if words < set(n.lower().split())]
    if not longer and _ACRONYM.match(best):
        longer = [s for n in counts if (s := spelt_out(best, n))]
    return max(longer, key=lambda n: (len(n), n)) if longer else best


def _initials(name: str) -> str:
    return "".join(part[0] for part in re.findall(r"\w+", name) if part[0].isupper())


def _resolve(
    mention: Mention,
    full: Mapping[str, str],
    recent: Sequence[tuple[Mention, str]],
    previous: Mapping[str, str],
    subject: Mapping[str, str],
    often: Mapping[str, int],
) -> str:
    if mention.id in full:
        return full[mention.id]
    text = mention.text.lower()
    if mention.level == "pronoun":
        return _pronoun(mention, text, recent, previous, subject)
    words = text.split()
    head = words[-1] if words else ""
    if (
        not _MONITORS.isdisjoint(words)
        and mention.type in ("actor", "person")
        and (watcher := full.get("tail:observatory"))
    ):
        return watcher
    if mention.type == "actor" and _DEFINITE.match(text):
        named = full.get(f"tail:{head}")
        if named and len(words) == 2:
            return named
        if head in _GROUP_HEADS and len(words) <= 3:
            armed = not _ARMED.isdisjoint(words)
            return next((name for m, name in reversed(recent) if _is_group(m, armed)), mention.text)
        if len(words) == 2:
            return next(
                (name for m, name in reversed(recent) if m.type == "actor" and name.lower().split()[-1:] == [head]),
                mention.text,
            )
    plain = len(words) == 2 or (len(words) == 3 and words[1] in _OF_THE_WHOLE)
    if mention.type == "place" and plain and words[0] in ("the", "this") and head in SETTLEMENTS:
        return antecedent(mention, head, recent, often) or mention.text
    if mention.type == "person" and _DEFINITE.match(text) and len(words) == 2:
        return next(
            (
                name
                for m, name in reversed(recent)
                if m.type == "person" and m.level == "name" and head in m.text.lower().split()
            ),
            mention.text,
        )
    return mention.text


def _is_group(m: Mention, armed: bool = False) -> bool:
    """Whether "the group" may be this; with ``armed``, "the paramilitary group", which may call itself forces or an army."""
    if m.type != "actor" or m.level != "name":
        return False
    words = set(m.text.lower().split())
    state = {
        "government",
        "ministry",
        "army",
        "coalition",
        "council",
        "observatory",
        "agency",
        "network",
        "united",
        "nations",
        "un",
        "president",
        "forces",
        "news",
        "russia",
        "syria",
        "turkey",
        "iran",
        "iraq",
        "us",
        "u.s.",
        "regime",
        "television",
    }
    return not words & (state - {"forces"} if armed and m.text.lower() != "the armed forces" else state)


def _pronoun(
    mention: Mention,
    text: str,
    recent: Sequence[tuple[Mention, str]],
    previous: Mapping[str, str],
    subject: Mapping[str, str],
) -> str:
    if text in ("he", "she", "him", "himself", "herself"):
        return _person_meant(text in ("she", "her", "herself"), recent) or mention.text
    if text in ("they", "it") and "actor" not in subject and "actor" in previous:
        return previous["actor"]
    if text in ("it", "they") and "actor" in subject:
        return subject["actor"]
    return mention.text


def _person_meant(woman: bool, recent: Sequence[tuple[Mention, str]]) -> str | None:
    """The last person who may be meant: a woman's first name is no "he", a known man's no "she"."""
    lexicon = mention_lexicon()
    for m, name in reversed(recent):
        first = name.lower().split()[:1]
        if m.type != "person" or name.lower() in _PRONOUNS:
            continue
        if first and first[0] in lexicon.first_names and (first[0] in lexicon.women) != woman:
            continue
        return name
    return None


_PRONOUNS = frozenset("i me my we us he she him her himself herself".split())
