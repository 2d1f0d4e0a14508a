from __future__ import annotations

import pytest

from reports.drill import Drill
from reports.tables.cells import count, estimate, points, share, summary

CLOSED = Drill.closed()
ROW = {
    "STATUS": "ok", "UNIT": "fraction", "VALUE": 0.25, "LOW": 0.1, "HIGH": 0.5, "REASON": None,
    "N": 8, "EVENTS": 2, "SET_N": None, "SET_EVENTS": None, "STAT": "proportion",
}  # fmt: skip


def _no(status: str, reason: str) -> dict[str, str]:
    return {"STATUS": status, "REASON": reason}


def _text(markup) -> str:
    return " ".join(markup.striptags().split())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "25.0% (10.0% to 50.0%)"),
        ({"HIGH": None}, "25.0% (10.0% to NE)"),
        ({"LOW": None, "HIGH": None}, "25.0%"),
        ({"REASON": "imprecise: 3 at risk"}, "25.0% (10.0% to 50.0%) 3 at risk"),
        (_no("not_estimable", "not estimable, because there is nobody"), "NE: there is nobody"),
        (_no("not_available", "not available, because no VS"), "Not available: no VS"),
        (_no("suppressed", "<5"), "&lt;5"),
        ({"UNIT": "days", "VALUE": 4.0, "LOW": 3.0, "HIGH": 5.5}, "4 (3 to 5.5)"),
    ],
)  # fmt: skip
def test_an_estimate_is_never_an_empty_cell(change, expected):
    assert _text(estimate(ROW | change)).replace("<", "&lt;") == expected


def test_counts_and_shares():
    assert _text(count(ROW, CLOSED, "x")) == "2 / 8"
    assert _text(share(ROW, CLOSED, "x")) == "2 (25.0%) [10.0 to 50.0]"


def test_points_drop_the_sign_of_percent():
    assert _text(points(ROW | {"VALUE": -0.05})) == "\N{MINUS SIGN}5.0 (10.0 to 50.0)"


def test_a_summary_names_its_spread():
    days = {"UNIT": "days", "LOW": None, "HIGH": None}
    values = {"median": 1.0, "q1": 1.0, "q3": 3.0, "min": 0.0, "max": 9.0}
    stats = {stat: ROW | days | {"VALUE": v} for stat, v in values.items()}
    assert summary(stats, "days").striptags() == "1 dayIQR 1 to 3; range 0 to 9"
