"""The weighted hazard ratio beside the weighted incidences."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.stats.analyses.adjusted_hazard import add_adjusted_hazards
from pipeline.stats.cox import cox
from tests.stats.analyses.pairs import adjustment, rows_of_pair, treated
from tests.stats.analyses.rows import one
from tests.stats.test_study import check_sets

HANDS = (treated("A", "car_t", 60, older=16), treated("B", "bispecific", 50))


@pytest.fixture(scope="module")
def rows():
    return rows_of_pair(add_adjusted_hazards, *HANDS)


def test_it_is_the_robust_weighted_cox_of_the_same_subjects(rows):
    adj, _ = adjustment(HANDS)
    parts = [p.times("TTCRS") for p in adj.pair.sides]
    time, code, who = (np.concatenate(x) for x in zip(*parts, strict=True))
    group = np.repeat([1, 0], [60, 50])
    weight = dict(zip(adj.design.who, adj.weights["ATO"], strict=True))
    fit = cox(
        time, (code == 1).astype(np.int64), group[:, None].astype(float),
        weight=np.array([weight[s] for s in who]), cluster=np.arange(110),
    )  # fmt: skip
    row = one(rows, GROUP="ATO", STAT="hazard_ratio")
    assert row["VALUE"] == pytest.approx(float(np.exp(fit.coef[0])), rel=1e-9)
    assert row["LOW"] == pytest.approx(float(np.exp(fit.coef[0] - 1.959964 * fit.se[0])), rel=1e-6)
    assert (row["N"], row["EVENTS"]) == (110, int((code == 1).sum()))
    assert "robust" in row["METHOD"]
    assert "non-randomised" in row["METHOD"]


def test_trimming_leaves_out_those_whom_only_one_cohort_could_have(rows):
    adj, _ = adjustment(HANDS)
    outside = int((adj.weights["TRIM"] == 0).sum())
    assert outside > 0
    row = one(rows, GROUP="TRIM")
    assert row["STATUS"] == "not_available" or row["N"] == 110 - outside


def test_a_refused_weighting_has_a_reason(rows):
    row = one(rows, GROUP="ATT")
    assert (row["STATUS"], row["VALUE"]) == ("not_available", None)


def test_without_events_in_one_cohort_there_is_none():
    quiet = treated("B", "bispecific", 50)
    quiet.rows["episodes"], quiet.rows["grades"] = [], []
    row = one(rows_of_pair(add_adjusted_hazards, HANDS[0], quiet), GROUP="ATO")
    assert row["STATUS"] == "not_estimable"
    assert "both arms need" in row["REASON"]


def test_the_sets_hold_who_is_counted():
    adj, ard = adjustment(HANDS)
    add_adjusted_hazards(adj, ard)
    check_sets(*ard.frames())
