import numpy as np
import pytest

from pipeline.stats import logrank as module
from pipeline.stats.disagreement import DisagreementError
from pipeline.stats.logrank import logrank_statistic, logrank_test
from tests.stats.hand_typed import CODE, GROUP, STRATUM, TIME
from tests.stats.reference import (
    codes,
    column,
    competing,
    expected,
    needs_reference,
    rows,
    same,
)


def veteran():
    table = rows("veteran.csv")
    arm = np.array([int(r["arm"] == "test") for r in table])
    cell = np.unique([r["celltype"] for r in table], return_inverse=True)[1]
    return column(table, "time"), codes(table, "status"), arm, cell


@needs_reference
def test_veteran_agrees_with_survdiff():
    time, event, arm, cell = veteran()
    want = expected("veteran_expected.json")["logrank"]
    plain = logrank_test(time, event, arm)
    assert same(plain.test.value, want["chisq"])
    assert same(plain.test.p, want["p"])
    assert plain.observed.tolist() == list(want["observed"].values())
    assert np.allclose(plain.expected, list(want["expected"].values()), atol=1e-8)
    assert same(logrank_test(time, event, arm, rho=1).test.value, want["peto_rho1"]["chisq"])
    assert same(logrank_test(time, event, arm, cell).test.value, want["stratified"]["chisq"])


@needs_reference
@pytest.mark.parametrize("dataset", ["mgus2_cr", "mets_bmt", "Melanoma"])
def test_cause_specific_hazards_agree_with_survdiff(dataset):
    table = rows(f"{dataset}.csv")
    group = np.unique([r["group"] for r in table], return_inverse=True)[1]
    got = logrank_test(column(table, "time"), codes(table, "status"), group)
    (want,) = (v for s, _, v in competing(dataset) if s == "cause_specific_logrank_chisq")
    assert same(got.test.value, want)


def test_three_groups_agree_with_survdiff():
    # survdiff(Surv(tm, st == 1) ~ g + strata(s))$chisq and survdiff(..., rho = 1)$chisq
    assert logrank_test(TIME, CODE, GROUP, STRATUM).test.value == pytest.approx(1.93601131292)
    assert logrank_test(TIME, CODE, GROUP, rho=1).test.value == pytest.approx(0.402845857548)


def test_competing_events_are_censored():
    as_censored = np.where(CODE == 1, 1, 0)
    assert logrank_statistic(TIME, CODE, GROUP) == logrank_statistic(TIME, as_censored, GROUP)


def test_expected_events_add_up_to_the_observed():
    got = logrank_test(TIME, CODE, GROUP, STRATUM)
    assert got.expected.sum() == pytest.approx(got.observed.sum())


def test_where_nothing_can_be_told_there_is_no_statistic():
    one_group = logrank_test(TIME, CODE, GROUP * 0)
    assert np.isnan(one_group.test.value)
    assert np.isnan(logrank_test(TIME, CODE * 0, GROUP).test.p)


def test_a_difference_from_lifelines_is_an_error(monkeypatch):
    # at risk counted after the day's events
    real = module.count_groups

    def late(*args):
        counts = real(*args)
        gone = counts.event + counts.competing
        return counts._replace(at_risk=counts.at_risk - gone + (gone > 0))

    monkeypatch.setattr(module, "count_groups", late)
    with pytest.raises(DisagreementError, match="log-rank"):
        logrank_test(TIME, CODE, GROUP)
