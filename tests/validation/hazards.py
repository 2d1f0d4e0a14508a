"""Our tests of groups and regressions of hazards, under the names of validation/hazards.R."""

from __future__ import annotations

import numpy as np

from pipeline.stats.chi_square import ChiSquare
from pipeline.stats.cox import Cox, cox
from pipeline.stats.fine_gray import FineGray, fine_gray
from pipeline.stats.firth_cox import firth_cox
from pipeline.stats.gray import gray_test
from pipeline.stats.grouped_hazard import grouped_hazard
from pipeline.stats.logrank import logrank_test
from pipeline.stats.proportional_hazards import proportional_hazards
from tests.validation import weighted
from tests.validation.subjects import Numbers, column, columns, fields, numbers, observed, swapped

TEST = {"statistic": "value", "p": "p"}
LIMITS = {"value": "value", "low": "low", "high": "high"}
TERMS = ("arm", "age", "sex", "lines")


def ours() -> Numbers:
    return {
        **tests(),
        "cox": regressions(),
        "proportional_hazards": proportionality(),
        "grouped_hazard": grouped(),
        "firth_cox": firth(),
        "fine_gray": subdistribution(),
    }


def tests() -> Numbers:
    made: Numbers = {"logrank": {}, "gray": {}}
    arm, disease = numbers("arm"), numbers("disease")
    study = np.unique(columns()["study"], return_inverse=True)[1]
    for clock in ("onset", "grade3"):
        time, code = observed(clock)
        event = (code == 1).astype(np.int64)
        for name, group, strata, rho in (
            ("arms", arm, None, 0),
            ("studies", study, None, 0),
            ("arms by disease", arm, disease, 0),
            ("arms rho 1", arm, None, 1),
        ):
            test = logrank_test(time, event, group, strata, rho).test
            made["logrank"] |= _test(f"{clock} {name}", test)
            if not rho:
                for what, codes in (("event", code), ("competing", swapped(code))):
                    test = gray_test(time, codes, group, strata)
                    made["gray"] |= _test(f"{clock} {name} {what}", test)
    return made


def regressions() -> dict[str, float]:
    time, code = observed("onset")
    event = (code == 1).astype(np.int64)
    arm, every = covariates(1), covariates(4)
    disease, each = numbers("disease"), numbers("id")
    made: dict[str, float] = {}
    for name, fit in (
        ("efron", cox(time, event, arm)),
        ("breslow", cox(time, event, arm, ties="breslow")),
        ("adjusted", cox(time, event, every)),
        ("adjusted breslow", cox(time, event, every, ties="breslow")),
        ("stratified", cox(time, event, arm, strata=disease)),
        ("adjusted stratified", cox(time, event, every, strata=disease)),
    ):
        made |= _terms(name, fit, "se") | _whole(name, fit)
    overlap = weighted.schemes(weighted.scores())["overlap"]
    robust = cox(time, event, arm, cluster=each)
    made |= _terms("robust", robust, "robust se")
    robust = cox(time, event, arm, cluster=each, weight=overlap)
    return made | _terms("overlap weights", robust, "robust se")


def proportionality() -> dict[str, float]:
    time, code = observed("onset")
    event = (code == 1).astype(np.int64)
    made: dict[str, float] = {}
    for name, n in (("efron", 1), ("adjusted", 4)):
        x = covariates(n)
        fit = cox(time, event, x)
        for transform in ("km", "rank", "identity"):
            test = proportional_hazards(fit, time, event, x, transform)
            for term, one in zip(TERMS, test.terms, strict=False):
                made |= _test(f"{name} {transform} {term}", one)
            made |= _test(f"{name} {transform} GLOBAL", test.overall)
    return made


def grouped() -> dict[str, float]:
    made: dict[str, float] = {}
    for clock in ("onset", "grade3"):
        time, code = observed(clock)
        fit = grouped_hazard(time, (code == 1).astype(np.int64), numbers("arm"))
        made |= fields(clock, fit, coefficient="coef", se="se")
    return made


def firth() -> dict[str, float]:
    time, code = observed("onset")
    arm = numbers("arm")
    event = (code == 1).astype(np.int64)
    one_sided = firth_cox(time, event * arm, arm)
    return fields("onset", firth_cox(time, event, arm), **LIMITS) | fields(
        "no event in one arm", one_sided, **LIMITS
    )


def subdistribution() -> dict[str, float]:
    time, code = observed("onset")
    return {
        **_terms("event", fine_gray(time, code, covariates(1)), "se"),
        **_terms("competing", fine_gray(time, swapped(code), covariates(1)), "se"),
        **_terms("event adjusted", fine_gray(time, code, covariates(4)), "se"),
    }


def covariates(n: int) -> np.ndarray:
    """The first n of arm, age, sex and lines, one column each."""
    return np.column_stack([column(name) for name in TERMS[:n]])


def _test(name: str, test: ChiSquare) -> dict[str, float]:
    return {f"{name} statistic": test.value, f"{name} p": test.p}


def _terms(name: str, fit: Cox | FineGray, se: str) -> dict[str, float]:
    made: dict[str, float] = {}
    for i, term in enumerate(TERMS[: fit.coef.size]):
        made |= {f"{name} {term} coefficient": fit.coef[i], f"{name} {term} {se}": fit.se[i]}
    return made


def _whole(name: str, fit: Cox) -> dict[str, float]:
    return {
        f"{name} log-likelihood": fit.loglik[1],
        f"{name} likelihood ratio": fit.lr.value,
        f"{name} score": fit.score.value,
        f"{name} wald": fit.wald.value,
    }
