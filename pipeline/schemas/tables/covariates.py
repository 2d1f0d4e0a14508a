"""What was known of a subject before the clock started: covariates and risk factors."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c

KINDS = ("number", "category", "flag")


class Covariates(dy.Schema):
    """One row: a treated subject and a covariate that was fixed before the first dose.

    A number has VALUE, a category has LEVEL, a flag has LEVEL Y or N and VALUE 1 or 0; both are
    null where the study does not tell.
    """

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    COVARIATE = c.text("AGE, SEX, AUTOIMMUNE, GENETIC, HLH, or the name in study.yaml", key=True)
    LABEL = c.text("The covariate in words", nullable=False)
    KIND = dy.String(
        nullable=False, check=lambda x: x.is_in(KINDS), description="number, category or flag"
    )
    VALUE = c.number("Its number, 1 or 0 for a flag")
    LEVEL = c.text("Its category, Y or N for a flag")
    CUT = c.number("Where a table splits the number as study.yaml says, null for its median")
    RISK = c.flag("Reported as a risk factor of CRS")
    SRCDOM = c.text("Source domain", nullable=False)
    SRCVAR = c.text("Source variable or list", nullable=False)
    SRCSEQ = c.text("--SEQ of the rows, joined by a blank")
