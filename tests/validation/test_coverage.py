"""A small run of benchmarks/coverage.py: intervals hold what is computed exactly."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from benchmarks import coverage
from benchmarks.coverage import Arm, exact_coverage, judge, simulate_coverage, truths

REPLICATES = 500
# Where the full run puts each interval at n = 30 per arm (docs/benchmarks.md), with some room.
RANGES = {
    "cumulative incidence, log-log": (0.94, 0.97),
    "the same of a rare event": (0.93, 0.99),
    "difference of cumulative incidences, square-and-add": (0.94, 0.97),
    "difference of restricted time lost, normal": (0.93, 0.96),
    "hazard ratio, Efron, Wald": (0.94, 0.97),
    "Kaplan-Meier, log-log": (0.93, 0.97),
    "median, limits of the curve": (0.95, 1.0),
    "difference of restricted means, normal": (0.93, 0.96),
}


@cache
def small():
    return {row.interval: row for row in simulate_coverage(30, REPLICATES)}


def test_every_simulated_interval_has_a_range():
    assert sorted(small()) == sorted(RANGES) == sorted(truths())


@pytest.mark.parametrize("name", RANGES)
def test_coverage_lies_within_four_monte_carlo_errors_of_its_range(name):
    low, high = RANGES[name]
    row = small()[name]
    room = 4 * np.sqrt(0.05 * 0.95 / REPLICATES)
    assert low - room <= row.covered <= high + room
    assert row.undefined <= 0.03


@pytest.mark.parametrize(("n", "least"), [(5, 0.88), (12, 0.93), (30, 0.94)])
def test_clopper_pearson_holds_its_level_and_newcombe_nearly(n, least):
    exact, newcombe = exact_coverage(n)
    assert exact.covered >= 0.95
    assert newcombe.covered >= least


def test_intervals_of_half_their_width_are_found_out():
    made = np.array([replicate["cumulative incidence, log-log"] for replicate in _replicates()])
    middle = made.mean(axis=1, keepdims=True)
    truth = truths()["cumulative incidence, log-log"]
    assert judge("", 30, truth, made).covered > 0.9
    assert judge("", 30, truth, middle + (made - middle) / 2).covered < 0.8


def test_a_seed_gives_the_same_intervals_again():
    first, again = ([list(r.values()) for r in _replicates()] for _ in range(2))
    assert np.array_equal(np.array(first), np.array(again), equal_nan=True)


def test_truth_of_two_days_by_hand():
    # Day 1: 0.2 with the event, 0.1 compete; day 2: 0.5 of the 0.7 left.
    arm = Arm(np.array([0.2, 0.5]), np.array([0.1, 0.0]))
    assert coverage.true_incidence(arm) == pytest.approx([0.2, 0.55])
    assert coverage.true_time_lost(arm, 3) == pytest.approx(0.2 + 0.55)
    assert coverage.true_median(arm) == 2


def test_drawn_subjects_follow_the_daily_probabilities():
    arm = coverage.FIRST
    time, code = coverage.draw(arm, (1, 200_000), np.random.default_rng(1))
    on_first = (time == 1) & (code == 1)
    # 200000 draws of 0.094: standard error 0.0007; those censored on day 1 had none before.
    assert on_first.mean() == pytest.approx(arm.event[0], abs=0.003)
    assert time.min() == 1
    assert time.max() == 28


def test_an_open_upper_limit_holds_and_a_missing_lower_one_is_not_defined():
    nan = float("nan")
    row = judge("", 3, 5.0, np.array([[4.0, nan], [6.0, nan], [nan, nan], [4.0, 6.0]]))
    assert row.covered == pytest.approx(2 / 3)
    assert row.undefined == pytest.approx(1 / 4)


def test_the_table_has_a_row_per_interval(tmp_path, monkeypatch):
    monkeypatch.setattr(coverage, "SIZES", (12,))
    table = coverage.report(tmp_path, [], replicates=20).splitlines()
    assert table[0] == "| 95 % interval | truth | 12 per arm |"
    assert len(table) == 2 + 2 + len(RANGES)
    assert "exact" in table[2]


def _replicates():
    return list(coverage.simulated(30, 100, seed=3))
