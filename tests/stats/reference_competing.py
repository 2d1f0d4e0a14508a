"""Our numbers for the reference sets with competing risks and for the edge cases."""

from __future__ import annotations

import numpy as np

from pipeline.stats.cox import cox
from pipeline.stats.cumulative_incidence import cumulative_incidence
from pipeline.stats.fine_gray import fine_gray
from pipeline.stats.gray import gray_test
from pipeline.stats.kaplan_meier import kaplan_meier
from pipeline.stats.logrank import logrank_test
from pipeline.stats.normal import z_of
from tests.stats.reference import codes, column, rows
from tests.stats.reference_numbers import (
    Numbers,
    aalen_variance,
    by_group,
    gray_numbers,
    incidence_fit,
    logrank,
    model,
    naive,
    quartiles,
    swapped,
    under,
    without_df,
)

MODELS = {
    "mgus2_cr": ("male", "age"),
    "mets_bmt": ("tcell", "platelet", "age"),
    "Melanoma": ("male", "age"),
}
DAYS = {
    "mgus2_cr": (60, 120, 180, 240),
    "mets_bmt": (6, 12, 24, 60),
    "Melanoma": (1000, 2000, 3000),
}


def mgus2() -> Numbers:
    table = rows("mgus2.csv")
    time, code = column(table, "time"), codes(table, "event")
    male = np.array([int(r["sex"] == "M") for r in table])
    x = {"male": male, "age": column(table, "age")}
    got: Numbers = {"meta/n_time_le_0": float((time <= 0).sum())}
    for cause in (1, 2):
        event = (code == cause).astype(int)
        got |= under(f"cox_cause{cause}", model(time, event, x))
    got |= under("cif/gray", gray_numbers(time, code, male))
    specific = logrank_test(time, code, male)
    got |= under("logrank_cause_specific1", logrank(specific, ("F", "M")))
    peto = without_df(logrank_test(time, code, male, rho=1))
    got |= under("logrank_cause_specific1/peto_rho1", peto)
    got |= under("finegray_cause1", subdistribution(time, code, x))
    for sex, chosen in by_group(table, "sex").items():
        got |= under(f"cif/{sex}", incidence(chosen))
        quartile = cumulative_incidence(column(chosen, "time"), codes(chosen, "event")).quantile
        first = {f"q{p:.0f}": quartile(p / 100).value for p in (25, 50, 75)}
        got |= under(f"cif/cif1_first_time_ge/{sex}", first)
    return got


def incidence(chosen) -> Numbers:
    """Both causes of one group at the times of mgus2_expected.json."""
    got: Numbers = {}
    time, code = column(chosen, "time"), codes(chosen, "event")
    for cause, of_cause in ((1, code), (2, swapped(code))):
        fit = cumulative_incidence(time, of_cause)
        for i, t in enumerate((12, 60, 120, 180, 240)):
            at, half = fit.at(t), z_of(0.95) * fit.at(t).se / fit.at(t).value
            numbers = {
                "cif": at.value, "se_survfit": at.se, "lower_loglog": at.low,
                "upper_loglog": at.high, "lower_log": at.value * np.exp(-half),
                "upper_log": min(1.0, at.value * np.exp(half)), "cif_cmprsk": at.value,
                "se_cmprsk_aalen": np.sqrt(aalen_variance(time, of_cause, t)),
                "naive_1mKM": naive(time, of_cause, t), "n_risk": fit.counts.at_risk_at(t),
            }  # fmt: skip
            got |= under(f"cause{cause}/{i}", numbers)
    return got


def subdistribution(time, code, x: dict) -> Numbers:
    fit = fine_gray(time, code, np.stack(list(x.values()), axis=1).astype(float))
    half, got = z_of(0.95) * fit.se, {}
    for i, term in enumerate(x):
        low, high = np.exp([fit.coef[i] - half[i], fit.coef[i] + half[i]])
        got |= {
            f"coef/{term}": fit.coef[i], f"se/{term}": fit.se[i],
            f"shr/{term}": np.exp(fit.coef[i]), f"lower/{term}": low, f"upper/{term}": high,
        }  # fmt: skip
    return got


def edge() -> Numbers:
    got: Numbers = {}
    for case, chosen in by_group(rows("edge.csv"), "case").items():
        time, code = column(chosen, "time"), codes(chosen, "event")
        km = kaplan_meier(time, (code == 1).astype(int))
        got |= under(f"{case}/quantiles", quartiles(km))
        gone = km.counts
        for i in range(km.time.size):
            numbers = {
                "n_risk": gone.at_risk[i], "n_event": gone.event[i], "n_censor": gone.censored[i],
                "surv": km.value[i], "se": km.se[i], "lower": km.low[i], "upper": km.high[i],
            }  # fmt: skip
            got |= under(f"{case}/km/{i}", numbers)
        if case == "crs_and_death_same_day":
            first, second = incidence_fit(chosen)
            for i, t in enumerate(km.time):
                numbers = {"cif1": first.at(t).value, "se1": first.at(t).se}
                numbers |= {"cif2": second.at(t).value, "se2": second.at(t).se}
                numbers |= {"cmprsk1": first.at(t).value}
                numbers |= {"cmprsk_se1": np.sqrt(aalen_variance(time, code, t))}
                got |= under(f"{case}/cif/{i}", numbers)
    return got


def competing_table(dataset: str) -> Numbers:
    """Under the names of competing_risks_R.tsv: the statistic, a space, and the key."""
    table = rows(f"{dataset}.csv")
    time, code = column(table, "time"), codes(table, "status")
    label = np.unique([r["group"] for r in table], return_inverse=True)[1]
    specific = logrank_test(time, code, label).test.value
    got: Numbers = {"cause_specific_logrank_chisq event=1": specific}
    for cause, of_cause in ((1, code), (2, swapped(code))):
        test = gray_test(time, of_cause, label)
        got |= {f"gray_{k} event={cause}": getattr(test, f) for k, f in _GRAY.items()}
    for group, chosen in by_group(table, "group").items():
        got |= _of_group(chosen, group, DAYS[dataset])
    x = np.stack([column(table, term) for term in MODELS[dataset]], axis=1)
    fits = {"finegray_{}": fine_gray(time, code, x), "csh_cox_{}_efron": cox(time, code, x)}
    for name, fit in fits.items():
        for i, term in enumerate(MODELS[dataset]):
            got[f"{name.format('coef')} {term}"] = fit.coef[i]
            got[f"{name.format('se')} {term}"] = fit.se[i]
    got["finegray_loglik "] = fits["finegray_{}"].loglik
    return got


_GRAY = {"stat": "value", "p": "p", "df": "df"}


def _of_group(chosen, group: str, days) -> Numbers:
    time, code = column(chosen, "time"), codes(chosen, "status")
    got: Numbers = {}
    for cause, of_cause in ((1, code), (2, swapped(code))):
        fit = cumulative_incidence(time, of_cause)
        for t in days:
            key = f"group_event={group} {cause};t={t}"
            got[f"cuminc_est {key}"] = fit.at(t).value
            got[f"cuminc_var_aalen {key}"] = aalen_variance(time, of_cause, t)
            if cause == 1:
                key = f"grp={group};t={t}"
                got[f"naive_1_minus_KM {key}"] = naive(time, code, t)
                got[f"survival_AJ_e1 {key}"] = fit.at(t).value
                got[f"survival_AJ_e1_se {key}"] = fit.at(t).se
    return got
