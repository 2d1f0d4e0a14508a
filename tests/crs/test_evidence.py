import polars as pl

D3 = "2024-01-03T"


def account(tables, system="ASTCT2019", basis="derived"):
    return tables["accounts"].filter(SYSTEM=system, BASIS=basis)["ACCOUNT"].to_list()


def test_every_grade_above_0_has_evidence(febrile):
    febrile.pressor("NOREPINEPHRINE", 5, D3 + "10:00", D3 + "12:00").oxygen("NASAL CANNULA", 5)
    made = febrile.derive()
    graded = made["grades"].filter(pl.col("GRADE") > 0)
    assert graded.height >= 7
    lost = graded.join(made["evidence"], on=["USUBJID", "EPISEQ", "SYSTEM", "BASIS"], how="anti")
    assert lost.is_empty()


def test_the_rows_that_decided_and_no_others(febrile):
    febrile.pressor("NOREPINEPHRINE", 5, D3 + "10:00", D3 + "12:00").oxygen("NASAL CANNULA", 2)
    rows = febrile.derive()["evidence"].filter(SYSTEM="ASTCT2019", BASIS="derived")
    assert rows.select("CRITERION", "LADDER", "SRCDOM", "SRCSEQ", "VALUE").rows() == [
        ("one vasopressor", "fever_gate", "VS", 2, "38.5 C"),
        ("one vasopressor", "vasopressor", "CM", 1, "norepinephrine 5 ug/min"),
    ]


def test_account_in_words_with_rows_and_hours(febrile):
    febrile.pressor("NOREPINEPHRINE", 5, D3 + "10:00", D3 + "12:00")
    assert account(febrile.derive()) == [
        "Grade 3 from study day 3, 48 h after dose 1: one vasopressor with or without vasopressin "
        "(norepinephrine 5 ug/min, CM 1), with fever (38.5 C, VS 2)."
    ]


def test_account_says_what_would_have_made_another_grade(febrile):
    febrile.pressor("NOREPINEPHRINE", 5, D3 + "10:00", D3 + "12:00").oxygen("NASAL CANNULA", 2)
    row = febrile.derive()["accounts"].filter(SYSTEM="ASTCT2019", BASIS="derived")
    assert row.select("HIGHER", "LOWER").rows() == [
        (
            "Grade 4 would take invasive ventilation or positive-pressure ventilation or two or "
            "more vasopressors (vasopressin not counted).",
            "Without it the grade would be 2 (low-flow oxygen).",
        )
    ]


def test_account_says_why_fever_was_not_needed(case):
    case.crs(end="2024-01-07").temp(38.5).temp(37.0, D3 + "09:00")
    case.add("cm", CMTRT="TOCILIZUMAB", CMINDC="CRS", CMSTDTC=D3 + "08:30")
    case.oxygen("NASAL CANNULA", 2, "2024-01-05T10:00", "2024-01-05T12:00")
    assert account(case.derive()) == [
        "Grade 2 from study day 5, 96 h after dose 1: low-flow oxygen (nasal cannula 2 L/min, PR 1)"
        ", fever no longer required after treatment (tocilizumab, CM 1)."
    ]


def test_account_pretends_to_no_hours_that_it_does_not_have(case):
    case.crs("2024-01-03", "2024-01-05").temp(38.5, "2024-01-03")
    assert account(case.derive()) == ["Grade 1 from study day 3: fever (38.5 C, VS 1)."]


def test_account_of_no_grade(febrile):
    del febrile.rows["pr"]
    assert account(febrile.derive()) == [
        "No grade: the study has no PR data, which this system needs."
    ]


def test_collected_grade_stands_beside_the_derived_one(febrile):
    febrile.rows["ae"][0]["AETOXGR"] = 2
    made = febrile.derive()
    assert account(made, basis="collected") == [
        "Grade 2 from study day 3: as recorded (grade 2, AE 1)."
    ]
    assert made["reconciliation"].select(
        "GRADE_COLLECTED", "GRADE_DERIVED", "DIFF", "CATEGORY"
    ).rows() == [(2, 1, -1, "derived lower")]


def test_supplemental_astct_grade_is_the_collected_grade_of_that_scale(febrile):
    febrile.rows["ae"][0] |= {"AETOXGR": 3, "ASTCTGR": 2}
    grades = febrile.derive()["grades"].filter(BASIS="collected")
    assert grades.select("SYSTEM", "GRADE").rows() == [("ASTCT2019", 2)]
    other = febrile.derive(collected_scale="CTCAE5")["grades"].filter(BASIS="collected")
    assert other.select("SYSTEM", "GRADE").rows() == [("CTCAE5", 3)]


def test_unknown_scale_has_no_collected_grade(febrile):
    febrile.rows["ae"][0]["AETOXGR"] = 2
    made = febrile.derive(collected_scale="unknown")
    assert made["grades"].filter(BASIS="collected").is_empty()
