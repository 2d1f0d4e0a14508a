"""The rules that hold queries to results and to quarantine, and the queries of the drop before."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.assets.breaches import BREACHES
from pipeline.assets.work import finish, run_stage
from pipeline.plan import STAGES
from tests.assets.fakes import FakeStages, empty, of, place, write_drop

START, LOST = "queries_start_from_results", "queries_lose_no_held_back_row"


def asked(**columns):
    base = {"STUDYID": ["A"], "HEADLINE": ["share"], "RESULTID": ["r1"], "VALUE": [0.2],
            "KIND": ["QUARANTINED"], "N_ROWS": [2]}  # fmt: skip
    return {"queries": of("queries", **(base | columns))}


def given(value=0.2, rules=("X", "X")):
    rows = list(range(1, len(rules) + 1))
    return {
        "results": of("results", RESULTID=["r1"], VALUE=[value]),
        "quarantine": of("quarantine", DOMAIN=["AE"] * len(rules), ROW=rows, RULE=list(rules)),
    }


@pytest.mark.parametrize(
    ("columns", "value", "breaches"),
    [
        ({}, 0.2, 0),
        ({"VALUE": [None]}, None, 0),
        ({"HEADLINE": [None], "RESULTID": [None], "VALUE": [None]}, 0.2, 0),
        ({}, 0.3, 1),
        ({"VALUE": [None]}, 0.2, 1),
        ({"RESULTID": ["r2"]}, 0.2, 2),
    ],
)
def test_a_query_starts_from_the_value_in_results(columns, value, breaches):
    assert len(BREACHES[START](asked(**columns), given(value))) == breaches


@pytest.mark.parametrize(
    ("rules", "breaches"),
    [
        (("X", "X"), 0),
        (("X", "X", "DUPLICATE_ROW"), 0),
        (("X",), 1),
        (("X", "X", "X"), 1),
    ],
)
def test_every_held_back_row_but_repeats_is_behind_one_query(rules, breaches):
    assert len(BREACHES[LOST](asked(), given(rules=rules))) == breaches


def test_nothing_held_back_and_nothing_asked():
    none = {"queries": empty("queries")}
    assert BREACHES[LOST](none, given(rules=())) == []
    assert BREACHES[START](none, given()) == []


def test_queries_see_those_of_the_drop_before_and_none_at_the_first(tmp_path):
    seen = []

    class Asking(FakeStages):
        def queries(self, tables, study):
            before = tables.get("queries_before")
            seen.append(None if before is None else pl.read_parquet(before).height)
            return super().queries(tables, study)

    here = place(tmp_path, Asking())
    for run, subjects in (("r1", "S-1"), ("r2", "S-1 S-2")):
        write_drop(here.inbox, "A", subjects)
        for stage in STAGES:
            run_stage(here, "A", stage, run)
        finish(here, "A", run)
    assert seen == [None, 0]
