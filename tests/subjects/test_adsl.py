import pytest


def adsl(case, *columns, **changes):
    return case.derive(**changes)["adsl"].select(columns).rows()


def ds(case, decod, date="2024-01-20", cat="DISPOSITION EVENT", **row):
    return case.add("ds", DSDECOD=decod, DSCAT=cat, DSSTDTC=date, **row)


@pytest.mark.parametrize(
    ("decod", "reason", "day"),
    [
        ("COMPLETED", "completed", None),
        ("LOST TO FOLLOW-UP", "lost to follow-up", None),
        ("WITHDRAWAL BY SUBJECT", "withdrawal by subject", None),
        ("STUDY TERMINATED BY SPONSOR", "administrative", None),
        ("ADVERSE EVENT", "discontinuation", 20),
        ("PROGRESSIVE DISEASE", "discontinuation", 20),
        ("A REASON OF THE SPONSOR'S OWN", "discontinuation", 20),
    ],
)
def test_which_disposition_competes(case, decod, reason, day):
    assert adsl(ds(case, decod), "FUPREAS", "FUPDY", "DSDY") == [(reason, 20, day)]


def test_stopping_treatment_does_not_end_follow_up(case):
    ds(case, "ADVERSE EVENT", "2024-01-10", DSSCAT="STUDY TREATMENT")
    ds(case, "COMPLETED", "2024-02-20", DSSCAT="STUDY PARTICIPATION")
    assert adsl(case, "FUPREAS", "FUPDY", "DSDY", "DSREAS") == [
        ("completed", 51, 10, "ADVERSE EVENT")
    ]


def test_death_ends_follow_up(case):
    case.add("dm", AGE=50.0, ARM="A", DTHFL="Y", DTHDTC="2024-01-09")
    assert adsl(ds(case, "COMPLETED", "2024-02-20"), "FUPREAS", "FUPDY", "DTHDY") == [
        ("death", 9, 9)
    ]


def test_cutoff_ends_follow_up(case):
    rows = adsl(ds(case, "COMPLETED", "2024-02-20"), "FUPREAS", "FUPDY", data_cutoff="2024-01-31")
    assert rows == [("data cutoff", 31)]


def test_without_disposition_the_last_thing_seen_ends_follow_up(case):
    case.temp(36.5, "2024-01-12T08:00")
    ds(case, "RANDOMIZED", cat="PROTOCOL MILESTONE")
    assert adsl(case, "FUPREAS", "FUPDY") == [("last observation", 12)]


def test_cohort_by_arm(case):
    case.add("dm", AGE=50.0, ARM="A").add("dm", USUBJID="T-2", AGE=50.0, ARM="B")
    rows = adsl(case, "USUBJID", "COHORT", cohort={"A": "car_t"})
    assert rows == [("T-1", "car_t"), ("T-2", None)]


def test_study_days_of_the_study_are_moved_to_our_day_1(case):
    # --DY counts from RFSTDTC, three days before the cells.
    case.add("dm", AGE=50.0, ARM="A", RFSTDTC="2023-12-29")
    case.add(
        "ae", AEDECOD="Cytokine release syndrome", AESTDY=6, AEENDY=7, AEOUT="RECOVERED/RESOLVED"
    )
    assert case.derive()["episodes"].select("ASTDY", "AENDY").rows() == [(3, 4)]


@pytest.mark.parametrize(
    ("category", "date", "expected"),
    [
        ("NEW ANTI-CANCER THERAPY", "2024-01-15", (15, "NEW ANTICANCER THERAPY")),
        ("Subsequent antilymphoma", "2024-01-15", (15, "NEW ANTICANCER THERAPY")),
        ("POST-TREATMENT CANCER THERAPY", "2024-01-15", (15, "NEW ANTICANCER THERAPY")),
        ("PRIOR ANTI-CANCER THERAPY", "2024-01-15", (None, None)),
        ("NEW ANTI-CANCER THERAPY", "2024-01-01", (None, None)),  # the day of the dose itself
    ],
)
def test_a_new_anticancer_therapy_competes(case, category, date, expected):
    ds(case, "COMPLETED").add("cm", CMTRT="RITUXIMAB", CMCAT=category, CMSTDTC=date)
    assert adsl(case, "DSDY", "DSREAS") == [expected]


def test_the_first_of_discontinuation_and_new_therapy_competes(case):
    ds(case, "PROGRESSIVE DISEASE", "2024-01-10")
    case.add("cm", CMTRT="RITUXIMAB", CMCAT="NEW ANTICANCER THERAPY", CMSTDTC="2024-01-15")
    assert adsl(case, "DSDY", "DSREAS") == [(10, "PROGRESSIVE DISEASE")]
