"""Exposure (EX)."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas.sdtm import variables as v


class Ex(dy.Schema):
    """One row: a dose or infusion as recorded."""

    STUDYID = v.studyid()
    USUBJID = v.usubjid()
    EXSEQ = v.seq()
    ROW = v.row()
    EXTRT = v.topic("Treatment given")
    EXDOSE = v.number("Dose")
    EXDOSU = v.term("Unit of the dose")
    EXDOSFRM = v.term("Dose form")
    EXROUTE = v.term("Route")
    EXSTDTC = v.dtc("Start")
    EXSTDTM = v.dtm("EXST")
    EXSTDTX = v.dtx("EXST")
    EXSTPRC = v.prc("EXST")
    EXDUR = v.duration()
    EXENDTC = v.dtc("End")
    EXENDTM = v.dtm("EXEN")
    EXENDTX = v.dtx("EXEN")
    EXENPRC = v.prc("EXEN")
    EXSTDY = v.studyday("Start")
    EXENDY = v.studyday("End")
    VISIT = v.term("Visit")
    EPOCH = v.term("Epoch")

    @dy.rule()
    def topic_missing(cls) -> pl.Expr:  # noqa: N805
        """EXTRT names the treatment."""
        return v.any_filled("EXTRT")

    @dy.rule()
    def end_before_start(cls) -> pl.Expr:  # noqa: N805
        """The end is not before the start (sdtmchecks: check_ex_exstdtc_after_exendtc)."""
        return v.in_order("EX")
