from __future__ import annotations

import doctest

import pytest

from reports import disclosure, page, theme, wording


@pytest.mark.parametrize("module", [disclosure, page, theme, wording])
def test_examples_hold(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-03",
        "2024-02",
        "2024-02-03T10:15:00",
        "03FEB2024",
        "3 Feb 2024",
        "03/02/2024",
        "JAN 2024",
        "jan2024",
        "01/2024",
        "5 FEB 24",
        "5FEB24",
        "3.2.24",
        "20240203",
    ],
)
def test_no_calendar_date_survives(text):
    assert wording.without_dates(f"from {text}.") == "from [date]."


@pytest.mark.parametrize("text", ["ASTCT 2019", "38.5 C", "day 20", "90/60 mmHg", "AE 12", "1.5"])
def test_what_is_no_date_stays(text):
    assert wording.without_dates(text) == text


def test_an_open_limit_is_ne():
    row = {"UNIT": "days", "LOW": 3.0, "HIGH": None}
    assert wording.interval(row) == "3 to NE"


def test_a_system_of_a_site_keeps_its_code():
    assert wording.system_basis("OWN1", "derived") == "OWN1, derived from findings"
