"""What no codelist knows is listed with counts, most frequent first."""

from __future__ import annotations

import pytest

from pipeline.crs.unmapped import derive_unmapped
from pipeline.subjects.subjects import derive_subjects
from tests.crs.conftest import Case, study
from tests.typed import typed

DOSE = "2024-01-01T10:00"
IN_CRS, BEFORE = "2024-01-04T12:00", "2023-12-20"


@pytest.fixture
def case():
    """Two treated subjects, the first with a recorded CRS on days 3 to 5, and one never dosed."""
    made = Case().crs()
    for who in ("T-1", "T-2"):
        made.dose(DOSE, USUBJID=who)
    for who in ("T-1", "T-2", "T-3"):
        made.add("dm", USUBJID=who, AGE=50.0)
    return made


def listed(case, name, *columns, **changes):
    tables = typed("T", **case.rows)
    described = study(**changes)
    made = {**tables, **derive_subjects(tables, described)}
    rows = derive_unmapped(made, described).filter(LIST=name)
    assert rows["RANK"].to_list() == list(range(1, rows.height + 1))
    return rows.select(columns or ("TERM", "N_ROWS", "N_SUBJECTS", "RELEVANT")).rows()


def test_drugs_by_frequency_with_those_that_may_matter(case):
    for who in ("T-1", "T-2", "T-2"):
        case.add("cm", USUBJID=who, CMTRT="Allo  purinol ", CMSTDTC=BEFORE)
    case.add("cm", CMTRT="TOCILIZUMAB", CMSTDTC=IN_CRS)  # known
    case.add("cm", CMTRT="Desmopressin", CMSTDTC=IN_CRS)  # known to be nothing
    case.add("cm", CMTRT="Newmab", CMSTDTC=IN_CRS)  # begun in CRS
    case.add("cm", USUBJID="T-2", CMTRT="Otherpress", CMSTDTC=BEFORE, CMDOSU="ug/kg/min")  # a rate
    case.add("cm", USUBJID="T-2", CMTRT="Drip", CMSTDTC=BEFORE, CMDOSFRM="Infusion")
    case.add("cm", USUBJID="T-2", CMTRT="Zzz", CMSTDTC=BEFORE, CMINDC="Hypotension")
    case.add("cm", USUBJID="T-2", CMTRT="Yyy", CMSTDTC=BEFORE, CMINDC="Prophylaxis of CRS")
    case.add("cm", CMTRT="Www", CMSTDTC=IN_CRS, CMCAT="Premedication")
    case.add("cm", USUBJID="T-2", CMTRT="Month", CMSTDTC="2024-01")  # in CRS or not: unknown
    case.add("cm", USUBJID="T-3", CMTRT="Untreated", CMSTDTC=BEFORE)
    case.add("cm", CMTRT="Never given", CMSTDTC=IN_CRS, CMOCCUR="N")
    assert listed(case, "drugs") == [
        ("ALLO PURINOL", 3, 2, None),
        ("DRIP", 1, 1, "Y"),
        ("MONTH", 1, 1, None),
        ("NEWMAB", 1, 1, "Y"),
        ("OTHERPRESS", 1, 1, "Y"),
        ("WWW", 1, 1, None),
        ("YYY", 1, 1, None),
        ("ZZZ", 1, 1, "Y"),
    ]


def test_a_coded_name_stands_for_what_was_typed(case):
    for typed_name in ("foo 1 mg", "Foo 2 mg"):
        case.add("cm", CMTRT=typed_name, CMDECOD="Foo", CMSTDTC=BEFORE)
    assert listed(case, "drugs") == [("FOO", 2, 1, None)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GIVEN 2024-01-03", "(TEXT OF 16 CHARACTERS)"),
        ("GIVEN 03/01/24", "(TEXT OF 14 CHARACTERS)"),
        ("GIVEN 3JAN2024", "(TEXT OF 14 CHARACTERS)"),
        ("X" * 61, "(TEXT OF 61 CHARACTERS)"),
        ("X" * 60, "X" * 60),
        ("NEWMAB 10-20 MG", "NEWMAB 10-20 MG"),
    ],
)
def test_a_date_or_a_sentence_is_not_shown(case, text, shown):
    case.add("cm", CMTRT=text, CMSTDTC=BEFORE)
    assert listed(case, "drugs", "TERM") == [(shown,)]


def test_a_drug_of_the_studys_own_codelist_is_known(case):
    case.add("cm", CMTRT="Newmab", CMSTDTC=IN_CRS)
    own = [{"DRUG": "newmab", "CLASS": "anakinra", "WAIVER": "2", "PATTERN": "^NEWMAB"}]
    assert listed(case, "drugs", codelists={"drugs": own}) == []


def test_devices(case):
    case.oxygen("NASAL CANNULA", 2)  # known
    case.oxygen("Magic hood", None, BEFORE, None, PRCAT="RESPIRATORY SUPPORT")
    case.oxygen("Flow thing", 3, BEFORE, None, PRDOSU="L/min")
    case.oxygen("Puzzle", None, IN_CRS, None)
    case.oxygen("Bone marrow biopsy", None, BEFORE, None)
    case.add("pr", PRSTDTC=IN_CRS, PRCAT="RESPIRATORY SUPPORT")  # no name: DEVICE_MISSING says it
    assert listed(case, "devices") == [
        ("BONE MARROW BIOPSY", 1, 1, None),
        ("FLOW THING", 1, 1, "Y"),
        ("MAGIC HOOD", 1, 1, "Y"),
        ("PUZZLE", 1, 1, "Y"),
    ]


def test_units_of_rates_of_vasopressors(case):
    case.pressor("NOREPINEPHRINE", 5, IN_CRS, None)  # ug/min, known
    case.pressor("NOREPINEPHRINE", 5, IN_CRS, None, "mL/h")
    case.pressor("DOPAMINE", 5, IN_CRS, None, "ml/h")
    case.pressor("NOREPINEPHRINE", 5, IN_CRS, None, None)
    case.pressor("NOREPINEPHRINE", 0, IN_CRS, None, "stop")  # a stop has no rate
    case.pressor("NOREPINEPHRINE", 5, IN_CRS, None, "mg", CMDOSFRM="BOLUS")
    case.pressor("VASOPRESSIN", 2, IN_CRS, None, "U/h")  # its rate is not needed
    assert listed(case, "dose_units", "TERM", "ABOUT", "N_ROWS") == [
        ("ML/H", "dopamine norepinephrine", 2),
        ("(NO UNIT)", "norepinephrine", 1),
    ]


def test_laboratory_tests_and_units(case):
    row = {"LBORRES": "5", "LBDTC": "2024-01-02"}
    case.add("lb", LBTESTCD="CRP", LBORRESU="mg/L", **row)
    case.add("lb", LBTESTCD="CRP", LBORRESU="stones", **row)
    case.add("lb", LBTESTCD="FERRITIN", LBSTRESN=5.0, LBSTRESU="Stones", LBDTC="2024-01-02")
    case.add("lb", LBTESTCD="CRP", **row)
    case.add("lb", LBTESTCD="ALP", LBTEST="Alkaline phosphatase", LBORRESU="U/L", **row)
    case.add("lb", LBTESTCD="CRPHS", LBTEST="High-sens. C-reactive protein", **row)
    assert listed(case, "lab_tests", "TERM", "ABOUT", "RELEVANT") == [
        ("ALP", "ALKALINE PHOSPHATASE", None),
        ("CRPHS", "HIGH-SENS. C-REACTIVE PROTEIN", "Y"),
    ]
    assert listed(case, "lab_units", "TERM", "ABOUT", "N_ROWS") == [
        ("STONES", "CRP FERRITIN", 2),
        ("(NO UNIT)", "CRP", 1),
    ]


def test_vital_signs_and_units(case):
    at = {"VSDTC": "2024-01-02"}
    for code, words, unit, value in (
        ("TEMP", "Temperature", "degC", 37.0),
        ("TEMP", "Temperature", "Reaumur", None),
        ("TEMP", "Temperature", None, None),
        ("TEMP", "Temperature", "C", None),  # 99 C: impossible, but the unit is known
        ("HR", "Heart rate", None, 80.0),  # one unit only
        ("BMI", "Body mass index", "kg/m2", None),
        ("CORETMP", "Core temperature", "C", None),
    ):
        row = {"VSTESTCD": code, "VSTEST": words, "VSORRESU": unit, "VALUE": value}
        case.add("vs", **row, VSORRES="99", **at)
    assert listed(case, "vital_signs", "TERM", "ABOUT", "RELEVANT") == [
        ("BMI", "BODY MASS INDEX", None),
        ("CORETMP", "CORE TEMPERATURE", "Y"),
    ]
    assert listed(case, "vital_units", "TERM", "ABOUT") == [
        ("(NO UNIT)", "TEMP"),
        ("REAUMUR", "TEMP"),
    ]


def test_the_stage_takes_the_laboratory_table_that_it_has(case):
    case.add("lb", LBTESTCD="CRP", LBORRES="5", LBORRESU="stones", LBDTC="2024-01-02")
    tables = typed("T", **case.rows)
    made = {**tables, **derive_subjects(tables, study())}
    own = case.derive()["labs"]
    assert derive_unmapped({**made, "labs": own}, study()).equals(derive_unmapped(made, study()))


def test_a_study_without_any_row_has_none():
    case = Case().dose(DOSE).add("dm", AGE=50.0)
    tables = typed("T", **case.rows)
    assert derive_unmapped({**tables, **derive_subjects(tables, study())}, study()).is_empty()
