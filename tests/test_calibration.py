"""Calibration: bins, the expected error, the diagram."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tadmor.evaluate.calibration import diagram, expected_error, reliability


def test_bins_hold_their_scores_and_shares() -> None:
    bins = reliability([(0.05, False), (0.65, True), (0.65, False), (1.0, True)])
    assert [(b.low, b.size, b.right) for b in bins] == [(0.0, 1, 0.0), (0.6, 2, 0.5), (0.9, 1, 1.0)]


def test_the_error_is_the_weighed_gap() -> None:
    bins = reliability([(0.8, True), (0.8, False), (0.2, False), (0.2, False)])
    assert expected_error(bins) == pytest.approx(0.5 * 0.3 + 0.5 * 0.2)


def test_perfect_scores_have_no_error() -> None:
    assert expected_error(reliability([(1.0, True), (0.0, False)])) == 0
    assert expected_error(()) == 0


def test_the_diagram_has_a_bar_for_each_bin() -> None:
    bins = reliability([(0.15, False), (0.95, True)])
    root = ET.fromstring(diagram(bins, "Reliability"))
    bars = [e for e in root.iter("{http://www.w3.org/2000/svg}rect") if e.get("fill") == "#4a7ba6"]
    assert [float(b.get("height") or 0) for b in bars] == [0, 320]
