import pytest

D3 = "2024-01-03T"


def lee(case, **changes):
    return case.grade("LEE2014", **changes)


def test_recorded_crs_without_any_finding_is_1(case):
    assert lee(case.crs().temp(37.0)) == 1


def test_no_fever_is_required(case):
    assert lee(case.crs().temp(37.0).vital("SYSBP", 84, D3 + "10:00")) == 2


# FiO2 0.20 + 0.04 x flow: 4 L is 0.36, 5 L is 0.40.
@pytest.mark.parametrize(
    ("device", "flow", "fio2", "grade"),
    [
        ("NASAL CANNULA", 4, None, 2),
        ("NASAL CANNULA", 5, None, 3),
        ("NASAL CANNULA", None, None, 2),
        ("FACE MASK", 5, None, 3),
        ("VENTURI MASK", None, 0.35, 2),
        ("HFNC", 40, 0.39, 2),
        ("HFNC", 40, 0.40, 3),
        ("BIPAP", None, None, 3),
        ("BIPAP", None, 0.30, 2),
        ("MECHANICAL VENTILATION", None, 0.30, 4),
    ],
)
def test_oxygen_by_fraction(febrile, device, flow, fio2, grade):
    assert lee(febrile.oxygen(device, flow, PRFIO2=fio2)) == grade


# Table 4 of Lee 2014 at its limits; 80 kg. Each runs for the hours given.
@pytest.mark.parametrize(
    ("drug", "dose", "unit", "hours", "grade"),
    [
        ("NOREPINEPHRINE", 19.9, "ug/min", 6, 2),
        ("NOREPINEPHRINE", 20, "ug/min", 6, 3),
        ("NOREPINEPHRINE", 20, "ug/min", 3, 3),
        ("NOREPINEPHRINE", 20, "ug/min", 2, 2),
        ("NOREPINEPHRINE", 0.25, "ug/kg/min", 6, 3),
        ("NOREPINEPHRINE", 0.24, "ug/kg/min", 6, 2),
        ("NOREPINEPHRINE", 1.2, "mg/h", 6, 3),
        ("levophed", 1.19, "mg/h", 6, 2),
        ("DOPAMINE", 10, "ug/kg/min", 6, 3),
        ("DOPAMINE", 9.9, "ug/kg/min", 6, 2),
        ("DOPAMINE", 800, "ug/min", 6, 3),
        ("PHENYLEPHRINE", 200, "ug/min", 6, 3),
        ("PHENYLEPHRINE", 199, "ug/min", 6, 2),
        ("EPINEPHRINE", 10, "ug/min", 6, 3),
        ("EPINEPHRINE", 9.9, "ug/min", 6, 2),
        ("METARAMINOL", 500, "ug/min", 6, 2),
        ("NOREPINEPHRINE", None, None, 6, 2),
    ],
)
def test_high_dose(febrile, drug, dose, unit, hours, grade):
    febrile.pressor(drug, dose, D3 + "10:00", f"{D3}{10 + hours}:00", unit)
    assert lee(febrile) == grade


def test_high_dose_in_two_touching_rows_is_one_run(febrile):
    febrile.pressor("NOREPINEPHRINE", 20, D3 + "10:00", D3 + "12:00")
    febrile.pressor("NOREPINEPHRINE", 22, D3 + "12:00", D3 + "13:00")
    assert lee(febrile) == 3


def test_high_dose_interrupted_is_two_short_runs(febrile):
    febrile.pressor("NOREPINEPHRINE", 20, D3 + "10:00", D3 + "12:00")
    febrile.pressor("NOREPINEPHRINE", 5, D3 + "12:00", D3 + "13:00")
    febrile.pressor("NOREPINEPHRINE", 20, D3 + "13:00", D3 + "15:00")
    assert lee(febrile) == 2


def test_vasopressin_counts_towards_several(febrile):
    febrile.pressor("NOREPINEPHRINE", 5, D3 + "10:00", D3 + "20:00")
    febrile.pressor("VASOPRESSIN", 0.03, D3 + "10:00", D3 + "20:00", "U/min")
    assert lee(febrile) == 3


@pytest.mark.parametrize(
    ("term", "toxgr", "grade"),
    [
        ("Cardiac failure", 1, 1),
        ("Cardiac failure", 2, 2),
        ("Cardiac failure", 3, 3),
        ("Cardiac failure", 4, 4),
        ("Alanine aminotransferase increased", 3, 3),
        ("Alanine aminotransferase increased", 4, 3),
        ("Blood creatinine increased", 4, 4),
        ("Neutropenia", 4, 1),
        ("Seizure", 4, 1),
        ("Hypotension", 4, 1),
    ],
)
def test_organ_toxicity(febrile, term, toxgr, grade):
    febrile.add(
        "ae",
        AEDECOD=term,
        AETOXGR=toxgr,
        AEREL="RELATED",
        AESTDTC=D3 + "12:00",
        AEENDTC="2024-01-04",
    )
    assert lee(febrile) == grade


@pytest.mark.parametrize(
    ("start", "end", "relation", "grade"),
    [
        ("2024-01-02T12:00", "2024-01-02T20:00", "RELATED", 3),  # ends within 24 h before onset
        ("2024-01-01T12:00", "2024-01-02T06:00", "RELATED", 1),  # ends more than 24 h before
        ("2024-01-06T06:00", "2024-01-07T06:00", "RELATED", 3),  # begins within 24 h after the end
        ("2024-01-06T10:00", "2024-01-07T06:00", "RELATED", 1),  # begins later than that
        ("2024-01-03T12:00", "2024-01-04T06:00", "NOT RELATED", 1),
        ("2023-12-30T12:00", "2024-01-04T06:00", "RELATED", 1),  # was there before the first dose
    ],
)
def test_organ_toxicity_belongs_to_the_episode(febrile, start, end, relation, grade):
    febrile.add(
        "ae", AEDECOD="Cardiac failure", AETOXGR=3, AEREL=relation, AESTDTC=start, AEENDTC=end
    )
    assert lee(febrile) == grade


@pytest.mark.parametrize(("value", "grade"), [(3, 2), (2, 3)])
def test_switch_high_dose_min_h(febrile, value, grade):
    febrile.pressor("NOREPINEPHRINE", 20, D3 + "10:00", D3 + "12:00")
    assert lee(febrile, switches={"high_dose_min_h": value}) == grade


@pytest.mark.parametrize(("value", "grade"), [("rule4", 3), ("device_only", 2)])
def test_switch_fio2_from_flow(febrile, value, grade):
    assert lee(febrile.oxygen("NASAL CANNULA", 6), switches={"fio2_from_flow": value}) == grade
