import polars as pl


def days(case, basis, **changes):
    table = (
        case.derive(**changes)["grade_days"]
        .filter(SYSTEM="ASTCT2019", BASIS=basis)
        .filter(pl.col("DY") <= 7)
    )
    return {r["DY"]: (r["GRADE"], r["OBSERVED"], r["REASON"]) for r in table.to_dicts()}


ZERO = (0, "Y", None)


def test_a_maximum_does_not_paint_its_days(case):
    case.crs("2024-01-03", "2024-01-05", AETOXGR=3)
    unknown = (None, "Y", "MAX_ONLY")
    assert days(case, "collected") == {
        1: ZERO,
        2: ZERO,
        3: unknown,
        4: unknown,
        5: unknown,
        6: ZERO,
        7: ZERO,
    }


def test_a_maximum_of_1_paints_its_days(case):
    case.crs("2024-01-03", "2024-01-04", AETOXGR=1)
    assert days(case, "collected")[4] == (1, "Y", None)


def test_a_record_without_an_end_says_nothing_of_later_days(case):
    case.crs("2024-01-03", None, AETOXGR=1, AEOUT="UNKNOWN")
    found = days(case, "collected")
    assert [found[3], found[4]] == [(1, "Y", None), (None, "Y", "END_UNKNOWN")]


def test_a_record_said_to_be_ongoing_paints_on(case):
    case.crs("2024-01-03", None, AETOXGR=1, AEOUT="NOT RECOVERED/NOT RESOLVED")
    assert days(case, "collected")[7] == (1, "Y", None)


def test_one_record_per_grade_change_paints_its_days(case):
    case.crs("2024-01-03", "2024-01-03", AETOXGR=1, AEOUT="NOT RECOVERED/NOT RESOLVED")
    case.crs("2024-01-04", "2024-01-05", AETOXGR=2)
    found = days(case, "collected")
    assert [found[d][0] for d in (2, 3, 4, 5, 6)] == [0, 1, 2, 2, 0]


def test_a_day_without_a_chart_is_not_grade_0(case):
    for day, grade in [(1, 0), (2, 1), (3, 0)]:
        case.add(
            "fa",
            FAOBJ="CYTOKINE RELEASE SYNDROME",
            FATESTCD="TOXGR",
            FASTRESN=float(grade),
            FADTC=f"2024-01-0{day}",
        )
    found = days(case, "collected")
    assert [found[d] for d in (1, 2, 3, 4)] == [
        ZERO,
        (1, "Y", None),
        ZERO,
        (None, None, "NOT_OBSERVED"),
    ]


def test_two_charts_of_a_day_that_disagree_give_the_worse(case):
    for grade in (0, 2):
        case.add(
            "fa",
            FAOBJ="CYTOKINE RELEASE SYNDROME",
            FATESTCD="TOXGR",
            FASTRESN=float(grade),
            FADTC="2024-01-02",
        )
    assert days(case, "collected")[2] == (2, "Y", None)


def test_derived_days_follow_the_findings(febrile):
    febrile.oxygen("NASAL CANNULA", 2, "2024-01-03T20:00", "2024-01-04T04:00")
    febrile.temp(36.6, "2024-01-04T12:00")
    found = days(febrile, "derived")
    assert found[3] == (2, "Y", None)
    assert found[4] == (2, "Y", None)
    assert found[5] == ZERO
    assert found[2] == (None, None, "NOT_OBSERVED")


def test_days_end_with_follow_up(case):
    case.dose().crs("2024-01-03", "2024-01-04", AETOXGR=1)
    case.add("ds", DSDECOD="COMPLETED", DSCAT="DISPOSITION EVENT", DSSTDTC="2024-01-06")
    assert sorted(days(case, "collected")) == [1, 2, 3, 4, 5, 6]
