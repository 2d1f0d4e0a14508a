"""When the grade of an episode changes."""

from __future__ import annotations


def stretches(case, basis="derived", system="ASTCT2019", **changes):
    table = case.derive(**changes)["grade_changes"].filter(SYSTEM=system, BASIS=basis)
    return [
        (r["GRADE"], r["H_FROM_ONSET"], (r["END"] - r["START"]) / 3600) for r in table.to_dicts()
    ]


def fever(case, at="2024-01-03T08:00"):
    return case.temp(39.0, at)


def test_a_pressor_lifts_the_grade_while_it_runs(case):
    """Fever holds 12 h, and 24 h more as a gate; norepinephrine from 12:00 to 18:00."""
    fever(case).crs("2024-01-03T08:00", "2024-01-04T08:00", AETOXGR=3)
    case.pressor("NOREPINEPHRINE", 5, "2024-01-03T12:00", "2024-01-03T18:00")
    assert stretches(case) == [(1, 0.0, 4.0), (3, 4.0, 6.0), (1, 10.0, 2.0), (0, 12.0, 12.0)]


def test_with_dates_only_there_are_no_hours(case):
    case.temp(39.0, "2024-01-03").crs("2024-01-03", "2024-01-04", AETOXGR=1)
    table = case.derive()["grade_changes"].filter(SYSTEM="ASTCT2019", BASIS="derived")
    assert table["GRADE"].to_list()[0] == 1
    assert table["H_FROM_ONSET"].to_list() == [None] * table.height
    assert set(table["PRECISION"]) == {"day"}
    assert table["D_FROM_ONSET"].to_list()[0] == 0


def test_no_grade_no_stretch(case):
    """Without a temperature ASTCT cannot say anything."""
    case.crs(AETOXGR=2)
    assert stretches(case) == []


def test_dated_records_give_the_collected_course(case):
    case.crs("2024-01-03T08:00", "2024-01-03T20:00", AETOXGR=1, AEOUT="NOT RECOVERED/NOT RESOLVED")
    case.crs("2024-01-03T20:00", "2024-01-04T08:00", AETOXGR=3)
    assert stretches(case, "collected") == [(1, 0.0, 12.0), (3, 12.0, 12.0)]


def test_free_time_between_two_records_has_no_grade(case):
    case.crs("2024-01-03T08:00", "2024-01-03T10:00", AETOXGR=2, AEOUT="NOT RECOVERED/NOT RESOLVED")
    case.crs("2024-01-03T12:00", "2024-01-03T14:00", AETOXGR=2)
    assert stretches(case, "collected") == [(2, 0.0, 2.0), (2, 4.0, 2.0)]


def test_a_maximum_alone_has_no_course(case):
    case.crs("2024-01-03", "2024-01-05", AETOXGR=3)
    table = case.derive()["grade_changes"].filter(BASIS="collected")
    assert [(r["GRADE"], r["REASON"]) for r in table.to_dicts()] == [(None, "MAX_ONLY")]


def test_an_open_record_says_nothing_of_later_days(case):
    case.crs("2024-01-03", None, AETOXGR=1, AEOUT="UNKNOWN")
    assert [s[2] for s in stretches(case, "collected")] == [24.0]


def test_charted_days_change_by_day(case):
    for day, grade in [(2, 1), (3, 2), (4, 2), (5, 0)]:
        case.add(
            "fa", FAOBJ="CYTOKINE RELEASE SYNDROME", FATESTCD="TOXGR", FASTRESN=float(grade),
            FADTC=f"2024-01-0{day}",
        )  # fmt: skip
    assert [(g, h) for g, _, h in stretches(case, "collected")] == [(1, 24.0), (2, 48.0)]


def test_the_highest_stretch_is_the_grade_and_begins_at_its_time(case):
    fever(case).crs("2024-01-03T08:00", "2024-01-04T08:00", AETOXGR=3)
    case.pressor("NOREPINEPHRINE", 5, "2024-01-03T12:00", "2024-01-03T18:00")
    made = case.derive()
    for row in made["grades"].filter(BASIS="derived").drop_nulls("MAXSTART").to_dicts():
        mine = made["grade_changes"].filter(SYSTEM=row["SYSTEM"], BASIS="derived")
        top = mine.filter(GRADE=mine["GRADE"].max()).sort("START").row(0, named=True)
        assert (top["GRADE"], top["START"]) == (row["GRADE"], row["MAXSTART"])
