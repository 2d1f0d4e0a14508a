"""Disposition (DS)."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas.sdtm import variables as v


class Ds(dy.Schema):
    """One row: a disposition event or a protocol milestone."""

    STUDYID = v.studyid()
    USUBJID = v.usubjid()
    DSSEQ = v.seq()
    ROW = v.row()
    DSTERM = v.topic("Event as reported")
    DSDECOD = v.topic("Event, standard name")
    DSCAT = v.term("Category")
    DSSCAT = v.term("Subcategory")
    DSSTDTC = v.dtc("Event")
    DSSTDTM = v.dtm("DSST")
    DSSTDTX = v.dtx("DSST")
    DSSTPRC = v.prc("DSST")
    DSSTDY = v.studyday("Event")

    @dy.rule()
    def topic_missing(cls) -> pl.Expr:  # noqa: N805
        """DSTERM or DSDECOD names the event."""
        return v.any_filled("DSTERM", "DSDECOD")
