"""Different grades of CRS charted for one day."""

from __future__ import annotations

import polars as pl

from pipeline.queries.asked import Asked, asked, ref
from pipeline.queries.known import KEY, Known

KIND = "DAY_GRADES_CONFLICT"
_DAY = ["USUBJID", "FAOBJ", "MOMENT"]


def ask_daily_grades(known: Known) -> Asked:
    """One query per subject, event and day with different grades.

    Rule: any of the day's grades may be right. Where the headlines stand on recorded grades and
    the episode is made of charted days, its grade is then the highest of the other days and of
    that one; an episode without any grade above 0 was none.
    """
    noted = known.frame("notes").filter(pl.col("RULE") == KIND).select("ROW").unique()
    moment = pl.coalesce(pl.col("FADTM").cast(pl.String), pl.col("FADY").cast(pl.String))
    charted = known.frame("sdtm_fa").with_columns(MOMENT=moment)
    clashing = charted.join(noted, on="ROW", how="semi", maintain_order="left").sort("ROW")
    rows = (
        clashing.group_by(_DAY, maintain_order=True)
        .agg(
            pl.col("FASEQ", "FADY").first(),
            N_ROWS=pl.len(),
            VALUES=pl.col("FASTRESN").cast(pl.Int64).unique().sort(),
        )
        .with_columns(
            KIND=pl.lit(KIND), REF=ref(KIND, *_DAY), SRCDOM=pl.lit("FA"), SRCSEQ="FASEQ",
            COLUMN=pl.lit("FASTRESN"),
            QUESTION=pl.format(
                "{} has the grades {}: which one is right?",
                pl.format("Day {}", "FADY").fill_null("One day"),
                pl.col("VALUES").cast(pl.List(pl.String)).list.join(" and "),
            ),
        )
    )  # fmt: skip
    if known.derived or known.pair is None:
        return asked(rows, [])
    return asked(rows, [_answers(known, charted, rows)])


def _answers(known: Known, charted: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The episode's grade with each of the day's grades."""
    members = (
        known.episodes.filter(pl.col("SOURCE") == "FA")
        .select(*KEY, FASEQ=pl.col("MEMBERS").str.extract_all(r"\d+"))
        .explode("FASEQ")
        .cast({"FASEQ": pl.Int64})
        .join(charted, on=["USUBJID", "FASEQ"])
    )
    here = members.join(rows.select(*_DAY, "REF", "VALUES"), on=_DAY, nulls_equal=True)
    here = here.unique(["REF", *KEY], keep="first", maintain_order=True).select(
        "REF", *KEY, "MOMENT", "VALUES"
    )
    others = members.join(here.select("REF", *KEY, DAY="MOMENT"), on=KEY).filter(
        pl.col("MOMENT") != pl.col("DAY")
    )
    rest = others.group_by("REF", "EPISEQ").agg(REST=pl.col("FASTRESN").cast(pl.Int64).max())
    each = here.join(rest, on=["REF", "EPISEQ"], how="left").explode("VALUES")
    grade = pl.max_horizontal("VALUES", "REST")
    return each.sort("REF", "EPISEQ", "VALUES").with_columns(
        EPI="EPISEQ", GRADE=grade,
        HOW=pl.when(grade == 0).then(pl.lit("drop")).otherwise(pl.lit("grade")),
    )  # fmt: skip
