"""Reports: the pages of each study, of the cohorts, and the front page."""

from __future__ import annotations

from pipeline.assets.cohort_stage import cohort_stage
from pipeline.assets.study_stage import study_stage

study_pages = study_stage("reports", kinds={"plotly"})
cohort_pages = cohort_stage("cohort_pages", group="reports", kinds={"plotly"})
index_pages = cohort_stage("index_pages", group="reports", kinds={"plotly"})
