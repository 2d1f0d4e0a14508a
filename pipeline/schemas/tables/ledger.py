"""Rows read, accepted and quarantined, per delivered domain."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas import columns as c


class Ledger(dy.Schema):
    """One row: a delivered domain file. N_READ = N_ACCEPTED + N_QUARANTINED always holds."""

    STUDYID = c.studyid()
    DOMAIN = c.text("SDTM domain", key=True)
    N_READ = c.integer("Rows in the file", nullable=False)
    N_ACCEPTED = c.integer("Rows that went on", nullable=False)
    N_QUARANTINED = c.integer("Distinct rows held back", nullable=False)
    SHA256 = c.text("Digest of the file's bytes", nullable=False)
    FORMAT = c.text("csv, xpt, parquet, ...", nullable=False)

    @dy.rule()
    def read_is_accepted_plus_quarantined(cls) -> pl.Expr:  # noqa: N805
        return pl.col("N_READ") == pl.col("N_ACCEPTED") + pl.col("N_QUARANTINED")
