"""The course of each treated subject as rows to draw: bars of grades, marks of what was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

MANY = 80
"""With more treated subjects than this only those with CRS are drawn."""
SHORTEST, LONGEST = 28, 60
"""The axis ends here at the earliest and at the latest."""
GIVEN = ("treatment", "unknown")
MARKS = ("dose", "tocilizumab", "steroid", "intensive care", "not seen to end", "death")
DAY_S = 86400


class Courses(NamedTuple):
    """What the figure is drawn from; positions are study days without the missing day 0.

    Attributes:
        subjects: SUBJIDX, PLACE (row from the top), END (last day of follow-up).
        bars: SUBJIDX, PLACE, GRADE (a daily grade, NA where there is none), FROM, DAYS.
        marks: SUBJIDX, PLACE, KIND (one of MARKS), AT.
        treated: Number of treated subjects.
        last: Last position of the axis.
    """

    subjects: pl.DataFrame
    bars: pl.DataFrame
    marks: pl.DataFrame
    treated: int
    last: int


def courses(tables: Mapping[str, pl.DataFrame], pair: tuple[str, str]) -> Courses:
    """Treated subjects by onset and duration of CRS; those without CRS last, left out of many.

    Args:
        tables: adsl, doses, episodes, grade_days, interventions of one study.
        pair: System and basis of the daily grades.
    """
    treated = tables["adsl"].filter(pl.col("SAFFL") == "Y")
    episodes = episode_spans(tables["episodes"])
    longest = episodes["OFF"].max()
    last = min(max(SHORTEST, longest if isinstance(longest, int) else 0), LONGEST)
    subjects = _ordered(treated, episodes)
    who = subjects.select("USUBJID", "SUBJIDX", "PLACE")
    daily = _daily(episodes, tables["grade_days"], pair, last)
    bars = runs(daily, "USUBJID", "GRADE").join(who, on="USUBJID")
    marks = _marks(tables, treated, episodes).filter(pl.col("AT") <= last + 1)
    marks = marks.join(who, on="USUBJID")
    return Courses(
        subjects.select("SUBJIDX", "PLACE", "END"),
        bars.select("SUBJIDX", "PLACE", "GRADE", "FROM", "DAYS").sort("PLACE", "FROM"),
        marks.select("SUBJIDX", "PLACE", "KIND", "AT").sort("KIND", "PLACE", "AT"),
        treated.height,
        last,
    )


def position(column: str) -> pl.Expr:
    """Study days have no 0; positions do, so that neighbours stay neighbours."""
    return pl.when(pl.col(column) > 0).then(pl.col(column)).otherwise(pl.col(column) + 1)


def study_day(place: int) -> int:
    """The study day of a position.

    >>> study_day(1), study_day(0)
    (1, -1)
    """
    return place if place > 0 else place - 1


def of_pair(pair: tuple[str, str]) -> pl.Expr:
    """Rows of one system and basis."""
    return (pl.col("SYSTEM") == pair[0]) & (pl.col("BASIS") == pair[1])


def runs(days: pl.DataFrame, subject: str, value: str) -> pl.DataFrame:
    """Days in a row with one value: subject, value, FROM (a position) and DAYS."""
    new = (pl.col(value) != pl.col(value).shift()) | (pl.col("P").diff() != 1)
    return (
        days.sort(subject, "P")
        .with_columns(RUN=new.fill_null(value=True).cum_sum().over(subject))
        .group_by(subject, "RUN", maintain_order=True)
        .agg(pl.col(value).first(), FROM=pl.col("P").min(), DAYS=pl.len().cast(pl.Int64))
    )


def episode_spans(episodes: pl.DataFrame) -> pl.DataFrame:
    """ON and OFF of each episode; one not seen to end lasts as far as its record."""
    seen = pl.coalesce("CENSDY", "AENDY", "ASTDY")
    until = pl.when(pl.col("ENDED") == "Y").then(pl.col("AENDY")).otherwise(seen)
    return episodes.with_columns(LAST=until).select(
        "USUBJID", "EPISEQ", "ENDED", "END_REASON", ON=position("ASTDY"), OFF=position("LAST")
    )


def _ordered(treated: pl.DataFrame, episodes: pl.DataFrame) -> pl.DataFrame:
    of_subject = episodes.group_by("USUBJID").agg(
        pl.col("ON").min(), DAYS=(pl.col("OFF") - pl.col("ON") + 1).sum()
    )
    found = treated.select("USUBJID", "SUBJIDX", END=position("FUPDY")).join(
        of_subject, on="USUBJID", how="left"
    )
    if treated.height > MANY:
        found = found.filter(pl.col("ON").is_not_null())
    found = found.sort("ON", "DAYS", "SUBJIDX", nulls_last=True)
    return found.with_row_index("PLACE").with_columns(pl.col("PLACE").cast(pl.Int64))


def _daily(
    episodes: pl.DataFrame, grade_days: pl.DataFrame, pair: tuple[str, str], last: int
) -> pl.DataFrame:
    """USUBJID, P and GRADE of each day of an episode up to the end of the axis."""
    graded = grade_days.filter(of_pair(pair)).select(
        "USUBJID", P=position("DY"), GRADE=pl.col("GRADE").cast(pl.String)
    )
    days = episodes.select("USUBJID", P=pl.int_ranges("ON", pl.col("OFF") + 1)).explode("P")
    days = days.drop_nulls("P").filter(pl.col("P") <= last).unique(["USUBJID", "P"])
    return days.join(graded, on=["USUBJID", "P"], how="left").with_columns(
        pl.col("GRADE").fill_null("NA")
    )


def _marks(
    tables: Mapping[str, pl.DataFrame], treated: pl.DataFrame, episodes: pl.DataFrame
) -> pl.DataFrame:
    middle = pl.lit(0.5)
    doses = tables["doses"].select("USUBJID", KIND=pl.lit("dose"), AT=position("EXSTDY") + middle)
    given = tables["interventions"].filter(
        pl.col("CLASS").is_in(MARKS), pl.col("EPISEQ") > 0, pl.col("INTENT").is_in(GIVEN)
    )
    given = given.select("USUBJID", KIND="CLASS", AT=pl.col("START") / DAY_S + 1)
    open_end = episodes.filter(pl.col("ENDED").is_null(), pl.col("END_REASON") != "FATAL")
    open_end = open_end.select(
        "USUBJID", KIND=pl.lit("not seen to end"), AT=(pl.col("OFF") + 1).cast(pl.Float64)
    )
    deaths = treated.drop_nulls("DTHDY").select(
        "USUBJID", KIND=pl.lit("death"), AT=position("DTHDY") + middle
    )
    return pl.concat([doses, given, open_end, deaths])
