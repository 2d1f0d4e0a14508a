"""Subjects: who was treated, when, with what."""

from __future__ import annotations

from pipeline.assets.study_stage import study_stage

subjects = study_stage("subjects", kinds={"polars", "duckdb"})
