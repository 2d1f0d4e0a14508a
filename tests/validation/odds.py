"""Our odds ratios, ordered grades and pooled proportion, under the names of validation/grades.R."""

from __future__ import annotations

import numpy as np

from pipeline.stats.exact_test import fisher_exact
from pipeline.stats.meta_analysis import pool_proportions
from pipeline.stats.odds_ratio import conditional_odds_ratio, firth_odds_ratio, odds_ratio
from pipeline.stats.proportional_odds import ProportionalOdds, proportional_odds
from tests.validation.grades import CUTS, LIMITS, reached
from tests.validation.subjects import Numbers, column, columns, fields, numbers


def ours() -> Numbers:
    return two_by_two() | ordered() | pooled()


def two_by_two() -> Numbers:
    names = ("fisher", "conditional_odds_ratio", "odds_ratio", "firth_odds_ratio")
    made: Numbers = {name: {} for name in names}
    for cut in CUTS:
        cells = (*reached(cut, "car_t"), *reached(cut, "bispecific"))
        name = f"grade >= {cut}"
        made["fisher"][f"{name} p"] = fisher_exact(*cells)
        made["conditional_odds_ratio"] |= fields(name, conditional_odds_ratio(*cells), **LIMITS)
        made["odds_ratio"] |= fields(name, odds_ratio(*cells), **LIMITS)
        if cut >= 3:
            made["firth_odds_ratio"] |= fields(name, firth_odds_ratio(*cells), **LIMITS)
    (x, n), (_, m) = reached(4, "car_t"), reached(4, "bispecific")
    empty = firth_odds_ratio(x, n, 0, m)
    made["firth_odds_ratio"] |= fields("no event in one arm", empty, **LIMITS)
    return made


def ordered() -> Numbers:
    grade, arm = numbers("grade"), numbers("arm")
    alone = proportional_odds(grade, arm)
    adjusted = proportional_odds(grade, arm, np.column_stack([column("age"), column("disease")]))
    test = alone.proportionality
    return {
        "proportional_odds": _fit("arm", alone) | _fit("arm and covariates", adjusted),
        "nominal_test": {"arm statistic": test.value, "arm p": test.p},
    }


def pooled() -> Numbers:
    study = np.unique(columns()["study"], return_inverse=True)[1]
    events = np.bincount(study, numbers("code") == 1).astype(np.int64)
    fit = pool_proportions(events, np.bincount(study).astype(np.int64))
    names = {"logit": "logit", "se": "se", "tau2": "tau2"}
    return {"pooled_proportion": fields("any CRS", fit, **names)}


def _fit(name: str, fit: ProportionalOdds) -> dict[str, float]:
    names = {"coefficient": "coefficient", "se": "se", "log-likelihood": "loglik"}
    return fields(name, fit, **names)
