"""A query before it is weighed: its row, and the admissible answers as edits of subjects.

An answer is one edit, or one per subject where it is about several. An edit makes of a subject what
he would be, had the answer been in the drop; everything else of him stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

ROW = {
    "REF": pl.String,  # what it is known by from one night to the next
    "SET": pl.String,  # its answers; queries that ask for the same share them
    "KIND": pl.String,
    "USUBJID": pl.String,
    "EPISEQ": pl.Int64,
    "SRCDOM": pl.String,
    "SRCSEQ": pl.Int64,
    "ROW": pl.Int64,
    "COLUMN": pl.String,
    "N_ROWS": pl.Int64,
    "QUESTION": pl.String,
    "STANDS": pl.Boolean,  # whether the answer may be that all is right as it is
}
EDIT = {
    "USUBJID": pl.String,  # whose; null for a subject that is not there yet
    "HOW": pl.String,
    "COHORT": pl.String,  # join
    "EPI": pl.Int64,  # the episode
    "GRADE": pl.Int64,
    "ASTDY": pl.Int64,
    "AENDY": pl.Int64,  # null: not seen to end
    "DAYS": pl.Int64,
}
HOW = (
    "grade",  # the episode has this grade
    "fatal",  # its subject died of it
    "end",  # it ended on AENDY, or not within follow-up
    "onset",  # it began on ASTDY
    "predose",  # it began before the first dose
    "drop",  # it was none
    "add",  # there was one more
    "join",  # one more subject, with an episode where ASTDY is given
    "shift",  # the first dose was DAYS earlier
    "follow",  # follow-up reached day DAYS
    "leave",  # the subject discontinued on day DAYS
    "die",  # the subject died on day DAYS
    "toci",  # tocilizumab was given in the episode
)
ANSWER = {"SET": pl.String, "ANSWER": pl.String, **EDIT}

MOST_DAYS = 15
"""Days from the first dose or onset that landmarks tell apart; one more stands for later."""
SEVERE = 4
MILD = 1


@dataclass(frozen=True, eq=False)
class Asked:
    """Queries of one kind (`ROW`) and their answers (`ANSWER`)."""

    rows: pl.DataFrame
    answers: pl.DataFrame


def asked(rows: pl.DataFrame, answers: list[pl.DataFrame]) -> Asked:
    """Queries in the common form; columns that are not given are null.

    Args:
        rows: REF, KIND, QUESTION and whatever of `ROW` there is; SET is REF, and STANDS is true,
            unless they are given.
        answers: SET or REF, and whatever of `EDIT` there is; a frame is numbered through unless it
            names its ANSWER.
    """
    named = [
        a.with_columns(
            ANSWER=pl.col("ANSWER") if "ANSWER" in a.columns else _numbered(i),
            SET=pl.col("SET") if "SET" in a.columns else pl.col("REF"),
        )
        for i, a in enumerate(answers)
    ]
    shared = pl.col("SET") if "SET" in rows.columns else pl.col("REF")
    n_rows = pl.col("N_ROWS") if "N_ROWS" in rows.columns else pl.lit(1)
    stands = pl.col("STANDS") if "STANDS" in rows.columns else pl.lit(value=True)
    return Asked(
        filled(rows.with_columns(SET=shared, N_ROWS=n_rows, STANDS=stands), ROW),
        pl.concat([filled(a, ANSWER) for a in [*named, pl.DataFrame(schema=ANSWER)]]),
    )


def ref(kind: str, *columns: str) -> pl.Expr:
    """What a query is known by from one night to the next."""
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in columns]
    return pl.concat_str([pl.lit(kind), *parts], separator="\x1f")


def filled(frame: pl.DataFrame, schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """The columns of a schema, null where the frame has none."""
    there = set(frame.columns)
    return frame.select(
        pl.col(name).cast(kind) if name in there else pl.lit(None, kind).alias(name)
        for name, kind in schema.items()
    )


def days(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """All days of a span as a list."""
    return pl.int_ranges(first, last + 1)


def one_more_crs(subjects: pl.DataFrame, how: str) -> pl.DataFrame:
    """Every kind of further CRS that headlines tell apart, for each row.

    Onset on each early day or late; mild or severe; ended within days or not at all. What a
    headline looks at is varied alone, for no headline looks at two of them.

    Args:
        subjects: SET, USUBJID or COHORT, and SEENDY, the last day that is looked at.
        how: add or join.
    """
    span = pl.min_horizontal(pl.lit(MOST_DAYS), "SEENDY")
    onsets = subjects.with_columns(
        ASTDY=days(pl.lit(1), span).list.concat(pl.concat_list("SEENDY")), GRADE=pl.lit(MILD)
    ).explode("ASTDY")
    ends = subjects.with_columns(
        ASTDY=pl.lit(1), AENDY=days(pl.lit(1), span).list.concat(pl.concat_list("SEENDY"))
    ).explode("AENDY")
    severe = subjects.with_columns(ASTDY=pl.lit(1), AENDY=pl.lit(1), GRADE=pl.lit(SEVERE))
    still = subjects.with_columns(ASTDY=pl.lit(1), GRADE=pl.lit(MILD))
    made = [
        onsets.with_columns(AENDY=pl.col("ASTDY")),
        ends.with_columns(GRADE=pl.lit(MILD)),
        severe,
        still,
    ]
    return pl.concat(made, how="diagonal_relaxed").with_columns(HOW=pl.lit(how))


def _numbered(i: int) -> pl.Expr:
    return pl.concat_str([pl.lit(f"{i}."), pl.int_range(pl.len()).cast(pl.String)])
