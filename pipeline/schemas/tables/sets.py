"""The subjects behind the numbers."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c


class Sets(dy.Schema):
    """One row: a member of a subject set; a set is stored once however many results cite it."""

    SETID = c.text("Hash of the members", key=True)
    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    EPISEQ = dy.Int64(primary_key=True, min=0, description="Episode, 0 where the subject counts")


class Sources(dy.Schema):
    """One row: a statistic and a subject behind its N or its EVENTS (a view, never stored)."""

    RESULTID = c.text("The statistic", key=True)
    ROLE = dy.String(
        primary_key=True, check=lambda x: x.is_in(["n", "events"]), description="n or events"
    )
    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    EPISEQ = dy.Int64(primary_key=True, min=0, description="Episode, 0 where the subject counts")
