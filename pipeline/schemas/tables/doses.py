"""Administrations of trigger products."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c


class Doses(dy.Schema):
    """One row: an administration of a trigger product (split infusions are joined)."""

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    DOSESEQ = c.integer("Running number of the administration in the subject", key=True)
    DOSELVL = c.text("Name in the study's schedule (SUD1, ...), null where none fits")
    PRODUCT = c.text("Trigger product", nullable=False)
    EXDOSE = c.number("Dose given, rows of one administration added")
    EXDOSU = c.text("Unit of the dose")
    EXSTDTM = c.moment("Start of administration")
    EXENDTM = c.moment("End of administration")
    EXSTDY = c.integer("Study day of the start", nullable=False)
    START = c.seconds("Start of administration, earliest instant that the record allows")
    END = c.seconds("End of administration")
    PRECISION = c.precision("Precision of the start")
    SRCSEQ = c.text("EXSEQ of the rows, joined by a blank", nullable=False)
