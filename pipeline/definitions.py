"""What Dagster loads: wiring only."""

from __future__ import annotations

import dagster as dg

from pipeline.assets.choices import Choices
from pipeline.assets.crs import crs
from pipeline.assets.ingest import ingest
from pipeline.assets.place import Place
from pipeline.assets.queries import queries
from pipeline.assets.reports import cohort_pages, index_pages, study_pages
from pipeline.assets.resources import study_lock
from pipeline.assets.stats import cohorts, stats
from pipeline.assets.subjects import subjects
from pipeline.watching.clean_up import clean_up, weekly
from pipeline.watching.jobs import ALL, COHORTS_JOB, STUDY
from pipeline.watching.schedules import nightly
from pipeline.watching.sensors import inbox_sensor
from pipeline.watching.watch import watch


def build(place: Place | None = None) -> dg.Definitions:
    """Definitions that work in a place, default that of the environment."""
    return dg.Definitions(
        assets=[
            *(ingest, subjects, crs, stats, queries, study_pages),
            *(cohorts, cohort_pages, index_pages),
        ],
        jobs=[STUDY, COHORTS_JOB, ALL, clean_up],
        schedules=[nightly, weekly],
        sensors=[inbox_sensor, watch],
        resources={
            "place": place or Place(),
            "study_lock": study_lock,
            "choices": Choices.configure_at_launch(),
        },
        # A step in its own process costs seconds and the work is short: studies run side by side.
        executor=dg.in_process_executor,
    )


defs = build()
