"""Collected against derived grade."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c

CATEGORIES = ("agree", "derived higher", "derived lower", "unsupported", "not comparable")


class Reconciliation(dy.Schema):
    """One row: an episode, its collected and its derived grade under the collected scale."""

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    EPISEQ = c.episeq()
    SYSTEM = c.system()
    GRADE_COLLECTED = c.grade("Maximum grade recorded")
    GRADE_DERIVED = c.grade("Grade derived from findings")
    DIFF = c.integer("Derived minus collected")
    CATEGORY = dy.String(
        nullable=False, check=lambda x: x.is_in(CATEGORIES), description="How they compare"
    )
