"""Supplemental qualifiers (SUPP--), merged into their parents at ingest."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas.sdtm import variables as v


class Supp(dy.Schema):
    """One row: one qualifier of one parent record (of all of a subject's where IDVAR is null)."""

    STUDYID = v.studyid()
    USUBJID = v.usubjid(key=False)
    ROW = v.row()
    RDOMAIN = v.code("Domain of the parent")
    IDVAR = v.code("Variable that identifies the parent")
    IDVARVAL = v.term("Its value")
    QNAM = v.testcd("Qualifier")
    QVAL = v.text("Its value")

    @dy.rule()
    def topic_missing(cls) -> pl.Expr:  # noqa: N805
        """QNAM names the qualifier."""
        return v.any_filled("QNAM")
