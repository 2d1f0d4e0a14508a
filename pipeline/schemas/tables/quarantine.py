"""Rows held back at ingest, each with the rule it broke."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c


class Quarantine(dy.Schema):
    """One row: a rejected source row and one rule that it broke."""

    STUDYID = c.studyid()
    DOMAIN = c.text("SDTM domain", key=True)
    ROW = c.integer("Row in the file, the first data row is 1", key=True)
    USUBJID = c.usubjid(key=False, nullable=True)
    RULE = c.text("Identifier of the rule", key=True)
    COLUMN = c.text("Column that broke the rule", key=True)
    VALUE = c.text("Value found, masked for free text and identifiers")
    MESSAGE = c.text("The rule in plain words, with what was found", nullable=False)
