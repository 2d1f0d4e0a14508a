from __future__ import annotations

import polars as pl

from reports.drill import Drill, people
from tests.reports.courses import car_t, frame
from tests.reports.study_tables import tables

# Set A: two subjects of S; B: an episode of S and one of T.
SETS = frame(
    "sets",
    [
        {"SETID": "A", "STUDYID": "S", "USUBJID": "S-10", "EPISEQ": 0},
        {"SETID": "A", "STUDYID": "S", "USUBJID": "S-2", "EPISEQ": 0},
        {"SETID": "B", "STUDYID": "S", "USUBJID": "S-2", "EPISEQ": 3},
        {"SETID": "B", "STUDYID": "T", "USUBJID": "T-1", "EPISEQ": 1},
    ],
)
SUBJECTS = pl.DataFrame(
    {"STUDYID": ["S", "S", "T"], "USUBJID": ["S-2", "S-10", "T-1"], "SUBJIDX": [1, 2, 7]}
)


def test_members_are_running_numbers_with_their_episode():
    drill = Drill(SETS, SUBJECTS, ["S", "T"])
    assert drill.key("A") == "s0"
    assert drill.key("B") == "s1"
    assert drill.payload() == {"s0": {"S": "1 2"}, "s1": {"S": "1.3", "T": "7.1"}}


def test_only_cited_sets_travel():
    drill = Drill(SETS, SUBJECTS, ["S", "T"])
    drill.key("B")
    assert list(drill.payload().values()) == [{"S": "1.3", "T": "7.1"}]


def test_a_set_with_a_closed_study_stays_closed_altogether():
    drill = Drill(SETS, SUBJECTS, ["S"])
    assert drill.key("B") is None
    assert drill.key("A") == "s0"


def test_a_number_that_differs_from_its_set_is_no_button():
    drill = Drill(SETS, SUBJECTS, ["S", "T"])
    assert drill.button("3", "A", "x", 3) == "3"
    assert "<button" in drill.button("2", "A", "x", 2)


def test_a_label_cannot_break_out_of_the_button():
    made = Drill(SETS, SUBJECTS, ["S"]).button("2", "A", '"><script>', 2)
    assert "<script>" not in made


def test_closed_opens_nothing():
    assert Drill.closed().key("A") is None


def test_people_says_onset_grade_and_outcome():
    made = tables("S", car_t(6))
    about = people(made["adsl"], made["episodes"], made["grades"])
    assert about["1"] == {"e": {"1": ["day 2", "1", "ended"]}}
    assert about["6"] == {"e": {}}  # no CRS
