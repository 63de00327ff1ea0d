"""Derive ``src/tadmor/reading/data/arguments.json`` from coded reports: which mentions fill which role of a claim.

    python training/derive_arguments.py ../shared/gold-train                writes the file
    python training/derive_arguments.py ../shared/gold-train --held-out     fits on two thirds of the reports

For every clause that states a coded claim, each mention that ``tadmor.reading.arguments.candidates`` offers is an
example for each role: positive when its name, or the fullest name of its referent in the report, is one that the
claim has in that role (names are compared as the scorer compares them). One logistic regression per role, fitted as
in ``derive_triggers.py``.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import sys

from tadmor.reading import arguments
from tadmor.reading.document import analyse
from tadmor.reading.drafts import drafts, lines
from tadmor.reading.scene import Scene
from tadmor.resolve import quantities, times
from tadmor.resolve.gazetteer import Gazetteer
from tadmor.resolve.registry import Registry
from training.derive_triggers import held_out, load, quote_spans, regression

OUT = pathlib.Path(__file__).parents[1] / "src/tadmor/reading/data/arguments.json"
THRESHOLDS = {
    "actor": (0.25, 0.5),
    "target": (0.25, 0.45),
    "place": (0.15, 0.45),
}  # of the likeliest mention, of further ones
FIELDS = {"actor": "actors", "target": "targets", "place": "place"}


def examples(data: list, same_name) -> dict[str, list[tuple[list[str], bool]]]:
    """Examples by role."""
    recognisers = (Registry.load().recognise, Gazetteer.open().recognise, times.recognise, quantities.recognise)
    out: dict[str, list[tuple[list[str], bool]]] = {role: [] for role in arguments.ROLES}
    for report, claims in data:
        document = analyse(report, recognisers)
        scene = Scene(document)
        spans = [(b - a, i, c, a, b) for i, c in enumerate(claims) for a, b in quote_spans(report, c)]
        for line in lines(report, document.sentences):
            for draft in drafts(line, 0.3):
                begin, end = line.words[draft.first].start, line.words[draft.last].end
                inside = [(n, i, c) for n, i, c, s, e in spans if c["type"] == draft.type and s <= begin and end <= e]
                if not inside:
                    continue
                coded = min(inside, key=lambda x: x[:2])[2]
                for mention, active in arguments.candidates(scene, draft):
                    names = {scene.name(mention), scene.party(mention)}
                    for role in arguments.ROLES:
                        if not arguments.allowed(role, mention):
                            continue
                        value = coded[FIELDS[role]]
                        wanted = [value] if isinstance(value, str) else value or []
                        out[role].append((active, any(same_name(n, w) for n in names for w in wanted)))
    return out


def main() -> int:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--held-out", action="store_true")
    args = parser.parse_args()
    sys.path.insert(0, str(args.folder.resolve().parent / "score"))
    from score_claims import same_name

    data = load(args.folder)
    part = [d for d in data if not held_out(d[0].id)] if args.held_out else data
    rows = examples(part, same_name)
    table = {}
    for role, items in rows.items():
        table[role] = {
            **regression(items, epochs=3, rate=0.05),
            "first": THRESHOLDS[role][0],
            "more": THRESHOLDS[role][1],
        }
        print(f"{role}: {len(items)} examples, {sum(label for _, label in items)} positive", file=sys.stderr)
    OUT.write_text(json.dumps(table, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
