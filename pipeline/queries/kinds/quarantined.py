"""Rows that were held back, and subjects whose rows were because DM does not have them."""

from __future__ import annotations

import polars as pl

from pipeline.queries.asked import Asked, asked, ref
from pipeline.queries.known import Known
from pipeline.queries.row_answers import row_answers, set_of

KIND, NO_SUBJECT = "QUARANTINED", "SUBJECT_NOT_IN_DM"
REPEAT = "DUPLICATE_ROW"
"""Says nothing that an accepted row does not say."""
ONE_BY_ONE = ("DM", "EX", "AE", "CE", "FA")
"""Each row may add or take a subject or an episode, so each is asked about."""
_SAME = ["DOMAIN", "USUBJID", "RULES", "COLUMN"]


_ROWS = pl.when(pl.col("N_ROWS") == 1).then(pl.lit("row")).otherwise(pl.lit("rows"))


def ask_quarantined(known: Known) -> Asked:
    """One query per row of DM, EX, AE, CE and FA; per subject, rule and column in other domains.

    Rule: exact repeats are no question. All rows of a subject whom DM does not have are one, which
    is about the subject. N_ROWS counts the rows behind a query.
    """
    rows = _rows(known).with_columns(ALONE=pl.col("DOMAIN").is_in(ONE_BY_ONE))
    alone = rows.filter("ALONE").with_columns(
        NTH=pl.int_range(pl.len()).over(*_SAME, "VALUE"), N_ROWS=pl.lit(1, pl.UInt32)
    )
    several = (
        rows.filter(~pl.col("ALONE"))
        .group_by(_SAME, maintain_order=True)
        .agg(pl.col("ROW", "VALUE", "MESSAGE").first(), N_ROWS=pl.len(), NTH=pl.lit(0, pl.Int64))
    )
    both = pl.concat([alone.select(*several.columns), several]).with_columns(
        KIND=pl.lit(KIND), SRCDOM="DOMAIN", SET=set_of(),
        REF=ref(KIND, *_SAME, "VALUE", "NTH"),
        QUESTION=pl.format(
            "{} held back, because {}: send a corrected row.",
            pl.when(pl.col("N_ROWS") == 1).then(pl.lit("A row was"))
            .otherwise(pl.format("{} rows were", "N_ROWS")),
            "MESSAGE",
        ),
    )  # fmt: skip
    return asked(both, row_answers(known, both))


def ask_missing_subjects(known: Known) -> Asked:
    """One query per subject who has rows, but none in DM.

    Rule: the subject may have been treated or not, in any cohort, with CRS or without.
    """
    rows = (
        _rows(known, missing=True)
        .group_by("USUBJID", maintain_order=True)
        .agg(
            pl.col("ROW").first(), N_ROWS=pl.len(), SRCDOM=pl.col("DOMAIN").first(),
            DOMAINS=pl.col("DOMAIN").unique(maintain_order=True).str.join(", "),
        )
        .with_columns(
            KIND=pl.lit(NO_SUBJECT), REF=ref(NO_SUBJECT, "USUBJID"), COLUMN=pl.lit("USUBJID"),
            DOMAIN=pl.lit("DM"), SET=pl.lit(NO_SUBJECT),
            QUESTION=pl.format(
                "The subject has {} {} in {} and none in DM: send the DM row, or correct the "
                "identifier.", "N_ROWS", _ROWS, "DOMAINS",
            ),
        )
    )  # fmt: skip
    answers = row_answers(known, rows.select("DOMAIN", pl.lit(None, pl.String).alias("USUBJID")))
    return asked(rows, [a.with_columns(SET=pl.lit(NO_SUBJECT)) for a in answers if a.height])


def _rows(known: Known, *, missing: bool = False) -> pl.DataFrame:
    """Each row once, with all that is wrong with it.

    Args:
        known: the study.
        missing: rows of subjects whom DM does not have, instead of all others.
    """
    lost = pl.col("USUBJID").is_not_null() & ~pl.col("USUBJID").is_in(
        known.adsl["USUBJID"].implode()
    )
    lost = lost & (pl.col("DOMAIN") != "DM")
    return (
        known.frame("quarantine")
        .filter(pl.col("RULE") != REPEAT, lost if missing else ~lost)
        .sort("DOMAIN", "ROW", "RULE", "COLUMN")
        .group_by("DOMAIN", "ROW", maintain_order=True)
        .agg(
            pl.col("USUBJID").first(),
            RULES=pl.col("RULE").unique(maintain_order=True).str.join(" "),
            COLUMN=pl.col("COLUMN").unique(maintain_order=True).str.join(" "),
            VALUE=pl.col("VALUE").fill_null("").str.join(" "),
            MESSAGE=pl.col("MESSAGE").unique(maintain_order=True).str.join("; "),
        )
    )
