"""Terms and units that no codelist knows, most frequent first."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas import columns as c

LISTS = (
    "devices",
    "dose_units",
    "drugs",
    "lab_tests",
    "lab_units",
    "vital_signs",
    "vital_units",
)


class Unmapped(dy.Schema):
    """One row: a term of treated subjects that a codelist does not know, and how often it is met.

    Most drugs, procedures and tests are none of ours to know; RELEVANT says which of them may be.
    """

    STUDYID = c.studyid()
    LIST = dy.String(
        primary_key=True,
        nullable=False,
        check=lambda x: x.is_in(LISTS),
        description="Codelist that would know it; vital_signs and vital_units are part of the code",
    )
    RANK = dy.Int64(
        primary_key=True, nullable=False, min=1, description="Place in the list, 1 = most frequent"
    )
    TERM = c.text(
        "Term as it came, in capitals; long text and dates only by their length", nullable=False
    )
    ABOUT = c.text("Of a unit: the tests or drugs given in it; of a test: its name in words")
    SRCDOM = c.text("Domain", nullable=False)
    N_ROWS = dy.Int64(nullable=False, min=1, description="Rows with it")
    N_SUBJECTS = dy.Int64(nullable=False, min=1, description="Subjects with it")
    RELEVANT = c.flag(
        "Likely to matter: a drug or device given in a CRS record, for a sign of CRS or as an "
        "infusion; respiratory support; a test or sign listed under another code; every unit"
    )

    @dy.rule()
    def subjects_have_rows(cls) -> pl.Expr:  # noqa: N805
        return pl.col("N_SUBJECTS") <= pl.col("N_ROWS")
