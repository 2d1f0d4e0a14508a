import numpy as np
import pytest

from pipeline.stats.analyses.episodes_over_time import (
    add_episodes_over_time,
    observed_episodes,
)
from pipeline.stats.mean_function import ghosh_lin
from tests.stats.analyses.rows import one, population, rows_of, value
from tests.stats.by_hand import Hand
from tests.stats.conftest import mixed

MEAN = {"STAT": "mean_episodes", "LEVEL": "landmark"}


def twelve():
    """12 subjects; 6 with an episode on day 3, 3 of them with another on day 10."""
    hand = Hand()
    for i in range(12):
        # U08 and U09 die on day 5, U10 stops treatment on day 5, all without CRS
        death = 5 if i in (8, 9) else None
        stop = 5 if i == 10 else None
        hand.subject(f"U{i:02}", followed=death or 28, DTHDY=death, DSDY=stop)
        if i < 6:
            hand.episode(f"U{i:02}", 3, 5).grade(f"U{i:02}", 1)
        if i < 3:
            hand.episode(f"U{i:02}", 10, 12).grade(f"U{i:02}", 2)
    return hand


def test_death_and_discontinuation_end_further_episodes():
    rows = rows_of(twelve(), add_episodes_over_time)
    # nobody is censored before day 28: episodes over subjects
    first = one(rows, ESTIMAND="E5", TIME=7.0, **MEAN)
    assert (first["VALUE"], first["N"], first["EVENTS"]) == (pytest.approx(6 / 12), 12, 6)
    both = one(rows, ESTIMAND="E5", TIME=14.0, **MEAN)
    assert (both["VALUE"], both["EVENTS"]) == (pytest.approx(9 / 12), 9)
    assert 0 < both["LOW"] < both["VALUE"] < both["HIGH"]
    assert "Ghosh-Lin" in both["METHOD"]


def test_the_version_that_censors_them_is_higher():
    rows = rows_of(twelve(), add_episodes_over_time)
    # 9 are left on day 10
    got = one(rows, ESTIMAND="E5-sensitivity", TIME=14.0, **MEAN)
    assert got["VALUE"] == pytest.approx(6 / 12 + 3 / 9)
    assert got["REASON"] == "imprecise: 3 of 12 censored before this day"
    assert value(rows, ESTIMAND="E5-sensitivity", TIME=7.0, **MEAN) == pytest.approx(6 / 12)


def test_the_curve_steps_on_days_of_onset_and_ends_with_observation():
    rows = rows_of(twelve(), add_episodes_over_time)
    curve = rows.filter(ESTIMAND="E5", LEVEL="curve").sort("TIME")
    assert curve["TIME"].to_list() == [3.0, 10.0, 28.0]
    assert curve["VALUE"].to_list() == pytest.approx([6 / 12, 9 / 12, 9 / 12])


def test_numbers_at_risk_add_up():
    rows = rows_of(twelve(), add_episodes_over_time).filter(LEVEL="risk_table")
    day7 = rows.filter(TIME=7.0)
    assert dict(day7.select("STAT", "VALUE").iter_rows()) == {
        "n_at_risk": 9.0, "n_competing": 3.0, "n_censored": 0.0,
    }  # fmt: skip
    assert set(rows["ESTIMAND"]) == {"E5"}


@pytest.mark.parametrize(
    ("day", "death", "stop", "counted"),
    [
        (9, None, None, 1),
        (9, 9, None, 1),  # on the day of death
        (9, 8, None, 0),
        (9, None, 9, 1),  # on the day of discontinuation
        (9, None, 8, 0),
        (9, 20, 8, 0),
        (14, None, None, 1),  # on the last day of follow-up
        (15, None, None, 0),
        (9, 15, 15, 1),  # death and discontinuation after follow-up end nothing
    ],
)
def test_which_episodes_count(day, death, stop, counted):
    hand = Hand().subject("U1", followed=14, DTHDY=death, DSDY=stop)
    hand.episode("U1", day).grade("U1", 1)
    pop, _ = population(hand)
    assert observed_episodes(pop).events.time.size == counted


def test_observation_ends_as_in_time_to_first_crs():
    pop, _ = population(mixed("S1", "car_t", 40))
    made = observed_episodes(pop)
    days, code, who = pop.onset_times("TTCRS")
    free = code != 1
    at = np.searchsorted(made.who, who[free])
    assert (made.events.end[at] == days[free]).all()
    assert (made.events.terminal[at] == (code[free] > 1)).all()
    first = dict(zip(who[~free], days[~free], strict=True))
    seen = dict(
        zip(made.who[made.events.subject][::-1], made.events.time[::-1], strict=True)
    )  # the first episode of each subject is written last
    assert first == seen
    assert ghosh_lin(made.events).at(28).value > 0


def test_fewer_than_five_subjects_with_an_episode_have_no_mean():
    hand = Hand()
    for i in range(12):
        hand.subject(f"U{i:02}")
        if i < 4:
            hand.episode(f"U{i:02}", 3, 5).grade(f"U{i:02}", 1)
            hand.episode(f"U{i:02}", 10, 12).grade(f"U{i:02}", 1)
    rows = rows_of(hand, add_episodes_over_time).filter(STAT="mean_episodes")
    why = "a mean number needs 5 subjects with an episode and there are 4"
    assert set(rows["REASON"]) == {f"not estimable, because {why}"}
    assert rows["VALUE"].null_count() == rows.height


def test_limits_need_five_subjects_by_the_day_and_a_landmark_needs_follow_up():
    hand = Hand()
    for i in range(12):
        hand.subject(f"U{i:02}", followed=20)
        if i < 6:
            # 4 by day 7, 6 by day 14
            day = 3 if i < 4 else 10
            hand.episode(f"U{i:02}", day, day + 1).grade(f"U{i:02}", 1)
    rows = rows_of(hand, add_episodes_over_time)
    early = one(rows, ESTIMAND="E5", TIME=7.0, **MEAN)
    assert (early["VALUE"], early["LOW"]) == (pytest.approx(4 / 12), None)
    assert early["REASON"].endswith("limits need 5 subjects with an episode and there are 4")
    assert one(rows, ESTIMAND="E5", TIME=14.0, **MEAN)["REASON"] is None
    late = one(rows, ESTIMAND="E5", TIME=28.0, **MEAN)
    assert late["REASON"] == "not estimable, because nobody was followed to day 28"


def test_nothing_is_counted_after_events_were_collected():
    hand = Hand()
    for i in range(12):
        # collected to day 21; the death on day 25 ends nothing
        hand.subject(f"U{i:02}", followed=40, DTHDY=25 if i == 11 else None)
        hand.episode(f"U{i:02}", 3, 5).grade(f"U{i:02}", 1)
    pop, ard = population(hand, ae_collection_days=20)
    assert set(observed_episodes(pop).events.end) == {21}
    assert not observed_episodes(pop).events.terminal.any()
    add_episodes_over_time(pop, ard)
    late = one(ard.frames()[0], ESTIMAND="E5", TIME=28.0, **MEAN)
    assert late["REASON"].endswith("adverse events were collected to day 21 only (COLLECTION_END)")


def test_before_any_episode_the_mean_is_0():
    hand = Hand()
    for i in range(12):
        hand.subject(f"U{i:02}").episode(f"U{i:02}", 10, 12).grade(f"U{i:02}", 1)
    row = one(rows_of(hand, add_episodes_over_time), ESTIMAND="E5", TIME=7.0, **MEAN)
    assert (row["VALUE"], row["LOW"]) == (0.0, None)
    assert row["REASON"] == "limits not estimable, because there is no episode by then"


def test_nobody_was_treated():
    hand = Hand().subject("U1", SAFFL=None, NDOSES=0, FUPDY=None, TRTSDY=None)
    rows = rows_of(hand, add_episodes_over_time).filter(STAT="mean_episodes")
    assert set(rows["STATUS"]) == {"not_estimable"}
