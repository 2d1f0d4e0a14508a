import lifelines
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats.risk_table import risk_table

TICKS = (1, 3, 5, 7)


def test_a_subject_with_an_event_or_censoring_on_the_tick_is_still_at_risk():
    # 4 subjects: event day 3, competing day 3, censored day 3, followed to day 9
    table = risk_table(np.array([3.0, 3, 3, 9]), np.array([1, 2, 0, 0]), TICKS)
    assert table["n_at_risk"].tolist() == [4, 4, 1, 1]
    assert table["n_events"].tolist() == [0, 0, 1, 1]
    assert table["n_competing"].tolist() == [0, 0, 1, 1]
    assert table["n_censored"].tolist() == [0, 0, 1, 1]


def test_the_number_left_after_the_days_events_is_another_number():
    time, event = np.array([3.0] * 4 + [9.0] * 6), np.array([1] * 4 + [0] * 6)
    table = lifelines.KaplanMeierFitter().fit(time, event).event_table
    left_after = int((table["at_risk"] - table["removed"]).loc[3.0])
    at_start = risk_table(time, event, (3,))["n_at_risk"].item()
    assert (at_start, left_after) == (10, 6)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 3)), max_size=40))
def test_each_row_adds_up_to_n(pairs):
    time = np.array([float(t) for t, _ in pairs])
    code = np.array([c for _, c in pairs], dtype=int)
    table = risk_table(time, code, TICKS)
    assert (sum(table.values()) == len(pairs)).all()
