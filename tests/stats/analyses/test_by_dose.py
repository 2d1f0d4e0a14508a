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
    rows = rows_of(bispecific(), add_by_dose)
    got = {
        k: (value(rows, GROUPVAR="DOSESEQ", GROUP=k, VARIABLE="DOSED"),
            one(rows, GROUPVAR="DOSESEQ", GROUP=k, STAT="proportion")["EVENTS"])
        for k in ("1", "2", "3")
    }  # fmt: skip
    assert got == {"1": (3, 1), "2": (3, 0), "3": (2, 1)}


def test_a_subject_counts_once_per_level_with_the_first_episode_there():
    rows = rows_of(bispecific(), add_by_dose).filter(GROUPVAR="DOSELVL", GROUP="FULL")
    assert value(rows, STAT="proportion") == 0.5
    assert value(rows, VARIABLE="ONSET_D", STAT="max") == 0


def test_car_t_has_no_dose_steps():
    assert rows_of(Hand().subject("U1"), add_by_dose).is_empty()
