"""Jobs, and the requests that start them."""

from __future__ import annotations

import dagster as dg

from pipeline.plan import COHORT_STAGES, MADE, STAGES
from pipeline.watching.stale import Work

KEY = "crsight/key"  # run tag: on what the run's plan rested


def keys_of(stage: str) -> list[dg.AssetKey]:
    """Assets of a stage."""
    own = "study_pages" if stage == "reports" else stage
    return [dg.AssetKey(table) for table in MADE[stage] or (own,)]


STUDY_KEYS = [key for stage in STAGES for key in keys_of(stage)]
COHORT_KEYS = [key for stage in COHORT_STAGES for key in keys_of(stage)]

STUDY = dg.define_asset_job(
    "study",
    selection=dg.AssetSelection.assets(*STUDY_KEYS),
    description="One study, all stages.",
)
COHORTS_JOB = dg.define_asset_job(
    "over_studies",
    selection=dg.AssetSelection.assets(*COHORT_KEYS),
    description="The comparison of cohorts and the front page, over all studies that are ready.",
)
ALL = dg.define_asset_job(
    "night",
    selection=dg.AssetSelection.all(),
    description="What the night starts parts of.",
)


def study_request(work: Work, turn: str, *, job_name: str | None = None) -> dg.RunRequest:
    """A run of the stages that a study needs.

    Dagster starts a run key once, and the key holds on what the plan rests: the same drop twice
    runs once, another drop again.

    Args:
        work: the study's plan.
        turn: which attempt, or which night.
        job_name: the job, where the asker has several.
    """
    stages = [run.stage for run in work.runs]
    return dg.RunRequest(
        run_key=f"{work.key}:{turn}",
        job_name=job_name,
        partition_key=work.study,
        asset_selection=[key for stage in stages for key in keys_of(stage)],
        tags={KEY: work.key, **reasons(work)},
    )


def cohort_request(key: str, turn: str, *, job_name: str | None = None) -> dg.RunRequest:
    """A run of everything over studies; behind the studies' runs where those still wait."""
    return dg.RunRequest(
        run_key=f"{key}:{turn}",
        job_name=job_name,
        asset_selection=COHORT_KEYS,
        tags={"dagster/priority": "-1", KEY: key},
    )


def reasons(work: Work) -> dict[str, str]:
    """Why each stage runs, as run tags that the UI shows."""
    return {f"crsight/why.{run.stage}": run.reason[:200] for run in work.runs}
