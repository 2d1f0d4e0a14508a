"""The source rows that decided a grade."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c


class Evidence(dy.Schema):
    """One row: a source row without which the episode's grade would not have been reached so."""

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    EPISEQ = c.episeq()
    SYSTEM = c.system()
    BASIS = c.basis()
    CRITERION = c.text("Criterion of the system that was met", key=True)
    LADDER = c.text("Ladder of the finding; collected for a recorded grade", key=True)
    SRCDOM = c.text("Source domain", key=True)
    SRCSEQ = c.integer("--SEQ of the source row", key=True)
    SRCVAR = c.text("Source variable", key=True)
    VALUE = c.text("Value in standard units, with its unit")
    GATERANK = c.integer(
        "What stood for fever: 1 fever, 2 treatment after fever, 3 fever carried, 4 masked; else 0"
    )
    PRECISION = c.precision("Precision of the source row's time")
    START = dy.Int64(primary_key=True, description="Start (s from 00:00 of study day 1)")
    END = c.seconds("End")
