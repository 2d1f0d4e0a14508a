"""Possible unreported CRS: signs with fever after a dose that no collected record covers."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c


class Candidates(dy.Schema):
    """One row: a possible unreported CRS under one system. Listed for review, never counted."""

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    CANDSEQ = c.integer("Running number of the candidate in the subject", key=True)
    SYSTEM = c.system()
    START = c.seconds("First fever")
    END = c.seconds("End of the last sign")
    ASTDY = c.integer("Study day of the first fever", nullable=False)
    AENDY = c.integer("Study day of the last sign", nullable=False)
    DOSESEQ = c.integer("Last dose before it", nullable=False)
    ONSET_D = c.integer("Calendar days from that dose", nullable=False)
    GRADE = c.grade("Grade that the findings would give")
    REASON = c.text("Why there is no grade")
    FLAGS = c.text("Flags joined by a blank")
    ACCOUNT = c.text("Why, in words", nullable=False)
