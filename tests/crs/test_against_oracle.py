"""The engine against a second, independent reading of the rules (tests/oracle)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.oracle import compare, oracle
from tests.oracle.course import (
    DAY,
    HOUR,
    Course,
    Oxygen,
    Pressor,
    Reading,
    Record,
    SignEvent,
    Treatment,
)
from tests.oracle.courses import random_courses
from tests.oracle.vignettes import worked_cases

COURSES = int(os.environ.get("CRSIGHT_SOAK_COURSES", "1000"))
BATCH = 500
SEED = 20260101
VIGNETTES = Path(__file__).resolve().parents[3] / "shared" / "reference" / "vignettes.jsonl"


def test_oracle_grades_the_worked_cases():
    if not VIGNETTES.is_file():
        pytest.skip("no worked cases beside the project (../shared/reference)")
    cases = worked_cases(VIGNETTES)
    assert len(cases) == 30
    for course, expected in cases:
        graded = oracle.grades(course)
        got = graded[0][1] if graded else dict.fromkeys(expected, 0)
        assert {s: got[s] for s in expected} == expected, course


@pytest.mark.parametrize("batch", range(-(-COURSES // BATCH)))
def test_random_courses_are_read_alike(batch):
    courses = random_courses(SEED + batch, min(BATCH, COURSES - batch * BATCH), f"B{batch}-")
    found = compare.disagreements(courses)
    if found:
        shown = "\n\n".join(str(compare.smallest(d)) for d in found[:3])
        pytest.fail(f"{len(found)} of {len(courses)} courses are read differently:\n{shown}")


# Small courses on which the two once differed; each names the rule that it is about.
FEVER = (Reading("TEMP", 38.5, DAY),)
CRS = (Record(DAY, 3 * DAY),)
SHORT = (Record(11 * HOUR, 12 * HOUR),)
SHORT_FEVER = (Reading("TEMP", 38.5, 11 * HOUR),)
ONCE_DIFFERENT = {
    "an infusion without an end stops at the drug's next row": Course(
        "T-1",
        records=CRS,
        readings=FEVER,
        pressors=(
            Pressor("NOREPINEPHRINE", 20, "ug/min", DAY + 2 * HOUR, None),
            Pressor("NOREPINEPHRINE", 0, "ug/min", DAY + 4 * HOUR, None),
        ),
    ),
    "an open row of another drug does not lengthen a high dose": Course(
        "T-2",
        records=CRS,
        readings=FEVER,
        pressors=(
            Pressor("NOREPINEPHRINE", 20, "ug/min", DAY + 2 * HOUR, DAY + 4 * HOUR),
            Pressor("TERLIPRESSIN", None, None, DAY + 2 * HOUR, None),
        ),
    ),
    "a second pressor does not shorten the run of the first": Course(
        "T-3",
        records=SHORT,
        readings=SHORT_FEVER,
        pressors=(
            Pressor("NOREPINEPHRINE", 5, "ug/min", 7 * HOUR, 32 * HOUR),
            Pressor("VASOPRESSIN", 0.03, "U/min", 8 * HOUR, 19 * HOUR),
        ),
    ),
    "a rate change does not shorten a run of high dose": Course(
        "T-4",
        records=SHORT,
        readings=SHORT_FEVER,
        pressors=(
            Pressor("NOREPINEPHRINE", 20, "ug/min", 9 * HOUR, 10 * HOUR),
            Pressor("NOREPINEPHRINE", 25, "ug/min", 10 * HOUR, 12 * HOUR),
        ),
    ),
    "another cause takes out the infusions that it covers whole, not parts of them": Course(
        "T-5",
        records=SHORT,
        readings=SHORT_FEVER,
        pressors=(
            Pressor("NOREPINEPHRINE", 5, "ug/min", 9 * HOUR, 15 * HOUR),
            Pressor("VASOPRESSIN", 0.03, "U/min", 11 * HOUR, 13 * HOUR),
        ),
        signs=(SignEvent("HYPOTENSION", 8 * HOUR, 14 * HOUR),),
    ),
    "a stay in hospital for one CRS is not for the next": Course(
        "T-6",
        doses=(10 * HOUR, 3 * DAY),
        records=(Record(DAY, 3 * DAY, hospital=True), Record(3 * DAY, 4 * DAY)),
        readings=(*FEVER, Reading("TEMP", 38.5, 3 * DAY)),
    ),
    "a sign that begins as a treated episode ends is outside the fever gate": Course(
        "T-7",
        records=CRS,
        readings=FEVER,
        treatments=(Treatment("TOCILIZUMAB", "CRS", 2 * DAY),),
        oxygen=(Oxygen("NASAL CANNULA", 3 * DAY, 4 * DAY, 2),),
    ),
    "a dose at the seam of two records splits them only if the first had resolved": Course(
        "T-8",
        doses=(10 * HOUR, 2 * DAY),
        records=(Record(DAY, 2 * DAY, "UNKNOWN"), Record(2 * DAY, 3 * DAY)),
        readings=(*FEVER, Reading("TEMP", 38.5, 2 * DAY)),
    ),
}


@pytest.mark.parametrize("rule", ONCE_DIFFERENT)
def test_read_alike_where_they_once_differed(rule):
    assert not [str(d) for d in compare.disagreements([ONCE_DIFFERENT[rule]])]
