"""Medical history (MH)."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas.sdtm import variables as v


class Mh(dy.Schema):
    """One row: a condition from the medical history."""

    STUDYID = v.studyid()
    USUBJID = v.usubjid()
    MHSEQ = v.seq()
    ROW = v.row()
    MHTERM = v.topic("Condition as reported")
    MHDECOD = v.topic("Condition, preferred term")
    MHCAT = v.term("Category")
    MHOCCUR = v.occur()
    MHSTAT = v.stat()
    MHSTDTC = v.dtc("Start")
    MHSTDTM = v.dtm("MHST")
    MHSTDTX = v.dtx("MHST")
    MHSTPRC = v.prc("MHST")
    MHSTDY = v.studyday("Start")

    @dy.rule()
    def topic_missing(cls) -> pl.Expr:  # noqa: N805
        """MHTERM or MHDECOD names the condition."""
        return v.any_filled("MHTERM", "MHDECOD")
