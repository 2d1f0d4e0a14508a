"""What each subject and each copy gives to the headlines, by the statistics' own derivations."""

from __future__ import annotations

import polars as pl

from pipeline.queries.known import Known
from pipeline.queries.subjects_anew import UNIT, with_copies
from pipeline.query import Query
from pipeline.schemas.tables import TABLES
from pipeline.stats.analyses.grade_distribution import worst_grades
from pipeline.stats.analyses.interventions import GIVEN
from pipeline.stats.ard import Label
from pipeline.stats.population import Population
from pipeline.stats.systems import GradedSystem

_STEPS = ("treated", "crs_episodes", "grade_reached", "time_to_crs", "time_to_recovery")


def derive_outcomes(known: Known, pair: GradedSystem, units: pl.DataFrame) -> pl.DataFrame:
    """One row per treated subject and per copy: what the headlines are counted from.

    Returns:
        USUBJID, COHORT, COLLDY, WORST (grade, NA), CRS_T and CRS_C (time and code of TTCRS),
        ONSET, REC_T and REC_C (TTREC), DURATION, TOCI.

    Args:
        known: the study.
        pair: system and basis of the headlines.
        units: edits with the names of their copies.
    """
    frames = with_copies(known, units)
    labelled = {"SYSTEM": pl.lit(pair.SYSTEM), "BASIS": pl.lit(pair.BASIS)}
    nulls = {"MAXDY": pl.lit(None, pl.Int64)}
    frames["grades"] = frames["grades"].with_columns(**labelled, **nulls)
    frames["pairs"] = pl.DataFrame({"SYSTEM": [pair.SYSTEM], "BASIS": [pair.BASIS]})
    # The day of the maximum tells no headline anything.
    frames["grade_days"] = TABLES["grade_days"].create_empty()
    with Query(frames) as query:
        query.define("macros")
        query.define("stats/macros")
        for step in _STEPS:
            query.make("stats", step, {"ae_collection_days": known.study.ae_collection_days})
        treated, episodes = query.frame("treated"), query.frame("crs_episodes")
        times = "select USUBJID, ADY - STARTDY + 1 as T, EVCODE as C from"
        crs = query.sql(f"{times} time_to_crs where PARAMCD = 'TTCRS'")
        recovery = query.sql(f"{times} time_to_recovery")
    return _gathered(known, units, _population(known, pair, treated, episodes), crs, recovery)


def _population(
    known: Known, pair: GradedSystem, treated: pl.DataFrame, episodes: pl.DataFrame
) -> Population:
    """Subjects and copies as the statistics look at them; what no headline needs is empty."""
    treated = treated.sort("USUBJID").with_row_index("SUBJ").cast({"SUBJ": pl.Int64})
    numbers = treated.select("USUBJID", "SUBJ")
    episodes = episodes.join(numbers, on="USUBJID", maintain_order="left")
    label = Label(known.study.study, known.study.data_kind, None, pair.SYSTEM, pair.BASIS, None)
    none = pl.DataFrame()
    return Population(
        label, treated, episodes, none, none, none, none, none, none, none, none, none
    )


def _gathered(
    known: Known,
    units: pl.DataFrame,
    pop: Population,
    crs: pl.DataFrame,
    recovery: pl.DataFrame,
) -> pl.DataFrame:
    first = pop.first.select(
        "USUBJID",
        ONSET=pl.col("ONSET_D_FIRST").cast(pl.Float64),
        DURATION=pl.when("RECOVERED").then(pl.col("AENDY") - pl.col("ASTDY") + 1).cast(pl.Float64),
    )
    worst = worst_grades(pop).select("USUBJID", "COHORT", "COLLDY", "WORST")
    return (
        worst.join(crs.rename({"T": "CRS_T", "C": "CRS_C"}), on="USUBJID", how="left")
        .join(recovery.rename({"T": "REC_T", "C": "REC_C"}), on="USUBJID", how="left")
        .join(first, on="USUBJID", how="left")
        .join(_tocilizumab(known, units, pop), on="USUBJID", how="left")
        .sort("USUBJID")
    )


def _tocilizumab(known: Known, units: pl.DataFrame, pop: Population) -> pl.DataFrame:
    """Those with CRS, and whether tocilizumab was given in a counted episode."""
    counted = pop.counted.select("USUBJID", "EPISEQ")
    given = known.frame("interventions").filter(
        pl.col("CLASS") == "tocilizumab", pl.col("INTENT").is_in(GIVEN)
    ).select("USUBJID", "EPISEQ")  # fmt: skip
    copies = units.join(given, on="USUBJID").select(USUBJID=UNIT, EPISEQ="EPISEQ")
    answered = units.filter(HOW="toci").select(USUBJID=UNIT, EPISEQ="EPI")
    used = pl.concat([given, copies, answered]).unique().with_columns(USED=pl.lit(value=True))
    return (
        counted.join(used, on=["USUBJID", "EPISEQ"], how="left")
        .group_by("USUBJID")
        .agg(TOCI=pl.col("USED").fill_null(value=False).any().cast(pl.Float64))
    )
