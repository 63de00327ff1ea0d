from __future__ import annotations

import json
from pathlib import Path

import pytest

import tadmor
from folders import DEMO
from tadmor import gather, pipeline, taxonomy
from tadmor.intake.reading import readings
from tadmor.record import from_record, to_record


@pytest.mark.parametrize(("reader", "read"), [("rules", DEMO), ("embedded", DEMO / "05-wire-2016-12-11.txt")])
def test_a_reading_survives_the_wire(reader: str, read: Path) -> None:
    for item in readings(pipeline.default(reader), gather.gather([read])):
        assert isinstance(item, tadmor.Reading)
        row = json.loads(json.dumps(to_record(item)))
        assert to_record(from_record(row)) == row
        assert from_record(row) == item


def test_every_claim_type_has_a_label_and_a_family() -> None:
    types = taxonomy.types()
    assert len(types) == 30
    assert all(t.label and t.family for t in types.values())
    assert types["siege"].implies == "besieges"
