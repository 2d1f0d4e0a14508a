"""Published rates of CRS, shown as context beside our own and never mixed with them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

PUBLISHED = Path(__file__).with_name("published_rates.csv")
SCHEMA = {
    "COHORT": pl.String,
    "PRODUCT": pl.String,
    "STUDY": pl.String,
    "DISEASE": pl.String,
    "SYSTEM": pl.String,
    "GRADE_MIN": pl.Int64,
    "N": pl.Int64,
    "RATE": pl.Float64,
    "SOURCE": pl.String,
}


def published_rates() -> pl.DataFrame:
    """One row: a published share of subjects with CRS of GRADE_MIN or more, and where it stands.

    Only rates that were read in a source are listed. N is the published denominator, RATE the
    fraction as printed there, SYSTEM the grading system used: a rate belongs beside ours of the
    same system alone, and differs from it in setting, follow-up and adjudication.
    """
    return pl.read_csv(PUBLISHED, schema=SCHEMA)
