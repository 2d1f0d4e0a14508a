import numpy as np
import polars as pl
import pytest

from pipeline.stats.roster import Roster

SUBJECTS = pl.DataFrame({"STUDYID": ["S", "S", "R"], "USUBJID": ["2", "1", "1"]})
EPISODES = pl.DataFrame({"STUDYID": ["S"], "USUBJID": ["1"], "EPISEQ": [1]})


def test_members_are_numbered_in_the_order_of_their_keys():
    roster = Roster(SUBJECTS, EPISODES)
    assert roster.members.rows() == [("R", "1", 0), ("S", "1", 0), ("S", "1", 1), ("S", "2", 0)]
    numbered = roster.number(SUBJECTS, pl.lit(0), "SUBJ")
    assert numbered["SUBJ"].to_list() == [3, 1, 0]
    assert roster.number(EPISODES, pl.col("EPISEQ"), "EPI")["EPI"].to_list() == [2]


def test_a_set_has_one_name_whatever_the_roster_and_is_stored_once():
    one, two = Roster(SUBJECTS, EPISODES), Roster(SUBJECTS.filter(STUDYID="S"), EPISODES)
    name = one.setid(np.array([1, 3]))
    assert one.setid(np.array([3, 1])) == name
    assert two.setid(np.array([0, 2])) == name
    assert one.sets().rows() == [(name, "S", "1", 0), (name, "S", "2", 0)]


def test_nobody_has_no_set_and_nobody_counts_twice():
    roster = Roster(SUBJECTS, EPISODES)
    assert roster.setid(np.array([], dtype=np.int64)) is None
    assert roster.sets().is_empty()
    with pytest.raises(ValueError, match="once"):
        roster.setid(np.array([1, 1]))
