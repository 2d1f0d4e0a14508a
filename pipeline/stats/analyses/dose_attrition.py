"""Rows of by_dose that tell what became of the subjects between a dose and the next."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_count, add_proportion
from pipeline.stats.ard import Ard, Row
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population, members

NEXT, AFTER_CRS, DIED, STOPPED, NO_MORE = (
    "next dose given",
    "discontinued for an adverse event after CRS of that dose",
    "died",
    "discontinued, other reason",
    "no further dose in follow-up",
)
OUTCOMES = (NEXT, AFTER_CRS, DIED, STOPPED, NO_MORE)
"""What came first after a dose; the five add up to those given it."""


def followed_doses(pop: Population) -> pl.DataFrame:
    """Doses with what followed them.

    NEXTDY and LATE_D: day of the next dose, and days by which its distance exceeds that of the
    schedule (null where the schedule does not tell). IN_CRS: given while an earlier episode
    lasted, its last day excluded. SHORT: no next dose, and neither death nor the whole risk window
    in follow-up. OUTCOME: one of OUTCOMES, of which the discontinuation is not yet split by
    ADVERSE, whether it was for an adverse event.
    """
    ends = pop.treated.select("SUBJ", "FUPDY", "SEENDY", "DTHDY", "DSDY", "DSREAS")
    doses = pop.doses.sort("SUBJ", "DOSESEQ").with_columns(
        NEXTDY=pl.col("EXSTDY").shift(-1).over("SUBJ"),
        NEXTPLAN=pl.col("PLANDY").shift(-1).over("SUBJ"),
    )
    doses = doses.join(ends, on="SUBJ", how="left", maintain_order="left")
    planned = pl.col("NEXTPLAN") - pl.col("PLANDY")
    until = pl.col("EXSTDY") + PLAN.dose_window_d
    died = (pl.col("DTHDY") <= pl.col("SEENDY")).fill_null(value=False)
    doses = doses.with_columns(
        LATE_D=pl.when(planned > 0).then(pl.col("NEXTDY") - pl.col("EXSTDY") - planned),
        SHORT=pl.col("NEXTDY").is_null() & ~died & (pl.col("FUPDY") < until),
        OUTCOME=_outcome(died),
        # DSREAS (DSDECOD) in capitals.
        ADVERSE=pl.col("DSREAS")
        .str.to_uppercase()
        .str.contains(PLAN.adverse_words)
        .fill_null(value=False),
    )
    during = _during(pop, doses).with_columns(IN_CRS=pl.lit(value=True))
    return doses.join(
        during, on=["SUBJ", "DOSESEQ"], how="left", maintain_order="left"
    ).with_columns(pl.col("IN_CRS").fill_null(value=False))


def add_attrition(
    pop: Population, ard: Ard, row: Row, given: pl.DataFrame, hits: pl.DataFrame
) -> None:
    """What came first after the dose, and how many next doses were late.

    CRS after a dose delays the next or ends treatment, so the denominators of later doses are a
    selection; these rows say how much of one.

    Args:
        pop: the population.
        ard: the result table.
        row: columns of the rows of that dose.
        given: followed_doses of that dose.
        hits: episodes attributed to it.
    """
    with_crs = pl.Series(np.isin(given["SUBJ"].to_numpy(), members(hits)))
    came = given["OUTCOME"]
    after_crs = (came == STOPPED) & given["ADVERSE"] & with_crs
    row = row._replace(POPULATION=f"{TREATED} given that dose, by what came first after it")
    for outcome in OUTCOMES:
        where = after_crs if outcome == AFTER_CRS else (came == outcome) & ~after_crs
        events = members(given, where=where)
        add_count(ard, pop.label, row._replace(VARIABLE="AFTER_DOSE", LEVEL=outcome), events)
    told = given["LATE_D"].is_not_null()
    if told.any():
        late = row._replace(DENOM="subjects given the next dose")
        _add_late(pop, ard, late, given, told)
        late = row._replace(DENOM="those of them with CRS after that dose")
        _add_late(pop, ard, late, given, told & with_crs)


def _add_late(pop: Population, ard: Ard, row: Row, given: pl.DataFrame, told: pl.Series) -> None:
    days = PLAN.dose_delay_d
    words = f"{TREATED} given that dose and the next, both at a step of the schedule: the next more"
    late = row._replace(
        VARIABLE="NEXT_DELAYED", n=members(given, where=told),
        POPULATION=f"{words} than {days} days later than scheduled",
    )  # fmt: skip
    events = members(given, where=told & (given["LATE_D"] > days))
    add_count(ard, pop.label, late, events)
    add_proportion(ard, pop.label, late, events)


def _outcome(died: pl.Expr) -> pl.Expr:
    """Next dose, else the earlier of death and discontinuation, death first on one day."""
    stopped = (pl.col("DSDY") <= pl.col("SEENDY")).fill_null(value=False)
    first_death = died & (~stopped | (pl.col("DTHDY") <= pl.col("DSDY")).fill_null(value=True))
    return (
        pl.when(pl.col("NEXTDY").is_not_null())
        .then(pl.lit(NEXT))
        .when(first_death)
        .then(pl.lit(DIED))
        .when(stopped)
        .then(pl.lit(STOPPED))
        .otherwise(pl.lit(NO_MORE))
    )


def _during(pop: Population, doses: pl.DataFrame) -> pl.DataFrame:
    """SUBJ and DOSESEQ of doses given after onset and before the last day of an earlier episode."""
    lasting = pop.counted.select(
        "SUBJ", "ASTDY", ONSET_DOSE="DOSESEQ",
        STOP=pl.when("RECOVERED").then("AENDY").otherwise("LASTDY"),
    )  # fmt: skip
    pairs = doses.select("SUBJ", "DOSESEQ", "EXSTDY").join(lasting, on="SUBJ", how="inner")
    inside = (
        (pl.col("DOSESEQ") > pl.col("ONSET_DOSE"))
        & (pl.col("EXSTDY") >= pl.col("ASTDY"))
        & (pl.col("EXSTDY") < pl.col("STOP"))
    )
    return pairs.filter(inside).select("SUBJ", "DOSESEQ").unique().sort("SUBJ", "DOSESEQ")
