"""Time to event of a study (ADTTE), with the subjects and episodes that it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.query import Query
from pipeline.schemas.tables import TABLES
from pipeline.schemas.tables.adtte import Adtte
from pipeline.stats.systems import GradedSystem, graded_systems
from pipeline.study import Study
from pipeline.table import Table, frame_of

_REQUIRED = ("adsl", "doses", "episodes", "grades")
_STEPS = (
    "treated",
    "crs_episodes",
    "grade_reached",
    "time_to_crs",
    "time_to_crs_from_last_dose",
    "time_to_maximum",
    "time_to_recovery",
    "time_to_recovery_from_maximum",
    "time_to_tocilizumab",
    "adtte",
)
_KEPT = ("treated", "crs_episodes", "grade_reached", "adtte")
_OPTIONAL = ("interventions", "covariates", "signs", "events", "labs", "grade_days")


@dataclass(frozen=True, eq=False)
class Timing:
    """What the analyses of one study read."""

    systems: list[GradedSystem]
    treated: pl.DataFrame
    episodes: pl.DataFrame
    reached: pl.DataFrame
    """First day of each grade that a counted episode reached."""
    adtte: pl.DataFrame
    doses: pl.DataFrame
    interventions: pl.DataFrame
    covariates: pl.DataFrame
    signs: pl.DataFrame
    events: pl.DataFrame
    labs: pl.DataFrame
    grade_days: pl.DataFrame


def derive_timing(tables: Mapping[str, Table], study: Study) -> Timing:
    """ADTTE for every system and basis that the study has.

    Args:
        tables: adsl, doses, episodes and grades; grade_days (the day on which a grade was first
            reached), interventions (tocilizumab), covariates, signs, events and labs where the
            study has them.
        study: the study's own description.
    """
    frames = {name: frame_of(tables[name]) for name in _REQUIRED}
    for name in _OPTIONAL:
        given = tables.get(name)
        frames[name] = TABLES[name].create_empty() if given is None else frame_of(given)
    systems = graded_systems(frames["grades"], study)
    usable = [(s.SYSTEM, s.BASIS) for s in systems if s.REASON is None]
    pairs = pl.DataFrame(usable, schema={"SYSTEM": pl.String, "BASIS": pl.String}, orient="row")
    with Query(frames | {"pairs": pairs}) as query:
        query.define("macros")
        query.define("stats/macros")
        params = {"ae_collection_days": study.ae_collection_days}
        for name in _STEPS:
            query.make("stats", name, params)
        made = {name: query.frame(name) for name in _KEPT}
    adtte = made["adtte"].select(Adtte.column_names())
    return Timing(
        systems,
        made["treated"],
        _placed_late(made["crs_episodes"], frames["episodes"], made["treated"]),
        made["grade_reached"],
        Adtte.validate(adtte, cast=True),
        _planned(frames["doses"], study),
        *(frames[name] for name in _OPTIONAL),
    )


def _placed_late(crs: pl.DataFrame, episodes: pl.DataFrame, treated: pl.DataFrame) -> pl.DataFrame:
    """The episodes with LATESTDY, the last day on which onset may have been.

    Rule: ASTDY where the day is stated, else the last day of the stated month or year, but not
    after the episode's end, follow-up, death or discontinuation. Without dates it is ASTDY.
    """
    key = ["STUDYID", "USUBJID", "EPISEQ"]
    day = pl.col("ASTDTM").dt.date()
    year_end = day.dt.truncate("1y").dt.offset_by("1y").dt.offset_by("-1d")
    end = pl.when(STPREC="month").then(day.dt.month_end()).when(STPREC="year").then(year_end)
    ends = episodes.select(*key, END=end)
    stops = treated.select(*key[:2], "DSDY")
    last = (pl.col("END") - pl.col("REFDT")).dt.total_days() + 1
    capped = pl.min_horizontal(last, "AENDY", "FUPDY", "DTHDY", "DSDY")
    latest = pl.when(last.is_not_null()).then(pl.max_horizontal(capped, "ASTDY"))
    return (
        crs.join(ends, on=key, how="left", maintain_order="left")
        .join(stops, on=key[:2], how="left", maintain_order="left")
        .with_columns(LATESTDY=latest.otherwise("ASTDY"))
        .drop("END", "DSDY")
    )


def _planned(doses: pl.DataFrame, study: Study) -> pl.DataFrame:
    """The doses with PLANDY, the schedule's day of their level.

    Null where the level has no name in the schedule, or stands there on more than one day.
    """
    days: dict[str, list[int]] = {}
    for step in study.schedule:
        days.setdefault(step.name, []).append(step.day)
    once = {name: found[0] for name, found in days.items() if len(found) == 1}
    plan = pl.DataFrame(list(once.items()), ["DOSELVL", "PLANDY"], orient="row").cast(
        {"DOSELVL": pl.String, "PLANDY": pl.Int64}
    )
    return doses.join(plan, on="DOSELVL", how="left", maintain_order="left")
