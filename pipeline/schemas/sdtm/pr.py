"""Procedures (PR)."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas.sdtm import variables as v


class Pr(dy.Schema):
    """One row: a procedure, such as a spell on an oxygen device. The device may be missing."""

    STUDYID = v.studyid()
    USUBJID = v.usubjid()
    PRSEQ = v.seq()
    ROW = v.row()
    PRTRT = v.topic("Procedure or device as reported")
    PRDECOD = v.topic("Procedure or device, standard name")
    PRCAT = v.term("Category")
    PRINDC = v.text("Reason")
    PROCCUR = v.occur()
    PRSTAT = v.stat()
    PRDOSE = v.number("Dose, oxygen flow")
    PRDOSU = v.term("Its unit")
    PRFIO2 = v.number("Inspired oxygen as a fraction, also from SUPPPR", low=0, high=1)
    PRSTDTC = v.dtc("Start")
    PRSTDTM = v.dtm("PRST")
    PRSTDTX = v.dtx("PRST")
    PRSTPRC = v.prc("PRST")
    PRDUR = v.duration()
    PRENDTC = v.dtc("End")
    PRENDTM = v.dtm("PREN")
    PRENDTX = v.dtx("PREN")
    PRENPRC = v.prc("PREN")
    PRSTDY = v.studyday("Start")
    PRENDY = v.studyday("End")

    @dy.rule()
    def end_before_start(cls) -> pl.Expr:  # noqa: N805
        """The end is not before the start."""
        return v.in_order("PR")
