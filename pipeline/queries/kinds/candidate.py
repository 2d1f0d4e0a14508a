"""Signs of CRS that no record covers."""

from __future__ import annotations

import polars as pl

from pipeline.queries.asked import Asked, asked, ref
from pipeline.queries.known import Known

KIND = "CANDIDATE"
_SPAN = ["USUBJID", "CANDSEQ"]


def ask_candidates(known: Known) -> Asked:
    """One query per possible unreported CRS.

    Rule: it may have been CRS of the grade that its findings give under the system of the headlines
    (1 to 4 where they give none), ended with its last sign or not; or none.
    """
    candidates = known.frame("candidates")
    system = None if known.pair is None else known.pair.SYSTEM
    grades = candidates.filter(pl.col("SYSTEM") == pl.lit(system, pl.String), pl.col("GRADE") > 0)
    fevers = (
        known.lazy("findings")
        .filter(pl.col("LADDER") == "fever")
        .select("USUBJID", "SRCDOM", "SRCSEQ", "START")
        .sort("USUBJID", "START", "SRCSEQ")
        .unique(["USUBJID", "START"], keep="first", maintain_order=True)
        .collect()
    )
    rows = (
        candidates.unique(_SPAN, keep="first", maintain_order=True)
        .drop("GRADE")
        .join(grades.select(*_SPAN, "GRADE"), on=_SPAN, how="left", maintain_order="left")
        .join(fevers, on=["USUBJID", "START"], how="left", maintain_order="left")
        .with_columns(
            KIND=pl.lit(KIND), REF=ref(KIND, "USUBJID", "ASTDY", "SRCDOM", "SRCSEQ"),
            QUESTION=pl.format(
                "Fever after a dose on day {} with no CRS record: was it CRS? If so, send the "
                "record; if not, its cause.", "ASTDY",
            ),
        )
    )  # fmt: skip
    every = pl.concat_list([pl.lit(g, pl.Int64) for g in range(1, 5)])
    given = pl.when(pl.col("GRADE").is_null()).then(every).otherwise(pl.concat_list("GRADE"))
    ended = rows.with_columns(HOW=pl.lit("add"), GRADE=given).explode("GRADE")
    on = ended.with_columns(AENDY=pl.lit(None, pl.Int64))
    return asked(rows, [ended, on])
