"""Reports on wars that nobody coded, cut to the length of a report: what one network says of them teaches another.

Taken are FA-KES, the Wikipedia articles (in sections) and the articles of MUC-4; left out is every text of which a coding
serves for measuring: the reports of ``gold``, of ``incidents`` and of the gate.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.examples import SHARED, rows

GATE = Path(__file__).resolve().parents[1] / "gate/reports"
LONGEST = 4000  # code points of one report
SHORTEST = 200
Row = dict[str, Any]


def reports() -> list[Row]:
    """Rows with ``report`` (id, title, text, published) and nothing coded, in the order of the corpora."""
    measured, texts = _measured()
    out: list[Row] = []
    for row in rows(SHARED / "corpora/reports/fa-kes.jsonl"):
        if row["id"] not in measured and _digest(str(row["text"])) not in texts:
            out.append(_row(str(row["id"]), row.get("title"), str(row["text"]), row.get("published")))
    for row in rows(SHARED / "corpora/reports/wikipedia-syria.jsonl"):
        for i, part in enumerate(_parts(re.sub(r"[*_#]{1,3}", "", str(row["text"])))):
            out.append(_row(f"{row['id']}/{i}", None, part, None))
    for row in rows(SHARED / "corpora/muc4/doc_train.jsonl"):
        for i, part in enumerate(_parts(re.sub(r"(?<!\n)\n(?!\s)", " ", str(row["text"])))):
            out.append(_row(f"{row['docid']}/{i}", None, part, None))
    return [r for r in out if re.search(r"\w", r["report"]["text"])]


def _row(identity: str, title: Any, text: str, published: Any) -> Row:
    return {"report": {"id": identity, "title": title or "", "publisher": None, "published": published, "text": text}}


def _parts(text: str) -> Iterator[str]:
    """The text in runs of whole paragraphs, each of at most ``LONGEST`` code points where paragraphs allow it."""
    held = ""
    for paragraph in (p.strip() for p in text.split("\n")):
        if held and len(held) + len(paragraph) > LONGEST:
            yield held
            held = ""
        held = f"{held}\n{paragraph}" if held and paragraph else held or paragraph
    if len(held) >= SHORTEST:
        yield held


def _measured() -> tuple[set[str], set[str]]:
    ids: set[str] = set()
    texts: set[str] = set()
    for path in [*(SHARED / "gold").glob("*.json"), *GATE.glob("*.json")]:
        report = json.loads(path.read_text(encoding="utf-8")).get("report", {})
        ids.add(str(report.get("id")))
        texts.add(_digest(str(report.get("text"))))
    for row in rows(SHARED / "corpora/incidents/reports.jsonl"):
        ids.add(str(row["id"]))
        texts.add(_digest(str(row["text"])))
    return ids, texts


def _digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
