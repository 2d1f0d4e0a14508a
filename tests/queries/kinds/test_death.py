from tests.queries.asked import ask, held, moved, sdtm, ten, typed

SEVERE = "share of treated subjects with CRS of grade 3 or higher"


def died():
    hand = ten(1, n=9)
    hand.subject("D", followed=9, DTHDY=9, FUPREAS="death")
    return hand.episode("D", 4, END_REASON="DEATH", CENSDY=9).grade("D", 2)


def test_death_during_crs_without_a_cause_may_have_been_due_to_it():
    (row,) = ask(died())
    assert row["KIND"] == "DEATH_CAUSE"
    assert moved(row) == (SEVERE, 0.0, 0.0, 0.1)


def test_a_stated_cause_of_death_closes_it():
    assert ask(died(), sdtm_dd=sdtm("DD", {"USUBJID": "D", "DDTESTCD": "PRCDTH"})) == []


def test_a_death_without_a_date_may_have_come_before_crs_could():
    hand = ten(1, 1, n=9).subject("D", followed=5)
    notes = typed("notes", held("DM", 10, "D", "DEATH_WITHOUT_DATE"))
    (row,) = ask(hand, notes=notes)
    # Censored on day 5 and dead on day 5 differ in what the others' later CRS weighs: here nothing.
    assert (row["KIND"], row["ROW"], row["INFLUENCE"]) == ("DEATH_DATE", 10, 0)
    hand.episode("U05", 9, 12).grade("U05", 1)
    (row,) = ask(hand, notes=notes)
    assert row["HEADLINE"] == "cumulative incidence of CRS by day 14"
    assert row["LOW"] < row["VALUE"] == row["HIGH"]
