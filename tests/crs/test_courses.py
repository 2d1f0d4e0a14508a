"""Timed courses, each with its twin that has only dates.

A record is (start, end, outcome), a moment is "day hour" of January 2024, an outcome R recovered,
N not recovered, F fatal, U unknown. What is expected of an episode is (ONSET_D, ONSET_H,
ONSET_D_FIRST, DOSESEQ, DURATION_D, END_REASON); the twin must give the same without ONSET_H, or
what stands beside it.
"""

from __future__ import annotations

import pytest

from tests.crs.conftest import Case

OUTCOME = {
    "R": "RECOVERED/RESOLVED",
    "N": "NOT RECOVERED/NOT RESOLVED",
    "F": "FATAL",
    "U": "UNKNOWN",
}
REC, OPEN, NOT, FATAL, DIED = "RECOVERED", "ONGOING", "NOT_RECOVERED", "FATAL", "DEATH"
UNKNOWN = "OUTCOME_UNKNOWN"

# name: doses, records, expected, expected of the twin where it differs, day of death
COURSES = {
    "one record": (["1 10"], [("3 8", "6 20", "R")], [(2, 46, 2, 1, 4, REC)], None, None),
    "onset on the day of the dose": (
        ["1 10"],
        [("1 16", "2 9", "R")],
        [(0, 6, 0, 1, 2, REC)],
        None,
        None,
    ),
    "ends within the day": (["1 10"], [("2 8", "2 20", "R")], [(1, 22, 1, 1, 1, REC)], None, None),
    "23 hours free": (
        ["1 10"],
        [("2 8", "4 10", "R"), ("5 9", "6 12", "R")],
        [(1, 22, 1, 1, 5, REC)],
        None,
        None,
    ),
    "24 hours free": (
        ["1 10"],
        [("2 8", "4 10", "R"), ("5 10", "6 12", "R")],
        [(1, 22, 1, 1, 3, REC), (4, 96, 4, 1, 2, REC)],
        # By dates there is no free day between the 4th and the 5th.
        [(1, 1, 1, 5, REC)],
        None,
    ),
    "25 hours free, no free day": (
        ["1 10"],
        [("2 8", "4 1", "R"), ("5 2", "6 12", "R")],
        [(1, 22, 1, 1, 3, REC), (4, 88, 4, 1, 2, REC)],
        [(1, 1, 1, 5, REC)],
        None,
    ),
    "a free day, yet less than 24 hours is impossible": (
        ["1 10"],
        [("2 8", "4 23", "R"), ("6 1", "6 12", "R")],
        [(1, 22, 1, 1, 3, REC), (5, 111, 5, 1, 1, REC)],
        None,
        None,
    ),
    "grade changes that touch": (
        ["1 10"],
        [("2 8", "3 8", "N"), ("3 8", "4 8", "N"), ("4 8", "5 8", "R")],
        [(1, 22, 1, 1, 4, REC)],
        None,
        None,
    ),
    "records that overlap": (
        ["1 10"],
        [("2 8", "5 8", "R"), ("3 8", "7 8", "R")],
        [(1, 22, 1, 1, 6, REC)],
        None,
        None,
    ),
    "nested record that is not recovered": (
        ["1 10"],
        [("2 8", "7 8", "R"), ("3 8", "4 8", "N")],
        [(1, 22, 1, 1, 6, REC)],
        None,
        None,
    ),
    "last record not recovered": (
        ["1 10"],
        [("2 8", "4 8", "R"), ("4 12", "6 8", "N")],
        [(1, 22, 1, 1, None, NOT)],
        None,
        None,
    ),
    "ongoing": (["1 10"], [("2 8", None, None)], [(1, 22, 1, 1, None, OPEN)], None, None),
    "fatal": (["1 10"], [("2 8", "5 8", "F")], [(1, 22, 1, 1, None, FATAL)], None, 5),
    "death of another cause ends the watch": (
        ["1 10"],
        [("2 8", None, "N")],
        [(1, 22, 1, 1, None, DIED)],
        None,
        6,
    ),
    "two steps, each with its CRS": (
        ["1 10", "4 10"],
        [("2 8", "3 10", "R"), ("4 20", "5 20", "R")],
        [(1, 22, 1, 1, 2, REC), (0, 10, 3, 2, 2, REC)],
        None,
        None,
    ),
    "dose in 12 free hours": (
        ["1 10", "4 10"],
        [("3 10", "4 4", "R"), ("4 16", "5 16", "R")],
        [(2, 48, 2, 1, 2, REC), (0, 6, 3, 2, 2, REC)],
        None,
        None,
    ),
    "dose during CRS does not split": (
        ["1 10", "4 10"],
        [("3 10", "5 16", "R"), ("6 1", "7 1", "R")],
        [(2, 48, 2, 1, 5, REC)],
        None,
        None,
    ),
    "dose on the day of onset, but after it": (
        ["1 10", "4 20"],
        [("4 16", "6 16", "R")],
        [(3, 78, 3, 1, 3, REC)],
        # By dates, onset on a dose day belongs to that dose.
        [(0, 3, 2, 3, REC)],
        None,
    ),
    "dose on the day on which CRS ended": (
        ["1 10", "4 20"],
        [("3 10", "4 12", "R"), ("7 8", "8 8", "R")],
        [(2, 48, 2, 1, 2, REC), (3, 60, 6, 2, 2, REC)],
        None,
        None,
    ),
    "three doses, CRS after the second only": (
        ["1 10", "4 10", "8 10"],
        [("5 10", "6 10", "R")],
        [(1, 24, 4, 2, 2, REC)],
        None,
        None,
    ),
    "recovery of unknown day, then a dose and another CRS": (
        ["1 10", "8 10"],
        [("2 8", None, "U"), ("9 10", "10 10", "R")],
        [(1, 22, 1, 1, None, UNKNOWN), (1, 24, 8, 2, 2, REC)],
        None,
        None,
    ),
    "said to be ongoing over the next dose": (
        ["1 10", "8 10"],
        [("2 8", None, "N"), ("9 10", "10 10", "R")],
        [(1, 22, 1, 1, None, NOT)],
        None,
        None,
    ),
    "month end and leap day": (
        ["29 10"],
        [("31 8", "34 8", "R")],
        [(2, 46, 2, 1, 4, REC)],
        None,
        None,
    ),
    "before the first dose": (
        ["5 10"],
        [("3 8", "6 8", "R")],
        [(None, None, -2, None, 4, REC)],
        None,
        None,
    ),
}


def moment(text: str | None, *, dated: bool) -> str | None:
    if text is None:
        return None
    day, hour = (int(part) for part in text.split())
    month, day = (1, day) if day <= 31 else (2, day - 31)
    date = f"2024-{month:02d}-{day:02d}"
    return date if dated else f"{date}T{hour:02d}:00"


@pytest.fixture(scope="module", params=[False, True], ids=["timed", "dates only"])
def derived(request):
    """All courses in one study, one subject each."""
    case = Case()
    for name, (doses, records, _, _, death) in COURSES.items():
        died = {"DTHFL": "Y", "DTHDTC": f"2024-01-{death:02d}"} if death else {}
        case.add("dm", USUBJID=name, AGE=55.0, ARM="A", **died)
        for dose in doses:
            at = moment(dose, dated=request.param)
            case.add("ex", USUBJID=name, EXTRT="CART", EXSTDTC=at, EXENDTC=at)
        for start, end, outcome in records:
            case.add(
                "ae",
                USUBJID=name,
                AEDECOD="Cytokine release syndrome",
                AEOUT=OUTCOME.get(outcome),
                AESTDTC=moment(start, dated=request.param),
                AEENDTC=moment(end, dated=request.param),
            )
    return request.param, case.derive()["episodes"]


@pytest.mark.parametrize("name", COURSES)
def test_course(derived, name):
    dated, episodes = derived
    _, _, timed, twin, _ = COURSES[name]
    columns = ["ONSET_D", "ONSET_H", "ONSET_D_FIRST", "DOSESEQ", "DURATION_D", "END_REASON"]
    found = episodes.filter(USUBJID=name).sort("EPISEQ").select(columns).rows()
    wanted = timed
    if dated:
        wanted = (
            [(e[0], None, *e[1:]) for e in twin] if twin else [(e[0], None, *e[2:]) for e in timed]
        )
    assert found == wanted
