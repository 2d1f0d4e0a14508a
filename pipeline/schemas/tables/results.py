"""Every number that a report shows (analysis results data)."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas import columns as c

STATUSES = ("ok", "not_estimable", "not_available", "suppressed")


class Results(dy.Schema):
    """One row: one statistic with its interval, denominator, method and the subjects behind it."""

    RESULTID = c.text("Hash of the key columns", key=True)
    STUDYID = c.text("Study, or ALL for a cohort over studies", nullable=False)
    DATA_KIND = dy.String(
        nullable=False, check=lambda x: x.is_in(c.DATA_KINDS), description="real, simulated or test"
    )
    RESULT = c.text("Analysis: grade_distribution, onset_cif, recovery_km, ...", nullable=False)
    ESTIMAND = c.text("E1-E6 of the analysis plan, with its variant")
    COHORT = c.text("car_t, bispecific, or car_t - bispecific for a difference")
    SYSTEM = c.text("Grading system, ANY for CRS of any grade as recorded")
    BASIS = c.text("collected or derived")
    PRIMARY = c.flag("The study's primary system and basis")
    POPULATION = c.text("Who is counted, in words", nullable=False)
    CLOCK = c.text("first_dose, last_dose, onset")
    EPISODES = c.text("first, worst or all")
    GROUPVAR = c.text("Variable that splits the population, null for all")
    GROUP = c.text("Its value")
    VARIABLE = c.text("What is measured", nullable=False)
    LEVEL = c.text("Category, or curve, landmark, risk_table, summary")
    TIME = c.number("Time in UNIT of the clock: AVAL days, day of first dose = 1")
    STAT = c.text("proportion, cumulative_incidence, median, n_at_risk, ...", nullable=False)
    VALUE = c.number("The statistic; fractions, not percent")
    LOW = c.number("Lower limit")
    HIGH = c.number("Upper limit")
    CONF = c.number("Confidence level, 0.95")
    UNIT = c.text("fraction, days, hours, subjects", nullable=False)
    DENOM = c.text("The denominator in words")
    N = c.integer("Subjects (or episodes) in the denominator", nullable=False)
    EVENTS = c.integer("Subjects (or episodes) with the event")
    METHOD = c.text("Estimator, interval, tie order", nullable=False)
    STATUS = dy.String(
        nullable=False, check=lambda x: x.is_in(STATUSES), description="ok or why there is no value"
    )
    REASON = c.text("Not estimable, because ...")
    PLANVER = c.text("Version of the analysis plan", nullable=False)
    SET_N = c.text("SETID of the subjects counted in N")
    SET_EVENTS = c.text("SETID of the subjects counted in EVENTS")

    @dy.rule()
    def no_value_has_reason(cls) -> pl.Expr:  # noqa: N805
        return (pl.col("STATUS") == "ok") | pl.col("REASON").is_not_null()

    @dy.rule()
    def ok_has_finite_value(cls) -> pl.Expr:  # noqa: N805
        return (pl.col("STATUS") != "ok") | pl.col("VALUE").is_finite().fill_null(value=False)
