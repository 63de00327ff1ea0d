"""What an export would hold is told before it is taken, and is what the file then holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from test_web_made import API, WHO, client, fill, refused, war


@pytest.fixture
def api(tmp_path: Path) -> Iterator[TestClient]:
    with client(fill(tmp_path / "war.db", war())) as found:
        yield found


@pytest.mark.parametrize(
    "asked",
    [
        {"form": "jsonl"},
        {"form": "csv", "place": "Aleppo"},
        {"form": "geojson", "of": "claims"},
        {"form": "geojson", "of": "incidents", "side": "government"},
        {"form": "acled"},
        {"form": "claimreview", "owner": "The Record"},
        {"form": "parquet", "of": "incidents", "type": "air_strike"},
    ],
)
def test_the_preview_is_of_the_file(api: TestClient, asked: dict[str, str]) -> None:
    told = api.get(f"{API}/export/preview", params=asked).json()
    file = api.get(f"{API}/export", params=asked)
    assert told["bytes"] == len(file.content)
    assert "; ".join(told["left_out"]) == file.headers.get("x-tadmor-left-out", "")
    counted = api.get(f"{API}/export/preview", params=asked | {"measure": "false"}).json()
    assert counted == told | {"bytes": None, "left_out": None}


def test_claims_reviews_reports_and_incidents_are_counted(api: TestClient) -> None:
    api.post(f"{API}/claims/r3/c1/accept", json={}, headers=WHO)
    api.post(f"{API}/claims/r5/c1/reject", json={"why": "a rehearsal"}, headers=WHO)

    def counted(**asked: str) -> tuple[int, int, int, int | None]:
        told = api.get(f"{API}/export/preview", params=asked).json()
        return told["claims"], told["reviewed"], told["reports"], told["incidents"]

    assert counted() == (8, 1, 8, None)  # the rejected one is in no file
    assert counted(place="Aleppo", form="csv", of="incidents") == (3, 1, 3, 2)
    assert counted(form="acled", type="air_strike") == (3, 1, 3, 2)
    assert counted(reviewed="true", form="csv") == (1, 1, 1, None)
    assert counted(side="opposition", form="csv") == (4, 1, 4, None)
    assert counted(place="Nowhere", form="csv", of="incidents") == (0, 0, 0, 0)
    rows = api.get(f"{API}/export", params={"form": "csv", "side": "opposition"}).text.splitlines()
    assert len(rows) == 1 + 4


def test_what_does_not_go_together_is_refused(api: TestClient) -> None:
    assert refused(api.get(f"{API}/export/preview?form=acled&of=claims"), 422)["errors"][0]["where"] == "of"
    refused(api.get(f"{API}/export/preview?form=xls"), 422)


def test_it_is_as_the_openapi_document_says(api: TestClient) -> None:
    document = api.get(f"{API}/openapi.json").json()
    schema = document["components"]["schemas"]["Preview"]
    answer = api.get(f"{API}/export/preview?form=geojson").json()
    Draft202012Validator({**schema, "components": document["components"]}).validate(answer)
    assert answer["left_out"] == ["1 claim left out: no place that is resolved"]
    assert answer["withheld"] is False
    api.post(f"{API}/withheld", json={"kind": "report", "name": "r7"}, headers=WHO)
    after = api.get(f"{API}/export/preview?form=geojson").json()
    assert (after["withheld"], after["claims"], after["left_out"]) == (True, answer["claims"] - 1, [])
