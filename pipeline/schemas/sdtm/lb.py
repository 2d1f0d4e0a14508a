"""Laboratory (LB)."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas.sdtm import variables as v


class Lb(dy.Schema):
    """One row: a laboratory result."""

    STUDYID = v.studyid()
    USUBJID = v.usubjid()
    LBSEQ = v.seq()
    ROW = v.row()
    LBTESTCD = v.testcd("Test, sponsor synonyms mapped")
    LBTEST = v.term("Test in words")
    LBCAT = v.term("Category")
    LBORRES = v.term("Result as collected")
    LBORRESU = v.term("Its unit")
    LBSTRESN = v.number("Result, number")
    LBSTRESU = v.term("Its unit")
    LBSTNRLO = v.number("Lower limit of normal")
    LBSTNRHI = v.number("Upper limit of normal")
    LBBLFL = v.code("Baseline")
    LBDTC = v.dtc("Sample")
    LBDTM = v.dtm("LB")
    LBDTX = v.dtx("LB")
    LBPRC = v.prc("LB")
    LBDY = v.studyday("Sample")

    @dy.rule()
    def topic_missing(cls) -> pl.Expr:  # noqa: N805
        """LBTESTCD says what was measured."""
        return v.any_filled("LBTESTCD")
