"""A subject of whom nobody says how and when follow-up ended."""

from __future__ import annotations

import polars as pl

from pipeline.queries.asked import Asked, asked, ref
from pipeline.queries.known import Known

KIND = "FOLLOW_UP_END"


def ask_follow_up(known: Known) -> Asked:
    """One query per treated subject without a disposition; one for all where no DS came.

    Rule: the subject may have discontinued on the last day seen, or been followed without CRS for
    as long as anybody in the study.
    """
    open_ = known.treated.filter(pl.col("FUPREAS") == "last observation").sort("USUBJID")
    if known.frame("ledger").filter(pl.col("DOMAIN") == "DS").is_empty():
        return _of_all(known, open_)
    rows = open_.join(
        known.frame("sdtm_dm").select("USUBJID", "ROW"), on="USUBJID", maintain_order="left"
    ).with_columns(
        KIND=pl.lit(KIND), REF=ref(KIND, "USUBJID"), SRCDOM=pl.lit("DM"), COLUMN=pl.lit("DSDECOD"),
        QUESTION=pl.format(
            "No disposition: follow-up is taken to end with the last record, on day {}. Send the "
            "end of follow-up and its reason.", "FUPDY",
        ),
    )  # fmt: skip
    return asked(rows, _answers(known, rows))


def _of_all(known: Known, subjects: pl.DataFrame) -> Asked:
    """One question for all, and every subject answers it at once."""
    if subjects.is_empty():
        return asked(pl.DataFrame(schema={"REF": pl.String}), [])
    whole = subjects.with_columns(REF=pl.lit(KIND))
    answers = [a.with_columns(ANSWER=pl.col("HOW")) for a in _answers(known, whole)]
    question = (
        f"No disposition data (DS) came, so follow-up of {subjects.height} subjects is taken to "
        "end with their last record: send DS."
    )
    row = {"REF": KIND, "KIND": KIND, "SRCDOM": "DS", "COLUMN": "DSDECOD",
           "N_ROWS": subjects.height, "QUESTION": question}  # fmt: skip
    return asked(pl.DataFrame([row]), answers)


def _answers(known: Known, rows: pl.DataFrame) -> list[pl.DataFrame]:
    return [
        rows.with_columns(HOW=pl.lit("leave"), DAYS="FUPDY"),
        rows.with_columns(HOW=pl.lit("follow"), DAYS=pl.lit(known.longest)),
    ]
