"""Death details (DD)."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas.sdtm import variables as v


class Dd(dy.Schema):
    """One row: a detail of a death, such as its primary cause."""

    STUDYID = v.studyid()
    USUBJID = v.usubjid()
    DDSEQ = v.seq()
    ROW = v.row()
    DDTESTCD = v.testcd("Detail")
    DDTEST = v.term("Detail in words")
    DDORRES = v.text("Result as collected")
    DDSTRESC = v.text("Result, standard text")
    DDDTC = v.dtc("Assessment")
    DDDTM = v.dtm("DD")
    DDDTX = v.dtx("DD")
    DDPRC = v.prc("DD")
    DDDY = v.studyday("Assessment")

    @dy.rule()
    def topic_missing(cls) -> pl.Expr:  # noqa: N805
        """DDTESTCD says which detail."""
        return v.any_filled("DDTESTCD")
