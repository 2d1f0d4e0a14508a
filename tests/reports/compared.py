"""Result rows that set two cohorts side by side, typed by hand; 30 subjects in each cohort."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import polars as pl

from tests.reports.courses import frame

Row = dict[str, Any]
DIFFERENCE = "car_t - bispecific"
WORDS = (
    "overlap weights (ATO): subjects who might have got either; logistic propensity on AGE; "
    "indication and line shared: lymphoma, 3L"
)
REFUSED = "no adjusted comparison, because study.yaml of BSP gives no line"


def row(result: str, variable: str, stat: str, value: float | None, **other: Any) -> Row:
    base: Row = {
        "STUDYID": "ALL", "DATA_KIND": "real", "COHORT": DIFFERENCE, "SYSTEM": "ASTCT2019",
        "BASIS": "collected", "PRIMARY": "Y", "RESULT": result, "VARIABLE": variable, "STAT": stat,
        "VALUE": value, "UNIT": "fraction", "METHOD": "counted", "STATUS": "ok", "N": 60,
        "POPULATION": "treated subjects; studies BSP, CAR", "PLANVER": "test",
        "DENOM": "treated subjects",
    }  # fmt: skip
    made = base | other
    text = repr(sorted(made.items(), key=str)).encode()
    made["RESULTID"] = hashlib.sha256(text).hexdigest()[:16]
    return made


def ne(result: str, variable: str, stat: str, reason: str, **other: Any) -> Row:
    return row(result, variable, stat, None, STATUS="not_estimable", REASON=reason, **other)


def meta() -> list[Row]:
    """Two CAR-T studies, one bispecific study without a grade; too few to pool."""
    out: list[Row] = []
    for cut, shares in {">=1": {"CAR": 0.8, "CAS": 0.6}, ">=3": {"CAR": 0.2, "CAS": 0.0}}.items():
        base = {"COHORT": "car_t", "LEVEL": cut}
        for study, p in shares.items():
            limits = {"LOW": max(p - 0.1, 0.0), "HIGH": p + 0.1, "N": 15, "EVENTS": round(15 * p)}
            where = {"GROUPVAR": "STUDYID", "GROUP": study}
            out.append(row("meta", "MAXGRADE", "proportion", p, **base, **limits, **where))
        for stat, value in (("lowest", min(shares.values())), ("highest", max(shares.values()))):
            out.append(row("meta", "MAXGRADE", stat, value, N=30, **base))
        why = "not estimable, because pooling needs 5 studies and there are 2"
        pooled = ("pooled_proportion", "prediction_interval")
        out += [ne("meta", "MAXGRADE", stat, why, N=30, **base) for stat in pooled]
    where = {"COHORT": "bispecific", "GROUPVAR": "STUDYID", "GROUP": "BSP", "N": 30}
    shared = {"LOW": 0.1, "HIGH": 0.6, "EVENTS": 9}
    out.append(row("meta", "MAXGRADE", "proportion", 0.3, LEVEL=">=1", **where, **shared))
    absent = {"STATUS": "not_available", "REASON": "not available, because no episode has a grade"}
    out.append(row("meta", "MAXGRADE", "proportion", None, LEVEL=">=3", **where, **absent))
    return out


def differences() -> list[Row]:
    out = [
        row("difference", "TTCRS", "cif_difference", 0.3, TIME=day, LOW=0.1, HIGH=0.5, EVENTS=30,
            LEVEL="landmark")
        for day in (7.0, 28.0)
    ]  # fmt: skip
    out.append(row("difference", "MAXGRADE", "risk_difference", 0.1, LEVEL=">=3", LOW=-0.1,
                   HIGH=0.3, EVENTS=6))  # fmt: skip
    out.append(row("difference", "TTCRS", "rmtl_difference", 4.5, TIME=28.0, LOW=1.0, HIGH=8.0,
                   UNIT="days", LEVEL="summary", EVENTS=30))  # fmt: skip
    return out


def adjusted() -> list[Row]:
    """ATO with its companions, ATE without limits, ATT refused by a guard; e-values of day 28."""
    base = {"GROUPVAR": "WEIGHTS", "N": 50, "EVENTS": 25, "TIME": 28.0}
    limits = {"LOW": 0.05, "HIGH": 0.35}
    out = [
        row("adjusted", "TTCRS", "cif_difference", 0.2, GROUP="ATO", LEVEL=level, **base, **limits)
        for level in ("landmark", "landmark_robust", "landmark_doubly_robust")
    ]
    why = "limits not estimable, because 200 of 1000 bootstrap replicates failed"
    ate = {"GROUP": "ATE", "LEVEL": "landmark", "REASON": why}
    out.append(row("adjusted", "TTCRS", "cif_difference", 0.25, **base, **ate))
    why = "no adjusted comparison, because one subject has 9.0% of the weight"
    att = {"GROUP": "ATT", "LEVEL": "landmark", "STATUS": "not_available", "REASON": why}
    out.append(row("adjusted", "TTCRS", "cif_difference", None, **base, **att))
    ato = base | {"GROUP": "ATO"}
    for arm, p in (("car_t", 0.7), ("bispecific", 0.5)):
        own = {"COHORT": arm, "LEVEL": "landmark", "N": 25, "EVENTS": 15}
        out.append(row("adjusted", "TTCRS", "cumulative_incidence", p, **ato | own | limits))
    ratio = ato | {"UNIT": "ratio", "LEVEL": "landmark"}
    out.append(row("adjusted", "TTCRS", "risk_ratio", 1.4, **ratio, LOW=1.1, HIGH=1.8))
    out.append(row("adjusted", "TTCRS", "e_value", 2.15, **ratio))
    tipping = ratio | {"LEVEL": "prevalence 30% and 10%"}
    out.append(row("adjusted", "TTCRS", "tipping_ratio", 3.2, **tipping))
    return out


def refused() -> list[Row]:
    return [
        row("adjusted", "TTCRS", "cif_difference", None, GROUP=w, TIME=28.0, LEVEL="landmark",
            STATUS="not_available", REASON=REFUSED)
        for w in ("ATO", "ATE", "ATT")
    ] + [
        row("balance", "PROPENSITY", "smd", None, GROUP="unweighted", STATUS="not_available",
            REASON=REFUSED)
    ]  # fmt: skip


def balance() -> list[Row]:
    """AGE and both levels of SEX, before and after overlap weighting; propensities in two bins."""
    out: list[Row] = []
    for weights, smd in (("unweighted", 0.4), ("ATO", 0.0)):
        base = {"GROUPVAR": "WEIGHTS", "GROUP": weights, "METHOD": f"difference of means; {WORDS}"}
        sd = {"UNIT": "standard deviations", "N": 50}
        out.append(row("balance", "AGE", "smd", smd, **base, **sd))
        out.append(row("balance", "SEX", "smd", smd, LEVEL="F", **base, **sd))
        out.append(row("balance", "SEX", "smd", -smd, LEVEL="M", **base, **sd))
        for arm, age in (("car_t", 60.0 + 4 * smd), ("bispecific", 60.0)):
            own = {"COHORT": arm, "N": 25}
            out.append(row("balance", "AGE", "mean", age, UNIT="its unit", **base, **own))
            for level, n in (("F", 10), ("M", 15)):
                share = {"LEVEL": level, "EVENTS": n}
                out.append(row("balance", "SEX", "proportion", n / 25, **base, **own, **share))
            for stat, unit, value in (
                ("effective_sample_size", "subjects", 24.5),
                ("effective_share", "fraction", 0.98),
                ("largest_weight", "fraction", 0.05),
            ):
                out.append(row("balance", "WEIGHTS", stat, value, UNIT=unit, **base, **own))
    for arm, counts in (("car_t", (10, 15)), ("bispecific", (20, 5))):
        for level, n in zip(("0.00-0.50", "0.50-1.00"), counts, strict=True):
            own = {"COHORT": arm, "N": 25, "GROUPVAR": "WEIGHTS", "GROUP": "unweighted"}
            here = {"LEVEL": level, "EVENTS": n, "UNIT": "subjects"}
            out.append(row("balance", "PROPENSITY", "n", float(n), **own, **here))
    return out


def hazards() -> list[Row]:
    base = {"LEVEL": "cox_efron", "UNIT": "ratio", "EVENTS": 30}
    method = "non-randomised comparison, descriptive; cause-specific hazard ratio of car_t"
    out = [row("comparison", "TTCRS", "hazard_ratio", 2.5, LOW=1.2, HIGH=5.25, METHOD=method,
               **base)]  # fmt: skip
    why = "not estimable, because both arms need 3 events and there are 30 and 0"
    out.append(ne("comparison", "TTCRSD", "hazard_ratio", why, **base))
    gray = {"LEVEL": "gray", "EVENTS": 30}
    out.append(row("comparison", "TTCRS", "p_value", 0.0123, UNIT="probability", **gray))
    check = {"LEVEL": "ph_km", "EVENTS": 30}
    out.append(row("comparison", "TTCRS", "chisq", 3.1, UNIT="chi-square", **check))
    out.append(row("comparison", "TTCRS", "p_value", 0.078, UNIT="probability", **check))
    for arm, day, value in (("car_t", 2.0, 1.1), ("bispecific", 2.0, -2.0), ("car_t", 5.0, 1.4)):
        at = {"GROUPVAR": "COHORT", "GROUP": arm, "TIME": day, "LEVEL": "residuals", "EVENTS": 3}
        unit = {"UNIT": "log hazard ratio"}
        out.append(row("comparison", "TTCRS", "scaled_schoenfeld_residual", value, **at, **unit))
    return out


def odds() -> list[Row]:
    ratio = {"UNIT": "ratio", "EVENTS": 30}
    common = {"LEVEL": "summary", "LOW": 1.1, "HIGH": 3.9}
    infinite = "not estimable, because in one cohort nobody or everybody reached it"
    return [
        row("grade_odds", "MAXGRADE", "common_odds_ratio", 2.0, **ratio, **common),
        row("grade_odds", "MAXGRADE", "odds_ratio", 3.0, LEVEL=">=1", LOW=1.2, HIGH=7.5, **ratio),
        ne("grade_odds", "MAXGRADE", "odds_ratio", infinite, LEVEL=">=3", **ratio),
        row("grade_odds", "MAXGRADE", "firth_odds_ratio", 6.0, LEVEL=">=3", LOW=0.9, HIGH=90.0,
            **ratio),
        row("grade_odds", "MAXGRADE", "p_value", 0.03, LEVEL=">=1", UNIT="probability"),
    ]  # fmt: skip


def sensitivity() -> list[Row]:
    limits = {"LOW": 0.1, "HIGH": 0.5, "EVENTS": 30, "TIME": 28.0}
    out = [
        row("sensitivity", "TTCRS", "cif_difference", 0.3, LEVEL=level, **limits)
        for level in ("without study CAS", "onset one day later", "as planned")
    ]
    why = "not estimable, because one cohort was not followed to day 60"
    out.append(ne("sensitivity", "TTCRS", "cif_difference", why, LEVEL="window of 60 days",
                  TIME=60.0, EVENTS=30))  # fmt: skip
    planned = {"LEVEL": "recovery as planned: death competes"}
    out.append(row("sensitivity", "TTREC", "cif_difference", -0.1, **limits, **planned))
    return out


def everything() -> list[Row]:
    return [*meta(), *differences(), *adjusted(), *balance(), *hazards(), *odds(), *sensitivity()]


def rows(*parts: list[Row]) -> pl.DataFrame:
    return frame("results", [r for part in parts for r in part])


def text(html: str) -> str:
    """What a reader sees of it."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.replace("<wbr>", "")).split())
