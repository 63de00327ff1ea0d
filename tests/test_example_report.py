"""What the example report must give from end to end; needs the data folder, where the report lies."""

from __future__ import annotations

from pathlib import Path

from tadmor import Ledger


def test_the_fall_of_palmyra_is_told_by_both_sides_and_denied_by_a_third(shared: Path, tmp_path: Path) -> None:
    with Ledger(tmp_path / "war.db") as ledger:
        ledger.add(shared / "reports/palmyra-action-news.txt", published="2016-12-11")
        found = ledger.control("Palmyra", on="2016-12-11")
    (held,) = [i for i in found.items if i.holder_entity == "actor:islamic-state"]
    told = {v.name for ref in held.claims for v in found.accounts[ref].voices}
    sides = {v.side for ref in held.claims for v in found.accounts[ref].voices}
    assert "a Syrian government official" in told
    assert sides >= {"government", "islamic-state"}
    contrary = [found.accounts[ref] for ref in held.against]
    assert any(v.name == "Russia" for a in contrary for v in a.voices)
    assert all(found.accounts[ref].sentence for ref in (*held.claims, *held.against))
