"""What the choices by trees are fitted with (``settle_places``, ``settle_parties`` and others): reports, their reading, files."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from tadmor.errors import InputError
from tadmor.evaluate.claims import flat, pairs
from tadmor.evaluate.run import report_of
from tadmor.model import Claim, ReaderInfo, Reading, Report
from tadmor.reading.claims import claims
from tadmor.reading.document import analyse
from tadmor.reading.embedded.links import Links
from tadmor.reading.embedded.reader import _Network, refine, say
from tadmor.reading.embedded.session import Encoder
from tadmor.resolve.resolve import Resources
from training import coded, examples
from training.settle_cases import Row

DATA = Path(__file__).parents[1] / "src/tadmor/reading/data"
RESOLVED = Path(__file__).parents[1] / "src/tadmor/resolve/data"
_MIXED = 0.5  # what a report of unrelated paragraphs counts
Listener = TypeVar("Listener", bound=_Network)


def rows() -> list[Row]:
    """The reports to fit on: those that the network has not learnt from, and those of the practice that it follows."""
    learnt, unseen = coded.for_training(holdout=True)
    return [*unseen, *(r for r in learnt if r["practice"] == coded.PRACTICES[0])]


def held() -> list[Row]:
    """Of these the reports that the network has not learnt from."""
    return coded.for_training(holdout=True)[1]


def sentences() -> Iterator[tuple[examples.Example, Report | None]]:
    """The sentences of event_place but for the held-out tenth, as reports; None for one without a word."""
    for e in examples.event_place():
        if not examples.held_out(e.id, 0.1):
            try:
                yield e, report_of({"id": e.id, "title": "", "text": e.text, "published": None})
            except InputError:
                yield e, None


def weight(report: Report) -> float:
    """What the claims of a report count."""
    return _MIXED if "bundle" in report.id else 1.0


def reading(
    encoder: Encoder, listener: Callable[..., Listener], halves: Sequence[Encoder] = ()
) -> Callable[[Report], tuple[Listener, Reading]]:
    """Reads a report up to its claims, unresolved, with the judge that heard what would be chosen from.

    Of what a network says of reports that it has learnt from, too much would be believed: with ``halves``, two encoders of which
    each looks without having learnt from one half of ``gold-train`` (``coded.halves``), its reports are looked at by these.
    """
    half = coded.halves(rows()) if halves else {}
    recognisers = Resources.open().recognisers()
    links = Links(encoder.folder / "links.npz") if "links.npz" in encoder.manifest["sha256"] else None

    def read(report: Report) -> tuple[Listener, Reading]:
        encoded = encoder.encode(report.text)
        judge = listener(encoded, halves[half[report.id]] if report.id in half else encoder)
        document = analyse(report, recognisers, refine=refine(encoded), say=say(encoded, links))
        found, mentions = claims(document, judge)
        return judge, Reading(report, ReaderInfo("embedded", "unsettled"), mentions=mentions, claims=found)

    return read


def with_halves(ap: argparse.ArgumentParser) -> None:
    """Adds the option ``--halves``."""
    ap.add_argument(
        "--halves", type=Path, nargs=2, default=(),
        help="weights whose looks have not learnt from the first, and from the second half of gold-train",
    )  # fmt: skip


def options(about: str | None, out: Path) -> argparse.Namespace:
    """What a fit is asked for at the shell: ``weights``, ``halves``, and ``out``, the file or folder that it writes."""
    ap = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--weights", type=Path, required=True)
    with_halves(ap)
    ap.add_argument("--out", type=Path, default=out)
    return ap.parse_args()


def opened(halves: Sequence[Path]) -> list[Encoder]:
    """The encoders of the folders that were given as ``--halves``."""
    return [Encoder(folder, threads=1) for folder in halves]


def found_of(row: Row, report: Report, found: Sequence[Claim]) -> list[tuple[int, Row]]:
    """The claims read that stand for a coded one of their type: their index, and the coded claim."""
    mine = [{"quote": c.text, "also": [a.text for a in c.also], "type": c.type} for c in found]
    return [(j, row["claims"][i]) for i, j, same in pairs(row["claims"], mine, flat(report.text)) if same]


def table(model: HistGradientBoostingClassifier, features: Sequence[str]) -> dict[str, Any]:
    """The trees of a model, and what ``forest.forest`` needs beside them; a feature goes left when at most the threshold."""
    trees = [
        [
            [round(float(n["value"]), 5)]
            if n["is_leaf"]
            else [int(n["feature_idx"]), float(np.float32(n["num_threshold"])), int(n["left"]), int(n["right"])]
            for n in tree.nodes
        ]
        for (tree,) in model._predictors
    ]
    return {"features": list(features), "bias": round(float(model._baseline_prediction.ravel()[0]), 5), "trees": trees}


def write(found: dict[str, Any], path: Path) -> None:
    """The file of a choice, a tree a line, the trees last."""
    ordered = {k: v for k, v in found.items() if k != "trees"} | {"trees": found["trees"]}
    text = json.dumps(ordered, separators=(",", ":")).replace('"trees":', '\n"trees":').replace("]],[[", "]],\n[[")
    path.write_text(text + "\n")
