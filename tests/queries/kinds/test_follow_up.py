from tests.queries.asked import FILES, ask, everything, queries, ten, typed


def unfollowed(days=5):
    hand = ten(1, 1, n=9).subject("L", followed=days, FUPREAS="last observation")
    return hand.episode("U05", 9, 12).grade("U05", 1)


def test_without_a_disposition_the_subject_may_have_left_or_been_followed_on():
    (row,) = ask(unfollowed())
    assert (row["KIND"], row["USUBJID"], row["SRCDOM"], row["ROW"]) == (
        "FOLLOW_UP_END", "L", "DM", 1,
    )  # fmt: skip
    assert row["HEADLINE"] == "cumulative incidence of CRS by day 14"
    assert row["LOW"] < row["VALUE"] <= row["HIGH"]


def test_followed_beyond_every_landmark_nothing_is_moved():
    (row,) = ask(unfollowed(days=27))
    assert row["INFLUENCE"] == 0


def test_where_no_disposition_data_came_at_all_one_question_is_asked_for_everybody():
    hand = unfollowed().subject("M", followed=4, FUPREAS="last observation")
    tables = everything(hand)
    tables["ledger"] = tables["ledger"].filter(~tables["ledger"]["DOMAIN"].is_in(["DS"]))
    (row,) = queries(tables).to_dicts()
    assert (row["USUBJID"], row["N_ROWS"], row["SRCDOM"]) == (None, 2, "DS")
    # Both at once weigh more than each alone.
    assert row["INFLUENCE"] > max(r["INFLUENCE"] for r in ask(hand))
    assert set(FILES) - {"DS"} == set(tables["ledger"]["DOMAIN"])
    assert typed("ledger").is_empty()
