from __future__ import annotations

import polars as pl
import pytest

from reports.disclosure import disclose
from reports.tables.queries import (
    PER_STUDY,
    count_words,
    largest_move,
    open_headlines,
    printable,
    table_queries,
)
from tests.reports.asked import queries_of
from tests.reports.conftest import text_of
from tests.reports.courses import car_t, frame, meta
from tests.reports.study_tables import tables

FRAMES = tables("TST", car_t())
QUERIES = queries_of("TST", FRAMES)
SUBJECTS = FRAMES["adsl"].select("STUDYID", "USUBJID", "SUBJIDX")
CLOSED = {"subject_level": False, "min_cell": 5}


def made(queries=QUERIES, **about):
    metas = [meta(**about)]
    return table_queries(queries, metas, SUBJECTS, open_headlines(FRAMES["results"], metas), "q")


def lines(html):
    return text_of(f"<body>{html}<script")


def test_rank_subject_question_move_headline_and_range():
    text = lines(made())
    assert (
        "1 TST #3 , episode 1 [subject] has no grade 4.2 share of treated subjects with CRS of "
        "grade 3 or higher (ASTCT 2019, as recorded, CAR-T) 25.0% 25.0% to 29.2% no grade "
        "AESEQ 7 new test"
    ) in text
    assert "3 TST study NEWMAB is unknown 0 none unknown term or unit CM row 4 new test" in text


def test_a_subject_is_a_running_number_and_never_an_identifier():
    html = made()
    assert 'href="../studies/TST/subjects.html#3"' in html
    assert "not in DM" in html
    assert "SECRET" not in html


def test_hostile_text_is_text_and_dates_are_gone():
    html = made()
    assert "&lt;img src=x" in html
    assert "<img" not in html
    assert "2024-02-03" not in html


def test_a_study_that_publishes_no_single_subject_shows_counts_by_kind_only():
    queries = queries_of("TST", FRAMES, more=6)
    text = lines(made(queries, publish={"subject_level": False, "min_cell": 0}))
    assert "TST test no grade 1 share of treated subjects" in text
    assert "TST test unknown term or unit 7 none 0" in text
    for word in ("#3", "AESEQ", "NEWMAB", "episode", "25.0%"):
        assert word not in text


def test_small_counts_of_kinds_are_withheld_with_their_moves():
    text = lines(made(queries_of("TST", FRAMES, more=6), publish=CLOSED))
    assert "no grade <5 withheld withheld" in text.replace("&lt;", "<")
    assert "4.2" not in text


def test_a_headline_that_is_withheld_is_not_told_by_a_query():
    """Single subjects are open, small counts are not: 6 of 24 is shown, below 7 it is not."""
    assert "25.0%" in made(publish={"subject_level": True, "min_cell": 5})
    html = made(publish={"subject_level": True, "min_cell": 7})
    assert "25.0%" not in html
    assert "4.2" not in html
    assert html.count("withheld") == 6


def test_a_headline_that_results_do_not_have_is_withheld():
    metas = [meta()]
    html = table_queries(QUERIES, metas, SUBJECTS, set(), "q")
    assert "25.0%" not in html


def test_a_study_that_is_not_on_the_page_is_not_told_about():
    assert "TST" not in table_queries(QUERIES, [meta("OTHER")], SUBJECTS, set(), "q")


def test_long_lists_are_cut_at_the_least_influential():
    html = made(queries_of("TST", FRAMES, more=PER_STUDY))
    assert f"{PER_STUDY} of {PER_STUDY + 3}" in html
    assert "crsight table queries" in html


def test_a_median_is_told_in_days_and_one_not_available_as_such():
    days = QUERIES.with_columns(
        UNIT=pl.lit("days"), VALUE=pl.lit(None, pl.Float64), LOW=pl.lit(1.0), HIGH=pl.lit(3.5)
    )
    assert "not available 1 day to 3.5 days" in lines(made(days))


def test_nothing_to_ask():
    assert "Nothing is missing or contradictory" in made(frame("queries", []))


@pytest.mark.parametrize(
    ("k", "words"),
    [
        (0, "2 could each move the share of treated subjects with CRS of grade 3 or higher by up "
            "to 4.2 points, the largest move"),
        (5, "how far they could move a headline number is withheld to protect small groups"),
    ],
)  # fmt: skip
def test_the_largest_move_in_words(k, words):
    assert largest_move(QUERIES, printable(disclose(FRAMES["results"], k)), k) == words


def test_no_answer_moves_anything():
    assert largest_move(QUERIES.tail(1), set(), 0).startswith("no answer")


def test_a_small_number_of_queries_is_told_as_such():
    assert (count_words(QUERIES, 0), count_words(QUERIES, 5)) == ("3", "<5")


def test_a_move_of_a_time_is_said_in_days():
    # A day counts as 1/28 of the whole: 1.8 points are half a day.
    days = QUERIES.with_columns(UNIT=pl.lit("days"), INFLUENCE=pl.lit(100 / 28 / 2))
    words = largest_move(days, printable(FRAMES["results"]), 0)
    assert words.endswith("by up to 0.5 days, the largest move")
    one = largest_move(days.with_columns(pl.lit(100 / 28).alias("INFLUENCE")),
                       printable(FRAMES["results"]), 0)  # fmt: skip
    assert one.endswith("by up to 1 day, the largest move")
