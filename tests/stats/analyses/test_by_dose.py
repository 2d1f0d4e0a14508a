import pytest

from pipeline.stats.analyses.by_dose import add_by_dose
from tests.stats.analyses.rows import one, rows_of, value
from tests.stats.by_hand import Hand


def bispecific():
    hand = Hand("B", "bispecific")
    # U1: three doses, CRS after the first and twice after the third
    hand.subject("U1").dose("U1", 2, 4, DOSELVL="SUD2").dose("U1", 3, 8, DOSELVL="FULL")
    hand.episode("U1", 2, 3, DOSESEQ=1, ONSET_D=1).grade("U1", 1)
    hand.episode("U1", 8, 9, DOSESEQ=3, ONSET_D=0).grade("U1", 1)
    hand.episode("U1", 12, 13, DOSESEQ=3, ONSET_D=4).grade("U1", 1)
    # U2: stopped after the second dose; U3: a repeated full dose
    hand.subject("U2").dose("U2", 2, 4, DOSELVL="SUD2")
    hand.subject("U3").dose("U3", 2, 4, DOSELVL="FULL").dose("U3", 3, 8, DOSELVL="FULL")
    return hand


def test_the_denominator_of_a_dose_is_who_was_given_it():
    rows = rows_of(bispecific(), add_by_dose).filter(GROUPVAR="DOSESEQ")
    got = {
        k: (value(rows, GROUP=k, VARIABLE="DOSED"),
            one(rows, GROUP=k, VARIABLE="CRS", STAT="proportion")["EVENTS"])
        for k in ("1", "2", "3")
    }  # fmt: skip
    assert got == {"1": (3, 1), "2": (3, 0), "3": (2, 1)}


def test_a_subject_counts_once_per_level_with_the_first_episode_there():
    rows = rows_of(bispecific(), add_by_dose).filter(GROUPVAR="DOSELVL", GROUP="FULL")
    assert value(rows, VARIABLE="CRS", STAT="proportion") == 0.5
    assert value(rows, VARIABLE="ONSET_D", STAT="max") == 0


def test_denominators_fall_from_dose_to_dose():
    rows = rows_of(bispecific(), add_by_dose).filter(GROUPVAR="DOSESEQ", VARIABLE="DOSED")
    sizes = rows.sort("GROUP")["VALUE"].to_list()
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize(
    ("groupvar", "group", "two", "three", "n"),
    [("DOSESEQ", "1", 2, 1, 3), ("DOSELVL", "FULL", 1, 1, 2), ("DOSESEQ", "2", 1, 1, 2)],
)
def test_grade_2_and_3_or_more_by_dose_and_by_level(groupvar, group, two, three, n):
    hand = Hand("B", "bispecific")
    for who, grade in (("U1", 1), ("U2", 2), ("U3", 3)):
        hand.subject(who).episode(who, 2, 3, DOSESEQ=1).grade(who, grade)
    # after the second dose a milder and a worse episode of one subject
    hand.dose("U1", 2, 8, DOSELVL="FULL").dose("U3", 2, 8, DOSELVL="FULL")
    hand.episode("U1", 9, 10, DOSESEQ=2).grade("U1", 1)
    hand.episode("U1", 12, 13, DOSESEQ=2).grade("U1", 4)
    rows = rows_of(hand, add_by_dose).filter(GROUPVAR=groupvar, GROUP=group, STAT="proportion")
    for variable, events in (("CRS_G2", two), ("CRS_G3", three)):
        row = one(rows, VARIABLE=variable)
        assert (row["EVENTS"], row["N"], row["VALUE"]) == (events, n, events / n)


def test_crs_without_a_grade_is_said_or_makes_the_cut_not_available():
    hand = Hand("B", "bispecific").subject("U1").episode("U1", 2, 3).grade("U1", None)
    row = one(rows_of(hand, add_by_dose), VARIABLE="CRS_G2", GROUP="1")
    assert (row["STATUS"], row["STAT"]) == ("not_available", "proportion")
    hand.subject("U2").episode("U2", 2, 3).grade("U2", 2)
    row = one(rows_of(hand, add_by_dose), VARIABLE="CRS_G2", GROUP="1", STAT="proportion")
    assert (row["VALUE"], row["REASON"]) == (
        0.5, "1 subjects with CRS without a grade are not counted here",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("onset", "inside"),
    [(7, 1), (8, 0)],  # seven days after the dose, and eight
)
def test_the_risk_window_of_a_dose_is_seven_days(onset, inside):
    hand = Hand("B", "bispecific").subject("U1").episode("U1", 1 + onset, 20).grade("U1", 1)
    row = one(rows_of(hand, add_by_dose), VARIABLE="CRS_WINDOW", GROUP="1", STAT="proportion")
    assert (row["EVENTS"], row["N"], row["TIME"]) == (inside, 1, 7)


@pytest.mark.parametrize(
    ("dose_day", "n"),
    [(4, 0), (5, 1), (6, 1)],  # in CRS, on its last day, after it
)
def test_a_dose_given_in_crs_has_no_window_of_its_own(dose_day, n):
    hand = Hand("B", "bispecific").subject("U1").dose("U1", 2, dose_day)
    hand.episode("U1", 3, 5, DOSESEQ=1).grade("U1", 1)
    rows = rows_of(hand, add_by_dose)
    assert one(rows, VARIABLE="CRS_WINDOW", GROUP="2", STAT="n")["N"] == n
    assert value(rows, VARIABLE="DOSED", GROUP="2") == 1


def test_a_window_that_was_not_followed_is_said():
    hand = Hand("B", "bispecific")
    hand.subject("U1", followed=7).subject("U2", followed=8)
    hand.subject("U3", followed=4, DTHDY=4)  # a death is known
    hand.subject("U4", followed=5).episode("U4", 3).grade("U4", 1)  # so is CRS
    hand.subject("U5", followed=5).dose("U5", 2, 4)  # the next dose ends the window
    rows = rows_of(hand, add_by_dose).filter(VARIABLE="CRS_WINDOW", STAT="proportion")
    want = "1 of 5 were followed for less than 7 days after it, without CRS"
    assert one(rows, GROUP="1")["REASON"] == want


def test_car_t_has_no_dose_steps():
    assert rows_of(Hand().subject("U1"), add_by_dose).is_empty()
