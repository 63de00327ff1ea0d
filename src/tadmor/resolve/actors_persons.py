"""Persons whom the registry does not know: whose side they speak from, by the title that stands beside their name."""

from __future__ import annotations

import re
from collections.abc import Callable

from tadmor.model import Mention, Report
from tadmor.resolve.actors_lexicon import lexicon, source_words
from tadmor.resolve.registry import Identity, Registry

_BEFORE = 70  # code points: a title and an organisation with a long name
_AFTER = 90
_CUT = re.compile(r"[.;:,!?\n\"“”«»()](?:\s|$)|\b(?:and|said|says|told|that|to|by|with|from|when|while|as)\b")
_APPOSITION = re.compile(r"\s*,\s+((?:[^,.;\n]|\.(?=\w)){1,80})")
# Whoever bears such an office in the country of a war is of its government, if nothing says otherwise
_OFFICE = re.compile(
    r"\b(?:governor|mayor|(?:prime |deputy |foreign |defen[cs]e |interior |health |information )?minist(?:er|ry)|president|"
    r"police chief|prosecutor|ambassador|lawmaker)\b",
    re.IGNORECASE,
)
_FORCE = re.compile(
    r"\b(?:army|military|armed forces|air force) (?:spokes\w+|commander|chief|officer|general)", re.IGNORECASE
)
_INSTALLED = re.compile(r"[-–](?:installed|appointed|backed|held|controlled)\b|\bformer\b|\bex-|\bself-", re.IGNORECASE)
_BY = re.compile(r"\b([\w.]+)[-–](?:installed|appointed|imposed)\b", re.IGNORECASE)
_SPEAKS = re.compile(r"\b(?:told|reporter|correspondent|journalist|analyst|expert|professor)\b", re.IGNORECASE)


def side_of_title(
    mention: Mention,
    report: Report,
    registry: Registry,
    identify: Callable[[str], Identity | None],
    home: Callable[[str], Identity | None],
    by_words: Callable[[str], str | None],
) -> str | None:
    """The side of a person by the words beside the name: "SDF spokesman X", "Y, governor of the province".

    An organisation or nationality named in the title decides, then its words of sides ("rebel commander"); else an office of
    state is the government's, an army's officer the army's. ``identify``, ``home`` and ``by_words`` are those of the report's
    war and date. None when the title tells nothing.
    """
    for words in titles(mention, report):
        if (by := _BY.search(words)) is not None:
            return _side_of_installer(by[1], registry, identify, by_words)
        if not _titled(words) or _INSTALLED.search(words) or _SPEAKS.search(words):
            continue
        named = [f for f in registry.recognise(words) if f.type == "actor" and f.level == "name"]
        for found in reversed(named):
            identity = identify(words[found.start : found.end])
            if identity is not None and identity.side is not None:
                return identity.side
        if named:
            continue
        foreign = next((c for w in re.findall(r"[\w.]+", words) if (c := registry.nationality(w))), None)
        state = registry.state(foreign) if foreign else None
        if state is not None:
            identity = identify(state.name)
            return identity.side if identity else None
        told = by_words(words)
        if told is not None:
            return told
        slot = "army" if _FORCE.search(words) else "government" if _OFFICE.search(words) else None
        own = home(slot) if slot else None
        if own is not None and own.side is not None:
            return own.side
    return None


def _side_of_installer(
    word: str, registry: Registry, identify: Callable[[str], Identity | None], by_words: Callable[[str], str | None]
) -> str | None:
    code = registry.nationality(word)
    state = registry.state(code) if code else None
    identity = identify(state.name if state else word)
    return identity.side if identity else by_words(word)


def titles(mention: Mention, report: Report) -> tuple[str, str]:
    """The words that say what a person is: just before the name and in the mention itself, and set off by a comma after it."""
    before = report.text[max(0, mention.start - _BEFORE) : mention.start]
    after = _APPOSITION.match(report.text, mention.end, mention.end + _AFTER)
    return f"{_CUT.split(before)[-1]}{_parted(mention.text)[0]}".strip(), _CUT.split(after[1])[0] if after else ""


def without_title(text: str) -> str:
    """A person's name without the title that a mention holds before it: "Talal Barazi" of "Homs Governor Talal Barazi"."""
    return _parted(text)[1]


def _parted(text: str) -> tuple[str, str]:
    words = text.split()
    last = max((i for i, w in enumerate(words[:-1]) if _title(w)), default=-1)
    return " ".join(words[: last + 1]), " ".join(words[last + 1 :])


def _title(word: str) -> bool:
    bare = word.lower().strip(".,")
    return bare in source_words().titles or lexicon().heads.get(bare) in ("official", "military")


def _titled(words: str) -> bool:
    heads = lexicon().heads
    return any(
        _title(w) or heads.get(w.lower()) in ("official", "military", "armed", "rebel", "group", "activists")
        for w in re.findall(r"[\w.'’-]+", words)
    )
