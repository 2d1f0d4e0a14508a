"""How far the headline moves with the reading of the grading rules."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas import columns as c


class Readings(dy.Schema):
    """One row: treated subjects who reach a grade under one reading of the open rules."""

    STUDYID = c.studyid()
    SYSTEM = c.system()
    READING = c.integer("Running number of the reading; 1 is the study's own", key=True)
    GRADE_MIN = dy.Int64(primary_key=True, min=2, max=3, description="Grade that is reached")
    SWITCHES = dy.String(
        nullable=False, description="name=value; ... that differ from the study's own, else empty"
    )
    N = c.integer("Treated subjects", nullable=False)
    EVENTS = c.integer("Those whose maximum derived grade reaches it, null where none is derived")
    VALUE = c.number("EVENTS / N")
    IS_DEFAULT = c.flag("The study's own reading")

    @dy.rule()
    def value_is_a_fraction(cls) -> pl.Expr:  # noqa: N805
        return pl.col("VALUE").is_null() | pl.col("VALUE").is_between(0, 1)
