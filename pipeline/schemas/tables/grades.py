"""Grade of each episode under each system."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas import columns as c


class Grades(dy.Schema):
    """One row: the grade of one episode under one system on one basis, or why there is none."""

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    EPISEQ = c.episeq()
    SYSTEM = c.system()
    BASIS = c.basis()
    GRADE = c.grade()
    REASON = c.text("Why there is no grade")
    FLAGS = c.text("Flags joined by a blank")
    MAXSTART = c.seconds("First moment of the maximum grade")
    MAXDY = c.integer("Study day of the maximum grade")

    @dy.rule()
    def null_grade_has_reason(cls) -> pl.Expr:  # noqa: N805
        return pl.col("GRADE").is_not_null() | pl.col("REASON").is_not_null()
