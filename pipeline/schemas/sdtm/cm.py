"""Concomitant medication (CM)."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas.sdtm import variables as v


class Cm(dy.Schema):
    """One row: a medication: an infusion, a bolus or a course."""

    STUDYID = v.studyid()
    USUBJID = v.usubjid()
    CMSEQ = v.seq()
    ROW = v.row()
    CMTRT = v.topic("Medication as reported")
    CMDECOD = v.topic("Medication, standard name")
    CMCAT = v.term("Category")
    CMCLAS = v.term("Class")
    CMCLASCD = v.term("Class code (ATC)")
    CMINDC = v.text("Indication")
    CMDOSE = v.number("Dose or rate")
    CMDOSU = v.term("Its unit")
    CMDOSFRM = v.term("Dose form")
    CMROUTE = v.term("Route")
    CMOCCUR = v.occur()
    CMSTAT = v.stat()
    CMSTDTC = v.dtc("Start")
    CMSTDTM = v.dtm("CMST")
    CMSTDTX = v.dtx("CMST")
    CMSTPRC = v.prc("CMST")
    CMDUR = v.duration()
    CMENDTC = v.dtc("End")
    CMENDTM = v.dtm("CMEN")
    CMENDTX = v.dtx("CMEN")
    CMENPRC = v.prc("CMEN")
    CMSTDY = v.studyday("Start")
    CMENDY = v.studyday("End")

    @dy.rule()
    def topic_missing(cls) -> pl.Expr:  # noqa: N805
        """CMTRT or CMDECOD names the medication (sdtmchecks: check_cm_cmdecod)."""
        return v.any_filled("CMTRT", "CMDECOD")

    @dy.rule()
    def end_before_start(cls) -> pl.Expr:  # noqa: N805
        """The end is not before the start."""
        return v.in_order("CM")
