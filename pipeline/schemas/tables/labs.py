"""Laboratory values on both clocks."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c


class Labs(dy.Schema):
    """One row: a laboratory value of a treated subject, in one unit per test.

    A result that is no number, or in a unit that has no conversion, has VALUE null and a REASON.
    """

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    LBSEQ = c.integer("--SEQ of the source row", key=True)
    LBTESTCD = c.text("Test (CDISC)", nullable=False)
    TEST = c.text("Test in words", nullable=False)
    GROUP = c.text("inflammation, cytokine, blood count, liver, kidney, coagulation, other")
    VALUE = c.number("Value in UNIT")
    UNIT = c.text("The one unit of this test")
    WORST = c.text("high or low: which of several values of a day is the worst")
    LLN = c.number("Lower limit of normal in UNIT, as the source row gives it")
    ULN = c.number("Upper limit of normal in UNIT, as the source row gives it")
    CENSORED = c.text("< or > where the source gives only a limit, VALUE being that limit")
    REASON = c.text(
        "Why there is no VALUE: NO_RESULT, NOT_A_NUMBER, UNIT_MISSING, UNIT_NOT_CONVERTED, "
        "OTHER_SPECIMEN (not blood), TEST_NOT_LISTED"
    )
    START = c.seconds("Sample, first second that the record allows")
    LBDY = c.integer("Study day of the sample")
    PRECISION = c.precision("Precision of the sample")
    BASELINE = c.flag("Last value of the test that is surely from before the first dose")
    D_FROM_DOSE = c.integer("Calendar days from the first dose (0 = same day)")
    D_FROM_LAST = c.integer("Calendar days from the last dose before the sample")
    EPISEQ = c.episeq(key=False, nullable=True)
    D_FROM_ONSET = c.integer("Calendar days from the onset of that episode, -3 to the next one")
