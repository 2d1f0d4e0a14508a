from __future__ import annotations

import polars as pl
import pytest

from reports.drill import Drill
from reports.select import blocks
from reports.tables.tiles import grade_tiles, headline
from tests.reports.courses import car_t, frame, meta
from tests.reports.study_tables import tables

FRAMES = tables("TST", car_t())
KEY = {"STUDYID": "TST", "USUBJID": "U1"}


def graded(*rows):
    """Episodes of one subject with (recorded, derived) grades under ASTCT 2019."""
    episodes = [{**KEY, "EPISEQ": i} for i in range(1, len(rows) + 1)]
    grades = [
        {**KEY, "EPISEQ": i, "SYSTEM": "ASTCT2019", "BASIS": basis, "GRADE": grade}
        for i, pair in enumerate(rows, 1)
        for basis, grade in zip(("collected", "derived"), pair, strict=True)
    ]
    return frame("episodes", episodes), frame("grades", grades)


def told(tiles):
    return [(tile.value, tile.note.split(",")[0]) for tile in tiles]


def test_episodes_with_a_recorded_a_derived_and_no_grade():
    tiles = grade_tiles(*graded((1, 2), (2, None), (None, 3), (None, None)), meta())
    assert [tile.label for tile in tiles] == [
        "Grades recorded", "Grades derived", "Grades not available",
    ]  # fmt: skip
    assert told(tiles) == [("2", "of 4 episodes"), ("2", "of 4 episodes"), ("1", "of 4 episodes")]


def test_small_counts_are_withheld():
    publish = {"subject_level": False, "min_cell": 5}
    tiles = grade_tiles(*graded(*[(1, 1)] * 6, (None, None)), meta(publish=publish))
    assert told(tiles) == [
        (">2 of 7", "of 7 episodes"), (">2 of 7", "of 7 episodes"), ("<5", "of 7 episodes"),
    ]  # fmt: skip


def test_no_episode():
    assert [t.note for t in grade_tiles(*graded(), meta())] == ["no episode"] * 3


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({}, "median follow-up"),
        ({"STATUS": pl.lit("suppressed")}, "median follow-up is withheld"),
        (
            {"STATUS": pl.lit("not_estimable"), "REASON": pl.lit("not estimable, because x")},
            "median follow-up: not estimable, because x",
        ),
    ],
)
def test_treated_subjects_with_their_follow_up_or_why_it_is_not_told(change, note):
    followed = pl.col("VARIABLE") == "followed"
    changed = {c: pl.when(followed).then(e).otherwise(c) for c, e in change.items()}
    (block, *_) = blocks(FRAMES["results"].with_columns(**changed))
    tile = headline(block, block.arms[0], Drill.closed())[0]
    assert tile.label == "Treated subjects"
    assert str(tile.note).startswith(note)
