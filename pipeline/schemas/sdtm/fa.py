"""Findings about events (FA)."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas.sdtm import variables as v


class Fa(dy.Schema):
    """One row: a finding about an event, such as its grade on a day."""

    STUDYID = v.studyid()
    USUBJID = v.usubjid()
    FASEQ = v.seq()
    ROW = v.row()
    FAOBJ = v.text("Event that the finding is about")
    FATESTCD = v.testcd("Finding")
    FATEST = v.term("Finding in words")
    FACAT = v.term("Category")
    FAORRES = v.text("Result as collected")
    FASTRESC = v.term("Result, standard text")
    FASTRESN = v.number("Result, number")
    FADTC = v.dtc("Finding")
    FADTM = v.dtm("FA")
    FADTX = v.dtx("FA")
    FAPRC = v.prc("FA")
    FADY = v.studyday("Finding")

    @dy.rule()
    def topic_missing(cls) -> pl.Expr:  # noqa: N805
        """FATESTCD says what was found."""
        return v.any_filled("FATESTCD")
