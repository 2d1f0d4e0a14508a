"""Weighing alone: outcomes as numbers, no tables."""

from __future__ import annotations

import math

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.queries.asked import ANSWER, filled
from pipeline.queries.headlines import HEADLINES
from pipeline.queries.influence import Tried, baseline, weigh
from pipeline.queries.subjects_anew import units_of

OUTCOME = {
    "USUBJID": pl.String, "COHORT": pl.String, "COLLDY": pl.Int64, "WORST": pl.String,
    "CRS_T": pl.Int64, "CRS_C": pl.Int64, "REC_T": pl.Int64, "REC_C": pl.Int64,
    "ONSET": pl.Float64, "DURATION": pl.Float64, "TOCI": pl.Float64,
}  # fmt: skip


def outcome(grade, day, length, end, toci):
    """What a subject without CRS (grade 0), or with it, gives to the headlines."""
    if grade == "0":
        return ("car_t", None, "0", 30, 0, None, None, None, None, None)
    lasted = float(length) if end == 1 else None
    return ("car_t", None, grade, day, 1, length, end, float(day - 1), lasted, float(toci))


OUTCOMES = st.builds(
    outcome, st.sampled_from(["0", "1", "3", "NA"]), st.integers(1, 20), st.integers(1, 20),
    st.sampled_from([0, 1, 2]), st.integers(0, 1),
)  # fmt: skip


def tried(subjects, answers):
    """Each answer stands for subject 0."""
    asked = filled(
        pl.DataFrame({"USUBJID": ["U0"] * len(answers), "DAYS": range(len(answers))}).with_columns(
            SET=pl.lit("q"), ANSWER=pl.col("DAYS").cast(pl.String), HOW=pl.lit("follow")
        ),
        ANSWER,
    )
    units = units_of(asked)
    names = [*(f"U{i}" for i in range(len(subjects))), *units["UNIT"]]
    rows = [(name, *row) for name, row in zip(names, [*subjects, *answers], strict=True)]
    return Tried(asked, units, pl.DataFrame(rows, OUTCOME, orient="row"), "collected")


def values(subjects):
    frame = tried(subjects, []).outcomes
    return [baseline(headline, frame, "collected") for headline in HEADLINES]


def same(a, b):
    return (math.isnan(a) and math.isnan(b)) or abs(a - b) <= 1e-9


@given(st.lists(OUTCOMES, min_size=1, max_size=8), st.lists(OUTCOMES, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_headline_is_moved_if_and_only_if_some_answer_gives_it_another_value(subjects, answers):
    now = values(subjects)
    changed = [values([answer, *subjects[1:]]) for answer in answers]
    rows = pl.DataFrame(
        [(i, "car_t", str(i), None if math.isnan(v) else v) for i, v in enumerate(now)],
        {"PLACE": pl.Int64, "COHORT": pl.String, "RESULTID": pl.String, "VALUE": pl.Float64},
        orient="row",
    )
    moves = {row["PLACE"]: row for row in weigh(tried(subjects, answers), rows).to_dicts()}
    for place, value in enumerate(now):
        reached = [v[place] for v in changed if not math.isnan(v[place])]
        if math.isnan(value):
            continue  # a number that is not there has no distance from its answers
        if all(same(value, v) for v in reached):
            assert place not in moves
        else:
            row = moves[place]
            assert same(row["LOW"], min(reached))
            assert same(row["HIGH"], max(reached))
            far = max(abs(v - value) for v in reached)
            scale = 100 / 28 if HEADLINES[place].unit == "days" else 100
            assert same(row["POINTS"], far * scale)
