"""Vital signs as a timeline shows them."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c

SHOWN = ("TEMP", "SYSBP", "DIABP", "MAP", "OXYSAT", "HR", "RESP")


class Vitals(dy.Schema):
    """One row: lowest and highest value of a vital sign in an hour, or in a day without a clock."""

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    VSTESTCD = dy.String(
        primary_key=True, check=lambda x: x.is_in(SHOWN), description="Vital sign (CDISC)"
    )
    START = dy.Int64(
        primary_key=True, description="Begin of the hour or day (s from 00:00 of study day 1)"
    )
    PRECISION = dy.String(
        primary_key=True,
        check=lambda x: x.is_in(["time", "day"]),
        description="time: START is an hour; day: it is a day",
    )
    N = c.integer("Readings", nullable=False)
    LOW = c.number("Lowest value in UNIT", nullable=False)
    HIGH = c.number("Highest value in UNIT", nullable=False)
    UNIT = c.text("C, mmHg, %, beats/min or breaths/min")
    LOWSEQ = c.integer("--SEQ of the first source row with the lowest value", nullable=False)
    HIGHSEQ = c.integer("--SEQ of the first source row with the highest value", nullable=False)
