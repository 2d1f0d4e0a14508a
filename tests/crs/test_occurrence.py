"""A prespecified condition, drug or procedure that was not there counts for nothing."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.query import Query

answers = pytest.mark.parametrize(
    ("occur", "stat", "there"), [("Y", None, True), ("N", None, False)]
)


@pytest.mark.parametrize(
    ("occur", "stat", "there"),
    [
        (None, None, True),  # nothing was asked: the row itself says it
        ("Y", None, True),
        ("N", None, False),
        ("U", None, False),  # nobody knows
        (None, "NOT DONE", False),
        ("Y", "NOT DONE", False),
    ],
)
def test_what_an_answer_says(occur, stat, there):
    row = pl.DataFrame({"O": [occur], "S": [stat]}, schema={"O": pl.String, "S": pl.String})
    with Query({"answers": row}) as q:
        q.define("macros")
        assert q.sql("select occurred(O, S) as THERE from answers")["THERE"].to_list() == [there]


@answers
def test_a_condition_of_the_history(case, occur, stat, there):
    case.dose()
    case.add("mh", MHTERM="Gout", MHOCCUR=occur, MHSTAT=stat)
    case.add("mh", MHTERM="Rheumatoid arthritis", MHOCCUR=occur, MHSTAT=stat)
    made = case.derive(covariates={"gout": "MH: gout"})["covariates"]
    levels = dict(made.filter(KIND="flag").select("COVARIATE", "LEVEL").iter_rows())
    level = "Y" if there else "N"
    assert (levels["gout"], levels["AUTOIMMUNE"]) == (level, level)


@answers
def test_a_medication_before_the_first_dose(case, occur, stat, there):
    case.dose()
    case.add("cm", CMTRT="RITUXIMAB", CMSTDTC="2023-10-01", CMOCCUR=occur, CMSTAT=stat)
    made = case.derive(covariates={"rituximab": "CM: rituximab"})["covariates"]
    assert made.filter(COVARIATE="rituximab")["LEVEL"].to_list() == ["Y" if there else "N"]


@answers
def test_a_vasopressor_and_oxygen_in_crs(febrile, occur, stat, there):
    at = ("2024-01-03T12:00", "2024-01-03T18:00")
    febrile.pressor("NOREPINEPHRINE", 5, *at, CMOCCUR=occur, CMSTAT=stat)
    febrile.oxygen("NASAL CANNULA", 2, *at, PROCCUR=occur, PRSTAT=stat)
    made = febrile.derive()
    given = made["interventions"]["CLASS"].to_list()
    assert given == (["oxygen", "vasopressor"] if there else [])
    grade = made["grades"].filter(SYSTEM="ASTCT2019", BASIS="derived")["GRADE"].to_list()
    assert grade == [3 if there else 1]


@answers
def test_crs_as_a_prespecified_event(case, occur, stat, there):
    term = {"CETERM": "Cytokine release syndrome", "CEOCCUR": occur, "CESTAT": stat}
    case.rows["ce"] = [{"USUBJID": "T-1", "CESTDTC": "2024-01-03", **term}]
    assert case.derive()["episodes"].height == (1 if there else 0)


@answers
def test_a_stay_in_intensive_care(febrile, occur, stat, there):
    stay = {"HOTERM": "ICU", "HOINDC": "CRS", "HOSTDTC": "2024-01-03", "HOENDTC": "2024-01-04"}
    febrile.add("ho", **stay, HOOCCUR=occur, HOSTAT=stat)
    found = febrile.derive()["findings"].filter(pl.col("LADDER") == "hospital")
    assert found.height == (1 if there else 0)


@answers
def test_a_new_anticancer_therapy(case, occur, stat, there):
    case.dose()
    new = {"CMTRT": "LENALIDOMIDE", "CMCAT": "NEW ANTICANCER THERAPY", "CMSTDTC": "2024-01-20"}
    adsl = case.add("cm", **new, CMOCCUR=occur, CMSTAT=stat).derive()["adsl"]
    assert adsl["DSREAS"].to_list() == ["NEW ANTICANCER THERAPY" if there else None]
