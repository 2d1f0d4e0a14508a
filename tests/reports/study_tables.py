"""Tables of a small study from typed courses; subject n is the n-th course."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl

from tests.reports.ard import reconciliation, results
from tests.reports.ard_more import more_results
from tests.reports.courses import Course, Sets, day, frame, usubjid

Row = dict[str, Any]
PAIR = {"SYSTEM": "ASTCT2019", "BASIS": "collected"}

COURSES = (
    Course("car_t", "axi", 2, 1, 5),  # mild and over: nothing to look at first
    Course("car_t", "axi", 3, 3, 9, toci=2),
    Course("car_t", "axi", 4, 5, None),
    Course("car_t", "axi", 2, 2, None),
    Course("car_t", "axi", None, None, None),
)


def rows_of(html: str) -> list[str]:
    """HTML of each row of a table, below its head."""
    return [" ".join(row.split()) for row in html.split("<tr>")[2:]]


def tables(study: str, courses: Sequence[Course], kind: str = "test") -> dict[str, pl.DataFrame]:
    """All tables that render_study takes."""
    sets = Sets()
    people = dict(enumerate(courses, start=1))
    rows = [*results(study, kind, people, sets), *reconciliation(study, kind, people, sets)]
    rows += more_results(study, kind, people, sets)
    made = {name: frame(name, list(make(study, courses))) for name, make in MAKERS.items()}
    return made | {"results": frame("results", rows), "sets": sets.frame()}


def _ids(study: str, courses: Sequence[Course]) -> Iterator[tuple[Row, int, Course]]:
    for n, course in enumerate(courses, start=1):
        yield {"STUDYID": study, "USUBJID": usubjid(study, n)}, n, course


def _crs(study: str, courses: Sequence[Course]) -> Iterator[tuple[Row, Course]]:
    for ids, _, course in _ids(study, courses):
        if course.onset is not None:
            yield ids | {"EPISEQ": 1}, course


def _ledger(study: str, courses: Sequence[Course]) -> Iterator[Row]:
    for domain, n, held in (("AE", len(courses), 1), ("DM", len(courses), 0)):
        yield {
            "STUDYID": study,
            "DOMAIN": domain,
            "N_READ": n + held,
            "N_ACCEPTED": n,
            "N_QUARANTINED": held,
            "SHA256": hashlib.sha256(domain.encode()).hexdigest(),
            "FORMAT": "csv",
        }


def _quarantine(study: str, courses: Sequence[Course]) -> Iterator[Row]:
    subject = usubjid(study, 1)
    if courses:
        yield {
            "STUDYID": study,
            "DOMAIN": "AE",
            "ROW": 7,
            "USUBJID": subject,
            "RULE": "END_BEFORE_START",
            "COLUMN": "AEENDTC",
            "VALUE": "2024-02-03",
            "MESSAGE": f"{subject}: end 2024-02-03 lies before the start",
        }


def _notes(study: str, courses: Sequence[Course]) -> Iterator[Row]:
    del study, courses
    yield from ()


def _adsl(study: str, courses: Sequence[Course]) -> Iterator[Row]:
    for ids, n, c in _ids(study, courses):
        yield ids | {
            "SUBJIDX": n,
            "COHORT": c.cohort,
            "PRODUCT": c.product,
            "TRTSDY": 1,
            "DYSHIFT": 0,
            "AGE": 60.0,
            "SEX": "F",
            "SAFFL": "Y",
            "NDOSES": 1,
            "FUPDY": c.followed,
            "FUPREAS": "COMPLETED",
        }


def _doses(study: str, courses: Sequence[Course]) -> Iterator[Row]:
    for ids, _, c in _ids(study, courses):
        yield ids | {
            "DOSESEQ": 1,
            "DOSELVL": "SUD1" if c.cohort == "bispecific" else None,
            "PRODUCT": c.product,
            "EXDOSE": 2.0,
            "EXDOSU": "mg",
            "EXSTDY": 1,
            "START": 0,
            "PRECISION": "day",
            "SRCSEQ": "1",
        }


def _episodes(study: str, courses: Sequence[Course]) -> Iterator[Row]:
    for ids, c in _crs(study, courses):
        assert c.onset is not None
        yield ids | {
            "ASTDY": c.onset,
            "AENDY": c.end,
            "START": day(c.onset),
            "ONSET_D": c.onset - 1,
            "ONSET_D_FIRST": c.onset - 1,
            "DOSESEQ": 1,
            "DURATION_D": None if c.end is None else c.end - c.onset + 1,
            "ENDED": "Y" if c.end else None,
            "END_REASON": "RECOVERED" if c.end else "FATAL" if c.grade == 5 else "ONGOING",
            "CENSDY": None if c.end else c.followed,
            "SOURCE": "AE",
            "MEMBERS": "AE:1",
        }


def _grades(study: str, courses: Sequence[Course]) -> Iterator[Row]:
    for ids, c in _crs(study, courses):
        yield ids | PAIR | {"GRADE": c.grade, "REASON": None if c.grade else "NOT_RECORDED"}


def _grade_days(study: str, courses: Sequence[Course]) -> Iterator[Row]:
    for ids, _, c in _ids(study, courses):
        for d in range(1, min(c.followed, 14) + 1):
            ill = c.onset is not None and c.onset <= d <= (c.end or c.followed)
            grade = c.grade if ill else 0
            reason = "NOT_RECORDED" if grade is None else None
            yield ids | PAIR | {"DY": d, "GRADE": grade, "OBSERVED": "Y", "REASON": reason}


def _evidence(study: str, courses: Sequence[Course]) -> Iterator[Row]:
    for ids, c in _crs(study, courses):
        assert c.onset is not None
        yield (
            ids
            | PAIR
            | {
                "CRITERION": "recorded",
                "LADDER": "collected",
                "SRCDOM": "AE",
                "SRCSEQ": 1,
                "SRCVAR": "AETOXGR",
                "VALUE": f"grade {c.grade}",
                "START": day(c.onset),
            }
        )


def _accounts(study: str, courses: Sequence[Course]) -> Iterator[Row]:
    for ids, c in _crs(study, courses):
        yield ids | PAIR | {"ACCOUNT": f"Recorded as grade {c.grade} from day {c.onset}."}


def _reconciliation(study: str, courses: Sequence[Course]) -> Iterator[Row]:
    for ids, c in _crs(study, courses):
        yield ids | {
            "SYSTEM": "ASTCT2019",
            "GRADE_COLLECTED": c.grade,
            "GRADE_DERIVED": None if c.grade is None else min(c.grade, 3),
            "CATEGORY": "not comparable" if c.grade is None else "agree",
        }


def _interventions(study: str, courses: Sequence[Course]) -> Iterator[Row]:
    for ids, c in _crs(study, courses):
        if c.toci and c.onset is not None:
            yield ids | {
                "CLASS": "tocilizumab",
                "DRUG": "Tocilizumab",
                "N_DOSES": c.toci,
                "START": day(c.onset, 6),
                "END": day(c.onset, 7),
                "INTENT": "treatment",
                "H_FROM_ONSET": 6.0,
                "SRCDOM": "CM",
                "SRCSEQ": "1",
            }


def _findings(study: str, courses: Sequence[Course]) -> Iterator[Row]:
    """Oxygen on the day of onset, for grades from 2."""
    for ids, _, c in _ids(study, courses):
        if c.onset is not None and (c.grade or 0) >= 2:
            yield ids | {
                "LADDER": "oxygen",
                "LEVEL": 1,
                "START": day(c.onset, 8),
                "END": day(c.onset, 20),
                "SRCDOM": "PR",
                "SRCSEQ": 1,
                "SRCVAR": "PRTRT",
                "VALUE": 2.0,
                "TEXT": "nasal cannula",
            }


def _labs(study: str, courses: Sequence[Course]) -> Iterator[Row]:
    """A CRP each day of the first three, high from onset."""
    for ids, _, c in _ids(study, courses):
        for d in (1, 2, 3):
            yield ids | {
                "LBSEQ": d,
                "LBTESTCD": "CRP",
                "TEST": "C-reactive protein",
                "VALUE": 80.0 if c.onset is not None and d >= c.onset else 3.0,
                "UNIT": "mg/L",
                "ULN": 5.0,
                "START": day(d, 6),
                "LBDY": d,
                "PRECISION": "time",
            }


def _vitals(study: str, courses: Sequence[Course]) -> Iterator[Row]:
    """A temperature each morning of the first three days."""
    for ids, _, c in _ids(study, courses):
        for d in (1, 2, 3):
            high = 39.0 if c.onset == d else 36.8
            yield ids | {
                "VSTESTCD": "TEMP",
                "START": day(d, 8),
                "PRECISION": "time",
                "N": 2,
                "LOW": 36.8,
                "HIGH": high,
                "UNIT": "C",
                "LOWSEQ": d,
                "HIGHSEQ": d,
            }


MAKERS: dict[str, Callable[[str, Sequence[Course]], Iterator[Row]]] = {
    "ledger": _ledger,
    "quarantine": _quarantine,
    "notes": _notes,
    "adsl": _adsl,
    "doses": _doses,
    "episodes": _episodes,
    "grades": _grades,
    "grade_days": _grade_days,
    "evidence": _evidence,
    "accounts": _accounts,
    "reconciliation": _reconciliation,
    "interventions": _interventions,
    "findings": _findings,
    "labs": _labs,
    "vitals": _vitals,
}
