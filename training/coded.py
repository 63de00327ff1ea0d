"""The project's own coded reports: stand-off annotation, put together with the texts that the data folder holds.

``training/coded/*.json`` carries no third-party text: for each report the corpus, its rows, the SHA-256 of the text
(title, line break, text) and the coded claims, whose quotes and names are offsets (code points) into that text; a name
that does not stand there word for word is given as a name. ``training/written/*.json`` has texts written for training, whole,
in the gold shape: nothing that they tell of happened. ``python -m training.coded check`` verifies it all,
``python -m training.coded take FOLDER`` turns checked gold-shaped files into stand-off ones.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from tadmor.evaluate.claims import listed
from training.examples import SHARED, Example, claims_of, find, held_out, rows

FOLDER = Path(__file__).parent / "coded"
WRITTEN = Path(__file__).parent / "written"
PRACTICES = ("gold", "own")  # coders differ in how much they code; a reader asks for the practice of the first
NAMES = ("actors", "targets")
Row = dict[str, Any]


def examples() -> list[Example]:
    """All coded reports as training examples; those whose corpus is not there are left out."""
    return [claims_of(row) for row in restored()]


def for_training(*, holdout: bool) -> tuple[list[Row], list[Row]]:
    """All coded reports with the practice of their coders, and those that are kept for choosing settings and never learnt from.

    Without ``holdout`` none is kept. Reports come from the data folder's ``gold-train``, the project's stand-off files and
    the texts written for training.
    """
    rows_of = [json.loads(p.read_text(encoding="utf-8")) for p in sorted((SHARED / "gold-train").glob("*.json"))]
    out = [r | {"practice": PRACTICES[0]} for r in rows_of]
    out += [r | {"practice": PRACTICES[1]} for r in [*restored("[!m]*.json"), *written()]]
    mixed = [r | {"practice": PRACTICES[1]} for r in restored("mixed-*.json")]
    held = [r for r in mixed if holdout and held_out("settings:" + r["report"]["id"], 1 / 8)]
    return out + [r for r in mixed if r not in held], held


def without(rows: Iterable[Row], left: int | None) -> list[Row]:
    """The reports but for one half of ``gold-train``; all of them for None."""
    kept = [*rows]
    half = halves(kept)
    return [r for r in kept if left is None or half.get(r["report"]["id"]) != left]


def halves(rows: Iterable[Row]) -> dict[str, int]:
    """By id the half (0, 1) of each report of ``gold-train``: what has learnt from one half alone can be judged by the other."""
    ids = (str(r["report"]["id"]) for r in rows if r["practice"] == PRACTICES[0])
    return {i: hashlib.sha256(i.encode()).digest()[-1] % 2 for i in ids}


def written() -> list[Row]:
    """The texts that were written for training, in the gold shape: nothing that they tell of happened."""
    return [row for path in sorted(WRITTEN.glob("*.json")) for row in json.loads(path.read_text(encoding="utf-8"))]


def restored(pattern: str = "*.json") -> list[Row]:
    """The coded reports of all files, or of some, in the gold shape, their texts taken from the data folder."""
    out = []
    for path in sorted(FOLDER.glob(pattern)):
        for entry in json.loads(path.read_text(encoding="utf-8")):
            if (SHARED / entry["corpus"]).exists():
                out.append(restore(entry))
    return out


def restore(entry: Row) -> Row:
    """One stand-off entry in the gold shape. Raises ValueError when the text is not the one that was coded."""
    title, text = _text(entry)
    full = _full(title, text)

    def said(value: Any) -> Any:
        return full[value[0] : value[1]] if isinstance(value, list) else value

    claims = [
        c
        | {
            "quote": said(c["quote"]),
            "also": [said(s) for s in c["also"]],
            "sources": [[said(n) for n in chain] for chain in c["sources"]],
            "actors": [said(n) for n in c["actors"]],
            "targets": [said(n) for n in c["targets"]],
            "place": _places(c["place"], said),
            "counts": [n | {"of": said(n["of"])} for n in c["counts"]],
        }
        for c in entry["claims"]
    ]
    report = {"id": entry["id"], "title": title, "publisher": entry["publisher"], "published": entry["published"]}
    control = [k | {"place": said(k["place"]), "holder": said(k["holder"])} for k in entry["control"]]
    return {"report": report | {"text": text}, "claims": claims, "control": control}


def take(folder: Path) -> list[Row]:
    """Gold-shaped files of a folder (with ``source``: corpus, rows) as stand-off entries."""
    out = []
    for path in sorted(folder.glob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        report, source = row["report"], row["source"]
        full = _full(report["title"] or "", report["text"])

        def at(name: Any, full: str = full) -> Any:
            span = find(full, name) if isinstance(name, str) and name else None
            return list(span) if span and full[span[0] : span[1]] == name else name

        claims = [
            {k: v for k, v in c.items() if k != "note"}
            | {
                "quote": at(c["quote"]),
                "also": [at(q) for q in c["also"]],
                "sources": [[at(n) for n in chain] for chain in c["sources"]],
                "actors": [at(n) for n in c["actors"]],
                "targets": [at(n) for n in c["targets"]],
                "place": None if c["place"] is None else [at(p) for p in listed(c["place"])],
                "counts": [n | {"of": at(n["of"])} for n in c["counts"]],
            }
            for c in row["claims"]
        ]
        control = [k | {"place": at(k["place"]), "holder": at(k["holder"])} for k in row.get("control", [])]
        out.append(
            {
                "id": report["id"],
                "corpus": source["corpus"],
                "pieces": _pieces(report, source),
                "publisher": report["publisher"],
                "published": report["published"],
                "sha256": _digest(full),
                "claims": claims,
                "control": control,
            }
        )
    return out


def problems() -> list[str]:
    """What is wrong with the stand-off files; an empty list when nothing is."""
    from tadmor import edtf, taxonomy

    out: list[str] = []
    seen: set[str] = set()
    for path in sorted(FOLDER.glob("*.json")):
        for entry in json.loads(path.read_text(encoding="utf-8")):
            where = f"{path.name} {entry['id']}"
            if entry["sha256"] in seen:
                out.append(f"{where}: coded twice")
            seen.add(entry["sha256"])
            if not re.fullmatch(r"[0-9a-f]{64}", entry["sha256"]):
                out.append(f"{where}: no hash")
            for c in entry["claims"]:
                if c["type"] not in taxonomy.types() or c["certainty"] not in taxonomy.CERTAINTIES:
                    out.append(f"{where} {c['id']}: {c['type']} {c['certainty']}")
                if c["date"] is not None and not edtf.valid(c["date"]):
                    out.append(f"{where} {c['id']}: date {c['date']}")
                for quote in [c["quote"], *c["also"]]:
                    if not (isinstance(quote, list) and 0 <= quote[0] < quote[1]):
                        out.append(f"{where} {c['id']}: a quote is not an offset pair")
                for name in _strings(c):
                    if len(name) > 80:
                        out.append(f"{where} {c['id']}: a name of {len(name)} characters is text")
            if (SHARED / entry["corpus"]).exists():
                try:
                    restore(entry)
                except (ValueError, KeyError) as error:
                    out.append(f"{where}: {error}")
    return out + _written_problems()


def _written_problems() -> list[str]:
    from tadmor import edtf, taxonomy

    out: list[str] = []
    seen: set[str] = set()
    for row in written():
        where = row["report"]["id"]
        if where in seen:
            out.append(f"{where}: written twice")
        seen.add(where)
        full = _full(row["report"]["title"] or "", row["report"]["text"])
        for c in row["claims"]:
            if c["type"] not in taxonomy.types() or c["certainty"] not in taxonomy.CERTAINTIES:
                out.append(f"{where} {c['id']}: {c['type']} {c['certainty']}")
            if c["date"] is not None and not edtf.valid(c["date"]):
                out.append(f"{where} {c['id']}: date {c['date']}")
            out += [f"{where} {c['id']}: not in the text: {q}" for q in [c["quote"], *c["also"]] if q not in full]
    return out


def _strings(claim: Row) -> list[str]:
    names = (
        [n for chain in claim["sources"] for n in chain] + claim["actors"] + claim["targets"] + (claim["place"] or [])
    )
    return [n for n in [*names, *(n["of"] for n in claim["counts"])] if isinstance(n, str)]


def _places(place: Any, said: Any) -> Any:
    if place is None:
        return None
    names = [said(p) for p in place]
    return names[0] if len(names) == 1 else names


def _full(title: str, text: str) -> str:
    return text if not title or text.startswith(title) else f"{title}\n{text}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _corpus(name: str) -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = {}
    for r in rows(SHARED / name):
        out.setdefault(r["id"], []).append(r)  # some corpora give one id to several texts; the hash tells them apart
    return out


def _text(entry: Row) -> tuple[str, str]:
    """Title and text of the entry. Raises ValueError when no row gives the text that was coded."""
    corpus = _corpus(entry["corpus"])
    for variant in range(max(len(corpus[identity]) for identity, _ in entry["pieces"])):
        parts, title = [], ""
        for identity, span in entry["pieces"]:
            row = corpus[identity][min(variant, len(corpus[identity]) - 1)]
            title = title or row.get("title") or ""
            text = row["text"]
            parts.append(text[span[0] : span[1]] if span else text.strip() if len(entry["pieces"]) > 1 else text)
        whole = "\n".join(parts)
        if _digest(_full(title, whole)) == entry["sha256"]:
            return title, whole
    raise ValueError(f"{entry['id']}: the text is not the one that was coded")


def _pieces(report: Row, source: Row) -> list[Any]:
    if len(source["rows"]) > 1 or "start" not in source:
        return [[identity, None] for identity in source["rows"]]
    # Paragraphs of a longer article: where each stands in it.
    text = _corpus(source["corpus"])[source["rows"][0]][0]["text"]
    out, at = [], source["start"]
    for paragraph in report["text"].split("\n"):
        begin = text.index(paragraph, at)
        at = begin + len(paragraph)
        out.append([source["rows"][0], [begin, at]])
    return out


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("verb", choices=["check", "take"])
    ap.add_argument("folder", type=Path, nargs="?")
    ap.add_argument("--name", help="name of the stand-off file")
    a = ap.parse_args()
    if a.verb == "take":
        FOLDER.mkdir(exist_ok=True)
        entries = take(a.folder)
        path = FOLDER / f"{a.name}.json"
        path.write_text(
            json.dumps(entries, ensure_ascii=False, separators=(",", ":")).replace('},{"id":"', '},\n{"id":"') + "\n",
            encoding="utf-8",
        )
        print(f"{path}: {len(entries)} reports, {sum(len(e['claims']) for e in entries)} claims")
        return 0
    found = problems()
    for line in found:
        print(line)
    coded = [e for p in sorted(FOLDER.glob("*.json")) for e in json.loads(p.read_text(encoding="utf-8"))]
    for entries, what in ((coded, "coded reports"), (written(), "written texts")):
        print(f"{len(entries)} {what}, {sum(len(e['claims']) for e in entries)} claims")
    print(f"{len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
