"""Statistics: of each study, and of the cohorts over all studies that are ready."""

from __future__ import annotations

from pipeline.assets.cohort_stage import cohort_stage
from pipeline.assets.study_stage import study_stage

stats = study_stage("stats", kinds={"polars", "lifelines"})
cohorts = cohort_stage("cohorts", group="stats", kinds={"polars", "lifelines"})
