import pytest

from pipeline.stats.analyses.onset_cif import add_onset_cif
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand


@pytest.fixture(scope="module")
def rows():
    # 12 subjects: CRS on days 2, 2, 5; death on day 3; discontinuation on day 4, then CRS on day 9;
    # the others are followed to day 28
    hand = Hand()
    for i, start in enumerate((2, 2, 5)):
        hand.subject(f"C{i}").episode(f"C{i}", start, start + 2).grade(f"C{i}", i + 1)
    hand.subject("D", followed=3, DTHDY=3)
    hand.subject("S", DSDY=4).episode("S", 9, 10).grade("S", 1)
    for i in range(7):
        hand.subject(f"N{i}")
    return rows_of(hand, add_onset_cif)


def test_e1_and_the_version_with_death_alone(rows):
    e1 = {"ESTIMAND": "E1", "LEVEL": "landmark"}
    assert value(rows, TIME=7.0, **e1) == pytest.approx(3 / 12)
    assert value(rows, TIME=14.0, **e1) == pytest.approx(3 / 12)
    assert value(rows, ESTIMAND="E1-death", LEVEL="landmark", TIME=14.0) == pytest.approx(4 / 12)


def test_curve_has_each_event_day_and_ends_with_observation(rows):
    curve = rows.filter(ESTIMAND="E1", LEVEL="curve").sort("TIME")
    assert curve["TIME"].to_list() == [2, 5, 28]
    assert curve["EVENTS"].to_list() == [2, 3, 3]


def test_x_of_n_stands_beside_the_curve_while_nobody_is_censored(rows):
    where = {"ESTIMAND": "E1", "TIME": 28.0}
    curve = value(rows, LEVEL="landmark", **where)
    assert value(rows, LEVEL="landmark_check", **where) == pytest.approx(curve, abs=1e-15)


def test_grades_2_and_3_are_estimand_2(rows):
    where = {"ESTIMAND": "E2", "LEVEL": "landmark", "TIME": 28.0}
    assert value(rows, VARIABLE="TTCRSG2", **where) == pytest.approx(2 / 12)
    assert value(rows, VARIABLE="TTCRSG3", **where) == pytest.approx(1 / 12)


def test_risk_table_is_at_the_start_of_the_day(rows):
    where = {"ESTIMAND": "E1", "LEVEL": "risk_table"}
    at = {s: [value(rows, STAT=s, TIME=t, **where) for t in (1.0, 3.0, 5.0)]
          for s in ("n_at_risk", "n_events", "n_competing", "n_censored")}  # fmt: skip
    assert at == {
        "n_at_risk": [12, 10, 8], "n_events": [0, 2, 2], "n_competing": [0, 0, 2],
        "n_censored": [0, 0, 0],
    }  # fmt: skip


def test_a_median_that_is_not_reached_says_so(rows):
    median = one(rows, ESTIMAND="E1", STAT="median")
    assert median["REASON"] == "not estimable, because the curve does not reach 0.5"


def test_ungraded_crs_gives_no_incidence_of_grade_2():
    hand = Hand().subject("U1").episode("U1", 2, 3).grade("U1", None).subject("U2")
    got = rows_of(hand, add_onset_cif).filter(ESTIMAND="E2")
    assert set(got["STATUS"]) == {"not_available"}


def test_few_subjects_give_no_curve_and_no_limits_but_a_value():
    hand = Hand().subject("U1").episode("U1", 2, 3).grade("U1", 1).subject("U2").subject("U3")
    got = rows_of(hand, add_onset_cif)
    curve = one(got, ESTIMAND="E1", LEVEL="curve")
    assert curve["REASON"] == "not estimable, because a curve needs 10 subjects and there are 3"
    landmark = one(got, ESTIMAND="E1", LEVEL="landmark", TIME=7.0)
    assert landmark["VALUE"] == pytest.approx(1 / 3)
    assert landmark["LOW"] is None
    assert landmark["REASON"].startswith("limits not estimable, because limits need 5 subjects")


def test_recorded_crs_without_a_derived_grade_counts_as_none_and_says_so():
    hand = Hand().subject("U0").episode("U0", 2, 3).grade("U0", None, BASIS="derived")
    hand.subject("U1").episode("U1", 2, 3).grade("U1", 2, BASIS="derived")
    for i in range(2, 12):
        hand.subject(f"U{i:02}")
    rows = rows_of(hand, add_onset_cif, basis="derived").filter(TIME=28.0, STATUS="ok")
    words = "imprecise: 1 subjects with recorded CRS whose derived grade is not known count as "
    for variable, below in {"TTCRS": "without CRS", "TTCRSD": "without CRS"}.items():
        for level in ("landmark", "landmark_check"):
            row = one(rows, VARIABLE=variable, LEVEL=level)
            assert (row["VALUE"], row["REASON"]) == (pytest.approx(1 / 12), words + below)
    assert one(rows, VARIABLE="TTCRS", STAT="rmtl")["REASON"].startswith(words + "without CRS")
    assert one(rows, VARIABLE="TTCRSG2", LEVEL="landmark")["REASON"] == words + "below grade 2"


def test_recorded_crs_without_a_grade_counts_as_below_grade_2_and_says_so():
    hand = Hand().subject("U0").episode("U0", 2, 3).grade("U0", None)
    hand.subject("U1").episode("U1", 2, 3).grade("U1", 2)
    for i in range(2, 12):
        hand.subject(f"U{i:02}")
    rows = rows_of(hand, add_onset_cif).filter(TIME=28.0, LEVEL="landmark")
    assert one(rows, VARIABLE="TTCRS")["REASON"] is None
    assert one(rows, VARIABLE="TTCRSG2")["REASON"] == (
        "imprecise: 1 subjects with recorded CRS whose grade is not known count as below grade 2"
    )


def test_how_many_of_the_discontinued_are_followed_on(rows):
    row = one(rows, ESTIMAND="E1-death", LEVEL="landmark", TIME=14.0)
    assert row["REASON"] == "1 of 1 who discontinued without CRS are followed on"
    assert "followed on where their follow-up goes on, else censored" in row["METHOD"]
    hand = Hand().subject("S", followed=4, DSDY=4)
    row = one(rows_of(hand, add_onset_cif), ESTIMAND="E1-death", LEVEL="landmark", TIME=7.0)
    assert row["STATUS"] == "not_estimable"


def test_a_step_of_the_curve_without_limits_says_why():
    hand = Hand()
    for i in range(12):
        hand.subject(f"U{i:02}").episode(f"U{i:02}", 2 + i % 2, 5).grade(f"U{i:02}", 1)
    curve = rows_of(hand, add_onset_cif).filter(ESTIMAND="E1", LEVEL="curve").sort("TIME")
    assert curve["VALUE"].to_list() == [0.5, 1.0]
    assert curve["REASON"].to_list() == [
        None, "limits not estimable, because the curve has reached 1"
    ]  # fmt: skip
