"""Each open question of the rules in both positions; numbers as in the companion, section 4."""

import pytest

D3 = "2024-01-03T"


def grades(case, system, **switches):
    """Grade and reason under each given position of one switch."""
    (name, positions) = next(iter(switches.items()))
    more = {k: v for k, v in switches.items() if k != name}
    found = []
    for position in positions:
        table = case.derive(switches={name: position} | more)["grades"]
        row = table.filter(SYSTEM=system, BASIS="derived").to_dicts()[0]
        found.append(row["GRADE"] if row["GRADE"] is not None else row["REASON"])
    return found


def test_4_1_hypotension_rule(febrile):
    febrile.age = 5
    febrile.vital("SYSBP", 130, "2024-01-01T08:00").vital("SYSBP", 85, D3 + "10:00")
    febrile.vital("MAP", 60, D3 + "10:00")
    febrile.add(
        "ae", AEDECOD="Hypotension", AEREL="RELATED", AESTDTC=D3 + "10:00", AEENDTC=D3 + "12:00"
    )
    rules = ["age", "sbp90", "drop_from_baseline", "map65", "investigator"]
    assert grades(febrile, "ASTCT2019", hypotension_rule=rules) == [1, 2, 2, 2, 2]


def test_4_1_drop_from_baseline_needs_a_drop_of_40(febrile):
    febrile.vital("SYSBP", 120, "2024-01-01T08:00").vital("SYSBP", 81, D3 + "10:00")
    assert grades(febrile, "ASTCT2019", hypotension_rule=["age", "drop_from_baseline"]) == [2, 1]


@pytest.mark.parametrize(("second", "confirmed"), [("12:00", 2), ("12:01", 1)])
def test_4_2_bp_confirm(febrile, second, confirmed):
    febrile.vital("SYSBP", 85, D3 + "10:00").vital("SYSBP", 85, D3 + second)
    assert grades(febrile, "ASTCT2019", bp_confirm=["any", "two_within"]) == [2, confirmed]


def test_4_2_single_reading_is_flagged(febrile):
    febrile.vital("SYSBP", 85, D3 + "10:00")
    row = febrile.derive()["grades"].filter(SYSTEM="ASTCT2019", BASIS="derived")
    assert row["FLAGS"].to_list() == ["BP_SINGLE_READING"]


def test_4_3_vasopressin_alone_grade(febrile):
    febrile.pressor("VASOPRESSIN", 0.03, D3 + "10:00", D3 + "12:00", "U/min")
    assert grades(febrile, "ASTCT2019", vasopressin_alone_grade=[3, 2]) == [3, 2]


def test_4_4_vasopressin_class(febrile):
    febrile.pressor("TERLIPRESSIN", 1, D3 + "10:00", D3 + "12:00", "mg/h")
    febrile.pressor("NOREPINEPHRINE", 5, D3 + "10:00", D3 + "12:00")
    assert grades(febrile, "ASTCT2019", vasopressin_class=["vasopressin", "plus_terlipressin"]) == [
        4,
        3,
    ]


def test_4_5_pressor_count(febrile):
    febrile.pressor("NOREPINEPHRINE", 5, D3 + "10:00", D3 + "12:00")
    febrile.pressor("EPINEPHRINE", 3, D3 + "13:00", D3 + "14:00")
    assert grades(febrile, "ASTCT2019", pressor_count=["concurrent", "ever"]) == [3, 4]


@pytest.mark.parametrize(("minutes", "grade"), [(59, 4), (60, 4), (61, 3)])
def test_4_5_min_overlap_min(febrile, minutes, grade):
    febrile.pressor("NOREPINEPHRINE", 5, D3 + "10:00", D3 + "12:00")
    febrile.pressor("EPINEPHRINE", 3, D3 + "11:00", D3 + "14:00")
    assert grades(febrile, "ASTCT2019", min_overlap_min=[0, minutes]) == [4, grade]


def test_4_6_pressor_set(febrile):
    febrile.pressor("DOBUTAMINE", 5, D3 + "10:00", D3 + "12:00", "ug/kg/min")
    assert grades(febrile, "ASTCT2019", pressor_set=["vasopressors", "plus_inotropes"]) == [1, 3]


def test_4_7_bolus_pressor_counts(febrile):
    febrile.pressor("PHENYLEPHRINE", 0.1, D3 + "10:00", D3 + "10:05", "mg", CMDOSFRM="BOLUS")
    assert grades(febrile, "ASTCT2019", bolus_pressor_counts=[False, True]) == [1, 3]


def test_4_8_missing_pressor_dose(febrile):
    febrile.pressor("NOREPINEPHRINE", None, D3 + "10:00", D3 + "18:00", None)
    positions = ["low", "null"]
    assert grades(febrile, "LEE2014", missing_pressor_dose=positions) == [2, "PRESSOR_DOSE_MISSING"]
    # A system that does not look at the dose is not in doubt.
    assert grades(febrile, "ASTCT2019", missing_pressor_dose=positions) == [3, 3]


@pytest.mark.parametrize(("hours", "grade"), [(24, 3), (23, 2)])
def test_4_8_infusion_without_a_stop_ends_after_pressor_open_h(febrile, hours, grade):
    febrile.pressor("NOREPINEPHRINE", 5, D3 + "10:00", None)
    assert grades(febrile, "MSKCC", pressor_open_h=[hours]) == [grade]


def test_4_9_o2_missing(febrile):
    febrile.oxygen("NASAL CANNULA", None)
    assert grades(febrile, "ASTCT2019", o2_missing=["low", "null"]) == [2, "O2_FLOW_MISSING"]


def test_4_10_hfnc_rule(febrile):
    febrile.oxygen("HFNC", 5)
    assert grades(febrile, "ASTCT2019", hfnc_rule=["flow", "device"]) == [2, 3]


def test_4_11_fio2_from_flow(febrile):
    febrile.oxygen("NASAL CANNULA", 5)
    assert grades(febrile, "LEE2014", fio2_from_flow=["rule4", "device_only"]) == [3, 2]


def test_4_12_end_source(febrile):
    # Fever is gone at 20:00 of day 3; the record ends on day 5.
    febrile.temp(36.8, D3 + "20:00")
    found = [
        febrile.derive(switches={"end_source": s})["episodes"]
        .select("END_REASON", "DURATION_D", "DENDY")
        .row(0)
        for s in ("collected", "derived")
    ]
    assert found == [("RECOVERED", 3, 3), ("SIGNS_GONE", 1, 3)]


def test_4_12_disagreement_is_flagged(febrile):
    febrile.temp(36.8, D3 + "20:00")
    assert febrile.derive()["episodes"]["FLAGS"].to_list() == ["END_DISAGREES"]


@pytest.mark.parametrize(("gap", "days"), [(24, 1), (48, 2)])
def test_4_12_resolution_gap_h(febrile, gap, days):
    # Fever again after 28 hours without: a run of its own, or the same one.
    febrile.temp(36.8, D3 + "10:00").temp(38.2, "2024-01-04T14:00").temp(36.8, "2024-01-04T16:00")
    switches = {"resolution_gap_h": gap, "end_source": "derived"}
    assert febrile.derive(switches=switches)["episodes"]["DURATION_D"].to_list() == [days]


def test_4_14_fever_carry_h(case):
    case.crs(end="2024-01-07").temp(38.5).temp(37.0, D3 + "09:00")
    case.oxygen("NASAL CANNULA", 2, D3 + "20:00", D3 + "22:00")
    assert grades(case, "ASTCT2019", fever_carry_h=[24, 6]) == [2, 1]


def test_4_15_fever_waiver_set(case):
    case.crs(end="2024-01-07").temp(38.5).temp(37.0, D3 + "09:00")
    case.add("cm", CMTRT="PARACETAMOL", CMINDC="FEVER", CMSTDTC=D3 + "08:30")
    case.oxygen("NASAL CANNULA", 2, "2024-01-05T10:00", "2024-01-05T12:00")
    assert grades(case, "ASTCT2019", fever_waiver_set=["all", "anticytokine_steroid"]) == [2, 1]


def test_4_15_premed_counts(case):
    case.crs(end="2024-01-07").temp(38.5).temp(37.0, D3 + "09:00")
    case.add("cm", CMTRT="DEXAMETHASONE", CMINDC="PREMEDICATION", CMSTDTC=D3 + "08:30")
    case.oxygen("NASAL CANNULA", 2, "2024-01-05T10:00", "2024-01-05T12:00")
    assert grades(case, "ASTCT2019", premed_counts=[False, True]) == [1, 2]


def test_4_16_masked_onset_allowed(case):
    case.crs().temp(37.0).oxygen("NASAL CANNULA", 2)
    assert grades(case, "ASTCT2019", masked_onset_allowed=[False, True]) == [0, 2]


@pytest.mark.parametrize(
    ("system", "without", "with_it"),
    [
        ("ASTCT2019", 3, 4),
        ("CTCAE4", 3, 4),
        ("CTCAE5", 3, 4),
        ("LEE2014", 3, 4),
        ("CARTOX", 3, 4),
        ("PENN", 3, 4),
        ("MSKCC", 3, 4),
    ],
)
def test_4_17_niv_is_ventilator(febrile, system, without, with_it):
    febrile.oxygen("BIPAP")
    assert grades(febrile, system, niv_is_ventilator=[[], [system]]) == [without, with_it]


def two_pressors(case):
    case.pressor("NOREPINEPHRINE", 5, D3 + "10:00", D3 + "12:00")
    return case.pressor("VASOPRESSIN", 0.03, D3 + "10:00", D3 + "12:00", "U/min")


def test_4_18_ctcae5_multi_pressor(febrile):
    assert grades(two_pressors(febrile), "CTCAE5", ctcae5_multi_pressor=[4, 3]) == [4, 3]


def test_4_19_mskcc_fluids_only_grade(febrile):
    febrile.add(
        "cm", CMTRT="SALINE BOLUS", CMINDC="HYPOTENSION", CMSTDTC=D3 + "10:00", CMENDTC=D3 + "11:00"
    )
    assert grades(febrile, "MSKCC", mskcc_fluids_only_grade=[1, 2]) == [1, 2]


@pytest.mark.parametrize("term", ["Cardiac failure", "Blood creatinine increased"])
def test_4_20_penn_organ4(febrile, term):
    febrile.add(
        "ae", AEDECOD=term, AETOXGR=4, AEREL="RELATED", AESTDTC=D3 + "12:00", AEENDTC=D3 + "20:00"
    )
    assert grades(febrile, "PENN", penn_organ4=[4, 3]) == [4, 3]


@pytest.mark.parametrize("system", ["LEE2014", "CARTOX"])
def test_4_21_lee_vasopressin_counts(febrile, system):
    assert grades(two_pressors(febrile), system, lee_vasopressin_counts=[True, False]) == [3, 2]


def test_4_22_high_dose_min_h(febrile):
    febrile.pressor("NOREPINEPHRINE", 20, D3 + "10:00", D3 + "12:00")
    assert grades(febrile, "LEE2014", high_dose_min_h=[3, 2]) == [2, 3]


def test_4_22_missing_duration(febrile):
    febrile.pressor("NOREPINEPHRINE", 20, D3 + "10:00", None)
    assert grades(febrile, "LEE2014", missing_duration=["satisfied", "unsatisfied"]) == [3, 2]


@pytest.mark.parametrize(("saturation", "grade"), [(90, 1), (89, 2)])
def test_4_23_spo2_only_counts(febrile, saturation, grade):
    febrile.vital("OXYSAT", saturation, D3 + "10:00")
    assert grades(febrile, "ASTCT2019", spo2_only_counts=[False, True]) == [1, grade]


def test_4_24_baseline_window_d(febrile):
    # Home oxygen that ended four days before the cells and is needed again.
    febrile.oxygen("NASAL CANNULA", 2, "2023-12-20", "2023-12-28")
    febrile.oxygen("NASAL CANNULA", 2)
    assert grades(febrile, "ASTCT2019", baseline_window_d=[7, 2]) == [1, 2]


def test_4_25_temp_site_offset(case):
    case.crs().add("vs", VSTESTCD="TEMP", VSSTRESN=37.6, VSLOC="Axilla", VSDTC=D3 + "08:00")
    assert grades(case, "ASTCT2019", temp_site_offset=[{}, {"AXILLA": 0.5}]) == [0, 1]


def test_4_25_temp_round(case):
    assert grades(case.crs().temp(37.96), "ASTCT2019", temp_round=["none", "1dp"]) == [0, 1]


def test_4_26_date_only_concurrency(febrile):
    febrile.pressor("NOREPINEPHRINE", 5, "2024-01-03", "2024-01-03")
    febrile.pressor("EPINEPHRINE", 3, "2024-01-03", "2024-01-03")
    assert grades(febrile, "ASTCT2019", date_only_concurrency=["assume_no", "assume_yes"]) == [3, 4]


@pytest.mark.parametrize(("window", "flags"), [(14, "LATE_ONSET"), (21, None)])
def test_4_27_onset_window_d(case, window, flags):
    case.crs("2024-01-16", "2024-01-18")
    assert case.derive(switches={"onset_window_d": window})["episodes"]["FLAGS"].to_list() == [
        flags
    ]


def test_4_29_death_rule(febrile):
    febrile.rows["ae"][0] |= {"AEOUT": "NOT RECOVERED/NOT RESOLVED", "AEENDTC": None}
    febrile.add("dm", AGE=55.0, ARM="A", DTHFL="Y", DTHDTC="2024-01-04")
    assert grades(febrile, "ASTCT2019", death_rule=["stated", "any_during"]) == [1, 5]


def test_4_30_organ_link(febrile):
    febrile.add(
        "ae",
        AEDECOD="Cardiac failure",
        AETOXGR=3,
        AEREL="NOT RELATED",
        AESTDTC=D3 + "12:00",
        AEENDTC=D3 + "20:00",
    )
    assert grades(febrile, "LEE2014", organ_link=["related", "any"]) == [1, 3]


def test_4_31_infant_sbp(febrile):
    febrile.age = 0
    febrile.vital("SYSBP", 65, D3 + "10:00")
    assert grades(febrile, "ASTCT2019", infant_sbp=[None, 70]) == [1, 2]
    row = febrile.derive()["grades"].filter(SYSTEM="ASTCT2019", BASIS="derived")
    assert "AGE_UNDER_1" in row["FLAGS"][0]


@pytest.mark.parametrize(("least", "flags"), [(0, None), (6, "EARLY_ONSET")])
def test_4_32_min_onset_h(case, least, flags):
    case.dose().crs("2024-01-01T12:00", "2024-01-02T12:00")
    assert case.derive(switches={"min_onset_h": least})["episodes"]["FLAGS"].to_list() == [flags]


def test_every_question_has_a_test_here():
    """4.13 is in test_episodes, 4.28 (which grade is primary) in the statistics."""
    asked = {int(name.split("_")[2]) for name in globals() if name.startswith("test_4_")}
    assert asked == set(range(1, 33)) - {13, 28}
