from pipeline.stats.analyses.subjects import add_subjects
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand


def test_each_count():
    hand = Hand()
    # two episodes, the second not seen to end
    hand.subject("U1").episode("U1", 2, 4).grade("U1", 1).episode("U1", 9).grade("U1", 2)
    # CRS before the dose only
    hand.subject("U2").episode("U2", -2, -1).grade("U2", 1)
    # death in follow-up, and one after it
    hand.subject("U3", followed=9, DTHDY=9).subject("U4", DTHDY=50)
    # discontinued in follow-up
    hand.subject("U5", DSDY=6)
    # an episode after the end of follow-up
    hand.subject("U6", followed=10).episode("U6", 12, 14).grade("U6", 1)
    rows = rows_of(hand, add_subjects)
    want = {
        "treated": 6, "with_crs": 1, "deaths": 1, "discontinued": 1, "not_ended": 1,
        "subjects_with_recurrence": 1, "n_episodes": 2, "pre_dose_episodes": 1,
        "episodes_after_follow_up": 1, "ungraded": 0, "recorded_episodes": 4,
        "ungraded_episodes": 0, "grade_0_episodes": 0,
    }  # fmt: skip
    assert {k: value(rows, VARIABLE=k) for k in want} == want
    assert one(rows, VARIABLE="n_episodes")["UNIT"] == "episodes"


def test_median_follow_up_is_not_shortened_by_deaths():
    hand = Hand()
    for i in range(5):
        hand.subject(f"A{i}", followed=28)
    for i in range(4):
        hand.subject(f"D{i}", followed=3, DTHDY=3)
    assert value(rows_of(hand, add_subjects), VARIABLE="followed") == 28


def test_derived_reading_without_a_grade_is_counted_as_ungraded():
    hand = Hand().subject("U1").episode("U1", 2, 4).grade("U1", 1)
    hand.grade("U1", None, BASIS="derived")
    hand.subject("U2").episode("U2", 2, 4).grade("U2", 1, BASIS="derived")
    rows = rows_of(hand, add_subjects, basis="derived")
    assert (value(rows, VARIABLE="ungraded"), value(rows, VARIABLE="with_crs")) == (1, 1)


def test_every_recorded_episode_stands_somewhere():
    hand = Hand()
    for name, day, grade in (("U1", 2, 1), ("U2", 2, 0), ("U3", 2, None), ("U4", -2, 2)):
        hand.subject(name).episode(name, day, day + 1).grade(name, grade, BASIS="derived")
    rows = rows_of(hand, add_subjects, basis="derived")
    want = {
        "recorded_episodes": 4, "n_episodes": 1, "ungraded_episodes": 1, "grade_0_episodes": 1,
        "pre_dose_episodes": 1, "episodes_after_follow_up": 0,
    }  # fmt: skip
    assert {k: value(rows, VARIABLE=k) for k in want} == want
