"""Makes the weights of the relevance step (``gather/data/relevance.tsv``) and measures them.

``python -m training.relevance`` trains, writes and prints the figures; ``--check`` only measures what is there. Needs
scikit-learn and the data folder.

Texts of conflicts are FA-KES, MUC-4 (those with a coded incident), Wikipedia's articles on offensives, sentences with an
event verb, and whatever the coded reports hold claims of; all else is general news: PolNeAR, LGL, GeoVirus, TimeBank, ECB+,
CoNLL, Wikigold, CrossNER, MEANTIME and web pages. One text in five, by a hash of its id, is kept for measuring and never
learnt from, and so are the 26 reports of ``gold``, the Guardian's articles and all development and test splits. General news
tells of wars, too: rows that a model which has not seen them takes for conflict with more than 0.9 are left out of training;
the figures are given with and without such rows.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from tadmor.gather import relevance
from training import coded
from training.examples import SHARED

OUT = Path(relevance.__file__).parent / "data/relevance.tsv"
VERSION = "1"
RECALL = 0.996  # of held-out conflict reports: the threshold is the highest that reaches it
SURE = 0.9  # from here on a row of general news is taken to tell of a war
LEAST = 6  # texts in which a word must stand in lower case
MOST = 0.25  # share of texts of general news above which a word is too common to tell anything
STRENGTH = 1.0  # inverse of the penalty on the weights
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its label, the corpus that it is of, and whether it is kept for measuring."""

    id: str
    corpus: str
    text: str
    conflict: bool
    held: bool


def _rows(name: str) -> Iterator[Row]:
    with (SHARED / "corpora" / name).open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def _held(id: str) -> bool:
    return hashlib.sha256(f"relevance:{id}".encode()).digest()[0] < 51


def _whole(row: Row) -> str:
    return f"{row.get('title') or ''}\n{row.get('text') or row.get('body') or ''}".strip()


def _bundles(rows: Iterable[Row], size: int) -> Iterator[tuple[str, str]]:
    """Sentences put together, as they come: single ones are too short to be judged."""
    part: list[str] = []
    first = ""
    for row in rows:
        first = first or str(row["id"])
        part.append(row["text"])
        if len(part) == size:
            yield first, "\n".join(part)
            part, first = [], ""


def _with_incident(part: str) -> set[str]:
    """The texts of MUC-4 that have an incident: its keys are JSON arrays of pairs, parted by lines of per cent signs."""
    text = (SHARED / f"corpora/muc4/keys_{part}.jsonl").read_text("utf-8")
    keys = [dict(json.loads(block)) for block in text.split("%%%") if block.strip()]
    return {k["message_id"] for k in keys if isinstance(k.get("message_template"), int)}


def conflict() -> Iterator[Text]:
    """Texts of conflicts that may be learnt from, or are held out of them."""
    gold = {
        json.loads(p.read_text("utf-8"))["report"]["id"]
        for p in (SHARED / "gold").glob("*.json")
        if p.name != "input.jsonl"
    }
    for row in _rows("reports/fa-kes.jsonl"):
        if row["id"] not in gold:
            yield Text(row["id"], "fa-kes", _whole(row), True, _held(row["id"]))
    told = _with_incident("train")
    for row in _rows("muc4/doc_train.jsonl"):
        if row["docid"] in told:
            yield Text(row["docid"], "muc4", row["text"].lower(), True, _held(row["docid"]))
    for row in _rows("reports/wikipedia-syria.jsonl"):
        held = _held(row["id"])
        parts = [p for p in re.split(r"\n\s*\n", row["text"]) if len(p.split()) > 60]
        for i, part in enumerate(parts[:40:4]):
            yield Text(f"{row['id']}-{i}", "wikipedia", part, True, held)
    events = list(_rows("event_place/train.jsonl"))
    for id, text in _bundles(events[:4000], 5):
        yield Text(id, "event_place", text, True, _held(id))
    for row in [*coded.restored("[!w]*.json"), *coded.written()]:
        report = row["report"]
        if report["id"] not in gold and len(row["claims"]) >= 2:
            yield Text(report["id"], "coded", _whole(report), True, _held(report["id"]))


def general() -> Iterator[Text]:
    """Texts of general news."""
    for corpus, name in (
        ("polnear", "attribution/polnear-train.jsonl"),
        ("lgl", "places/lgl.jsonl"),
        ("geovirus", "places/geovirus.jsonl"),
        ("tbaq", "times/tbaq.jsonl"),
        ("pages", "pages/gold.jsonl"),
    ):
        for row in _rows(name):
            yield Text(str(row["id"]), corpus, _whole(row), False, _held(str(row["id"])))
    topics: dict[str, list[Row]] = {}
    for row in _rows("coreference/ecbplus-train.jsonl"):
        topics.setdefault(row["topic"], []).append(row)
    for rows in topics.values():
        for id, text in _bundles(rows, 3):
            yield Text(id, "ecbplus", text, False, _held(id))
    for corpus, name, size in (
        ("conll", "mentions/conll2003-train.jsonl", 12),
        ("wikigold", "mentions/wikigold.jsonl", 8),
        ("crossner", "mentions/crossner-politics-train.jsonl", 4),
    ):
        for id, text in _bundles(_rows(name), size):
            yield Text(id, corpus, text, False, _held(id))
    for path in sorted((SHARED / "corpora/meantime").glob("*/*.xml")):
        tokens = re.findall(r"<token[^>]*>([^<]*)</token>", path.read_text("utf-8"))
        yield Text(path.stem, "meantime", " ".join(tokens), False, _held(path.stem))


def measured() -> Iterator[Text]:
    """Texts of which nothing was learnt at all."""
    for path in sorted((SHARED / "gold").glob("*.json")):
        report = json.loads(path.read_text("utf-8"))["report"]
        yield Text(report["id"], "gold", _whole(report), True, True)
    for row in _rows("reports/guardian-sdf.jsonl"):
        yield Text(row["id"], "guardian", _whole(row), True, True)
    told = _with_incident("dev")
    for row in (r for r in _rows("muc4/doc_dev.jsonl") if r["docid"] in told):
        yield Text(row["docid"], "muc4-dev", row["text"].lower(), True, True)
    for row in _rows("attribution/polnear-dev.jsonl"):
        yield Text(row["id"], "polnear-dev", _whole(row), False, True)
    topics: dict[str, list[Row]] = {}
    for row in _rows("coreference/ecbplus-dev.jsonl"):
        topics.setdefault(row["topic"], []).append(row)
    for rows in topics.values():
        for id, text in _bundles(rows, 3):
            yield Text(id, "ecbplus-dev", text, False, True)


def everyday(texts: Sequence[Text]) -> list[str]:
    """Words that stand in lower case in enough texts of mixed case, so no names, and not in most texts of any kind."""
    seen: Counter[str] = Counter()
    common: Counter[str] = Counter()
    calm = 0
    for text in (t for t in texts if t.corpus != "muc4" and not t.held):
        here = {w for w in re.findall(r"[^\W\d_]+", text.text[:20_000]) if w.islower() and len(w) > 2}
        seen.update(here)
        if not text.conflict:
            common.update(here)
            calm += 1
    return sorted(w for w, n in seen.items() if n >= LEAST and common[w] <= MOST * calm)


class Features:
    """Windows of texts as rows of unit length: each known word that is there counts once."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.at = {w: i for i, w in enumerate(vocabulary)}

    def of(self, texts: Sequence[Text], most: int) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
        """The windows (at most ``most`` of a text), their labels and their texts' numbers."""
        data, columns, starts, labels, owners = [], [], [0], [], []
        for number, text in enumerate(texts):
            for window in list(relevance.windows(relevance.words(text.text)))[:most]:
                known = sorted({self.at[w] for w in window if w in self.at})
                if len(known) < relevance.SHORTEST:
                    continue
                columns += known
                data += [len(known) ** -0.5] * len(known)
                starts.append(len(columns))
                labels.append(text.conflict)
                owners.append(number)
        shape = (len(labels), len(self.at))
        return csr_matrix((data, columns, starts), shape=shape), np.array(labels), np.array(owners)


def _fit(features: Features, texts: Sequence[Text]) -> LogisticRegression:
    x, y, owners = features.of(texts, 3)
    counts = np.bincount(owners, minlength=len(texts))
    weight = 1.0 / counts[owners]  # a text counts once, however long
    weight[y] /= weight[y].sum()
    weight[~y] /= weight[~y].sum()
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit(x, y, sample_weight=weight * len(texts))
    return model


def _scores(features: Features, model: LogisticRegression, texts: Sequence[Text]) -> np.ndarray:
    """The likeliest window of each text; 1 for those that are too short to be judged, which are read."""
    x, _, owners = features.of(texts, 10_000)
    out = np.zeros(len(texts))
    np.maximum.at(out, owners, model.predict_proba(x)[:, 1])
    out[np.bincount(owners, minlength=len(texts)) == 0] = 1.0
    return out


def train() -> None:
    """Train, choose the threshold, write the weights."""
    texts = [*conflict(), *general()]
    features = Features(everyday(texts))
    learnt = [t for t in texts if not t.held]
    print(f"{len(learnt)} texts, {len(features.at)} words; general news that tells of a war:")
    war: set[tuple[str, str]] = set()
    for fold in range(4):  # each part is judged by a model that has not seen it

        def part(text: Text) -> int:
            return hashlib.sha256(f"fold:{text.id}".encode()).digest()[0] % 4

        first = _fit(features, [t for t in learnt if part(t) != fold])
        asked = [t for t in texts if not t.conflict and (t.held or part(t) == fold)]
        war |= {(t.corpus, t.id) for t, s in zip(asked, _scores(features, first, asked), strict=True) if s > SURE}
    print("  ", dict(Counter(c for c, _ in war)))
    clean = [t for t in learnt if (t.corpus, t.id) not in war]
    model = _fit(features, clean)
    held = [t for t in texts if t.held and t.conflict and t.corpus in ("fa-kes", "muc4", "coded")]
    scores = np.sort(_scores(features, model, held))
    threshold = float(scores[int(len(scores) * (1 - RECALL))])
    weights = np.round(model.coef_[0] * 100).astype(int)
    lines = [f"# version={VERSION} constant={model.intercept_[0]:.4f} threshold={threshold:.4f}"]
    lines += [f"{w}\t{n}" for w, n in zip(features.at, weights, strict=True)]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    relevance.load.cache_clear()
    figures([t for t in texts if t.held] + list(measured()), war)
    generality(features, clean, threshold)


def figures(texts: Sequence[Text], war: set[tuple[str, str]] = frozenset()) -> None:  # type: ignore[assignment]
    """Print how much of each corpus is read, with the weights that ship."""
    print(f"threshold {relevance.load().threshold}; share that is read, of texts that were not learnt from:")
    for corpus in dict.fromkeys(t.corpus for t in texts):
        of = [t for t in texts if t.corpus == corpus]
        begun = time.perf_counter()
        read = [relevance.is_relevant(t.text) for t in of]
        spent = (time.perf_counter() - begun) / len(of)
        calm = [r for t, r in zip(of, read, strict=True) if (t.corpus, t.id) not in war]
        kind = "conflict" if of[0].conflict else "general"
        rest = "" if of[0].conflict else f", {np.mean(calm):.3f} of the {len(calm)} that tell of no war"
        print(f"  {kind:9}{corpus:12}{np.mean(read):.3f} of {len(of)}{rest}; {1000 * spent:.2f} ms a text")


def generality(features: Features, clean: Sequence[Text], threshold: float) -> None:
    """Print how much of a corpus is read when nothing of it, nor of its war, was learnt."""
    for corpus, kin in (("muc4", {"muc4"}), ("fa-kes", {"fa-kes", "wikipedia", "coded", "event_place"})):
        model = _fit(features, [t for t in clean if t.corpus not in kin])
        of = [t for t in clean if t.corpus == corpus]
        read = np.mean(_scores(features, model, of) >= threshold)
        print(f"  without learning from {', '.join(sorted(kin))}: {read:.3f} of {corpus} read")


def main() -> None:
    """Train or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only measure the weights that are there")
    if parser.parse_args().check:
        figures([t for t in [*conflict(), *general()] if t.held] + list(measured()))
    else:
        train()


if __name__ == "__main__":
    sys.exit(main())
