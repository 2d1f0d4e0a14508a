"""Grade of each subject on each study day."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas import columns as c


class GradeDays(dy.Schema):
    """One row: the worst grade of a subject on one study day under one system and basis."""

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    DY = c.integer("Study day, 1 = first dose, no day 0", key=True)
    SYSTEM = c.system()
    BASIS = c.basis()
    GRADE = c.grade()
    OBSERVED = c.flag("The subject was under observation that day")
    REASON = c.text("Why there is no grade: NOT_OBSERVED, MAX_ONLY, ...")

    @dy.rule()
    def null_grade_has_reason(cls) -> pl.Expr:  # noqa: N805
        return pl.col("GRADE").is_not_null() | pl.col("REASON").is_not_null()
