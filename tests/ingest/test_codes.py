from __future__ import annotations

import pytest

from tests.ingest.drops import FILES, found, ingest

LB = "STUDYID,DOMAIN,USUBJID,LBSEQ,LBTESTCD,LBSTRESN,LBSTRESU,LBSTNRLO,LBSTNRHI,LBDTC\n"


def _lb(tmp_path, code, low="", high=""):
    tables = ingest(tmp_path, lb=f"{LB}S1,LB,P1,1,{code},5,mg/L,{low},{high},2024-03-02\n")
    return tables["sdtm_lb"]["LBTESTCD"][0], [
        r for d, _, r, _ in found(tables, "notes") if d == "LB"
    ]


@pytest.mark.parametrize(
    ("code", "mapped"),
    [("IL6", "INTLK6"), ("IL-6", "INTLK6"), ("ferr", "FERRITIN"), ("CREA", "CREAT")],
)
def test_sponsor_synonyms_of_a_test_are_mapped(tmp_path, code, mapped):
    assert _lb(tmp_path, code) == (mapped, ["CODE_MAPPED"])


def test_a_code_of_the_terminology_stays(tmp_path):
    assert _lb(tmp_path, "CRP") == ("CRP", [])


def test_swapped_limits_of_normal_are_remarked_on(tmp_path):
    assert _lb(tmp_path, "CRP", "10", "5") == ("CRP", ["LIMITS_SWAPPED"])


FA = "STUDYID,DOMAIN,USUBJID,FASEQ,FAOBJ,FATESTCD,FAORRES,FASTRESC,FASTRESN,FADY\n"


@pytest.mark.parametrize(
    ("orres", "stresc", "stresn", "number", "notes"),
    [
        ("2", "", "", 2, []),  # from the collected text
        ("GRADE 2", "2", "", 2, []),  # from the standard text
        ("2", "2", "3", 3, []),  # the number comes first
        ("7", "", "", None, ["GRADE_INVALID"]),
        ("1.5", "", "", None, ["GRADE_INVALID"]),
        ("moderate", "", "", None, ["GRADE_INVALID"]),
        ("", "", "", None, []),
    ],
)
def test_the_number_of_a_daily_grade(tmp_path, orres, stresc, stresn, number, notes):
    tables = ingest(tmp_path, fa=f"{FA}S1,FA,P1,1,CRS,TOXGR,{orres},{stresc},{stresn},2\n")
    assert tables["sdtm_fa"]["FASTRESN"][0] == number
    assert [rule for domain, _, rule, _ in found(tables, "notes") if domain == "FA"] == notes


@pytest.mark.parametrize(
    ("drug", "dose", "stopped"),
    [
        ("NOREPINEPHRINE", "0", True),
        ("Noradrenaline 4 mg/50 mL", "0", True),
        ("Levophed", "0", True),
        ("norepi gtt", "0", True),
        ("Vasostrict", "0", True),
        ("VASOPRESSIN", "0.0", True),
        ("NOREPINEPHRINE", "0.1", False),
        ("NOREPINEPHRINE", "", False),
        ("DOBUTAMINE", "0", False),  # no vasopressor
        ("DESMOPRESSIN", "0", False),  # no vasopressor either
    ],
)
def test_a_vasopressor_at_dose_0_is_a_stop(tmp_path, drug, dose, stopped):
    header = FILES["cm.csv"].splitlines()[0]
    row = f"S1,CM,P1,1,{drug},{dose},ug/kg/min,2024-03-03T14:00,"
    tables = ingest(tmp_path, cm=f"{header}\n{row}\n")
    assert (("CM", 1, "PRESSOR_STOP_ROW", "CMDOSE") in found(tables, "notes")) is stopped
    assert tables["sdtm_cm"].height == 1


def test_a_vasopressor_of_the_studys_own_codelist(tmp_path):
    header = FILES["cm.csv"].splitlines()[0]
    own = [{"DRUG": "x", "CLASS": "vasopressor", "WAIVER": "0", "PATTERN": "^XPRESS"}]
    cm = f"{header}\nS1,CM,P1,1,Xpressine,0,ug/min,2024-03-03T14:00,\n"
    for codelists, noted in (({}, False), ({"drugs": own}, True)):
        tables = ingest(tmp_path, about={"codelists": codelists}, cm=cm)
        assert (("CM", 1, "PRESSOR_STOP_ROW", "CMDOSE") in found(tables, "notes")) is noted


PR = FILES["pr.csv"].splitlines()[0]


@pytest.mark.parametrize(
    ("cells", "fio2", "notes"),
    [
        ("NASAL CANNULA,RESPIRATORY SUPPORT,2,L/min,", None, []),
        ("MASK,RESPIRATORY SUPPORT,,,40", 0.4, []),
        ("MASK,RESPIRATORY SUPPORT,,,0.4", 0.4, []),
        ("MASK,RESPIRATORY SUPPORT,,,100", 1.0, []),
        ("MASK,RESPIRATORY SUPPORT,,,1", 1.0, []),
        ("MASK,RESPIRATORY SUPPORT,,,101", None, ["FIO2_IMPLAUSIBLE"]),
        ("MASK,RESPIRATORY SUPPORT,,,0.1", None, ["FIO2_IMPLAUSIBLE"]),
        (",RESPIRATORY SUPPORT,2,L/min,", None, ["DEVICE_MISSING"]),
        (",,,,40", 0.4, ["DEVICE_MISSING"]),
        ("HFNC,RESPIRATORY SUPPORT,81,L/min,", None, ["FLOW_IMPLAUSIBLE"]),
        ("HFNC,RESPIRATORY SUPPORT,80,L/min,", None, []),
    ],
)
def test_oxygen_and_its_device(tmp_path, cells, fio2, notes):
    tables = ingest(tmp_path, pr=f"{PR}\nS1,PR,P1,1,{cells},2024-03-03T08:00,\n")
    assert tables["sdtm_pr"]["PRFIO2"][0] == fio2
    assert [rule for domain, _, rule, _ in found(tables, "notes") if domain == "PR"] == notes
