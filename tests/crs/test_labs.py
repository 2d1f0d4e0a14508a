"""Laboratory values: the number in the one unit of its test, and its place on both clocks."""

import pytest

from pipeline.crs.codelists import CodelistError

D1, D2 = "2024-01-01T", "2024-01-02T"


def lab(case, test="CRP", result="12", unit="mg/L", at=D2 + "06:00", **row):
    return case.add("lb", LBTESTCD=test, LBORRES=result, LBORRESU=unit, LBDTC=at, **row)


def labs(case, *columns, **changes):
    return case.derive(**changes)["labs"].select(columns).rows()


UNITS = [
    ("CRP", "1.2", "mg/dL", 12.0),
    ("CRP", "12", "mg/L", 12.0),
    ("FERRITIN", "500", "ng/mL", 500.0),
    ("INTLK6", "80", "pg/mL", 80.0),
    ("INTLK6", "80", "ng/L", 80.0),
    ("PLAT", "80", "10*3/uL", 80.0),
    ("PLAT", "80", "x10^9/L", 80.0),
    ("PLAT", "80", "10E9/L", 80.0),
    ("PLAT", "80", "10**9/L", 80.0),
    ("PLAT", "80", "X 10E+09/L", 80.0),
    ("PLAT", "80000", "/uL", 80.0),
    ("NEUT", "500", "cells/µL", 0.5),
    ("CREAT", "88.42", "umol/L", 1.0),
    ("CREAT", "88.42", "µmol/L", 1.0),
    ("BILI", "17.1", "UMOL/L", 1.0),
    ("BUN", "0.357", "mmol/L", 1.0),
    ("FIBRINO", "150", "mg/dL", 1.5),
    ("HGB", "120", "g/L", 12.0),
    ("ALT", "2", "ukat/L", 120.0),
    ("INR", "1.4", None, 1.4),  # a ratio has no unit
]


def test_one_unit_per_test(case):
    case.dose()
    for test, result, unit, _ in UNITS:
        lab(case, test, result, unit)
    rows = labs(case, "VALUE", "REASON")
    assert [v for v, _ in rows] == pytest.approx([v for *_, v in UNITS], rel=1e-12)
    assert {reason for _, reason in rows} == {None}


UNUSED = [
    ("CRP", "12", "furlong", "UNIT_NOT_CONVERTED"),
    ("IFNG", "12", "IU/mL", "UNIT_NOT_CONVERTED"),  # no general factor
    ("DDIMER", "12", "mg/L", "UNIT_NOT_CONVERTED"),  # of which kind of unit?
    ("CRP", "12", None, "UNIT_MISSING"),
    ("CRP", "HAEMOLYSED", "mg/L", "NOT_A_NUMBER"),
    ("CRP", "1,2", "mg/L", "NOT_A_NUMBER"),  # a decimal comma may be a thousand
    ("CRP", None, "mg/L", "NO_RESULT"),
    ("ZZTEST", "12", "mg/L", "TEST_NOT_LISTED"),
]


def test_a_value_that_cannot_be_used_says_why(case):
    case.dose()
    for test, result, unit, _ in UNUSED:
        lab(case, test, result, unit)
    lab(case, "CREAT", "80", "mg/dL", LBCAT="URINALYSIS")  # other units and limits
    assert labs(case, "VALUE", "REASON") == [
        *((None, reason) for *_, reason in UNUSED),
        (None, "OTHER_SPECIMEN"),
    ]


RESULTS = [
    ({"LBORRES": "<0.5", "LBORRESU": "mg/L"}, 0.5, "<"),
    ({"LBORRES": "≤ 0.5", "LBORRESU": "mg/L"}, 0.5, "<"),
    ({"LBORRES": ">= 40", "LBORRESU": "mg/dL"}, 400.0, ">"),
    # a standard result of half the limit is not what was measured
    ({"LBORRES": "<5", "LBORRESU": "mg/L", "LBSTRESN": 2.5, "LBSTRESU": "mg/L"}, 5.0, "<"),
    # the standard result comes first, with its own unit
    ({"LBORRES": "1.2", "LBORRESU": "mg/dL", "LBSTRESN": 12.0, "LBSTRESU": "mg/L"}, 12.0, None),
    ({"LBSTRESN": 1.2, "LBORRES": "1.2", "LBORRESU": "mg/dL"}, 12.0, None),
    # a unit of another number says nothing about this one
    ({"LBSTRESN": 12.0, "LBORRES": "1.2", "LBORRESU": "mg/dL"}, None, None),
]


def test_standard_and_collected_results(case):
    case.dose()
    for row, _, _ in RESULTS:
        case.add("lb", LBTESTCD="CRP", LBDTC=D2 + "06:00", **row)
    assert labs(case, "VALUE", "CENSORED") == [(value, sign) for _, value, sign in RESULTS]


def test_limits_of_normal_in_the_same_unit(case):
    lab(case.dose(), "CREAT", "132.63", "umol/L", LBSTNRLO=44.21, LBSTNRHI=106.104)
    assert labs(case, "LLN", "ULN", "UNIT") == [(pytest.approx(0.5), pytest.approx(1.2), "mg/dL")]


SAMPLES = [
    ("2023-12-31T06:00", -1, -1, None, "time"),
    (D1 + "09:59", 1, 0, None, "time"),  # before the dose at 10:00
    (D1 + "10:00", 1, 0, 0, "time"),
    ("2024-01-01", 1, 0, 0, "day"),  # without a time: the doses of its day are before it
    ("2024-01-08T06:00", 8, 7, 7, "time"),  # before the second dose at 10:00 on day 8
    ("2024-01-08T11:00", 8, 7, 0, "time"),
    ("2024-01", None, None, None, "month"),
]


def test_clock_of_the_doses(case):
    case.dose().dose("2024-01-08T10:00")
    for at, *_ in SAMPLES:
        lab(case, at=at)
    rows = labs(case, "LBDY", "D_FROM_DOSE", "D_FROM_LAST", "PRECISION")
    assert rows == [tuple(expected) for _, *expected in SAMPLES]


ONSETS = [
    ("2024-01-05T06:00", None, None),  # four days before the first onset
    ("2024-01-06T06:00", 1, -3),
    ("2024-01-09T06:00", 1, 0),
    ("2024-01-18T06:00", 1, 9),  # also two days before the second, but the first one goes on
    ("2024-01-20T01:00", 2, 0),  # the day of the second onset
    ("2024-02-20T06:00", 2, 31),
]


def test_clock_of_the_onset(case):
    case.dose().crs("2024-01-09T08:00", "2024-01-11T08:00")
    case.crs("2024-01-20T08:00", "2024-01-22T08:00")
    for at, *_ in ONSETS:
        lab(case, at=at)
    assert labs(case, "EPISEQ", "D_FROM_ONSET") == [(e, d) for _, e, d in ONSETS]


def test_baseline_is_the_last_value_surely_before_the_first_dose(case):
    case.dose()
    lab(case, result="1", at="2023-12-30")
    lab(case, result="2", at="2023-12-31")
    lab(case, result="3", at="2024-01-01")  # on the day of the dose, nobody knows when
    lab(case, result="HAEMOLYSED", at=D1 + "08:00")
    lab(case, result="5", at=D1 + "12:00")
    lab(case, "FERRITIN", "6", "ug/L", at="2024-01-01", LBBLFL="Y")  # the study says so
    rows = labs(case, "LBTESTCD", "VALUE", "BASELINE")
    assert [r[:2] for r in rows if r[2]] == [("CRP", 2.0), ("FERRITIN", 6.0)]


def test_units_and_tests_of_the_study(case):
    lab(case.dose(), "CRP", "7", "furlong")
    lab(case, "MYTEST", "7", "stones")
    lab(case, "CRP", "7", None)
    mine = {"TEST": "Mine", "GROUP": "other", "UNIT": "stones", "WORST": "low"}
    own = {
        "lab_tests": [{"LBTESTCD": "MYTEST", **mine}],
        "lab_units": [
            {"UNIT": "Furlong", "STANDARD": "mg/L", "TIMES": "2", "OVER": "1"},
            {"UNIT": None, "STANDARD": "mg/L", "LBTESTCD": "CRP", "TIMES": "1", "OVER": "1"},
        ],
    }
    assert labs(case, "TEST", "VALUE", "UNIT", "WORST", codelists=own) == [
        ("C-reactive protein", 14.0, "mg/L", "high"),
        ("Mine", 7.0, "stones", "low"),
        ("C-reactive protein", 7.0, "mg/L", "high"),
    ]


def test_a_wrong_codelist_of_the_study_is_named(case):
    own = {"lab_units": [{"UNIT": "x", "STANDARD": "mg/L", "TIMES": "two"}]}
    with pytest.raises(CodelistError, match=r"codelists\.lab_units: row 1, column TIMES"):
        lab(case.dose()).derive(codelists=own)


def test_a_study_without_laboratory_has_no_rows(febrile):
    assert febrile.derive()["labs"].is_empty()


def test_only_the_treated(case):
    case.dose().add("dm", AGE=50.0).add("dm", USUBJID="T-2", AGE=50.0)
    lab(lab(case), USUBJID="T-2")
    assert labs(case, "USUBJID") == [("T-1",)]
