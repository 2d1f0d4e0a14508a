from __future__ import annotations

import polars as pl
import pytest

from reports.tables.episodes import episode_list
from reports.tables.outstanding import possible_list, table_outstanding
from tests.reports.courses import day, frame, usubjid
from tests.reports.study_tables import COURSES, rows_of, tables

PAIR = ("ASTCT2019", "collected")
ACCOUNT = (
    "Grade 3 from study day 6: hypoxia (nasal cannula 8 L/min, PR 2), with fever (39.1 C, VS 8)."
)
CANDIDATE = {
    "STUDYID": "T", "USUBJID": usubjid("T", 5), "CANDSEQ": 1, "SYSTEM": "ASTCT2019",
    "START": day(6, 8), "END": day(7, 20), "ASTDY": 6, "AENDY": 7, "DOSESEQ": 1, "ONSET_D": 5,
    "GRADE": 3, "ACCOUNT": ACCOUNT,
}  # fmt: skip


def _made(frames: dict[str, pl.DataFrame], possible: pl.DataFrame | None = None) -> str:
    return table_outstanding(episode_list(frames, PAIR), "t", possible)


def _with(*candidates: dict[str, object]) -> dict[str, pl.DataFrame]:
    return tables("T", COURSES) | {"candidates": frame("candidates", list(candidates))}


def test_what_a_board_opens_first_stands_first():
    made = _made(tables("T", COURSES))
    rows = rows_of(made)
    assert [row.split("#")[2].split("<")[0] for row in rows] == ["3", "2", "4"]
    assert "fatal" in rows[0]
    assert "not seen to end" not in rows[0]
    assert "grade 3 or higher" in rows[1]
    assert "2 doses, 6 h after onset" in rows[1]
    assert "not seen to end: ongoing at the end of follow-up" in rows[2]


def test_a_second_episode_is_recurrent():
    frames = tables("T", COURSES[:1])
    second = {"EPISEQ": pl.lit(2, pl.Int64)}
    for name in ("episodes", "grades", "accounts"):
        frames[name] = pl.concat([frames[name], frames[name].with_columns(**second)])
    made = _made(frames)
    assert len(rows_of(made)) == 1
    assert "recurrent" in made
    assert ", episode 2" in made


@pytest.fixture
def possible():
    return possible_list(_with(CANDIDATE), "ASTCT2019")


def test_possible_unreported_crs_stands_among_them_with_what_made_it_possible(possible):
    rows = rows_of(_made(tables("T", COURSES), possible))
    # Fatal, then both of grade 3, the recorded one first, then that of grade 2.
    assert [row.split("#")[2].split("<")[0] for row in rows] == ["3", "2", "5", "4"]
    assert "possible unreported CRS" in rows[2]
    assert f"Not counted. Would be: {ACCOUNT}" in rows[2]
    assert "no CRS record; last sign day 7" in rows[2]
    assert ">day 6<" in rows[2]
    assert "not seen to end" not in rows[2]


def test_tocilizumab_given_between_the_signs_is_told_and_other_is_not():
    given = {
        "STUDYID": "T", "USUBJID": usubjid("T", 5), "EPISEQ": 0, "CLASS": "tocilizumab",
        "DRUG": "Tocilizumab", "N_DOSES": 1, "INTENT": "unknown", "SRCDOM": "CM", "SRCSEQ": "9",
    }  # fmt: skip
    during, after = given | {"START": day(6, 20)}, given | {"START": day(9)}
    frames = _with(CANDIDATE)
    for rows, said in (([during], "1 dose, 12 h after onset"), ([after], "none")):
        frames["interventions"] = frame("interventions", rows)
        found = possible_list(frames, "ASTCT2019")
        assert said in rows_of(_made(tables("T", COURSES[:1]), found))[0]


def test_another_system_has_no_possible_one():
    assert possible_list(_with(CANDIDATE), "LEE2014").is_empty()


def test_each_candidate_of_a_subject_has_its_line(possible):
    second = CANDIDATE | {"CANDSEQ": 2, "ASTDY": 12, "AENDY": 12, "GRADE": 1}
    found = possible_list(_with(CANDIDATE, second), "ASTCT2019")
    assert len(rows_of(_made(tables("T", COURSES[:1]), found))) == 2


def test_none_says_so():
    made = _made(tables("T", COURSES[:1]))
    assert "No episode is of grade 3 or higher" in made
    assert "outside the recorded episodes" not in made
    looked = _made(tables("T", COURSES[:1]), possible_list(_with(), "ASTCT2019"))
    assert "No signs of CRS were found outside the recorded episodes" in looked
