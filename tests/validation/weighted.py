"""Our propensity, weights, balance and weighted curves, as validation/weighted.R names them."""

from __future__ import annotations

import numpy as np

from pipeline.stats.arrays import Floats
from pipeline.stats.balance import balance, effective_size
from pipeline.stats.propensity import balancing_weights, fit_propensity, model_matrix
from pipeline.stats.weighted_incidence import weighted_incidence
from tests.validation.subjects import COHORTS, DAYS, Numbers, column, fields, numbers, observed, who

COVARIATES = ("age", "sex", "lines", "disease")
SCHEMES = {"overlap": "ATO", "ate": "ATE", "att": "ATT"}
AT = {"value": "value", "se": "se", "low": "low", "high": "high"}
SOME = slice(None, None, 40)


def ours() -> Numbers:
    score = scores()
    made: Numbers = {
        "propensity": {f"subject {i}": float(score[i - 1]) for i in numbers("id")[SOME]},
        "weighted_incidence": {},
        "effective_sample_size": {},
        "standardised_mean_difference": {},
    }
    for scheme, weight in schemes(score).items():
        for cohort in COHORTS:
            mine = who(cohort)
            fit = weighted_incidence(*observed("onset", cohort), weight[mine])
            for day in DAYS:
                name = f"{scheme} {cohort} day {day}"
                made["weighted_incidence"] |= fields(name, fit.at(day), **AT)
            size = effective_size(weight[mine])
            made["effective_sample_size"][f"{scheme} {cohort} n"] = size
        for name in COVARIATES:
            smd = balance(column(name), numbers("arm"), weight).smd
            made["standardised_mean_difference"][f"{scheme} {name} value"] = smd
    return made


def scores() -> Floats:
    design = model_matrix(np.column_stack([column(name) for name in COVARIATES]))
    return fit_propensity(design, numbers("arm")).score


def schemes(score: Floats) -> dict[str, Floats]:
    arm = numbers("arm")
    made = {name: balancing_weights(ours, score, arm) for name, ours in SCHEMES.items()}
    return {"given": column("weight")} | made
