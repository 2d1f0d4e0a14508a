import numpy as np
import pytest

from pipeline.stats.cox import cox
from pipeline.stats.fine_gray import fine_gray
from tests.stats.hand_typed import CODE, COVARIATES, GROUP, TIME
from tests.stats.reference import codes, column, competing, needs_reference, rows, same

MODELS = {
    "mgus2_cr": ("male", "age"),
    "mets_bmt": ("tcell", "platelet", "age"),
    "Melanoma": ("male", "age"),
}


@needs_reference
@pytest.mark.parametrize("dataset", MODELS)
def test_it_agrees_with_crr(dataset):
    table = rows(f"{dataset}.csv")
    terms = MODELS[dataset]
    x = np.stack([column(table, t) for t in terms], axis=1)
    fit = fine_gray(column(table, "time"), codes(table, "status"), x)
    # crr stops up to 2e-6 before its maximum unless told otherwise.
    near = 2e-6
    checked = 0
    for statistic, key, want in competing(dataset):
        term = next(iter(key), None)
        if statistic == "finegray_loglik":
            assert same(fit.loglik, want)
        elif statistic in {"finegray_coef", "finegray_se"}:
            values = fit.coef if statistic == "finegray_coef" else fit.se
            assert same(values[terms.index(term)], want, near)
        else:
            continue
        checked += 1
    assert checked == 2 * len(terms) + 1


def test_tied_days_agree_with_crr_run_to_convergence():
    # crr(tm, st, cbind(x, a), gtol = 1e-12, maxiter = 50)
    fit = fine_gray(TIME, CODE, COVARIATES)
    assert np.allclose(fit.coef, [-0.262930317700, 0.037445732977], atol=1e-10)
    assert np.allclose(fit.se, [0.428465708213, 0.843273866589], atol=1e-10)
    assert fit.loglik == pytest.approx(-18.2685725656)


def test_without_competing_events_it_is_cox_with_breslow_ties_and_robust_error():
    event = np.where(CODE == 2, 0, CODE)
    fit = fine_gray(TIME, event, COVARIATES)
    plain = cox(TIME, event, COVARIATES, ties="breslow", cluster=np.arange(TIME.size))
    assert np.allclose(fit.coef, plain.coef, atol=1e-8)
    assert np.allclose(fit.se, plain.se, atol=1e-8)


@pytest.mark.parametrize(
    ("code", "group", "status"),
    [
        (CODE * (GROUP == 1), GROUP == 1, "monotone"),  # no event in one group
        (CODE * 0, GROUP == 1, "no_information"),
        (CODE, GROUP < 0, "no_information"),
    ],
)
def test_without_a_maximum_there_is_no_ratio(code, group, status):
    fit = fine_gray(TIME, code, group[:, None].astype(float))
    assert fit.status == status
    assert np.isnan([*fit.coef, *fit.se, fit.loglik]).all()


def test_a_row_too_few_is_refused():
    with pytest.raises(ValueError, match="one row"):
        fine_gray(TIME, CODE, COVARIATES[1:])
