"""Queries of a hand-made study: two that could move the share with grade 3 or higher, one none."""

from __future__ import annotations

from typing import Any

import polars as pl

from tests.reports.courses import frame, usubjid

SEVERE = "share of treated subjects with CRS of grade 3 or higher"
HOSTILE = '=1+1 <img src=x onerror="x"> \u202eabc on 2024-02-03'


def queries_of(study: str, frames: dict[str, pl.DataFrame], *, more: int = 0) -> pl.DataFrame:
    """Queries whose headline is a row of the study's own results."""
    severe = frames["results"].filter(
        pl.col("RESULT") == "grade_distribution", pl.col("LEVEL") == ">=3",
        pl.col("GROUPVAR").is_null(), pl.col("PRIMARY") == "Y",
    ).row(0, named=True)  # fmt: skip
    top: dict[str, Any] = {
        "HEADLINE": SEVERE, "COHORT": severe["COHORT"], "RESULTID": severe["RESULTID"],
        "UNIT": "fraction", "VALUE": severe["VALUE"], "LOW": 0.25, "HIGH": 0.292,
        "INFLUENCE": 4.2, "N_HEADLINES": 1,
    }  # fmt: skip
    none = {"INFLUENCE": 0.0, "N_HEADLINES": 0}
    rows = [
        {"KIND": "GRADE_MISSING", "USUBJID": usubjid(study, 3), "EPISEQ": 1, "SRCDOM": "AE",
         "SRCSEQ": 7, "QUESTION": f"{usubjid(study, 3)} has no grade", **top},
        {"KIND": "SUBJECT_NOT_IN_DM", "USUBJID": f"{study}-SECRET-999", "SRCDOM": "AE", "ROW": 9,
         "N_ROWS": 3, "QUESTION": HOSTILE, **top},
        *[{"KIND": "UNMAPPED", "SRCDOM": "CM", "ROW": 4 + i, "QUESTION": "NEWMAB is unknown",
           **none} for i in range(1 + more)],
    ]  # fmt: skip
    shared = {"STUDYID": study, "STATUS": "new", "SYSTEM": "ASTCT2019", "BASIS": "collected"}
    return frame("queries", [
        {"N_ROWS": 1, "RANK": i, "QUERYID": f"q{i:015}", **shared, **row}
        for i, row in enumerate(rows, 1)
    ])  # fmt: skip
