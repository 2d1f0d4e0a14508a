from __future__ import annotations

import polars as pl

from reports.tables.episodes import episode_list, table_all
from tests.reports.study_tables import COURSES, rows_of, tables

PAIR = ("ASTCT2019", "collected")


def test_all_episodes_are_listed_in_order():
    made = table_all(episode_list(tables("T", COURSES), PAIR), "t")
    assert [row.split("#")[2].split("<")[0] for row in rows_of(made)] == ["1", "2", "3", "4"]


def test_only_a_derived_grade_stands_beside_what_was_recorded():
    frames = tables("T", COURSES[:1])
    # Nothing could be derived: the reason is that of the study and would stand in every row.
    derived = {"BASIS": pl.lit("derived")}
    lacking = {"GRADE": pl.lit(None, pl.Int64), "REASON": pl.lit("NO_DOMAIN VS")}
    said = {"ACCOUNT": pl.lit("No grade: the study has no VS data")}
    without = frames | {
        "grades": pl.concat(
            [frames["grades"], frames["grades"].with_columns(**derived, **lacking)]
        ),
        "accounts": pl.concat(
            [frames["accounts"], frames["accounts"].with_columns(**derived, **said)]
        ),
    }
    assert episode_list(without, PAIR)["FOUND"].to_list() == [None]
    graded = without["grades"].with_columns(GRADE=pl.lit(1, pl.Int64))
    assert episode_list(without | {"grades": graded}, PAIR)["FOUND"].to_list() == [
        "No grade: the study has no VS data"
    ]
