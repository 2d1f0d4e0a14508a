"""Drugs and support given around CRS."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c

INTENTS = ("treatment", "prophylaxis", "premedication", "unknown")


class Interventions(dy.Schema):
    """One row: a drug or support of one class in one episode (EPISEQ 0: outside any episode)."""

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    EPISEQ = dy.Int64(primary_key=True, min=0, description="Episode, 0 = outside any episode")
    CLASS = c.text("tocilizumab, siltuximab, anakinra, steroid, vasopressor, oxygen, ...", key=True)
    DRUG = c.text("Drug or device in codelist words", key=True)
    N_DOSES = c.integer("Source rows counted (doses for single drugs)", nullable=False)
    START = dy.Int64(primary_key=True, description="First start (s from 00:00 of study day 1)")
    END = c.seconds("Last end")
    INTENT = dy.String(
        primary_key=True, check=lambda x: x.is_in(INTENTS), description="Why it was given"
    )
    H_FROM_ONSET = c.number("Hours from onset, where both have times")
    H_FROM_DOSE = c.number("Hours from the dose before onset, where both have times")
    D_FROM_ONSET = c.integer("Calendar days from onset")
    SRCDOM = c.text("Source domain", nullable=False)
    SRCSEQ = c.text("--SEQ of the rows, joined by a blank", nullable=False)
