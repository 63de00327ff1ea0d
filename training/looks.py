"""Coded claims as what the network looks at: each clause in its context, with who, whom, where, when, how many and who says so.

The coded names are strings; what of the text stands for them is found through the report's mentions, those that the
rules resolve to the name ("the group"), and through the name itself where it stands in the text. A role that is coded empty has
no piece; a role whose name is not found in the context is not learnt from.
"""

from __future__ import annotations

import pickle
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from tadmor import pipeline
from tadmor.evaluate.claims import date_score, listed
from tadmor.evaluate.names import same_name
from tadmor.evaluate.run import report_of
from tadmor.reading.arguments import allowed
from tadmor.reading.date_forms import FORMS, form_of
from tadmor.reading.document import analyse
from tadmor.reading.drafts import Draft, lines
from tadmor.reading.embedded.looks import NARROW, ROLES, Room, look
from tadmor.reading.embedded.session import case_of
from tadmor.reading.scene import Scene
from tadmor.reading.text import Sentence
from tadmor.reading.weighing import weighed
from tadmor.taxonomy import UTTERANCES
from training.examples import Example, Pair, find
from training.network import CERTAINTY

Row = dict[str, Any]
_SAME_DATE = 0.6
WIDE = Room(context=280, head=60, before=5)  # in view of a network that teaches others


@dataclass(frozen=True)
class Seen:
    """A claim in its text: clauses, type, certainty or -1, spans by role (None: not known), form of its date or -1."""

    clauses: tuple[tuple[int, Pair], ...]  # index of the sentence, span
    type: int
    certainty: int
    roles: tuple[tuple[Pair, ...] | None, ...]
    form: int = -1


@dataclass(frozen=True)
class Text:
    """A text with its sentences and the claims that are seen in it."""

    id: str
    text: str
    sentences: tuple[Sentence, ...]
    claims: tuple[Seen, ...]


@dataclass
class Window:
    """A look as arrays: pieces, cases, marks (N); labels, whether known (N, ROLES); certainty, validity, date's form or -1."""

    ids: np.ndarray
    case: np.ndarray
    mark: np.ndarray
    labels: np.ndarray
    known: np.ndarray
    certainty: int
    valid: int = -1
    form: int = -1


def coded(rows: Iterable[Row], types: tuple[str, ...]) -> list[Text]:
    """The coded reports as texts to look at."""
    line = pipeline.default("rules")
    out = []
    for row in rows:
        report = report_of(row["report"])
        document = analyse(report, line.resources.recognisers())
        scene = Scene(document)
        resolved = line.read(report)
        seen = [s for c in row["claims"] if (s := _claim(c, scene, resolved.mentions, types)) is not None]
        out.append(Text(report.id, report.text, document.sentences, tuple(seen)))
    return out


def event_places(examples: Iterable[Example], types: tuple[str, ...]) -> list[Text]:
    """Sentences with an event and its places: the clause around the event as the lexicon cuts it; only places are known."""
    line = pipeline.default("rules")
    out = []
    for e in examples:
        report = report_of({"id": e.id, "title": "", "text": e.text, "published": None})
        document = analyse(report, line.resources.recognisers())
        places = {m.start for m in document.mentions if m.type == "place"}
        fit = [d for d in weighed(lines(report, document.sentences), places) if _touches(d, e.triggers or ())]
        if not fit:
            out.append(Text(e.id, report.text, document.sentences, ()))
            continue
        best = max(fit, key=lambda d: d.score)
        roles = tuple(tuple(e.places or ()) if r == "place" else None for r in ROLES)
        seen = Seen(((best.line.index, (best.start, best.end)),), types.index(best.type), -1, roles)
        out.append(Text(e.id, report.text, document.sentences, (seen,)))
    return out


def cached(path: Path, keys: list[str], make: Callable[[list[int]], list[Text]]) -> list[Text]:
    """The texts of these keys, kept in a file between runs; ``make`` is asked for those that are not there yet, by index."""
    known: dict[str, Text] = {}
    if path.exists():
        with path.open("rb") as stream:
            known = pickle.load(stream)  # noqa: S301 - our own file
    missing = [i for i, k in enumerate(keys) if k not in known]
    if missing:
        known |= {t.id: t for t in make(missing)}
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            pickle.dump(known, stream)
    return [known[k] for k in keys if k in known]


def windows(
    text: Text,
    tok: Tokenizer,
    marks: tuple[int, int],
    rng: random.Random,
    *,
    practice: int = 0,
    valid: int = -1,
    room: Room = NARROW,
) -> list[Window]:
    """A look for each claim, at one of its clauses, the clause's ends moved a little now and then."""
    encoding = tok.encode(text.text, add_special_tokens=False)
    ids = np.array(encoding.ids, dtype=np.int64)
    starts, ends = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2).T
    case = np.array([case_of(text.text[a:b]) for a, b in encoding.offsets], dtype=np.int64)
    out = []
    for claim in text.claims:
        for index, clause in rng.sample(claim.clauses, 1):
            at = look(starts, ends, text.sentences, index, moved(text, index, clause, rng), claim.type, room)
            n, first, last = len(at.pieces), starts[at.pieces], ends[at.pieces]
            labels, known = np.zeros((n, len(ROLES)), np.float32), np.zeros((n, len(ROLES)), np.float32)
            for k, spans in enumerate(claim.roles):
                if spans is None:
                    continue
                for a, b in spans:
                    labels[(first < b) & (last > a), k] = 1
                known[:, k] = not spans or labels[:, k].any()
            z = np.zeros((1, len(ROLES)), np.float32)
            out.append(
                Window(
                    np.concatenate([[marks[0]], ids[at.pieces], [marks[1]]]),
                    np.concatenate([[0], case[at.pieces], [0]]),
                    np.concatenate([[at.kind], at.marks, [practice]]),
                    np.concatenate([z, labels, z]),
                    np.concatenate([z, known, z]),
                    claim.certainty,
                    valid,
                    claim.form,
                )
            )
    return out


def moved(text: Text, index: int, clause: Pair, rng: random.Random) -> Pair:
    """The clause, in every second case with an end moved by up to three words inside its sentence: a reader cuts otherwise."""
    if rng.random() < 0.5:
        return clause
    words = text.sentences[index].tokens
    inside = [i for i, w in enumerate(words) if w.start < clause[1] and clause[0] < w.end]
    if not inside:
        return clause
    low, high = inside[0], inside[-1]
    if rng.random() < 0.5:
        low = max(0, min(high, low + rng.randint(-3, 2)))
    else:
        high = min(len(words) - 1, max(low, high + rng.randint(-2, 3)))
    return words[low].start, words[high].end


def _claim(claim: Row, scene: Scene, mentions: Any, types: tuple[str, ...]) -> Seen | None:
    text, sentences = scene.report.text, scene.document.sentences
    clauses = []
    for quote in [claim["quote"], *claim["also"]]:
        span = find(text, quote)
        index = next((i for i, s in enumerate(sentences) if span and s.start <= span[0] < s.end), None)
        if span and index is not None:
            clauses.append((index, span))
    if not clauses or claim["type"] not in types:
        return None
    inner = [chain[-1] for chain in claim["sources"] if chain]
    outer = [name for chain in claim["sources"] for name in chain[:-1]]
    roles = (
        _named(scene, "actor", claim["actors"]),
        _named(scene, "target", claim["targets"]),
        _named(scene, "place", listed(claim["place"])),
        _named(scene, "source", inner),
        _named(scene, "source", outer),
        _dated(claim, mentions),
        _counted(claim, mentions),
    )
    certainty = -1 if claim["type"] in UTTERANCES else CERTAINTY.index(claim["certainty"])
    news = scene.report.published
    form = FORMS.index(form_of(claim["date"], news)) if news else -1  # without it "on Sunday" has no date
    return Seen(tuple(clauses), types.index(claim["type"]), certainty, roles, form)


def _named(scene: Scene, role: str, names: list[str]) -> tuple[Pair, ...] | None:
    """What stands for the names, all over the text; None when nothing does."""
    spans: set[Pair] = set()
    for name in names:
        for m in scene.mentions:
            if role != "source" and not allowed(role, m):
                continue
            called = (scene.name(m), m.text) if role == "place" else (scene.party(m), scene.name(m), m.text)
            if any(same_name(name, x) for x in called):
                spans.add((m.start, m.end))
        if role == "source":
            for a in scene.document.attributions:
                if a.source is not None and any(
                    same_name(name, x) for x in (scene.document.source_name(a.id), a.source.text)
                ):
                    spans.add((a.source.start, a.source.end))
        words = name.split()
        if words:
            pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)"
            spans |= {(m.start(), m.end()) for m in re.finditer(pattern, scene.report.text, re.IGNORECASE)}
    if names and not spans:
        return None
    return tuple(sorted(spans))


def _dated(claim: Row, mentions: Any) -> tuple[Pair, ...] | None:
    if not claim["date"]:
        return ()
    found = [
        (m.start, m.end)
        for m in mentions
        if m.type == "time" and m.value and date_score(claim["date"], m.value) >= _SAME_DATE
    ]
    return tuple(found) or None


def _counted(claim: Row, mentions: Any) -> tuple[Pair, ...] | None:
    if not claim["counts"]:
        return ()
    want = {(c.get("min"), c.get("max")) for c in claim["counts"]}
    found = [(m.start, m.end) for m in mentions if m.type == "quantity" and (m.min, m.max) in want]
    return tuple(found) or None


def _touches(draft: Draft, events: tuple[Pair, ...]) -> bool:
    words = draft.line.words
    a, b = words[draft.first].start, words[draft.last].end
    return any(a < e and s < b for s, e in events)
