"""Subjects and doses: who was treated, when the clock starts, how long it was watched."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipeline.query import Query
from pipeline.schemas.tables import TABLES
from pipeline.study import Study, extrt_map
from pipeline.subjects.covariates import derive_covariates
from pipeline.table import Table

TERMS = Path(__file__).parent / "disposition_terms.csv"
NEW_THERAPY = Path(__file__).parent / "new_therapy_terms.csv"


def derive_subjects(tables: Mapping[str, Table], study: Study) -> dict[str, pl.DataFrame]:
    """Derive `doses`, `adsl` and `covariates` from the typed SDTM tables.

    Rule:
        1. Day 1 is the calendar day of the first dose of a trigger product; there is no day 0.
        2. Follow-up ends at death, data cutoff or the stated disposition, whichever is first;
           without a disposition at the last thing recorded.
        3. A disposition for a reason other than completed, ongoing, lost, withdrawal by the subject
           or an administrative one is a discontinuation and competes with CRS; so does the start
           of a new anticancer therapy (by CMCAT or PRCAT), from the day after the first dose.

    Source: CDISC SDTMIG (--DY), ADaMIG (ADSL); DESIGN section 5.
    """
    given = {k: v for k, v in tables.items() if k.startswith("sdtm_")}
    own = tables.get("dm_variables", TABLES["dm_variables"].create_empty())
    with Query({**given, "dm_variables": own}) as q:
        q.define("macros")
        q.add("products", _products(study))
        q.add("schedule", _schedule(study))
        q.add("disposition_terms", pl.read_csv(TERMS))
        q.add("new_therapy_terms", pl.read_csv(NEW_THERAPY))
        doses = q.run("subjects", "doses", study.switches.in_seconds())
        arms = q.sql("select distinct coalesce(ACTARM, ARM, '') as ARM from sdtm_dm order by 1")
        q.add("arms", _cohorts(arms, study))
        q.run("subjects", "last_seen")
        adsl = q.run("subjects", "adsl", {"cutoff": study.data_cutoff})
        covariates = derive_covariates(q, study)
    return {
        "doses": TABLES["doses"].validate(doses, cast=True),
        "adsl": TABLES["adsl"].validate(adsl, cast=True),
        "covariates": TABLES["covariates"].validate(covariates, cast=True),
    }


def _products(study: Study) -> pl.DataFrame:
    rows = [(extrt, name, role) for extrt, (name, role) in extrt_map(study).items()]
    return pl.DataFrame(rows, schema=["EXTRT", "PRODUCT", "ROLE"], orient="row")


def _schedule(study: Study) -> pl.DataFrame:
    return pl.DataFrame(
        [(s.name, s.dose, s.unit, s.day) for s in study.schedule],
        schema={"NAME": pl.String, "DOSE": pl.Float64, "UNIT": pl.String, "DAY": pl.Int64},
        orient="row",
    )


def _cohorts(arms: pl.DataFrame, study: Study) -> pl.DataFrame:
    cohorts = [study.cohort_of(arm) for arm in arms["ARM"]]
    return arms.with_columns(pl.Series("COHORT", cohorts, dtype=pl.String))
