"""Adverse events (AE)."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas.sdtm import variables as v


class Ae(dy.Schema):
    """One row: an adverse event, or one severity period of it."""

    STUDYID = v.studyid()
    USUBJID = v.usubjid()
    AESEQ = v.seq()
    ROW = v.row()
    AETERM = v.topic("Reported term")
    AEDECOD = v.topic("Preferred term")
    AETOXGR = v.grade("Grade 1-5 as collected, null where it is not one")
    AESEV = v.code("Severity")
    AESER = v.code("Serious")
    AEREL = v.term("Relation to treatment")
    AERELNST = v.text("Relation to something else")
    AEOUT = v.code("Outcome")
    AESDTH = v.code("Results in death")
    AESHOSP = v.code("Hospitalised or prolonged")
    AEACN = v.code("Action taken with treatment")
    AEGRPID = v.term("Group of records")
    AESPID = v.term("Sponsor identifier")
    ASTCTGR = v.grade("Grade by ASTCT, SUPPAE")
    AESCALE = v.term("Scale of the grade, SUPPAE")
    AESTDTC = v.dtc("Start")
    AESTDTM = v.dtm("AEST")
    AESTDTX = v.dtx("AEST")
    AESTPRC = v.prc("AEST")
    AEDUR = v.duration()
    AEENDTC = v.dtc("End")
    AEENDTM = v.dtm("AEEN")
    AEENDTX = v.dtx("AEEN")
    AEENPRC = v.prc("AEEN")
    AESTDY = v.studyday("Start")
    AEENDY = v.studyday("End")

    @dy.rule()
    def topic_missing(cls) -> pl.Expr:  # noqa: N805
        """AETERM or AEDECOD names the event (sdtmchecks: check_ae_aedecod)."""
        return v.any_filled("AETERM", "AEDECOD")

    @dy.rule()
    def end_before_start(cls) -> pl.Expr:  # noqa: N805
        """The end is not before the start (sdtmchecks: check_ae_aestdtc_after_aeendtc)."""
        return v.in_order("AE")
