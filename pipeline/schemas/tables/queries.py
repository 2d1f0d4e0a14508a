"""Queries for data management, ranked by how far an answer could move a headline number."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pipeline.schemas import columns as c

KINDS = (
    "GRADE_MISSING",
    "END_MISSING",
    "ONSET_DATE",
    "ONSET_TIME",
    "CONTRADICTION",
    "DAY_GRADES_CONFLICT",
    "CANDIDATE",
    "DEATH_CAUSE",
    "DEATH_DATE",
    "FOLLOW_UP_END",
    "SUBJECT_NOT_IN_DM",
    "QUARANTINED",
    "VALUE_UNUSABLE",
    "UNMAPPED",
)


class Queries(dy.Schema):
    """One row: what is missing or contradictory, what to ask, and what the answer could move.

    Every admissible answer to this one query is tried, all else as it is, and the headlines are
    counted again; LOW and HIGH are the ends of what the headline that moves most could become.
    """

    STUDYID = c.studyid()
    RANK = dy.Int64(primary_key=True, nullable=False, min=1, description="1 = moves most")
    QUERYID = dy.String(
        nullable=False, unique=True, description="Hash of what is asked about, the same next night"
    )
    STATUS = dy.String(
        nullable=False,
        check=lambda x: x.is_in(("new", "open")),
        description="open where the drop before had the same query, else new",
    )
    KIND = dy.String(
        nullable=False, check=lambda x: x.is_in(KINDS), description="What is missing or at odds"
    )
    USUBJID = c.usubjid(key=False, nullable=True)
    EPISEQ = c.episeq(key=False, nullable=True)
    SRCDOM = c.text("Domain of the row that it is about")
    SRCSEQ = c.integer("Its --SEQ")
    ROW = c.integer("Its row in the file, where it has no --SEQ that counts")
    COLUMN = c.text("Variable that is missing or at odds")
    N_ROWS = dy.Int64(nullable=False, min=1, description="Source rows that call for it")
    QUESTION = c.text("What is wrong and what to send, in words", nullable=False)
    HEADLINE = c.text("Headline that an answer could move most; null where none would move")
    COHORT = c.text("Cohort of that headline")
    SYSTEM = c.text("Grading system of the headlines, null where the study has none")
    BASIS = c.text("collected or derived")
    RESULTID = c.text("The headline's row in results")
    UNIT = c.text("fraction or days")
    VALUE = c.number("The headline as it is; null where it is not available")
    LOW = c.number("Lowest value that an answer could give it")
    HIGH = c.number("Highest value that an answer could give it")
    INFLUENCE = dy.Float64(
        nullable=False,
        min=0.0,
        description="Largest move in percentage points; a day counts as 1/28 of the whole",
    )
    N_HEADLINES = dy.Int64(
        nullable=False, min=0, description="Headlines that some answer would move"
    )

    @dy.rule()
    def no_headline_no_influence(cls) -> pl.Expr:  # noqa: N805
        return pl.col("HEADLINE").is_not_null() == (pl.col("INFLUENCE") > 0)

    @dy.rule()
    def range_is_ordered(cls) -> pl.Expr:  # noqa: N805
        return pl.col("LOW") <= pl.col("HIGH")
