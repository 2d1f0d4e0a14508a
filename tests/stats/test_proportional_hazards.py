import numpy as np
import pytest

from pipeline.stats.cox import cox
from pipeline.stats.proportional_hazards import proportional_hazards, schoenfeld
from tests.stats.hand_typed import CODE, COVARIATES, GROUP, STRATUM, TIME
from tests.stats.hand_typed import X as ONE
from tests.stats.reference import codes, column, expected, needs_reference, rows, same

TRANSFORMS = ("km", "rank", "identity")


@needs_reference
@pytest.mark.parametrize("transform", TRANSFORMS)
def test_veteran_agrees_with_cox_zph(transform):
    table = rows("veteran.csv")
    arm = np.array([r["arm"] == "test" for r in table], dtype=float)
    data = (
        column(table, "time"),
        codes(table, "status"),
        np.stack([arm, column(table, "karno")], axis=1),
    )
    cell = np.unique([r["celltype"] for r in table], return_inverse=True)[1]
    fit = cox(*data, strata=cell)
    got = proportional_hazards(fit, *data, transform, strata=cell)
    want = expected("veteran_expected.json")["cox_strat_celltype"]["zph"][transform]
    for test, row in zip([*got.terms, got.overall], want, strict=True):
        assert same(test.value, row["chisq"])
        assert same(test.p, row["p"])
        assert test.df == row["df"]


def test_residuals_agree_with_cox_zph():
    # z = cox.zph(coxph(Surv(tm, st == 1) ~ x), "identity"); cbind(z$time, z$y)
    data = (TIME, CODE, ONE[:, None])
    got = schoenfeld(cox(*data), *data)
    want = [
        (1, -1.445491883996), (2, 0.005572664969), (2, 1.814660398828), (3, -1.103872068501),
        (4, -0.718185917630), (5, -1.607577907161), (6, -1.497065394256), (6, -1.095045897843),
    ]  # fmt: skip
    found = sorted(zip(got.time, got.value[:, 0], strict=True))
    assert np.allclose(found, want, atol=1e-10)
    assert (TIME[got.row] == got.time).all()


def test_the_mean_of_the_residuals_is_the_coefficient():
    data = (TIME, CODE, COVARIATES)
    fit = cox(*data, strata=STRATUM)
    got = schoenfeld(fit, *data, strata=STRATUM)
    assert np.allclose(got.value.mean(axis=0), fit.coef, atol=1e-9)


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_the_unit_of_time_changes_nothing_and_no_term_exceeds_all_together(transform):
    data = (TIME, CODE, COVARIATES)
    fit = cox(*data, ties="breslow")
    got = proportional_hazards(fit, *data, transform, ties="breslow")
    scaled = (TIME * 24, CODE, COVARIATES)
    again = proportional_hazards(fit, *scaled, transform, ties="breslow")
    assert again.overall.value == pytest.approx(got.overall.value)
    assert max(t.value for t in got.terms) <= got.overall.value + 1e-9


def test_hazards_that_cross_are_seen():
    # group 1 has its events first, group 0 its own later
    time = np.concatenate([np.arange(1.0, 21), np.arange(15.0, 35)])
    group = np.repeat([1.0, 0.0], 20)[:, None]
    event = np.ones(40, dtype=int)
    time[18:20] = 40  # and two of group 1 stay to the end
    data = (time, event, group)
    assert proportional_hazards(cox(*data), *data).overall.p < 0.01


def test_without_a_fit_or_with_one_day_of_events_there_is_no_test():
    data = (TIME, CODE * (GROUP == 1), (GROUP == 1)[:, None].astype(float))
    fit = cox(*data)
    assert fit.status == "monotone"
    assert np.isnan(proportional_hazards(fit, *data).overall.value)
    time, event = np.full(12, 3.0), np.arange(12) % 2
    x = (np.arange(12) % 3)[:, None].astype(float)
    one_day = (np.where(event == 1, time, 9.0), event, x)
    got = proportional_hazards(cox(*one_day), *one_day)
    assert np.isnan([got.overall.p, got.terms[0].value]).all()
