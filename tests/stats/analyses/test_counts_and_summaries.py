import numpy as np
import polars as pl

from pipeline.stats.analyses.counts_and_summaries import add_count, add_median, add_summary
from pipeline.stats.ard import Row
from pipeline.stats.step_curve import QuantileEstimate
from tests.stats.analyses.rows import one, population
from tests.stats.by_hand import Hand

NE = float("nan")


def made(add, *arguments, events=0):
    hand = Hand()
    for i in range(6):
        hand.subject(f"U{i}")
    pop, ard = population(hand)
    row = Row("r", "X", "median", "days", "m", "treated subjects", np.arange(6))
    add(ard, pop.label, row._replace(events=np.arange(events)), *arguments)
    return ard.frames()[0]


def test_a_count_is_the_size_of_its_set():
    row = one(made(add_count, np.array([1, 4])))
    assert (row["STAT"], row["VALUE"], row["N"], row["EVENTS"]) == ("n", 2, 6, 2)


def test_a_summary_counts_who_has_a_value():
    observed = pl.DataFrame({"SUBJ": [0, 1, 2], "X": [1, None, 3]})
    row = one(made(add_summary, observed, "nobody has one"), STAT="median")
    assert (row["VALUE"], row["N"], row["EVENTS"]) == (2, 6, 2)


def test_a_median_from_few_events_has_no_limits():
    row = one(made(add_median, QuantileEstimate(3.0, 1.0, 9.0), "-", events=4))
    assert (row["VALUE"], row["LOW"]) == (3, None)
    assert row["REASON"] == "limits not estimable, because limits need 5 events and there are 4"


def test_a_median_may_have_one_limit():
    row = one(made(add_median, QuantileEstimate(3.0, 1.0, NE), "-", events=5))
    assert (row["VALUE"], row["LOW"], row["HIGH"], row["STATUS"]) == (3, 1, None, "ok")
    assert row["REASON"] == "limits not estimable, because a limit curve does not reach 0.5"


def test_a_median_that_is_not_reached_says_why():
    row = one(made(add_median, QuantileEstimate(NE, 1.0, NE), "it is not reached", events=5))
    assert (row["VALUE"], row["LOW"], row["REASON"]) == (
        None, None, "not estimable, because it is not reached",
    )  # fmt: skip
