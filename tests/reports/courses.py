"""Small studies for the page tests: subjects typed as short courses.

A course is (cohort, product, onset day or None, grade or None, day of end or None, follow-up day,
tocilizumab doses).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import polars as pl

from pipeline.schemas.tables import TABLES


class Course(NamedTuple):
    cohort: str
    product: str
    onset: int | None
    grade: int | None
    end: int | None
    followed: int = 28
    toci: int = 0


def meta(study: str = "TST", **other: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "study": study, "title": f"Study {study}", "cohort": "car_t", "data_kind": "test",
        "pool": True, "schedule": [], "collected_scale": "ASTCT2019", "scale_source": "stated",
        "products": {"axi": {"extrt": ["AXI"], "role": "trigger"}},
        "primary_system": "ASTCT2019", "primary_basis": None, "data_cutoff": None,
        "ae_collection_days": None, "indication": None, "line": None, "setting": None,
        "covariates": {}, "switches": {"merge_gap_h": 24.0, "reindex_on_dose": True},
        "codelists": {}, "publish": {"subject_level": True, "min_cell": 0},
    }  # fmt: skip
    return base | other


def frame(name: str, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    schema = TABLES[name].create_empty().schema
    full = [dict.fromkeys(schema) | row for row in rows]
    return pl.DataFrame(full, schema=schema, orient="row")


def usubjid(study: str, n: int) -> str:
    return f"{study}-SECRET-{n:03d}"


def day(study_day: int, hour: int = 0) -> int:
    return ((study_day - 1) * 24 + hour) * 3600


class Sets:
    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[str, str, int]]] = {}

    def add(self, members: Iterable[tuple[str, str, int]]) -> str | None:
        found = sorted(members)
        if not found:
            return None
        name = hashlib.sha256(repr(found).encode()).hexdigest()[:16]
        self.rows[name] = found
        return name

    def frame(self) -> pl.DataFrame:
        rows = [
            {"SETID": name, "STUDYID": s, "USUBJID": u, "EPISEQ": e}
            for name in sorted(self.rows)
            for s, u, e in self.rows[name]
        ]
        return frame("sets", rows)


def car_t(n: int = 24) -> list[Course]:
    """A CAR-T cohort: onset on days 2 to 7, all grades, a fatal, an ungraded, some without CRS."""
    grades = (1, 2, 2, 1, 3, 2, 5, None, 2, 4, 1, 1)
    return [
        Course("car_t", "axi", None, None, None)
        if i % 6 == 5
        else Course(
            "car_t",
            "axi",
            2 + i % 6,
            grades[i % 12],
            None if grades[i % 12] == 5 or i % 12 == 7 else 6 + i % 9,
            toci=i % 3,
        )
        for i in range(n)
    ]


def bispecific(n: int = 20) -> list[Course]:
    """A bispecific cohort: half with CRS, mild, on days 1 to 4, all recovered."""
    return [
        Course("bispecific", "tec", 1 + i % 4, 1 + i % 2, 3 + i % 4, toci=i % 2)
        if i % 2
        else Course("bispecific", "tec", None, None, None)
        for i in range(n)
    ]
