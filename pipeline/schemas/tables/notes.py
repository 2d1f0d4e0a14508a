"""Remarks on accepted rows: kept, but worth a query."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c


class Notes(dy.Schema):
    """One row: an accepted source row (ROW 0: a whole column) and a rule that remarks on it."""

    STUDYID = c.studyid()
    DOMAIN = c.text("SDTM domain", key=True)
    ROW = c.integer("Row in the file, the first data row is 1; 0 for the file as a whole", key=True)
    USUBJID = c.usubjid(key=False, nullable=True)
    RULE = c.text("Identifier of the rule", key=True)
    COLUMN = c.text("Column concerned", key=True)
    VALUE = c.text("Value found, masked for free text and identifiers")
    MESSAGE = c.text("The rule in plain words, with what was found", nullable=False)
