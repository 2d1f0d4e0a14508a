"""Subject-level analysis table."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c


class Adsl(dy.Schema):
    """One row: a subject of DM. SAFFL is Y for those who got a dose of a trigger product.

    Age and sex stand here as DM gives them; covariates and risk factors, among them autoimmune
    disease and HLH, stand in `covariates`, one row each with its source.
    """

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    SUBJIDX = c.integer(
        "Running number of the subject in the study: the n of subjects.html#n", nullable=False
    )
    COHORT = dy.String(
        nullable=True, check=lambda x: x.is_in(c.COHORTS), description="car_t or bispecific"
    )
    PRODUCT = c.text("Trigger product of the first dose")
    ARM = c.text("Actual arm, else planned arm")
    TRTSDTM = c.moment("First dose of a trigger product, null where the study has only days")
    TRTSDY = c.integer("Study day of the first dose: 1, null where there was none")
    TRTSPRC = c.precision("Precision of the first dose")
    REFDT = dy.Date(nullable=True, description="Calendar date of study day 1; never shown")
    DYSHIFT = c.integer(
        "Elapsed days on the study's own --DY axis at our day 1 (0 where they coincide)",
        nullable=False,
    )
    AGE = c.number("Age in years, 89 stands for 89 and over")
    SEX = c.text("Sex")
    SAFFL = c.flag("Safety population: at least one dose of a trigger product")
    NDOSES = c.integer("Administrations of a trigger product", nullable=False)
    DTHDY = c.integer("Study day of death")
    DTHS = c.seconds("Death, end of its stated period")
    DSDY = c.integer("Study day of what competes with CRS: discontinuation, new anticancer therapy")
    DSREAS = c.text("Its reason: DSDECOD, or NEW ANTICANCER THERAPY")
    FUPDY = c.integer("Last study day of follow-up")
    FUPS = c.seconds("End of follow-up, end of its stated period")
    FUPREAS = c.text("Why follow-up ended: death, completed, ongoing, lost, ..., last observation")
