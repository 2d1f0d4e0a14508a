"""When the grade of an episode changes."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas import columns as c


class GradeChanges(dy.Schema):
    """One row: a stretch of an episode with one grade; the next row begins where it changes.

    Derived stretches reach from the first to the last moment at which a finding counts, so they
    may begin a little before the episode's record. Collected ones come from charted days or from
    dated records; a record that gives only the maximum of several days has GRADE null.
    """

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    EPISEQ = c.episeq()
    SYSTEM = c.system()
    BASIS = c.basis()
    CHANGESEQ = dy.Int64(primary_key=True, min=1, description="Running number of the stretch")
    START = dy.Int64(nullable=False, description="Begin (s from 00:00 of study day 1)")
    END = dy.Int64(nullable=False, description="First second after it")
    ASTDY = c.integer("Study day of the begin", nullable=False)
    GRADE = c.grade()
    REASON = c.text("Why there is no grade: MAX_ONLY")
    PRECISION = c.precision("Precision of the begin")
    H_FROM_ONSET = c.number("Hours from onset, where both have times")
    D_FROM_ONSET = c.integer("Calendar days from onset", nullable=False)

    @dy.rule()
    def no_grade_has_reason(cls) -> pl.Expr:  # noqa: N805
        return pl.col("GRADE").is_not_null() | pl.col("REASON").is_not_null()
