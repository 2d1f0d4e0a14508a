"""Vital signs of a timeline: extremes of an hour, or of a day without a clock."""

import pytest

HOUR, DAY = 3600, 86400
COLUMNS = ("VSTESTCD", "START", "PRECISION", "N", "LOW", "HIGH", "LOWSEQ", "HIGHSEQ")


def rows(case, *columns):
    return case.derive()["vitals"].select(columns or COLUMNS).rows()


def test_an_hour_keeps_its_extremes_and_the_rows_they_stand_in(case):
    for value, at in ((38.2, "08:00"), (39.1, "08:20"), (38.2, "08:59"), (37.0, "09:00")):
        case.temp(value, f"2024-01-03T{at}")
    assert rows(case) == [
        ("TEMP", 2 * DAY + 8 * HOUR, "time", 3, 38.2, 39.1, 1, 2),
        ("TEMP", 2 * DAY + 9 * HOUR, "time", 1, 37.0, 37.0, 4, 4),
    ]


def test_a_reading_without_a_clock_stands_for_its_day_apart_from_the_hour_at_midnight(case):
    case.temp(38.0, "2024-01-03").temp(39.0, "2024-01-03T00:30")
    assert rows(case, "START", "PRECISION", "LOW") == [
        (2 * DAY, "day", 38.0),
        (2 * DAY, "time", 39.0),
    ]


def test_an_hour_before_the_first_day_begins_at_its_full_hour(case):
    case.temp(36.5, "2023-12-31T23:40")
    assert rows(case, "START") == [(-HOUR,)]


@pytest.mark.parametrize(
    ("test", "shown"), [("PULSE", "HR"), ("OXYSAT", "OXYSAT"), ("WEIGHT", None), ("XYZ", None)]
)
def test_signs_that_a_timeline_shows(case, test, shown):
    case.vital(test, 90, "2024-01-03T08:00")
    assert rows(case, "VSTESTCD") == ([(shown,)] if shown else [])


def test_a_month_is_no_place_on_a_timeline(case):
    case.temp(38.5, "2024-01")
    assert rows(case) == []
