from datetime import date, datetime

import pytest

from tests.queries.asked import everything, held, queries, sdtm, ten, typed


def derived():
    hand = ten(n=8)
    for who in ("U08", "U09"):
        hand.subject(who, REFDT=date(2024, 3, 1)).episode(who, 3, 5)
        hand.grade(who, 1).grade(who, 1, BASIS="derived")
    return hand


def asked(day, *, test="SYSBP", basis="derived", rule="SYSBP_IMPLAUSIBLE"):
    when = None if day is None else datetime(2024, 3, day, 8)
    signs = sdtm("VS", {"USUBJID": "U08", "VSSEQ": 1, "ROW": 1, "VSTESTCD": test, "VSDTM": when})
    notes = typed("notes", held("VS", 1, "U08", rule))
    choice = {"primary_basis": basis}
    return queries(everything(derived(), choice, sdtm_vs=signs, notes=notes), **choice).to_dicts()


@pytest.mark.parametrize(
    ("day", "influence"), [(1, 0), (2, 10), (4, 10), (6, 10), (7, 0), (None, 10)]
)
def test_a_pressure_in_the_episode_or_a_day_beside_may_change_its_grade(day, influence):
    (row,) = asked(day)
    assert row["INFLUENCE"] == pytest.approx(influence)
    assert (row["KIND"], row["SRCDOM"], row["ROW"]) == ("VALUE_UNUSABLE", "VS", 1)


def test_recorded_grades_do_not_hang_on_vital_signs():
    assert [r["INFLUENCE"] for r in asked(4, basis="collected")] == [0]


def test_a_pulse_decides_no_grade():
    (row,) = asked(4, test="PULSE", rule="SAME_TIME_DIFFERENT_VALUE")
    assert row["INFLUENCE"] == 0


def test_a_mere_remark_is_no_question():
    assert asked(4, rule="UNIT_ASSUMED") == []
