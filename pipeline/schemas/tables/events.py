"""Events beside CRS: neurotoxicity, HLH-like syndrome, organ complications, infection."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c

RELATIONS = ("with CRS", "after CRS", "before CRS", "no CRS")


class Events(dy.Schema):
    """One row: an adverse event of a kind that is reported beside CRS, never in its grade."""

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    EVENT = c.text(
        "ICANS, HLH-like, infusion reaction, capillary leak, arrhythmia, cardiac (heart muscle), "
        "vascular, renal, hepatic, respiratory, infection, tumour lysis, coagulation",
        key=True,
    )
    SRCDOM = c.text("Source domain", nullable=False)
    SRCSEQ = c.integer("--SEQ of the source row", key=True)
    GRADE = c.grade("Grade as recorded")
    START = dy.Int64(description="Start (s from 00:00 of study day 1)")
    END = c.seconds("End, null where it is not known")
    ASTDY = c.integer("Study day of the start", nullable=False)
    AENDY = c.integer("Study day of the end")
    PRECISION = c.precision("Precision of the start")
    UNRELATED = c.flag("Recorded as not related to treatment")
    EPISEQ = c.episeq(key=False, nullable=True)
    RELATION = dy.String(
        nullable=False,
        check=lambda x: x.is_in(RELATIONS),
        description="Where it lies to that episode",
    )
    D_FROM_DOSE = c.integer("Calendar days from the last dose")
    D_FROM_ONSET = c.integer("Calendar days from the onset of that episode")
