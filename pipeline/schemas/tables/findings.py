"""The heart: levelled intervals, made from the domains, the same for all grading systems."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c

LADDERS = {
    "fever": "1 temperature >= 38.0 C",
    "hypotension": "1 low systolic pressure, 2 fluids given for hypotension",
    "vasopressor": "1 vasopressin alone, 2 one pressor, 3 one and vasopressin, 4 two or more",
    "pressor_dose": "1 any vasopressor, 2 high dose (Lee 2014 table)",
    "oxygen": "1 low flow, 2 high flow or mask, 3 CPAP or BiPAP, 4 invasive ventilation",
    "fio2": "1 below 0.40, 2 at or above 0.40",
    "organ": "CTCAE grade of a CRS-related organ toxicity, liver enzymes and creatinine apart",
    "creatinine": "CTCAE grade of raised creatinine or kidney injury",
    "transaminase": "CTCAE grade of raised liver enzymes",
    "coagulopathy": "1 plasma, cryoprecipitate or fibrinogen given",
    "therapy": "1 antipyretic, 2 anticytokine drug or systemic steroid, given as treatment",
    "hospital": "1 hospital, 2 intensive care",
    "record": "1 CRS recorded by the investigator",
    "death": "1 death due to CRS",
}


class Findings(dy.Schema):
    """One row: from START to END a sign or support stood at LEVEL of LADDER, by one source row."""

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    LADDER = dy.String(
        primary_key=True, check=lambda x: x.is_in(list(LADDERS)), description="Ladder"
    )
    LEVEL = dy.Int64(nullable=False, primary_key=True, min=0, max=5, description="Level")
    START = dy.Int64(primary_key=True, description="Start (s from 00:00 of study day 1)")
    END = dy.Int64(primary_key=True, description="End, exclusive (s from 00:00 of study day 1)")
    PRECISION = c.precision("Precision of the source row's time")
    ATTRIBUTED_ELSEWHERE = c.text("Why the finding is not counted as CRS, null where it counts")
    SRCDOM = c.text("Source domain", key=True)
    SRCSEQ = c.integer("--SEQ of the source row", key=True)
    SRCVAR = c.text("Source variable", nullable=False)
    VALUE = c.number("Value in standard units: C, mmHg, L/min, fraction, grade")
    TEXT = c.text("Drug, device or term in codelist words")
    FLAGS = c.text("Flags of reference rules, joined by a blank")
