"""Kinds: where a clause's means or object decides the type of a claim, whatever its verb alone would say.

"Jets attacked" is an air strike and "a rocket exploded" shelling; "captured 15 soldiers" is no capture of a place; one
withdraws "from" a place that one held; "drove X out of Y" takes Y (codebook, types and rule 12).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from tadmor.reading.drafts import Draft
from tadmor.reading.scene import Scene
from tadmor.reading.triggers import read_data

_NEAR = 45  # characters on either side of a trigger within which its means or object stands


@dataclass(frozen=True, slots=True)
class Rule:
    """Drafts of the types ``of`` whose trigger, and the words before and after it, match are of type ``to``."""

    of: frozenset[str]
    to: str
    before: re.Pattern[str] | None
    trigger: re.Pattern[str] | None
    after: re.Pattern[str] | None
    object: str | None


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of ``data/kinds.toml``, first match first."""

    def build(row: dict[str, str], part: str) -> re.Pattern[str] | None:
        return re.compile(row[part], re.IGNORECASE) if part in row else None

    return tuple(
        Rule(
            frozenset(row["of"].split()),
            row["to"],
            build(row, "before"),
            build(row, "trigger"),
            build(row, "after"),
            row.get("object"),
        )
        for row in tomllib.loads(read_data("kinds.toml"))["rule"]
    )


def retyped(scene: Scene, found: Iterable[Draft]) -> list[tuple[Draft, Draft]]:
    """Each draft with the type that means and objects decide, and as it was; one that then repeats another is dropped."""
    drafts = [(d, _kind(scene, d)) for d in found]
    out: list[tuple[Draft, Draft]] = []
    for draft, name in drafts:
        if name == draft.type:
            out.append((draft, draft))
        elif not any(d is not draft and n == name and d.line is draft.line and _overlap(d, draft) for d, n in drafts):
            out.append((replace(draft, type=name), draft))
    return out


def _overlap(a: Draft, b: Draft) -> bool:
    return a.low < b.high and b.low < a.high


def _kind(scene: Scene, draft: Draft) -> str:
    sentence = draft.line.sentence
    words = draft.line.words
    at, stop = words[draft.first].start - sentence.start, words[draft.last].end - sentence.start
    before, after = sentence.text[max(0, at - _NEAR) : at], sentence.text[stop : stop + _NEAR]
    for rule in rules():
        if draft.type not in rule.of:
            continue
        if rule.before is not None and not rule.before.search(before):
            continue
        if rule.trigger is not None and not rule.trigger.search(sentence.text[at:stop]):
            continue
        if rule.after is not None and not rule.after.match(after):
            continue
        if rule.object is not None and _object(scene, sentence.start + stop) != rule.object:
            continue
        return rule.to
    return draft.type


def _object(scene: Scene, start: int) -> str | None:
    """Whether what a verb acts on is a place or persons, by the first mention that follows with few words between."""
    here = [m for m in scene.within(start, start + 2 * _NEAR) if m.type in ("place", "actor", "person")]
    if not here or len(scene.report.text[start : here[0].start].split()) > 2:
        return None
    if here[0].type == "place":
        return "place"
    # "army positions" are no persons: the mention of persons ends in their own noun
    return "party" if here[0].level == "nominal" and here[0].text.lower().endswith(("s", "men", "people")) else None
