"""How precise days and places are by the codes of ACLED and UCDP, and the cells of PRIO-GRID."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor.publish import precision
from tadmor.publish.precision import Spot, acled_place, acled_time, priogrid, ucdp_place, ucdp_time


@pytest.mark.parametrize(
    ("date", "day", "code"),
    [
        ("2016-12-11", "2016-12-11", 1),
        ("2016-12-11~", "2016-12-11", 2),
        ("2016-12-10/2016-12-11", "2016-12-10", 2),
        ("2016-12-05/2016-12-11", "2016-12-08", 2),
        ("2016-12-01/2016-12-12", "2016-12-06", 3),
        ("2016-12", "2016-12-16", 3),
        ("2016-02", "2016-02-15", 3),
        ("2016-12-11/..", "2016-12-11", 1),
        ("2016-12/..", "2016-12-16", 3),
    ],
)
def test_time_precision_of_acled(date: str, day: str, code: int) -> None:
    assert acled_time(date) == (dt.date.fromisoformat(day), code)


@pytest.mark.parametrize("date", [None, "2016", "2017-22", "../2016-12-11", "2014/..", "no date", "2016-13-01"])
def test_acled_codes_no_date_coarser_than_a_month(date: str | None) -> None:
    assert acled_time(date) is None


@pytest.mark.parametrize(
    ("date", "start", "end", "code"),
    [
        ("2016-12-11", "2016-12-11", "2016-12-11", 1),
        ("2016-12-10/2016-12-11", "2016-12-10", "2016-12-11", 2),
        ("2016-12-05/2016-12-10", "2016-12-05", "2016-12-10", 2),
        ("2016-12-05/2016-12-11", "2016-12-05", "2016-12-11", 3),
        ("2016-12-01/2016-12-08", "2016-12-01", "2016-12-08", 4),
        ("2016-12", "2016-12-01", "2016-12-31", 4),
        ("2017-22", "2017-06-01", "2017-08-31", 5),
        ("2016", "2016-01-01", "2016-12-31", 5),
        ("2016-12-11/..", "2016-12-11", "2016-12-20", 4),
    ],
)
def test_date_precision_of_ucdp(date: str, start: str, end: str, code: int) -> None:
    assert ucdp_time(date, "2016-12-20") == (dt.date.fromisoformat(start), dt.date.fromisoformat(end), code)


@pytest.mark.parametrize("date", [None, "2014/2016", "../2016", "2016-12-11/.."])
def test_ucdp_codes_no_date_coarser_than_a_year(date: str | None) -> None:
    assert ucdp_time(date, None) is None


@pytest.mark.parametrize(
    ("kind", "feature", "radius", "near", "in_acled", "in_ucdp"),
    [
        ("town", "town", None, False, 1, 1),
        ("town", "town", None, True, 2, 2),
        ("site", "air base", None, False, 1, 1),
        (None, None, None, False, 2, 2),
        ("admin2", "county", None, False, 3, 3),
        ("admin1", "province", 86.0, False, 3, 4),
        ("admin1", "province", 86.0, True, 2, 4),
        ("region", "region", 12.0, False, 2, 2),
        ("region", "river", None, False, 3, 5),
        ("country", "country", 312.0, False, 3, 6),
        ("region", "sea", None, False, 3, 7),
    ],
)
def test_precision_of_places(
    kind: str | None, feature: str | None, radius: float | None, near: bool, in_acled: int, in_ucdp: int
) -> None:
    spot = Spot("X", 35.0, 38.0, kind=kind, feature=feature, radius_km=radius, near=near)
    assert (acled_place(spot), ucdp_place(spot)) == (in_acled, in_ucdp)


def test_priogrid_numbers_cells_from_the_south_west() -> None:
    assert priogrid(-90, -180) == 1
    assert priogrid(-89.75, 179.75) == 720
    assert priogrid(-89.25, -179.75) == 721
    assert priogrid(10.51, 2.29) == 145085  # row 202, column 365
    assert priogrid(90, 180) == priogrid(89.75, 179.75) == 259200


@settings(deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_cell_of_priogrid_holds_its_points(lat: float, lon: float) -> None:
    row, column = divmod(priogrid(lat, lon) - 1, 720)
    assert 0 <= row < 360
    assert math.isclose(lat, row / 2 - 90 + 0.25, abs_tol=0.2500001)
    assert math.isclose(lon, column / 2 - 180 + 0.25, abs_tol=0.2500001)


def test_when_says_the_days_of_a_date() -> None:
    assert precision.when("2016-12-11/..") == {"when": "2016-12-11/..", "start": "2016-12-11", "end": None}
