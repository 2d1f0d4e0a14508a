import pytest

D3 = "2024-01-03T"


@pytest.mark.parametrize(("temperature", "grade"), [(37.9, 0), (37.999, 0), (38.0, 1), (40.5, 1)])
def test_fever_counts_from_38_0(case, temperature, grade):
    assert case.crs().temp(temperature).grade() == grade


def test_fahrenheit_100_4_is_38_0(case):
    assert case.crs().temp((100.4 - 32) * 5 / 9).grade() == 1


# The matrix of Lee 2019, row by row, each with fever.
@pytest.mark.parametrize(
    ("sbp", "grade"),
    [(90, 1), (89, 2)],
)
def test_hypotension_is_below_90(febrile, sbp, grade):
    assert febrile.vital("SYSBP", sbp, D3 + "10:00").grade() == grade


@pytest.mark.parametrize(
    ("device", "flow", "grade"),
    [
        ("NASAL CANNULA", 1, 2),
        ("NASAL CANNULA", 6, 2),
        ("NASAL CANNULA", 6.1, 3),
        ("BLOW-BY", None, 2),
        ("FACE MASK", 2, 3),
        ("VENTURI MASK", 4, 3),
        ("NON-REBREATHER", 15, 3),
        ("HFNC", 40, 3),
        ("HFNC", 6, 2),
        ("CPAP", None, 4),
        ("BIPAP", None, 4),
        ("MECHANICAL VENTILATION", None, 4),
        ("2L NC", None, 2),
        ("HFNC 40L/60%", None, 3),
        ("NON-INVASIVE VENTILATION", None, 4),
    ],
)
def test_oxygen(febrile, device, flow, grade):
    assert febrile.oxygen(device, flow).grade() == grade


NOREPI = ("NOREPINEPHRINE", 5.0, D3 + "10:00", D3 + "20:00")
EPI = ("EPINEPHRINE", 3.0, D3 + "10:00", D3 + "20:00")
VASO = ("VASOPRESSIN", 0.03, D3 + "10:00", D3 + "20:00", "U/min")


@pytest.mark.parametrize(
    ("pressors", "grade"),
    [
        ([NOREPI], 3),
        ([VASO], 3),
        ([NOREPI, VASO], 3),
        ([NOREPI, EPI], 4),
        ([NOREPI, EPI, VASO], 4),
        ([("DOBUTAMINE", 5.0, D3 + "10:00", D3 + "20:00", "ug/kg/min")], 1),
        ([NOREPI, ("NOREPINEPHRINE", 9.0, D3 + "12:00", D3 + "14:00")], 3),
    ],
)  # fmt: skip
def test_vasopressors(febrile, pressors, grade):
    for pressor in pressors:
        febrile.pressor(*pressor)
    assert febrile.grade() == grade


def test_pressors_one_after_the_other_are_one_at_a_time(febrile):
    febrile.pressor("NOREPINEPHRINE", 5, D3 + "10:00", D3 + "12:00")
    febrile.pressor("EPINEPHRINE", 3, D3 + "12:00", D3 + "14:00")
    assert febrile.grade() == 3


def test_date_only_pressors_of_one_day_are_not_known_to_run_at_once(febrile):
    febrile.pressor("NOREPINEPHRINE", 5, "2024-01-03", "2024-01-03")
    febrile.pressor("EPINEPHRINE", 3, "2024-01-03", "2024-01-03")
    assert febrile.grade() == 3


def test_bolus_pressor_does_not_count(febrile):
    febrile.pressor("PHENYLEPHRINE", 0.1, D3 + "10:00", D3 + "10:00", "mg", CMDOSFRM="BOLUS")
    assert febrile.grade() == 1


def test_row_at_dose_0_is_a_stop_not_a_pressor(febrile):
    febrile.pressor("NOREPINEPHRINE", 0, D3 + "10:00", None)
    assert febrile.grade() == 1


def test_sign_without_fever_does_not_count(case):
    assert case.crs().temp(37.0).oxygen("NASAL CANNULA", 2).grade() == 0


def test_fever_carries_24_hours(case):
    # Fever ends at 09:00, so the gate closes at 09:00 of the day after.
    case.crs(end="2024-01-07").temp(38.5).temp(37.0, D3 + "09:00")
    case.oxygen("NASAL CANNULA", 2, "2024-01-04T08:00", "2024-01-04T12:00")
    assert case.grade() == 2


def test_fever_gone_for_more_than_24_hours_closes_the_gate(case):
    case.crs(end="2024-01-07").temp(38.5).temp(37.0, D3 + "09:00")
    case.oxygen("NASAL CANNULA", 2, "2024-01-04T10:00", "2024-01-04T12:00")
    assert case.grade() == 1


@pytest.mark.parametrize(
    ("drug", "indication", "grade"),
    [
        ("TOCILIZUMAB", "CYTOKINE RELEASE SYNDROME", 2),
        ("Actemra", "CRS", 2),
        ("DEXAMETHASONE", None, 2),
        ("PARACETAMOL", "FEVER", 2),
        ("DEXAMETHASONE", "PREMEDICATION", 1),
        ("TOCILIZUMAB", "PROPHYLAXIS", 1),
        ("ALLOPURINOL", "TUMOUR LYSIS", 1),
    ],
)
def test_treatment_after_fever_keeps_the_gate_open(case, drug, indication, grade):
    case.crs(end="2024-01-07").temp(38.5).temp(37.0, D3 + "09:00")
    case.add("cm", CMTRT=drug, CMINDC=indication, CMSTDTC=D3 + "08:30")
    case.oxygen("NASAL CANNULA", 2, "2024-01-05T10:00", "2024-01-05T12:00")
    assert case.grade() == grade


def test_treatment_before_the_first_fever_does_not_waive_it(case):
    case.crs(end="2024-01-07").temp(38.5).temp(37.0, D3 + "09:00")
    case.add("cm", CMTRT="TOCILIZUMAB", CMINDC="CRS", CMSTDTC=D3 + "07:00")
    case.oxygen("NASAL CANNULA", 2, "2024-01-05T10:00", "2024-01-05T12:00")
    assert case.grade() == 1


@pytest.mark.parametrize(
    ("age", "sbp", "grade"),
    [(5, 79, 2), (5, 80, 1), (10, 89, 2), (10, 90, 1), (11, 89, 2), (0, 60, 1)],
)
def test_systolic_limit_by_age(febrile, age, sbp, grade):
    febrile.age = age
    assert febrile.vital("SYSBP", sbp, D3 + "10:00").grade() == grade


def test_support_before_the_first_dose_counts_only_where_raised(febrile):
    febrile.oxygen("NASAL CANNULA", 2, "2023-12-30T08:00", "2024-01-08T08:00")
    assert febrile.grade() == 1
    febrile.oxygen("NASAL CANNULA", 4, D3 + "10:00", D3 + "12:00")
    assert febrile.grade() == 2


@pytest.mark.parametrize("reason", ["AIRWAY PROTECTION", "PROCEDURE", "SEIZURE"])
def test_ventilation_for_another_reason_does_not_count(febrile, reason):
    assert febrile.oxygen("MECHANICAL VENTILATION", PRINDC=reason).grade() == 1


def test_sign_with_an_unrelated_event_of_that_sign_is_taken_out(febrile):
    febrile.pressor("NOREPINEPHRINE", 5, D3 + "10:00", D3 + "12:00")
    febrile.add(
        "ae",
        AEDECOD="Hypotension",
        AEREL="NOT RELATED",
        AESTDTC=D3 + "08:00",
        AEENDTC="2024-01-04T08:00",
    )
    assert febrile.grade() == 1


def test_unrelated_event_that_does_not_cover_the_finding_leaves_it(febrile):
    febrile.pressor("NOREPINEPHRINE", 5, D3 + "10:00", D3 + "12:00")
    febrile.add(
        "ae", AEDECOD="Hypotension", AEREL="NOT RELATED", AESTDTC=D3 + "08:00", AEENDTC=D3 + "11:00"
    )
    assert febrile.grade() == 3


def test_organ_toxicity_never_moves_the_grade(febrile):
    febrile.add(
        "ae",
        AEDECOD="Cardiac failure",
        AEREL="RELATED",
        AETOXGR=4,
        AESTDTC=D3 + "08:00",
        AEENDTC="2024-01-05",
    )
    assert febrile.grade() == 1


def test_death_due_to_crs_is_5(case):
    assert case.crs(AEOUT="FATAL", AESDTH="Y").temp(38.5).grade() == 5


def test_death_of_another_cause_is_not_5(febrile):
    febrile.add("dd", DDTESTCD="PRCDTH", DDORRES="SEPSIS", DDDTC="2024-01-05")
    assert febrile.grade() == 1


def test_no_temperature_is_no_grade(case):
    case.crs().vital("SYSBP", 80, D3 + "10:00")
    grades = case.derive()["grades"].filter(SYSTEM="ASTCT2019", BASIS="derived")
    assert grades.select("GRADE", "REASON").rows() == [(None, "NO_TEMPERATURE")]


def test_study_without_a_domain_has_no_grade(febrile):
    del febrile.rows["pr"]
    grades = febrile.derive()["grades"].filter(SYSTEM="ASTCT2019", BASIS="derived")
    assert grades.select("GRADE", "REASON").rows() == [(None, "NO_DOMAIN PR")]


@pytest.mark.parametrize(("value", "grade"), [(3, 3), (2, 2)])
def test_switch_vasopressin_alone_grade(febrile, value, grade):
    febrile.pressor(*VASO)
    assert febrile.grade(switches={"vasopressin_alone_grade": value}) == grade


@pytest.mark.parametrize(("value", "grade"), [("flow", 2), ("device", 3)])
def test_switch_hfnc_rule(febrile, value, grade):
    assert febrile.oxygen("HFNC", 5).grade(switches={"hfnc_rule": value}) == grade


@pytest.mark.parametrize(("value", "grade"), [(False, 0), (True, 2)])
def test_switch_masked_onset_allowed(case, value, grade):
    case.crs().temp(37.0).oxygen("NASAL CANNULA", 2)
    assert case.grade(switches={"masked_onset_allowed": value}) == grade
