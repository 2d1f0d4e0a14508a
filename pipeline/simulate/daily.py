"""FA: CRS charted as one grade a day instead of as adverse events."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.simulate.blocks import DAY, block, day_of
from pipeline.simulate.followup import FollowUp
from pipeline.simulate.people import Trial

#: share of charts missing by day after infusion, once the subject has gone home (NULISA)
_MISSING = ((8, 0.24), (10, 0.35), (12, 0.50), (15, 0.59))
_CHARTED = 15


def daily_grades(trial: Trial, course: pl.DataFrame, follow_up: FollowUp) -> pl.DataFrame:
    """The worst grade of each charted day: 0 without CRS, 1 beside the signs, else the maximum.

    Days 0 to 14, every day of CRS and the day after it are charted; other days are missing the
    more often the later they are, as the subject has been discharged.
    """
    rng = trial.stream("daily grades")
    days = pl.concat([_calendar(trial), _days_of_crs(course)])
    worst = days.group_by("SUBJ", "DAY").agg(pl.col("GRADE", "EPI", "KEPT").max())
    worst = worst.sort("SUBJ", "DAY")
    last = pl.Series(day_of(follow_up.end - 1))[worst["SUBJ"]]
    lost = pl.lit(0.0)
    for day, share in _MISSING:
        lost = pl.when(pl.col("DAY") >= day - 1).then(share).otherwise(lost)
    chart = worst.with_columns(
        LOST=lost, DRAW=pl.Series(rng.random(worst.height)), LAST=last
    ).filter(
        (pl.col("DAY") <= pl.col("LAST")) & (pl.col("KEPT") | (pl.col("DRAW") >= pl.col("LOST")))
    )
    return block(
        chart["SUBJ"].to_numpy(),
        EPI=chart["EPI"],
        FAOBJ="CYTOKINE RELEASE SYNDROME",
        FATESTCD="TOXGR",
        FATEST="Toxicity Grade",
        FAORRES=chart["GRADE"].cast(pl.String),
        FASTRESN=chart["GRADE"].cast(pl.Float64),
        FADTC=chart["DAY"] * DAY,
        _DATE=True,
    )


def _calendar(trial: Trial) -> pl.DataFrame:
    who = np.flatnonzero(trial.people.treated)
    return pl.DataFrame(
        {
            "SUBJ": np.repeat(who, _CHARTED),
            "DAY": np.tile(np.arange(_CHARTED), len(who)),
        }
    ).with_columns(
        GRADE=pl.lit(0, dtype=pl.Int64), EPI=pl.lit(None, dtype=pl.Int64), KEPT=pl.lit(value=False)
    )


def _days_of_crs(course: pl.DataFrame) -> pl.DataFrame:
    """Every day of each episode with its grade, and the day after it with 0."""
    day = pl.int_ranges(pl.col("ONSET") // DAY, pl.col("END") // DAY + 2)
    start, end = pl.col("DAY") * DAY, (pl.col("DAY") + 1) * DAY
    signs = pl.when(pl.col("SIGN0") < 0).then("ONSET").otherwise("SIGN0")
    close = pl.when(pl.col("SIGN0") < 0).then("END").otherwise("SIGN1")
    return (
        course.with_columns(DAY=day)
        .explode("DAY")
        .select(
            "SUBJ",
            "DAY",
            GRADE=pl.when(pl.col("END") < start)
            .then(0)
            .when((signs < end) & (close >= start))
            .then("COLLECTED")
            .otherwise(1)
            .cast(pl.Int64),
            EPI="EPI",
            KEPT=pl.lit(value=True),
        )
    )
