"""Covariates fixed before the first dose; one case with all of them, derived once."""

import polars as pl
import pytest

from pipeline.schemas.codelists import read_rows
from pipeline.subjects.covariates import RISK_TERMS
from tests.crs.conftest import Case

RULES = {
    "race": "DM.RACE",
    "ecog": "DM.COUNTRY",  # any variable whose values are all numbers is one
    "weight": "VS.WEIGHT",
    "baseline crp": "LB.CRP >= 50",
    "hypertension": "MH: hypertension | high blood pressure",
    "steroid before": "CM: dexamethasone",
}
DOSE = "2024-01-01T10:00"


@pytest.fixture(scope="module")
def covariates():
    case = Case()
    people = [("T-1", 61.0, "F", "ASIAN", "1"), ("T-2", 45.0, "M", None, "2")]
    for who, age, sex, race, ecog in people:
        case.add("dm", USUBJID=who, AGE=age, SEX=sex, RACE=race, COUNTRY=ecog, ARM="A")
        case.dose(DOSE, USUBJID=who)
    case.add("dm", USUBJID="T-3", AGE=30.0)  # never dosed
    mh(case, "Rheumatoid arthritis", "2010")
    mh(case, "Essential hypertension", None)  # a history without a date is from before
    mh(case, "Hypertensions of another word", None, USUBJID="T-2")  # not the whole word
    mh(case, "Haemophagocytic lymphohistiocytosis", "2024-01-09", USUBJID="T-2")  # after the dose
    mh(case, "Familial haemophagocytic lymphohistiocytosis", "2019", USUBJID="T-2")
    case.vital("WEIGHT", 70, "2023-12-30T08:00").vital("WEIGHT", 71, "2024-01-01T08:00")
    case.vital("WEIGHT", 75, "2024-01-02T08:00")
    case.add("vs", USUBJID="T-2", VSTESTCD="WEIGHT", VSSTRESN=90.0, VSDTC="2024-01-01")
    case.add("lb", LBTESTCD="CRP", LBORRES="1.2", LBORRESU="mg/dL", LBDTC="2023-12-31")
    cm(case, "DEXAMETHASONE", "2023-12-20")
    cm(case, "DEXAMETHASONE", "2024-01-03", USUBJID="T-2")  # begun after the dose
    made = case.derive(covariates=RULES, risk_factors=["hypertension"])
    return {(r["USUBJID"], r["COVARIATE"]): r for r in made["covariates"].to_dicts()}


def mh(case, term, since, **row):
    return case.add("mh", MHDECOD=term, MHTERM=term.upper(), MHSTDTC=since, **row)


def cm(case, drug, since, **row):
    return case.add("cm", CMTRT=drug, CMSTDTC=since, **row)


@pytest.mark.parametrize(
    ("who", "name", "kind", "value", "level", "source"),
    [
        ("T-1", "AGE", "number", 61.0, None, ("DM", "AGE", None)),
        ("T-1", "SEX", "category", None, "F", ("DM", "SEX", None)),
        ("T-1", "race", "category", None, "ASIAN", ("DM", "RACE", None)),
        ("T-2", "race", "category", None, None, ("DM", "RACE", None)),
        ("T-2", "ecog", "number", 2.0, None, ("DM", "COUNTRY", None)),
        ("T-1", "weight", "number", 71.0, None, ("VS", "WEIGHT", "2")),
        ("T-2", "weight", "number", None, None, ("VS", "WEIGHT", None)),  # when on that day?
        ("T-1", "baseline crp", "number", 12.0, None, ("LB", "CRP", "1")),
        ("T-2", "baseline crp", "number", None, None, ("LB", "CRP", None)),
        ("T-1", "hypertension", "flag", 1.0, "Y", ("MH", "MHDECOD", "2")),
        ("T-2", "hypertension", "flag", 0.0, "N", ("MH", "MHDECOD", None)),
        ("T-1", "steroid before", "flag", 1.0, "Y", ("CM", "CMDECOD", "1")),
        ("T-2", "steroid before", "flag", 0.0, "N", ("CM", "CMDECOD", None)),
        ("T-1", "AUTOIMMUNE", "flag", 1.0, "Y", ("MH", "MHDECOD", "1")),
        ("T-2", "AUTOIMMUNE", "flag", 0.0, "N", ("MH", "MHDECOD", None)),
        ("T-1", "HLH", "flag", 0.0, "N", ("MH", "MHDECOD", None)),
        ("T-2", "HLH", "flag", 1.0, "Y", ("MH", "MHDECOD", "5")),
        ("T-2", "GENETIC", "flag", 1.0, "Y", ("MH", "MHDECOD", "5")),
    ],
)  # fmt: skip
def test_value_and_source(covariates, who, name, kind, value, level, source):
    row = covariates[who, name]
    assert (row["KIND"], row["VALUE"], row["LEVEL"]) == (kind, value, level)
    assert (row["SRCDOM"], row["SRCVAR"], row["SRCSEQ"]) == source


def test_every_treated_subject_has_every_covariate(covariates):
    names = {"AGE", "SEX", "AUTOIMMUNE", "GENETIC", "HLH", *RULES}
    assert set(covariates) == {(who, name) for who in ("T-1", "T-2") for name in names}


def test_risk_factors_and_cuts(covariates):
    marked = {name for (_, name), row in covariates.items() if row["RISK"] == "Y"}
    assert marked == {"AUTOIMMUNE", "GENETIC", "HLH", "hypertension"}
    cuts = {name: row["CUT"] for (_, name), row in covariates.items() if row["CUT"] is not None}
    assert cuts == {"baseline crp": 50.0}


def test_without_a_history_the_flags_are_not_known(case):
    made = case.dose().derive(covariates={"steroid before": "CM: dexamethasone"})["covariates"]
    flags = made.filter(KIND="flag").select("COVARIATE", "VALUE", "LEVEL").rows()
    names = ("AUTOIMMUNE", "GENETIC", "HLH", "steroid before")
    assert flags == [(name, None, None) for name in names]


def test_risk_terms_of_the_study(case):
    mh(case.dose(), "Xyz disease", "2010")
    own = [
        {"FACTOR": "AUTOIMMUNE", "LABEL": "Autoimmune disease", "DISEASE": "x", "PATTERN": "^XYZ"}
    ]
    made = case.derive(codelists={"risk_terms": own})["covariates"]
    assert made.filter(COVARIATE="AUTOIMMUNE")["LEVEL"].to_list() == ["Y"]


@pytest.mark.parametrize(
    ("term", "factor"),
    [
        ("Systemic lupus erythematosus", "AUTOIMMUNE"),
        ("Psoriatic arthropathy", "AUTOIMMUNE"),
        ("Sjögren's syndrome", "AUTOIMMUNE"),
        ("Autoimmune thyroiditis", "AUTOIMMUNE"),
        ("Crohn's disease", "AUTOIMMUNE"),
        ("Colitis ulcerative", "AUTOIMMUNE"),
        ("Macrophage activation syndrome", "HLH"),
        ("Common variable immunodeficiency", "GENETIC"),
        ("Osteoarthritis", None),
        ("Type 2 diabetes mellitus", None),
        ("Hypertension", None),
        ("Haemophilia", None),
    ],
)
def test_risk_terms(term, factor):
    patterns = read_rows(RISK_TERMS)
    found = {
        f
        for f, p in patterns.select("FACTOR", "PATTERN").iter_rows()
        if pl.Series([term.upper()]).str.contains(p)[0]
    }
    assert found == ({factor} if factor else set())
