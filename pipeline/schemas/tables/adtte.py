"""Time to event (ADaM BDS)."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas import columns as c


class Adtte(dy.Schema):
    """One row: one subject (or dose, or episode) and one time to event."""

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    PARAMCD = c.text("Parameter code, at most 8 characters", key=True)
    PARAM = c.text("Parameter in words, with unit and clock", nullable=False)
    SYSTEM = c.text("Grading system of the event, ANY for CRS of any grade as recorded", key=True)
    BASIS = c.basis()
    EPISEQ = c.episeq(key=False, nullable=True)
    STARTDY = c.integer("Study day on which the clock starts", nullable=False)
    ADY = c.integer("Study day of the event or of censoring", nullable=False)
    STARTDT = dy.Date(nullable=True, description="Date of STARTDY; never shown")
    ADT = dy.Date(nullable=True, description="Date of ADY; never shown")
    AVAL = dy.Float64(nullable=False, min=1.0, description="ADT - STARTDT + 1 in days")
    AVALH = c.number("Hours of an event whose both ends have clock times, else null")
    CNSR = dy.Int64(nullable=False, min=0, description="0 event, 1, 2, ... the reason of censoring")
    EVNTDESC = c.text("Event, or the reason of censoring", nullable=False)
    CNSDTDSC = c.text("What the date of censoring is")
    EVCODE = dy.Int64(
        nullable=False, min=0, description="0 censored, 1 event, 2 death, 3 discontinuation"
    )
    SRCDOM = c.text("Domain of the row that gives ADT", nullable=False)
    SRCVAR = c.text("Its variable", nullable=False)
    SRCSEQ = c.integer("Its --SEQ")

    @dy.rule()
    def event_code_agrees_with_cnsr(cls) -> pl.Expr:  # noqa: N805
        return (pl.col("CNSR") == 0) == (pl.col("EVCODE") == 1)
