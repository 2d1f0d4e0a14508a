"""What became of the remarks of ingest since the drop before."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas import columns as c


class Changes(dy.Schema):
    """One row: a rule on a column of a data set, and its remarks in this drop and the one before.

    A remark is the same as one before where subject, rule, column and value are; rows may move.
    Empty where no other drop of the study was published before.
    """

    STUDYID = c.studyid()
    DOMAIN = c.text("SDTM domain", key=True)
    RULE = c.text("Identifier of the rule", key=True)
    COLUMN = c.text("Column concerned", key=True)
    SEVERITY = dy.String(
        primary_key=True,
        nullable=False,
        check=lambda x: x.is_in(("quarantine", "note")),
        description="quarantine (rows held back) or note",
    )
    N_BEFORE = c.integer("Remarks in the drop before", nullable=False)
    N_NOW = c.integer("Remarks in this drop", nullable=False)
    N_FIXED = c.integer("Of those before, not there any more", nullable=False)
    N_NEW = c.integer("Of those now, not there before", nullable=False)
    N_OPEN = c.integer("In both", nullable=False)

    @dy.rule()
    def nothing_is_lost(cls) -> pl.Expr:  # noqa: N805
        fixed = pl.col("N_FIXED") + pl.col("N_OPEN") == pl.col("N_BEFORE")
        return fixed & (pl.col("N_NEW") + pl.col("N_OPEN") == pl.col("N_NOW"))
