"""Clinical events (CE)."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas.sdtm import variables as v


class Ce(dy.Schema):
    """One row: a clinical event of interest, such as a CRS grade of a day."""

    STUDYID = v.studyid()
    USUBJID = v.usubjid()
    CESEQ = v.seq()
    ROW = v.row()
    CETERM = v.topic("Reported term")
    CEDECOD = v.topic("Dictionary term")
    CETOXGR = v.grade("Grade 0-5 as collected", low=0)
    CEREL = v.term("Relation to treatment")
    CEOUT = v.code("Outcome")
    CEOCCUR = v.occur()
    CESTAT = v.stat()
    CESTDTC = v.dtc("Start")
    CESTDTM = v.dtm("CEST")
    CESTDTX = v.dtx("CEST")
    CESTPRC = v.prc("CEST")
    CEDUR = v.duration()
    CEENDTC = v.dtc("End")
    CEENDTM = v.dtm("CEEN")
    CEENDTX = v.dtx("CEEN")
    CEENPRC = v.prc("CEEN")
    CESTDY = v.studyday("Start")
    CEENDY = v.studyday("End")

    @dy.rule()
    def topic_missing(cls) -> pl.Expr:  # noqa: N805
        """CETERM or CEDECOD names the event."""
        return v.any_filled("CETERM", "CEDECOD")

    @dy.rule()
    def end_before_start(cls) -> pl.Expr:  # noqa: N805
        """The end is not before the start."""
        return v.in_order("CE")
