"""CRS: findings, episodes, grades under every system, and the rows that decided them."""

from __future__ import annotations

from pipeline.assets.study_stage import study_stage

crs = study_stage("crs", kinds={"duckdb", "polars"})
