"""Queries for data management: what to ask first, by how far an answer could move a headline."""

from __future__ import annotations

from pipeline.assets.study_stage import study_stage

queries = study_stage("queries", kinds={"duckdb", "polars"})
