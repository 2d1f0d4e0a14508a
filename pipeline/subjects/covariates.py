"""Covariates and risk factors: what was known of a subject before the clock started."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from pipeline.query import Query
from pipeline.schemas.codelists import laboratory_codelists, read_rows
from pipeline.schemas.covariate_rules import DEMOGRAPHIC, read_rule
from pipeline.study import Study

RISK_TERMS = Path(__file__).parent / "risk_terms.csv"

# Of every study, whatever its study.yaml says.
_ALWAYS = {"AGE": ("Age (years)", "DM.AGE"), "SEX": ("Sex", "DM.SEX")}

_RULES = {
    "COVARIATE": pl.String, "LABEL": pl.String, "DOMAIN": pl.String, "NAME": pl.String,
    "CUT": pl.Float64, "RISK": pl.String,
}  # fmt: skip
_TERMS = {"COVARIATE": pl.String, "DOMAIN": pl.String, "PATTERN": pl.String}


def derive_covariates(q: Query, study: Study) -> pl.DataFrame:
    """Derive `covariates` from what is visible in a query: the domains, adsl and doses.

    Rule:
        1. AGE and SEX as DM gives them.
        2. Risk factors are flags from the medical history by the codelist risk_terms. Without any
           row in MH they are not known, which is not N.
        3. The study's own covariates by the rules in its study.yaml.
        4. Nothing after the start of the first dose counts; a history without a date does.

    Source: risk factors after docs/statistics.md; rules of pipeline/schemas/covariate_rules.py.
    """
    terms = read_rows(RISK_TERMS, study.codelists.get("risk_terms", ()))
    for name, frame in laboratory_codelists(study.codelists).items():
        q.add(name, frame)
    rules = _rules(study, terms)
    # Most studies ask for no laboratory value, and LB may be long.
    q.make("", "lab_values", {"tests": rules.filter(DOMAIN="LB")["NAME"].to_list()})
    q.add("dm_values", _demographic(q))
    q.add("covariate_rules", rules)
    q.add("history_terms", _history_terms(study, terms))
    return q.run("subjects", "covariates")


def _demographic(q: Query) -> pl.DataFrame:
    """Variables of DM as text, one row each; those of the study's own stand in dm_variables."""
    variables = [pl.col(v).cast(pl.String) for v in DEMOGRAPHIC]
    wide = q.frame("sdtm_dm").select("USUBJID", *variables)
    ours = wide.unpivot(index="USUBJID", variable_name="NAME", value_name="TEXT")
    return pl.concat([ours, q.frame("dm_variables").select("USUBJID", "NAME", TEXT="VALUE")])


def _rules(study: Study, terms: pl.DataFrame) -> pl.DataFrame:
    """What is asked of each subject: one row per covariate."""
    risks = terms.unique("FACTOR", keep="first").sort("FACTOR").select("FACTOR", "LABEL")
    rows = [(name, label, rule, None) for name, (label, rule) in _ALWAYS.items()]
    rows += [
        (name, name, rule, "Y" if name in study.risk_factors else None)
        for name, rule in study.covariates.items()
    ]
    parts = [(name, label, read_rule(rule), risk) for name, label, rule, risk in rows]
    asked = [(name, label, r.domain, r.name, r.cut, risk) for name, label, r, risk in parts]
    asked += [(factor, label, "MH", None, None, "Y") for factor, label in risks.iter_rows()]
    return pl.DataFrame(asked, schema=_RULES, orient="row")


def _history_terms(study: Study, terms: pl.DataFrame) -> pl.DataFrame:
    """Patterns of every flag."""
    rows = [(factor, "MH", p) for factor, p in terms.select("FACTOR", "PATTERN").iter_rows()]
    for name, text in study.covariates.items():
        rule = read_rule(text)
        rows += [(name, rule.domain, _whole_words(term)) for term in rule.terms]
    return pl.DataFrame(rows, schema=_TERMS, orient="row")


def _whole_words(term: str) -> str:
    """Pattern of a term with no letter or digit on either side."""
    literal = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", term)
    return rf"(^|[^\pL\pN]){literal}([^\pL\pN]|$)"
