"""The weights that ship: whole, true to what was trained, and read with in the documented way."""

from __future__ import annotations

import shutil
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from tadmor import pipeline
from tadmor.errors import MissingResource
from tadmor.gather import from_text
from tadmor.reading.embedded.looks import probed
from tadmor.reading.embedded.reader import EmbeddedReader
from tadmor.reading.embedded.session import Encoder, default

WEIGHTS = Path(str(files("tadmor.reading.embedded").joinpath("weights")))


def test_the_int8_encoder_is_true_to_the_trained_one() -> None:
    encoder = default()
    for text, want in encoder.manifest["probes"].items():
        got = encoder.encode(text).hidden.mean(0)
        cosine = float(got @ np.array(want) / np.linalg.norm(got) / np.linalg.norm(want))
        assert cosine > 0.97, (text, cosine)


def test_the_int8_looks_are_true_to_the_trained_ones() -> None:
    encoder = default()
    for text, want in encoder.manifest["looked"].items():
        encoded = encoder.encode(text)
        (view,) = encoder.look_at(encoded, [probed(encoded)])
        got = view.roles.flatten()
        cosine = float(got @ np.array(want) / np.linalg.norm(got) / np.linalg.norm(want))
        assert cosine > 0.97, (text, cosine)


def test_a_look_depends_on_its_mark_and_not_on_its_neighbours() -> None:
    encoder = default()
    encoded = encoder.encode("Rebels shelled the bakery in Saraqib on Sunday, and troops withdrew from Binnish.")
    one = probed(encoded)
    other = replace(one, marks=one.marks[::-1].copy(), clause=(len(one.pieces) - one.clause[1], len(one.pieces)))
    (alone,) = encoder.look_at(encoded, [one])
    beside, moved = encoder.look_at(encoded, [one, other])
    assert (alone.roles == beside.roles).all()
    assert np.abs(alone.roles - moved.roles).max() > 1.0


def test_the_weights_are_small_enough() -> None:
    assert sum(p.stat().st_size for p in WEIGHTS.iterdir()) < 40_000_000


def test_weights_that_are_damaged_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    shutil.copytree(WEIGHTS, folder)
    data = bytearray((folder / "links.npz").read_bytes())
    data[len(data) // 2] ^= 255
    (folder / "links.npz").write_bytes(bytes(data))
    with pytest.raises(MissingResource, match=r"links\.npz is damaged"):
        Encoder(folder)
    (folder / "manifest.json").unlink()
    with pytest.raises(MissingResource, match="weights are not in"):
        Encoder(folder)


def test_a_long_text_is_encoded_as_one() -> None:
    text = "Rebels captured the town of Saraqib on Sunday, residents said. " * 60
    encoded = default().encode(text)
    assert len(encoded.starts) == len(encoded.hidden)
    assert (np.abs(encoded.hidden).sum(1) > 0).all()
    assert encoded.ends[-1] <= len(text)


def test_an_empty_stretch_has_no_mean() -> None:
    encoded = default().encode("Rebels captured Saraqib.")
    assert not encoded.mean(500, 510).any()


def test_reading_is_deterministic_and_says_with_what() -> None:
    resources = pipeline.resources()
    reader = EmbeddedReader(resources.recognisers())
    report = from_text(
        "Rebels captured Saraqib on Sunday, the Observatory said. The army denied it.", published="2016-12-12"
    )
    first = reader.read(report)
    assert first == reader.read(report)
    assert first.reader.name == "embedded"
    assert first.claims


@pytest.mark.parametrize(
    ("text", "kind", "trigger"),
    [
        ("Air strikes continued in Vessen, where warplanes bombed a market on Friday.", "air_strike", "bombed"),
        ("Rebels captured the town of Vessen on Friday.", "territory_taken", "captured"),
    ],
)
def test_the_trigger_tells_the_event_most_plainly(text: str, kind: str, trigger: str) -> None:
    reading = pipeline.default("embedded").read(from_text(text, published="2016-12-12"))
    (claim,) = (c for c in reading.claims if c.type == kind)
    assert claim.trigger is not None
    assert claim.trigger.text == trigger
    spans = [(claim.start, claim.end), *((a.start, a.end) for a in claim.also)]
    assert any(start <= claim.trigger.start and claim.trigger.end <= end for start, end in spans)
