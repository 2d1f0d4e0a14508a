"""A recorded grade that the findings do not bear out, or that they go beyond."""

from __future__ import annotations

import polars as pl

from pipeline.queries.asked import Asked, asked, ref
from pipeline.queries.known import KEY, Known

KIND = "CONTRADICTION"
_AT_ODDS = ("derived higher", "derived lower", "unsupported")


def ask_contradictions(known: Known) -> Asked:
    """One query per episode whose recorded and derived grade differ.

    Rule: either may be right. A recorded CRS of derived grade 0 may have been none. Where the
    headlines are derived under another scale, a recorded grade above the derived one says that
    findings are missing, so that the grade there may be any up to 4; one below, that some are
    wrong, so that it may be any lower one.
    """
    rows = known.frame("reconciliation").filter(pl.col("CATEGORY").is_in(_AT_ODDS))
    rows = rows.join(known.episodes.drop("STUDYID", "GRADE"), on=KEY).with_columns(
        KIND=pl.lit(KIND), REF=ref(KIND, "USUBJID", "EPISEQ"), SRCDOM="SOURCE",
        COLUMN=pl.lit("TOXGR"),
        QUESTION=pl.format(
            "The CRS that began on day {} is recorded as grade {}; its findings give grade {} on "
            "the same scale: confirm the grade, or send or correct the findings.",
            "ASTDY", "GRADE_COLLECTED", "GRADE_DERIVED",
        ),
    )  # fmt: skip
    system = None if known.pair is None else known.pair.SYSTEM
    same = pl.col("SYSTEM") == pl.lit(system, pl.String)
    other = "GRADE_COLLECTED" if known.derived else "GRADE_DERIVED"
    answers = [
        rows.filter(same).with_columns(
            EPI="EPISEQ", GRADE=other,
            HOW=pl.when(pl.col(other) == 0).then(pl.lit("drop")).otherwise(pl.lit("grade")),
        )
    ]  # fmt: skip
    if known.derived:
        answers.append(_elsewhere(known, rows.filter(~same)))
    return asked(rows, answers)


def _elsewhere(known: Known, rows: pl.DataFrame) -> pl.DataFrame:
    """Grades that the headlines' own scale may have instead."""
    now = known.episodes.select(*KEY, NOW="GRADE").drop_nulls("NOW")
    lower = pl.col("CATEGORY") == "derived higher"
    return (
        rows.join(now, on=KEY)
        .join(pl.DataFrame({"GRADE": range(5)}), how="cross")
        .filter(pl.when(lower).then(pl.col("GRADE") < pl.col("NOW")).otherwise(
            pl.col("GRADE") > pl.col("NOW")
        ))
        .with_columns(HOW=pl.lit("grade"), EPI="EPISEQ")
    )  # fmt: skip
