"""Ingest: the typed SDTM domains of a drop, its ledger and its quarantine."""

from __future__ import annotations

from pipeline.assets.study_stage import study_stage

ingest = study_stage("ingest", kinds={"polars"})
