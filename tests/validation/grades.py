"""Our proportions, odds and agreement, under the names of validation/grades.R."""

from __future__ import annotations

import numpy as np

from pipeline.stats.agreement import cross_table, weighted_kappa
from pipeline.stats.proportions import clopper_pearson, wilson
from pipeline.stats.risk_difference import newcombe
from tests.validation.subjects import COHORTS, Numbers, fields, numbers, who

LIMITS = {"value": "value", "low": "low", "high": "high"}
CUTS = (1, 2, 3, 4)


def ours() -> Numbers:
    return proportions() | agreement()


def proportions() -> Numbers:
    made: Numbers = {"clopper_pearson": {}, "wilson": {}, "newcombe": {}}
    for cut in CUTS:
        name = f"grade >= {cut}"
        for cohort in COHORTS:
            x, n = reached(cut, cohort)
            made["clopper_pearson"] |= fields(f"{name} {cohort}", clopper_pearson(x, n), **LIMITS)
            made["wilson"] |= fields(f"{name} {cohort}", wilson(x, n), **LIMITS)
        both = newcombe(*reached(cut, "car_t"), *reached(cut, "bispecific"))
        made["newcombe"] |= fields(name, both, **LIMITS)
    return made


def agreement() -> Numbers:
    table = cross_table(numbers("grade"), numbers("grade_again"), 6)
    return {
        "kappa": fields("linear", weighted_kappa(table, "linear"), **LIMITS, se="se")
        | fields("quadratic", weighted_kappa(table, "quadratic"), **LIMITS, se="se")
    }


def reached(cut: int, cohort: str) -> tuple[int, int]:
    grade = numbers("grade")[who(cohort)]
    return int(np.count_nonzero(grade >= cut)), grade.size
