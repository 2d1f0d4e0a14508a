"""Vital signs (VS)."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas.sdtm import variables as v


class Vs(dy.Schema):
    """One row: a measured vital sign, as it came and in one unit."""

    STUDYID = v.studyid()
    USUBJID = v.usubjid()
    VSSEQ = v.seq()
    ROW = v.row()
    VSTESTCD = v.testcd("Vital sign")
    VSTEST = v.term("Vital sign in words")
    VSORRES = v.term("Result as collected")
    VSORRESU = v.term("Its unit")
    VSSTRESN = v.number("Result, number")
    VSSTRESU = v.term("Its unit")
    VSLOC = v.term("Location")
    VSPOS = v.term("Position")
    VSBLFL = v.code("Baseline")
    VSDTC = v.dtc("Measurement")
    VSDTM = v.dtm("VS")
    VSDTX = v.dtx("VS")
    VSPRC = v.prc("VS")
    VSDY = v.studyday("Measurement")
    VALUE = v.derived_number("Value in UNIT; null where implausible or the unit is unknown")
    UNIT = v.derived_term("C, mmHg, beats/min, breaths/min, %, fraction, kg or cm")

    @dy.rule()
    def topic_missing(cls) -> pl.Expr:  # noqa: N805
        """VSTESTCD says what was measured."""
        return v.any_filled("VSTESTCD")
