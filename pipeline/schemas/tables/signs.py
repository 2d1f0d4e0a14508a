"""Signs and symptoms in CRS episodes."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c


class Signs(dy.Schema):
    """One row: a sign in an episode, as the investigator recorded it or as the findings show it."""

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    EPISEQ = c.episeq()
    SIGN = c.text("fever, hypotension, hypoxia, chills, ...", key=True)
    SOURCE = dy.String(
        primary_key=True,
        check=lambda x: x.is_in(["recorded", "derived"]),
        description="recorded (AE) or derived (findings)",
    )
    START = dy.Int64(description="First start (s from 00:00 of study day 1)")
    ASTDY = c.integer("Study day of the first start", nullable=False)
    GRADE = c.grade("Worst grade as recorded")
    SRCDOM = c.text("Source domain", nullable=False)
    SRCSEQ = c.text("--SEQ of the rows, joined by a blank", nullable=False)
