"""A death whose day, or whose relation to CRS, is open."""

from __future__ import annotations

import polars as pl

from pipeline.queries.asked import Asked, asked, ref
from pipeline.queries.known import Known

CAUSE, DATE = "DEATH_CAUSE", "DEATH_DATE"


def ask_death_causes(known: Known) -> Asked:
    """One query per episode that was going on at death without anybody saying that it was fatal.

    Rule: the death may have been due to CRS (grade 5) or not. A cause of death in DD closes it.
    """
    details = known.frame("sdtm_dd").filter(pl.col("DDTESTCD").str.contains("(?i)CAUS|PRCDTH"))
    rows = (
        known.episodes.filter(pl.col("END_REASON") == "DEATH")
        .join(details, on="USUBJID", how="anti")
        .with_columns(
            KIND=pl.lit(CAUSE), REF=ref(CAUSE, "USUBJID", "EPISEQ"), SRCDOM="SOURCE",
            COLUMN=pl.lit("OUT"),
            QUESTION=pl.lit("The subject died while CRS was going on and no cause of death is "
                            "given: send it, and say whether CRS was fatal."),
        )
    )  # fmt: skip
    fatal = rows.with_columns(HOW=pl.lit("fatal"), EPI="EPISEQ", GRADE=pl.lit(5))
    return asked(rows, [fatal])


def ask_death_dates(known: Known) -> Asked:
    """One query per subject who died on a day that is not stated.

    Rule: the death may have been on any day from the last on which the subject was seen.
    """
    rows = (
        known.frame("notes")
        .filter(pl.col("RULE") == "DEATH_WITHOUT_DATE")
        .unique("USUBJID", keep="first", maintain_order=True)
        .select("USUBJID", "ROW", "COLUMN", SRCDOM="DOMAIN")
        .join(known.adsl.select("USUBJID", "FUPDY"), on="USUBJID", maintain_order="left")
        .with_columns(
            KIND=pl.lit(DATE), REF=ref(DATE, "USUBJID"),
            QUESTION=pl.lit("The subject died; send the date of death."),
        )
    )  # fmt: skip
    at_end = rows.drop_nulls("FUPDY").with_columns(HOW=pl.lit("die"), DAYS="FUPDY")
    return asked(rows, [at_end])
