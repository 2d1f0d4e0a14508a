"""Healthcare encounters (HO)."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas.sdtm import variables as v


class Ho(dy.Schema):
    """One row: a stay in hospital or intensive care."""

    STUDYID = v.studyid()
    USUBJID = v.usubjid()
    HOSEQ = v.seq()
    ROW = v.row()
    HOTERM = v.topic("Encounter as reported")
    HODECOD = v.topic("Encounter, standard name")
    HOINDC = v.text("Reason")
    HOOCCUR = v.occur()
    HOSTAT = v.stat()
    HOSTDTC = v.dtc("Start")
    HOSTDTM = v.dtm("HOST")
    HOSTDTX = v.dtx("HOST")
    HOSTPRC = v.prc("HOST")
    HODUR = v.duration()
    HOENDTC = v.dtc("End")
    HOENDTM = v.dtm("HOEN")
    HOENDTX = v.dtx("HOEN")
    HOENPRC = v.prc("HOEN")
    HOSTDY = v.studyday("Start")
    HOENDY = v.studyday("End")

    @dy.rule()
    def topic_missing(cls) -> pl.Expr:  # noqa: N805
        """HOTERM or HODECOD names the encounter."""
        return v.any_filled("HOTERM", "HODECOD")

    @dy.rule()
    def end_before_start(cls) -> pl.Expr:  # noqa: N805
        """The end is not before the start."""
        return v.in_order("HO")
