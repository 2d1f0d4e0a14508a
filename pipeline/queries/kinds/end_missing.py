"""An episode whose end or outcome is not stated."""

from __future__ import annotations

import polars as pl

from pipeline.queries.asked import MOST_DAYS, Asked, asked, days, ref
from pipeline.queries.known import Known

KIND = "END_MISSING"
REASONS = {
    "RECOVERED_END_MISSING": "recovered, but has no end date",
    "OUTCOME_UNKNOWN": "has no outcome",
    "LAST_CHARTED": "was still graded on the last charted day",
    "ONGOING": "has neither end nor outcome",
}
_SEEN_TO = ("OUTCOME_UNKNOWN", "LAST_CHARTED")
"""Seen up to CENSDY, so it did not end before."""


def ask_ends(known: Known) -> Asked:
    """One query per episode that may have ended, or may not have.

    Rule: it may have ended on any day from the last that it was seen on (from onset where nothing
    was seen) to the end of follow-up or the onset of the next episode; unless it is said to have
    recovered, it may also have gone on. Fatal and stated as not recovered are no question.
    """
    reason = pl.col("END_REASON")
    first = pl.when(reason.is_in(_SEEN_TO)).then(pl.col("CENSDY").fill_null(pl.col("ASTDY")))
    rows = known.episodes.filter(reason.is_in(list(REASONS))).with_columns(
        KIND=pl.lit(KIND), REF=ref(KIND, "USUBJID", "EPISEQ"), SRCDOM="SOURCE",
        COLUMN=pl.lit("ENDTC"),
        FIRST=pl.max_horizontal(first.otherwise("ASTDY"), "ASTDY"),
        LAST=pl.min_horizontal("SEENDY", pl.col("NEXTDY") - 1),
        QUESTION=pl.format(
            "The CRS that began on day {} {}: send its end date and outcome.",
            "ASTDY", reason.replace_strict(REASONS, default=""),
        ),
        STANDS=reason != "RECOVERED_END_MISSING",
    )  # fmt: skip
    last = pl.max_horizontal("FIRST", "LAST")
    near = pl.min_horizontal(last, pl.col("ASTDY") + MOST_DAYS)
    ended = rows.with_columns(
        HOW=pl.lit("end"), EPI="EPISEQ",
        AENDY=pl.concat_list(days(pl.col("FIRST"), near), last),
    ).explode("AENDY")  # fmt: skip
    on = rows.filter(reason != "RECOVERED_END_MISSING").with_columns(
        HOW=pl.lit("end"), EPI="EPISEQ", AENDY=pl.lit(None, pl.Int64)
    )
    return asked(rows, [ended, on])
