"""A report and what a good model says of it, a reader that asks a server, and what holds of every reading of an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from tests.llm_server import Server, claim

from tadmor import pipeline
from tadmor.gather import from_text
from tadmor.model import Reading, Report
from tadmor.reading.llm.reader import LlmReader
from tadmor.reading.llm.settings import LlmSettings
from tadmor.record import to_record
from tadmor.resolve.resolve import resolve

TEXT = """Rebels take Marjeh from the army

Rebels captured the town of Marjeh on Sunday after two days of fighting, the Northern Observatory said.

The army said its jets carried out 14 air strikes near the town, killing at least 30 fighters. The state agency, \
quoting a field commander, reported that the rebels had been driven out of Qasr hill.

The foreign ministry accused Turkey of sending arms. The group has held the villages around Marjeh since March."""
REPORT = from_text(TEXT, id="marjeh", published="2016-12-12")

TAKEN = claim(
    "Rebels captured the town of Marjeh on Sunday",
    "territory_taken",
    also=["Rebels take Marjeh from the army"],
    trigger="captured",
    sources=[["the Northern Observatory"]],
    actors=["Rebels"],
    targets=["the army"],
    places=["Marjeh"],
    date="2016-12-11",
    confidence=0.9,
)
STRIKES = claim(
    "its jets carried out 14 air strikes near the town",
    sources=[["The army"]],
    actors=["army"],
    places=["Marjeh"],
    counts=[
        {"what": "strikes", "number": "14", "min": 99, "max": 99, "approx": False, "of": None},
        {"what": "killed", "number": "at least 30", "min": 1, "max": 1, "approx": False, "of": "fighters"},
    ],
)
LOST = claim(
    "the rebels had been driven out of Qasr hill",
    "territory_lost",
    sources=[["The state agency", "a field commander"]],
    actors=["the rebels"],
    places=["Qasr hill"],
)
ACCUSED = claim("The foreign ministry accused Turkey of sending arms", "accusation", certainty="denied", targets=["Turkey"],
                sources=[["The foreign ministry"]])  # fmt: skip


def answer(*claims: Any) -> dict[str, Any]:
    return {"claims": list(claims)}


def reading_by() -> Iterator[Callable[..., Reading]]:
    """Reads a report with a model that answers as the script says; ``told`` are settings, ``server`` the one that answered."""
    opened: list[Server] = []

    def by(script: Any, report: Report = REPORT, **told: Any) -> Reading:
        server = Server(script if callable(script) else lambda _, __: script)
        opened.append(server)
        by.server = server  # type: ignore[attr-defined]
        by.reader = reader(server, **told)  # type: ignore[attr-defined]
        return resolve(by.reader.read(report), pipeline.resources())  # type: ignore[attr-defined]

    yield by
    for server in opened:
        server.close()


def reader(server: Server, **told: Any) -> LlmReader:
    return LlmReader(
        pipeline.resources().recognisers(), LlmSettings("tiny", server.url, **{"timeout": 20.0, "retries": 1, **told})
    )


def check(reading: Reading) -> None:
    """Every span is the text's, every link leads somewhere, and no mention overlaps another of its type."""
    text = reading.report.text
    record = to_record(reading)
    mentions = {m["id"]: m for m in record["mentions"]}
    attributions = {a["id"]: a for a in record["attributions"]}

    def spans(node: Any) -> Iterator[dict[str, Any]]:
        if isinstance(node, dict):
            if {"start", "end", "text"} <= set(node):
                yield node
            for value in node.values():
                yield from spans(value)
        elif isinstance(node, list):
            for value in node:
                yield from spans(value)

    for span in spans([record["mentions"], record["attributions"], record["claims"]]):
        assert text[span["start"] : span["end"]] == span["text"]
    for c in record["claims"]:
        assert c["end"] - c["start"] <= 420
        assert {*c["actors"], *c["targets"], *c["places"], *c["times"]} <= set(mentions)
        assert {link for chain in c["sources"] for link in chain} <= set(attributions)
        assert all(len(chain) == len(names) for chain, names in zip(c["sources"], c["source_names"], strict=True))
    ordered = sorted(record["mentions"], key=lambda m: (m["type"], m["start"]))
    for a, b in pairwise(ordered):
        assert a["type"] != b["type"] or a["end"] <= b["start"]
    assert len(mentions) == len(record["mentions"])
    assert len(attributions) == len(record["attributions"])
