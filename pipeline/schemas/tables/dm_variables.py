"""Variables of DM and SUPPDM that no schema has and that study.yaml names as covariates."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c


class DmVariables(dy.Schema):
    """One row: what DM or SUPPDM says of a subject under a variable that study.yaml names."""

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    NAME = c.text("Variable of DM, or QNAM of SUPPDM", key=True)
    VALUE = dy.String(
        nullable=False,
        max_length=40,
        description="Its value as text: short, and neither a date nor text at length",
    )
    SRCDOM = c.text("DM, or SUPPDM where DM says nothing", nullable=False)
