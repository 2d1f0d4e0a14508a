from datetime import datetime

from tests.queries.asked import ask, held, moved, sdtm, ten, typed


def charted(*rows):
    """Grades of U00 from day 3 on: (day, grade)."""
    return sdtm("FA", *(
        {"USUBJID": "U00", "FASEQ": i, "ROW": i, "FAOBJ": "CRS", "FATESTCD": "TOXGR",
         "FASTRESN": float(grade), "FADY": day, "FADTM": datetime(2024, 3, day)}
        for i, (day, grade) in enumerate(rows, 1)
    ))  # fmt: skip


def conflict(*rows):
    return typed("notes", *(held("FA", r, "U00", "DAY_GRADES_CONFLICT") for r in rows))


def from_fa(grade, members):
    hand = ten(n=10)
    return hand.episode("U00", 3, 4, SOURCE="FA", MEMBERS=members).grade("U00", grade)


def test_either_grade_of_the_day_may_be_right():
    hand = from_fa(3, "FA:1 FA:2 FA:3")
    (row,) = ask(hand, sdtm_fa=charted((3, 1), (4, 3), (4, 2)), notes=conflict(2, 3))
    assert moved(row) == ("share of treated subjects with CRS of grade 3 or higher", 0.1, 0.0, 0.1)
    assert row["QUESTION"] == "Day 4 has the grades 2 and 3: which one is right?"
    assert (row["N_ROWS"], row["SRCSEQ"]) == (2, 2)


def test_another_day_of_that_grade_keeps_the_maximum():
    hand = from_fa(3, "FA:1 FA:2 FA:3")
    (row,) = ask(hand, sdtm_fa=charted((3, 3), (4, 3), (4, 2)), notes=conflict(2, 3))
    assert row["INFLUENCE"] == 0


def test_a_grade_0_on_the_only_day_may_mean_that_it_was_none():
    hand = from_fa(1, "FA:1").episode("U01", 3, 4).grade("U01", 1)
    (row,) = ask(hand, sdtm_fa=charted((3, 1), (3, 0)), notes=conflict(1, 2))
    assert moved(row) == ("share of treated subjects with CRS", 0.2, 0.1, 0.2)
