"""Every defect that the simulator plants for a rule is caught by it, and nothing else is taken."""

from __future__ import annotations

import json

import polars as pl
import pytest

from benchmarks.catch import caught_rows, clean_remarks, planted_rows
from pipeline.ingest.drop import ingest_drop
from pipeline.ingest.rules import RULES
from pipeline.simulate.profiles import simulate
from pipeline.study import load_study


@pytest.fixture(scope="module")
def stress(tmp_path_factory):
    """Planted defects, remarks and ledger of a small stress profile."""
    inbox = tmp_path_factory.mktemp("stress")
    drops = simulate("stress", inbox, seed=7, subjects=80)
    made = [ingest_drop(drop, load_study(drop)) for drop in drops]
    truths = [json.loads((inbox / f"{d.name}_truth.json").read_text("utf-8")) for d in drops]
    columns = ["STUDYID", "DOMAIN", "ROW", "USUBJID", "RULE"]
    remarks = pl.concat([m[t].select(columns) for m in made for t in ("quarantine", "notes")])
    return planted_rows(truths), remarks, pl.concat([m["ledger"] for m in made])


def test_every_planted_defect_is_caught_by_its_rule(stress):
    planted, remarks, _ = stress
    found = caught_rows(planted, remarks)
    assert found.filter(~pl.col("CAUGHT")).is_empty()
    assert found["KIND"].n_unique() >= 9


def test_no_row_without_a_defect_is_held_back(stress):
    planted, remarks, ledger = stress
    held = [rule.id for rule in RULES.values() if rule.severity == "quarantine"]
    assert clean_remarks(planted, remarks).filter(pl.col("RULE").is_in(held)).is_empty()
    kept = pl.col("N_ACCEPTED") + pl.col("N_QUARANTINED")
    assert ledger.filter(pl.col("N_READ") != kept).is_empty()
