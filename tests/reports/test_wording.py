from __future__ import annotations

import doctest

import pytest

from reports import disclosure, lacking, page, theme, without_dates, wording


@pytest.mark.parametrize("module", [disclosure, lacking, page, theme, without_dates, wording])
def test_examples_hold(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-03",
        "2024-02",
        "2024-02-03T10:15:00",
        "03FEB2024",
        "3 Feb 2024",
        "03/02/2024",
        "JAN 2024",
        "jan2024",
        "01/2024",
        "5 FEB 24",
        "5FEB24",
        "3.2.24",
        "20240203",
    ],
)
def test_no_calendar_date_survives(text):
    assert wording.without_dates(f"from {text}.") == "from [date]."


@pytest.mark.parametrize("text", ["ASTCT 2019", "38.5 C", "day 20", "90/60 mmHg", "AE 12", "1.5"])
def test_what_is_no_date_stays(text):
    assert wording.without_dates(text) == text


def test_an_open_limit_is_ne():
    row = {"UNIT": "days", "LOW": 3.0, "HIGH": None}
    assert wording.interval(row) == "3 to NE"


def test_a_system_of_a_site_keeps_its_code():
    assert wording.system_basis("OWN1", "derived") == "OWN1, derived from findings"


def test_a_label_within_a_sentence_keeps_its_abbreviation():
    assert wording.inside("CRS grade 2") == "CRS grade 2"
    assert wording.inside("Any CRS") == "any CRS"


def test_what_a_study_lacks_is_called_by_its_name():
    said = "the study has no data on procedures or vital signs (PR, VS)"
    assert wording.reason("NO_DOMAIN PR VS") == said
    assert wording.why("not available, because the study has no PR or VS data") == said
    account = "No grade: the study has no PR, VS data, which this system needs."
    assert "no data on procedures or vital signs (PR, VS), which" in wording.told(account)
    # Two letters that are no domain's are left as they are.
    assert wording.told("no ZZ or VS data") == "no ZZ or VS data"


def test_any_grade_as_recorded_is_not_said_twice():
    assert wording.system_basis("ANY", "collected") == "any grade as recorded by the study"


def test_codes_of_cohorts_systems_and_times_become_names_and_parts_of_words_do_not():
    assert wording.told("no pooled study has collected LEE2014 grades in car_t") == (
        "no pooled study has collected Lee 2014 grades in CAR-T"
    )
    assert wording.told("ONSET_H_FIRST is not known for anybody") == (
        "the time from the first dose to onset in hours is not known for anybody"
    )
    assert wording.told("study car_t-2 and MY_PENN") == "study car_t-2 and MY_PENN"


def test_covariates_of_every_study_are_named_and_own_names_stay():
    assert wording.covariates_named("AGE, SEX, AUTOIMMUNE, baseline CRP, AGE_GROUP") == (
        "age, sex, autoimmune disease, baseline CRP, AGE_GROUP"
    )
