"""An episode without a grade under the system and basis of the headlines."""

from __future__ import annotations

import polars as pl

from pipeline.queries.asked import Asked, asked, ref
from pipeline.queries.known import Known

KIND = "GRADE_MISSING"


def ask_grades(known: Known) -> Asked:
    """One query per episode without a grade.

    Rule: any grade of 1 to 4 is admissible; 0 where grades are derived; 5 where the subject died,
    and nothing but 5 where the record says that the CRS was fatal.
    """
    pair = known.pair
    if pair is None:
        return asked(pl.DataFrame(schema={"REF": pl.String}), [])
    if known.derived:
        question = pl.format(
            "The CRS that began on day {} has no " + pair.SYSTEM + " grade from findings ({}): "
            "send the findings that are missing in the episode.",
            "ASTDY", pl.col("REASON").fill_null("no reason"),
        )  # fmt: skip
    else:
        question = pl.format(
            "The CRS that began on day {} has no recorded grade: send its maximum grade.", "ASTDY"
        )
    rows = known.episodes.filter(pl.col("GRADE").is_null()).with_columns(
        KIND=pl.lit(KIND), REF=ref(KIND, "USUBJID", "EPISEQ"), SRCDOM="SOURCE",
        COLUMN=pl.lit("TOXGR"), QUESTION=question, STANDS=pl.lit(value=False),
    )  # fmt: skip
    fatal = (pl.col("END_REASON") == "FATAL").fill_null(value=False)
    grade, died = pl.col("GRADE"), pl.col("DTHDY").is_not_null()
    admissible = pl.when(fatal).then(grade == 5).otherwise((grade < 5) | died)
    grades = pl.DataFrame({"GRADE": range(0 if known.derived else 1, 6)})
    answers = (
        rows.drop("GRADE").join(grades, how="cross").filter(admissible)
        .with_columns(HOW=pl.lit("grade"), EPI="EPISEQ")
    )  # fmt: skip
    return asked(rows, [answers])
