"""Teaches the layers that look: ``python -m training.train_looks --weights FOLDER --reader out/train/reader.pt``.

While the reader learns, it reads each clause in its context anew, marked in the text. Here a copy of its layers learns to do
that alone, and better: of coded claims what people coded, and of all clauses what larger networks say (``--teachers``;
distillation: Hinton et al. 2015) or, without any, what the reader says. The reader itself and the word vectors stay as they
ship. Writes ``looks.onnx`` in the folder and its hash in the manifest.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from tadmor.evaluate.run import report_of
from tadmor.reading.embedded import windows
from tadmor.reading.embedded.looks import ROLES, look, probed
from tadmor.reading.embedded.session import Encoded, Encoder, Look
from tadmor.reading.text import sentences
from tadmor.resolve.resolve import Resources
from training import candidates, coded, looks, unlabelled
from training import examples as ex
from training.device import DEVICE, tensor
from training.export import LOOKS, PROBES, looker, opened
from training.network import CERTAINTY, PRACTICE, TYPES, Looker
from training.teachers import Said, Teacher, averaged
from training.train import FORM, VALID, by_length

PASSED = 0.7  # share of what coders passed over that an epoch takes
LABELS, TAUGHT = 0.5, 1.0  # weights of what people coded and of what the reader says
ROLE, CERTAIN, WARM = 12.0, 0.3, 60  # weights of roles and certainty; steps of warming up
Tensors = dict[str, torch.Tensor]


@dataclass
class Glance:
    """A clause in its context and what is known of it: its text's word vectors (fp16), pieces by role (None: not known).

    ``wide`` is what a teacher sees of its context.
    """

    words: np.ndarray
    at: Look
    wide: Look
    practice: int
    roles: tuple[np.ndarray | None, ...]
    certainty: int
    valid: int
    form: int
    taught: Said | None = None  # what it is to learn from the reader or from teachers


class School:
    """Who teaches: the reader that ships, reading clauses anew, or the networks of ``--teachers``, in the order of the halves."""

    def __init__(self, encoder: Encoder, teachers: Sequence[Teacher], rows: Sequence[looks.Row]) -> None:
        self.encoder, self.teachers = encoder, teachers
        self.half = coded.halves(rows)

    def teach(self, found: Sequence[Glance], text: Encoded, identity: str) -> None:
        """Adds what is said of each clause of a text."""
        for g, (roles, whole) in zip(found, self._says(found, text, identity), strict=True):
            g.taught = roles.astype(np.float16), whole.astype(np.float16)

    def _says(self, found: Sequence[Glance], text: Encoded, identity: str) -> list[Said]:
        if not found or not self.teachers:
            return [read_anew(g, text, self.encoder) for g in found]
        asked = [self.teachers[self.half[identity]]] if identity in self.half else self.teachers
        views = [(g.at, g.wide) for g in found]
        said = [t.says(text, views, found[0].practice) for t in asked]
        return [averaged(each) for each in zip(*said, strict=True)]


def gathered(a: argparse.Namespace, encoder: Encoder, rng: random.Random) -> list[Glance]:
    """All clauses of coded reports, those that coders passed over, and events with their places."""
    rows = coded.without(coded.for_training(holdout=True)[0], a.without)
    school = School(encoder, [Teacher(t) for t in a.teachers], rows)
    practice = {r["report"]["id"]: PRACTICE[r["practice"]] for r in rows}
    seen = looks.cached(a.cache / "coded.pkl", list(practice), lambda new: looks.coded([rows[i] for i in new], TYPES))
    known = json.loads(a.candidates.read_text(encoding="utf-8")) if a.candidates.exists() else {}
    events = [e for e in ex.event_place() if not ex.held_out(e.id, 0.1)]
    at_events = looks.cached(
        a.cache / "events.pkl", [e.id for e in events], lambda new: looks.event_places([events[i] for i in new], TYPES)
    )
    out: list[Glance] = []
    for text in seen:
        claims, passed = candidates.apply(text, known.get(text.id))
        encoded = encoder.encode(text.text)
        new = [
            g
            for part, valid in ((claims, 1), (passed, 0))
            for g in glances(part, encoded, practice[text.id], valid, a.variants if valid else 1, rng)
        ]
        school.teach(new, encoded, text.id)
        out += new
    for text in rng.sample(at_events, round(len(at_events) * a.events)):
        encoded = encoder.encode(text.text)
        new = list(glances(text, encoded, encoder.practice, -1, 1, rng))
        school.teach(new, encoded, text.id)
        out += new
    return [*out, *uncoded(a.uncoded, a.clauses, school, rng)]


def uncoded(most: int, clauses: int, school: School, rng: random.Random) -> Iterator[Glance]:
    """Clauses of reports that nobody coded, which the reader takes for possible: only what is said of them teaches."""
    encoder = school.encoder
    recognisers = Resources.open().recognisers()
    found = unlabelled.reports()
    for row in rng.sample(found, min(most, len(found))):
        report = report_of(row["report"])
        likely = candidates.find(row, encoder, recognisers)["found"]
        some = [
            looks.Seen(((i, (a, b)),), t, -1, candidates.UNKNOWN)
            for i, a, b, t in rng.sample(likely, min(len(likely), clauses))
        ]
        encoded = encoder.encode(report.text)
        text = looks.Text(report.id, report.text, tuple(sentences(report)), tuple(some))
        new = list(glances(text, encoded, encoder.practice, -1, 1, rng))
        school.teach(new, encoded, text.id)
        yield from new


def glances(
    text: looks.Text, encoded: Encoded, practice: int, valid: int, variants: int, rng: random.Random
) -> Iterator[Glance]:
    """A few looks at each claim, at one of its clauses each, the clause's ends moved a little now and then."""
    words = encoded.words.astype(np.float16)
    for claim in text.claims:
        for _ in range(variants):
            index, clause = rng.choice(claim.clauses)
            moved = looks.moved(text, index, clause, rng)
            view = partial(look, encoded.starts, encoded.ends, text.sentences, index, moved, claim.type)
            at = view()
            if at.clause[0] >= at.clause[1]:
                continue
            roles = tuple(
                None if spans is None else np.array([encoded.pieces(*s) for s in spans]).reshape(-1, 2)
                for spans in claim.roles
            )
            yield Glance(words, at, view(looks.WIDE), practice, roles, claim.certainty, valid, claim.form)


def read_anew(g: Glance, text: Encoded, encoder: Encoder) -> Said:
    """What the reader says of a clause when it reads its context anew, marked."""
    n = len(g.at.pieces)
    inputs = encoder.text(text.ids[g.at.pieces], text.case[g.at.pieces])
    inputs["mark"][0] = g.at.marked(g.practice)
    own = encoder.read(inputs)[1][0]
    whole = np.concatenate([own[0, encoder.columns[k]] for k in encoder.manifest["looks"]])
    return own[1 : n + 1, encoder.columns["roles"]], whole


def collated(batch: Sequence[Glance]) -> Tensors:
    """A batch as tensors: word vectors, marks, distances (B, T); by role (B, T, roles) and whole, what is coded and said."""
    shape = (len(batch), max(len(g.at.pieces) for g in batch) + 2)
    words = np.zeros((*shape, batch[0].words.shape[1]), np.float32)
    mask, mark, near = np.zeros((3, *shape), np.int64)
    labels, known, taught = np.zeros((3, *shape, len(ROLES)), np.float32)
    for i, g in enumerate(batch):
        n, pieces = len(g.at.pieces), g.at.pieces
        words[i, 1 : n + 1], mask[i, : n + 2] = g.words[pieces], 1
        mark[i, : n + 2] = g.at.marked(g.practice)
        near[i, : n + 2] = g.at.distances()
        for k, spans in enumerate(g.roles):
            for a, b in spans if spans is not None else ():
                labels[i, 1 : n + 1, k][(pieces >= a) & (pieces < b)] = 1
            known[i, 1 : n + 1, k] = spans is not None and (not len(spans) or labels[i, :, k].any())
        taught[i, 1 : n + 1] = g.taught[0] if g.taught else 0
    made = {"words": words, "mask": mask, "mark": mark, "near": near, "labels": labels, "known": known, "roles": taught}
    made |= {k: np.array([getattr(g, k) for g in batch]) for k in ("certainty", "valid", "form")}
    if all(g.taught for g in batch):
        made["whole"] = np.stack([g.taught[1] for g in batch if g.taught]).astype(np.float32)
    return {k: tensor(v) for k, v in made.items()}


def loss(model: Looker, b: Tensors, classes: torch.Tensor) -> torch.Tensor:
    """The weighted losses against what people coded and against what the reader says."""
    with torch.autocast(DEVICE, dtype=torch.bfloat16):
        roles, whole = model(b["words"], b["mask"], b["mark"], b["near"])
    roles, parts = (
        roles.float(),
        torch.split(whole.float(), [len(CERTAINTY), 1, whole.shape[1] - len(CERTAINTY) - 1], -1),
    )
    raw = functional.binary_cross_entropy_with_logits(
        roles, b["labels"], reduction="none", pos_weight=torch.tensor(2.0, device=DEVICE)
    )
    own = ROLE * (raw * b["known"]).sum() / b["known"].sum().clamp(min=1)
    for name, part, weight in (("certainty", parts[0], CERTAIN), ("form", parts[2], FORM)):
        if (b[name] >= 0).any():
            own = own + weight * functional.cross_entropy(
                part, b[name], weight=classes if name == "certainty" else None, ignore_index=-1
            )
    if (told := b["valid"] >= 0).any():
        own = own + VALID * functional.binary_cross_entropy_with_logits(parts[1][told, 0], b["valid"][told].float())
    raw = functional.binary_cross_entropy_with_logits(roles, b["roles"].sigmoid(), reduction="none")
    inside = b["mask"].float()[..., None] * (b["near"] > windows.LAST).float()[..., None]
    said = ROLE * (raw * inside).sum() / inside.sum() / len(ROLES)
    wanted = torch.split(b["whole"], [p.shape[1] for p in parts], -1)
    for part, want, weight in ((parts[0], wanted[0], CERTAIN), (parts[2], wanted[2], FORM)):
        said = said + weight * functional.cross_entropy(part, want.softmax(-1))
    said = said + VALID * functional.binary_cross_entropy_with_logits(parts[1], wanted[1].sigmoid())
    return LABELS * own + TAUGHT * said


def fit(model: Looker, found: list[Glance], a: argparse.Namespace) -> None:
    """Trains on all, the rate falling to a fiftieth, and keeps a running mean of the weights; resumes from its checkpoint."""
    rng = random.Random(a.seed)
    counts = torch.bincount(torch.tensor([g.certainty for g in found if g.certainty >= 0]), minlength=len(CERTAINTY))
    classes = (counts.sum() / counts.clamp(min=1) / len(CERTAINTY)).sqrt().to(DEVICE)
    tables = [p for n, p in model.named_parameters() if n.startswith(("mark", "near", "place")) or p.dim() < 2]
    rest = [p for n, p in model.named_parameters() if not n.startswith(("mark", "near", "place")) and p.dim() > 1]
    opt = torch.optim.AdamW(
        [{"params": rest, "weight_decay": 0.01, "rate": a.rate}, {"params": tables, "weight_decay": 0.0, "rate": 3 * a.rate}],
        lr=a.rate, betas=(0.9, 0.98),
    )  # fmt: skip
    mean, done, began = {k: v.clone() for k, v in model.state_dict().items()}, 0, time.time()
    checkpoint = a.out / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"]), opt.load_state_dict(state["opt"])
        mean, done = state["mean"], state["step"]
        print("resuming at step", done, flush=True)
    model.train()
    step, run = 0, 0.0
    while step < a.steps:
        some = [g for g in found if g.valid != 0 or rng.random() < PASSED]
        batches = by_length(some, a.budget, rng, lambda g: len(g.at.pieces) + 2)
        rng.shuffle(batches)
        for batch in batches:
            step += 1
            if step <= done:
                continue
            if step > a.steps:
                break
            for group in opt.param_groups:
                group["lr"] = group["rate"] * min(1.0, step / WARM) * max(0.02, 1 - step / a.steps)
            value = loss(model, collated(batch), classes)
            opt.zero_grad(set_to_none=True)
            value.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            share = max(0.005, 20 / (step + 20))
            for name, now in model.state_dict().items():
                mean[name].lerp_(now, share)
            run = 0.98 * run + 0.02 * value.item() if run else value.item()
            if step % 50 == 0:
                told = {"step": step, "of": a.steps, "loss": round(run, 4), "min": round((time.time() - began) / 60, 1)}
                print(json.dumps(told), flush=True)
            if step % 200 == 0:
                kept = {"model": model.state_dict(), "opt": opt.state_dict(), "mean": mean, "step": step}
                torch.save(kept, a.out / "writing.pt")
                (a.out / "writing.pt").rename(checkpoint)  # whole or not at all
    model.load_state_dict(mean)


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--weights", type=Path, required=True, help="the folder that the reader was exported to")
    ap.add_argument("--reader", type=Path, required=True, help="the trained reader that was exported")
    ap.add_argument("--out", type=Path, default=Path("out/looks"))
    ap.add_argument("--candidates", type=Path, default=Path("out/candidates.json"))
    ap.add_argument("--cache", type=Path, default=Path("out/cache"))
    ap.add_argument("--variants", type=int, default=2, help="looks at each coded claim, its clause cut otherwise")
    ap.add_argument(
        "--uncoded", type=int, default=1000, help="reports that nobody coded, of which only is learnt what is said"
    )
    ap.add_argument("--clauses", type=int, default=10, help="clauses of each of these at most")
    ap.add_argument("--events", type=float, default=0.25, help="share of the sentences of event_place")
    ap.add_argument(
        "--teachers", type=Path, nargs=2, default=(),
        help="networks of training.train --wide: one without the first half of gold-train, one without the second",
    )  # fmt: skip
    ap.add_argument("--without", type=int, choices=(0, 1), help="leave this half of gold-train out")
    ap.add_argument(
        "--begin", type=Path, help="start from these layers (looker.pt of an earlier run), not from the reader's"
    )
    ap.add_argument("--steps", type=int, default=4000)
    ap.add_argument("--rate", type=float, default=3e-4)
    ap.add_argument("--budget", type=int, default=4096)
    ap.add_argument("--seed", type=int, default=7)
    a = ap.parse_args()
    random.seed(a.seed), torch.manual_seed(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)
    source, reader = opened(a.reader)
    model = Looker(reader, (source.first, source.last))
    if a.begin:
        model.load_state_dict(torch.load(a.begin, weights_only=True, map_location="cpu"))
    model.to(DEVICE)
    fit(model, gathered(a, Encoder(a.weights), random.Random(a.seed)), a)
    model.to("cpu")
    torch.save(model.state_dict(), a.out / "looker.pt")
    shipped(model, a.weights)


def shipped(model: Looker, folder: Path) -> None:
    """Writes ``looks.onnx``, its hash, and what the layers say of the probes in full precision, for a test of the small ones."""
    looker(model, folder)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["sha256"]["looks.onnx"] = hashlib.sha256((folder / "looks.onnx").read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    encoder = Encoder(folder)
    manifest["looked"] = {}
    for text in PROBES:
        encoded = encoder.encode(text)
        inputs = encoder.clause(encoded, probed(encoded))
        with torch.no_grad():
            roles, _ = model(*(torch.from_numpy(inputs[k]) for k in LOOKS))
        manifest["looked"][text] = [round(float(x), 3) for x in roles[0, 1:-1].flatten()]
    path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
