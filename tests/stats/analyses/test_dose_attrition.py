import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.stats.analyses.by_dose import add_by_dose
from pipeline.stats.analyses.dose_attrition import (
    AFTER_CRS,
    DIED,
    NEXT,
    NO_MORE,
    OUTCOMES,
    STOPPED,
)
from pipeline.stats.ard import Ard, Label
from pipeline.stats.population import make_pool, make_population
from pipeline.stats.timing import derive_timing
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand, study

SCHEDULE = [
    {"name": "SUD1", "dose": 1, "unit": "mg", "day": 1},
    {"name": "SUD2", "dose": 2, "unit": "mg", "day": 4},
    {"name": "FULL", "dose": 3, "unit": "mg", "day": 8},
]


def after_first(hand: Hand) -> dict[str, float | None]:
    rows = rows_of(hand, add_by_dose).filter(GROUPVAR="DOSESEQ", GROUP="1", VARIABLE="AFTER_DOSE")
    return {level: value(rows, LEVEL=level) for level in OUTCOMES}


@pytest.mark.parametrize(
    ("subject", "crs", "next_dose", "want"),
    [
        ({}, False, 8, NEXT),
        ({}, True, 8, NEXT),
        # nothing more, followed on
        ({}, False, None, NO_MORE),
        ({}, True, None, NO_MORE),
        # death, also on the day of the discontinuation; after it the discontinuation came first
        ({"DTHDY": 6, "followed": 6}, False, None, DIED),
        ({"DTHDY": 6, "followed": 6, "DSDY": 6, "DSREAS": "DEATH"}, False, None, DIED),
        ({"DTHDY": 9, "followed": 9, "DSDY": 6, "DSREAS": "OTHER"}, False, None, STOPPED),
        # an adverse event needs CRS after that dose to be the reason
        ({"DSDY": 6, "DSREAS": "ADVERSE EVENT"}, True, None, AFTER_CRS),
        ({"DSDY": 6, "DSREAS": "Adverse Event"}, True, None, AFTER_CRS),
        ({"DSDY": 6, "DSREAS": "ADVERSE EVENT"}, False, None, STOPPED),
        ({"DSDY": 6, "DSREAS": "PROGRESSIVE DISEASE"}, True, None, STOPPED),
        ({"DSDY": 6}, True, None, STOPPED),
        # a discontinuation after the end of follow-up does not count
        ({"DSDY": 30, "DSREAS": "ADVERSE EVENT"}, True, None, NO_MORE),
    ],
)
def test_what_came_first_after_a_dose(subject, crs, next_dose, want):
    hand = Hand("B", "bispecific").subject("U1", **subject)
    if next_dose:
        hand.dose("U1", 2, next_dose)
    if crs:
        hand.episode("U1", 2, 4).grade("U1", 1)
    assert after_first(hand) == {level: float(level == want) for level in OUTCOMES}


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3), st.booleans()), min_size=1, max_size=5)
)
def test_outcomes_add_up_and_each_dose_is_given_to_those_who_went_on(drawn):
    hand = Hand("B", "bispecific")
    for i, (doses, end, crs) in enumerate(drawn):
        dead, stopped = (25 if end == 1 else None), (24 if end == 2 else None)
        hand.subject(f"U{i}", followed=dead or 28, DTHDY=dead, DSDY=stopped)
        for k in range(2, doses + 1):
            hand.dose(f"U{i}", k, 1 + 7 * (k - 1))
        if crs:
            hand.episode(f"U{i}", 3, 5).grade(f"U{i}", 1)
    rows = rows_of(hand, add_by_dose).filter(GROUPVAR="DOSESEQ")
    given_doses = rows.filter(VARIABLE="DOSED").sort("GROUP")["VALUE"].to_list()
    for k, n in enumerate(given_doses, 1):
        after = rows.filter(VARIABLE="AFTER_DOSE", GROUP=str(k))
        assert after["VALUE"].sum() == n
        went_on = one(after, LEVEL=NEXT)["VALUE"]
        assert went_on == (given_doses[k] if k < len(given_doses) else 0)


def late_rows(hand: Hand, schedule=SCHEDULE):
    timing = derive_timing(hand.tables(), study("B", schedule=schedule, cohort="bispecific"))
    pool = make_pool([timing])
    ard = Ard(pool.roster)
    label = Label("B", "test", "bispecific", "ASTCT2019", "collected", None)
    add_by_dose(make_population(pool, label, ["B"]), ard)
    return ard.frames()[0].filter(VARIABLE="NEXT_DELAYED", GROUPVAR="DOSESEQ", STAT="proportion")


def steps(hand: Hand, who: str, second: int, level: str | None = "SUD2") -> Hand:
    hand.subject(who)
    hand.rows["doses"][-1]["DOSELVL"] = "SUD1"
    return hand.dose(who, 2, second, DOSELVL=level)


def test_a_next_dose_is_late_if_more_than_a_day_after_the_schedule():
    hand = Hand("B", "bispecific")
    steps(hand, "U1", 4)  # as scheduled
    steps(hand, "U2", 5)  # a day later
    steps(hand, "U3", 6).episode("U3", 2, 5).grade("U3", 1)  # two days later, after CRS
    steps(hand, "U4", 4, "SUD1")  # the step is repeated: the schedule does not tell
    steps(hand, "U5", 9, None)  # a dose that is not in the schedule
    rows = late_rows(hand).filter(GROUP="1")
    row = one(rows, DENOM="subjects given the next dose")
    assert (row["EVENTS"], row["N"]) == (1, 3)
    row = one(rows, DENOM="those of them with CRS after that dose")
    assert (row["EVENTS"], row["N"]) == (1, 1)


def test_the_distance_counts_from_the_dose_before_and_a_skipped_step_is_told():
    hand = Hand("B", "bispecific")
    steps(hand, "U1", 8).dose("U1", 3, 12, DOSELVL="FULL")  # late, then four days as scheduled
    steps(hand, "U2", 8, "FULL")  # seven days from SUD1 to FULL
    assert one(late_rows(hand), GROUP="1", DENOM="subjects given the next dose")["EVENTS"] == 1
    row = one(late_rows(hand), GROUP="2", DENOM="subjects given the next dose")
    assert (row["EVENTS"], row["N"]) == (0, 1)


def test_without_a_schedule_or_with_a_name_on_two_days_nothing_is_told():
    hand = steps(Hand("B", "bispecific"), "U1", 9)
    assert late_rows(hand, []).is_empty()
    assert late_rows(
        hand, [*SCHEDULE, {"name": "SUD2", "dose": 4, "unit": "mg", "day": 6}]
    ).is_empty()
