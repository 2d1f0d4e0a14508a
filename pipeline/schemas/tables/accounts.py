"""The readable reason of each grade."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c


class Accounts(dy.Schema):
    """One row: why an episode has its grade under a system, in study days and hours, in words."""

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    EPISEQ = c.episeq()
    SYSTEM = c.system()
    BASIS = c.basis()
    ACCOUNT = c.text("The reason in one or two sentences", nullable=False)
    HIGHER = c.text("What the next grade up would take")
    LOWER = c.text("What the grade would be without what decided it")
