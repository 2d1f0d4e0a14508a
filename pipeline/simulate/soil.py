"""All defects of a study, in a fixed order."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.simulate.dirt import Planting
from pipeline.simulate.dirt_drugs import soil_drugs, soil_exposure, soil_support
from pipeline.simulate.dirt_events import soil_daily, soil_events
from pipeline.simulate.dirt_vitals import soil_labs, soil_vitals
from pipeline.simulate.tables import Drawn


def soil(
    drawn: Drawn, factor: float
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame, list[dict[str, Any]]]:
    """Dirty tables, the truth of the episodes as recorded, and the account of what was planted.

    `factor` 0 leaves the study as it was drawn.
    """
    planting = Planting(drawn, factor)
    if factor > 0:
        _missing_subject(planting)
        soil_events(planting)
        soil_vitals(planting)
        soil_labs(planting)
        soil_drugs(planting)
        soil_support(planting)
        soil_exposure(planting)
        soil_daily(planting)
    tables, account = planting.finish()
    return tables, planting.truth, account


def _missing_subject(p: Planting) -> None:
    """DM lacks a treated subject; every row of that subject is held back."""
    if p.spec.format != "csv":
        return
    treated = pl.col("ACTARM") != "NOT TREATED"
    ids = p.pick("DM", treated, 0.002, at_least=1)
    p.record(
        "dm_row_missing",
        "DM",
        ids,
        "SUBJECT_NOT_IN_DM",
        "the subject has no row in DM",
        affects="rows",
    )
    p.lost = p.tables["DM"].filter(pl.col("_ID").is_in(ids))["SUBJ"].to_list()
    p.drop("DM", ids)
