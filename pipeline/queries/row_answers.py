"""What a row of a domain could say, where all that is known of it is its domain and its subject."""

from __future__ import annotations

import polars as pl

from pipeline.queries.asked import MOST_DAYS, days, one_more_crs
from pipeline.queries.known import Known
from pipeline.stats.plan import PLAN

RECORDS = ("AE", "CE", "FA")
FINDINGS = ("AE", "VS", "CM", "PR", "LB", "HO")
"""What derived grades are made from."""
ANYBODY = ""


def set_of() -> pl.Expr:
    """Name of the answers of a row: rows of one subject and domain could say the same."""
    return pl.concat_str([pl.col("DOMAIN"), pl.col("USUBJID").fill_null(ANYBODY)], separator="\x1f")


def row_answers(known: Known, rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Admissible contents of rows that cannot be read.

    Rule: a row of AE, CE or FA may be one more CRS of any grade, onset and end; one of EX an
    earlier first dose (by up to the plan's horizon) or the first of all; one of DM another subject,
    with or without CRS; one of DS a discontinuation; one of DD a death due to CRS; one of CM
    tocilizumab in an episode. Where headlines stand on derived grades, a row of a domain that
    grades are made from may give any of the subject's episodes a grade of 1 to 4, one of AE also
    0 (another cause). A row without a subject may be anybody's.

    Args:
        known: the study.
        rows: DOMAIN and USUBJID.
    """
    if rows.is_empty():
        return []
    sets = rows.select("DOMAIN", "USUBJID", SET=set_of()).unique("SET", maintain_order=True)
    named = _named(known, sets)
    return [
        one_more_crs(named.filter(pl.col("DOMAIN").is_in(RECORDS), treated=True), "add"),
        _earlier_dose(named.filter(DOMAIN="EX", treated=True)),
        *_more_subjects(known, sets, named),
        _discontinued(named.filter(DOMAIN="DS", treated=True)),
        *_of_episodes(known, named),
    ]


def _named(known: Known, sets: pl.DataFrame) -> pl.DataFrame:
    """Each row with the subjects whom it may be about, and whether they were treated."""
    subjects = known.adsl.select(
        "USUBJID", "COHORT", treated=(pl.col("SAFFL") == "Y").fill_null(value=False),
        SEENDY=pl.max_horizontal(pl.lit(1), pl.col("FUPDY").fill_null(1)),
    )  # fmt: skip
    anybody = sets.filter(pl.col("USUBJID").is_null()).drop("USUBJID").join(subjects, how="cross")
    return pl.concat(
        [sets.join(subjects, on="USUBJID"), anybody.select(*sets.columns, *subjects.columns[1:])]
    )


def _earlier_dose(rows: pl.DataFrame) -> pl.DataFrame:
    every = days(pl.lit(1), pl.lit(PLAN.horizon))
    return rows.with_columns(HOW=pl.lit("shift"), DAYS=every).explode("DAYS")


def _more_subjects(known: Known, sets: pl.DataFrame, named: pl.DataFrame) -> list[pl.DataFrame]:
    """One more treated subject: a row of DM, or a dose of somebody who had none."""
    cohorts = pl.DataFrame({"COHORT": known.cohorts}, schema={"COHORT": pl.String})
    people = sets.filter(DOMAIN="DM").join(cohorts, how="cross")
    dosed = named.filter(DOMAIN="EX", treated=False).select("SET", "COHORT")
    joining = pl.concat([people.select("SET", "COHORT"), dosed]).with_columns(
        SEENDY=pl.lit(known.longest)
    )
    return [one_more_crs(joining, "join"), joining.with_columns(HOW=pl.lit("join"))]


def _discontinued(rows: pl.DataFrame) -> pl.DataFrame:
    span = pl.min_horizontal(pl.lit(MOST_DAYS), "SEENDY")
    return rows.with_columns(HOW=pl.lit("leave"), DAYS=days(pl.lit(1), span)).explode("DAYS")


def _of_episodes(known: Known, named: pl.DataFrame) -> list[pl.DataFrame]:
    """What may be said of an episode that is on record."""
    own = named.join(known.episodes.select("USUBJID", "DTHDY", EPI="EPISEQ"), on="USUBJID").drop(
        "COHORT"
    )
    died = own.filter(pl.col("DTHDY").is_not_null(), DOMAIN="DD")
    made = [
        own.filter(DOMAIN="CM").with_columns(HOW=pl.lit("toci")),
        died.with_columns(HOW=pl.lit("fatal"), GRADE=pl.lit(5)),
    ]
    if known.derived:
        graded = own.filter(pl.col("DOMAIN").is_in(FINDINGS))
        made.append(any_grade(graded.filter(pl.col("DOMAIN") != "AE"), 1))
        made.append(any_grade(graded.filter(DOMAIN="AE"), 0))
    return made


def any_grade(episodes: pl.DataFrame, lowest: int) -> pl.DataFrame:
    """The episode with each grade up to 4.

    Args:
        episodes: SET, USUBJID, EPI.
        lowest: the lowest grade.
    """
    grades = pl.DataFrame({"GRADE": range(lowest, 5)})
    return episodes.join(grades, how="cross").with_columns(HOW=pl.lit("grade"))
