"""Accepted findings and treatments with a value or time that cannot be used or that is at odds."""

from __future__ import annotations

import polars as pl

from pipeline.queries.asked import Asked, asked, ref
from pipeline.queries.beside import PLACED, episodes_beside
from pipeline.queries.known import Known
from pipeline.queries.row_answers import any_grade

KIND = "VALUE_UNUSABLE"
_SAME = ["DOMAIN", "USUBJID", "RULE", "COLUMN"]
DOMAINS = ("VS", "CM", "PR")
_GRADED_SIGNS = ("TEMP", "SYSBP", "DIABP", "MAP", "OXYSAT", "FIO2")
RULES = (
    "SAME_TIME_DIFFERENT_VALUE", "NOT_A_NUMBER", "NO_TIME", "DATE_UNUSABLE", "DATE_WITHOUT_YEAR",
    "UNIT_UNKNOWN", "TEMP_F_AS_C", "TEMP_IMPLAUSIBLE", "SYSBP_IMPLAUSIBLE", "DIABP_IMPLAUSIBLE",
    "MAP_IMPLAUSIBLE", "OXYSAT_IMPLAUSIBLE", "DEVICE_MISSING", "FLOW_IMPLAUSIBLE",
    "FIO2_IMPLAUSIBLE", "CODE_UNKNOWN",
)  # fmt: skip


def ask_unusable(known: Known) -> Asked:
    """One query per subject, rule and column of VS, CM and PR.

    Rule: where the headlines stand on derived grades, a row may give an episode that it lies in, or
    a day beside, any grade of 1 to 4; one without a time may give it to any. Of vital signs, only
    those that grades are made from.
    """
    noted = known.frame("notes").filter(
        pl.col("RULE").is_in(RULES), pl.col("DOMAIN").is_in(DOMAINS),
        pl.col("USUBJID").is_not_null(),
    ).sort(*_SAME, "ROW")  # fmt: skip
    rows = (
        noted.group_by(_SAME, maintain_order=True)
        .agg(pl.col("ROW", "MESSAGE").first(), N_ROWS=pl.len())
        .with_columns(
            KIND=pl.lit(KIND), REF=ref(KIND, *_SAME), SRCDOM="DOMAIN",
            QUESTION=pl.format(
                "In {}, {}: correct or confirm.",
                pl.when(pl.col("N_ROWS") == 1).then(pl.lit("a row"))
                .otherwise(pl.format("{} rows", "N_ROWS")),
                "MESSAGE",
            ),
        )
    )  # fmt: skip
    if not known.derived:
        return asked(rows, [])
    return asked(rows, [any_grade(_touched(known, noted).with_columns(SET=ref(KIND, *_SAME)), 1)])


def _touched(known: Known, noted: pl.DataFrame) -> pl.DataFrame:
    """Episodes that a row of each query may lie in."""
    placed = pl.concat([_placed(known, domain, noted.filter(DOMAIN=domain)) for domain in DOMAINS])
    return episodes_beside(known, placed).select(*_SAME, "EPI").unique(maintain_order=True)


def _placed(known: Known, domain: str, noted: pl.DataFrame) -> pl.DataFrame:
    """The rows of a domain that grades look at, with their times."""
    dtm, dy = PLACED[domain]
    rows = known.lazy(f"sdtm_{domain.lower()}")
    if domain == "VS":
        rows = rows.filter(pl.col("VSTESTCD").is_in(_GRADED_SIGNS))
    return (
        noted.lazy()
        .select(*_SAME, "ROW")
        .join(rows.select("ROW", DTM=dtm, DY=dy), on="ROW", maintain_order="left")
        .select(*_SAME, "DTM", "DY")
        .collect()
    )
