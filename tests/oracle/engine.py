"""The engine's reading of the same courses: one call for many."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipeline.crs.crs import derive_crs
from pipeline.study import Study
from pipeline.subjects.subjects import derive_subjects
from tests.oracle.course import Course
from tests.oracle.rows import rows_of
from tests.typed import Rows, typed

STUDY = Study.model_validate(
    {
        "study": "T",
        "title": "random courses",
        "cohort": "car_t",
        "data_kind": "test",
        "products": {"CAR-T A": ["CART"]},
        "collected_scale": "ASTCT2019",
    }
)


def derive(rows: dict[str, Rows]) -> dict[str, pl.DataFrame]:
    """All tables of the subject and CRS stages."""
    tables = typed("T", **rows)
    made: dict[str, pl.DataFrame] = dict(derive_subjects(tables, STUDY))
    return made | derive_crs({**tables, **made}, STUDY)


def engine_grades(tables: dict[str, pl.DataFrame]) -> dict[tuple[str, int], dict[str, int | None]]:
    """(subject, episode) -> system -> derived grade, for all systems that the engine has."""
    grades = tables["grades"].filter(pl.col("BASIS") == "derived")
    found: dict[tuple[str, int], dict[str, int | None]] = {}
    for u, e, system, grade in grades.select("USUBJID", "EPISEQ", "SYSTEM", "GRADE").iter_rows():
        found.setdefault((u, e), {})[system] = grade
    return found


def read(courses: Sequence[Course], shift_days: int = 0) -> dict[str, pl.DataFrame]:
    """The engine's tables for the courses."""
    return derive(rows_of(courses, shift_days))
