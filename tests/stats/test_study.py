import math

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.stats.ard import sources
from pipeline.stats.study import derive_study_stats
from tests.stats.by_hand import Hand, study


def pick(results, **where):
    found = results.filter(PRIMARY="Y", **where)
    assert found.height == 1, found
    return found.row(0, named=True)


def check_sets(results, sets):
    """The subjects behind each number are as many as the number says."""
    size = dict(sets.group_by("SETID").len().iter_rows())
    for setid, n in results.select("SET_N", "N").iter_rows():
        assert size.get(setid, 0) == n
    for setid, n in results.drop_nulls("EVENTS").select("SET_EVENTS", "EVENTS").iter_rows():
        assert size.get(setid, 0) == n
    view = sources(results, sets).group_by("RESULTID", "ROLE").len()
    wide = results.unpivot(["N", "EVENTS"], index="RESULTID", variable_name="ROLE", value_name="n")
    wide = wide.filter(pl.col("n") > 0).with_columns(
        ROLE=pl.col("ROLE").replace_strict({"N": "n", "EVENTS": "events"})
    )
    joined = wide.join(view, on=["RESULTID", "ROLE"], how="left")
    assert (joined["n"] == joined["len"]).all()


def test_every_row_has_the_subjects_behind_it(made):
    check_sets(made["results"], made["sets"])


def test_no_row_is_nan_infinite_or_silent(made):
    results = made["results"]
    for name in ("VALUE", "LOW", "HIGH"):
        assert results[name].is_finite().fill_null(value=True).all()
    silent = results.filter(pl.col("VALUE").is_null() & pl.col("REASON").is_null())
    assert silent.is_empty()
    worded = results.filter(pl.col("STATUS") != "ok")["REASON"]
    assert worded.str.contains("^not (estimable|available), because ").all()


def test_contract_rows_are_there_once_with_log_log_limits(made):
    results = made["results"]
    for day in (7.0, 14.0, 28.0):
        row = pick(results, RESULT="onset_cif", ESTIMAND="E1", LEVEL="landmark", TIME=day)
        assert 0 < row["LOW"] < row["VALUE"] < row["HIGH"] < 1
        assert "log-log" in row["METHOD"]
    for day in (7.0, 14.0):
        pick(results, RESULT="recovery_km", LEVEL="landmark", TIME=day)


def test_grades_0_to_5_and_unknown_add_up_to_treated(made):
    results = made["results"].filter(RESULT="grade_distribution", BASIS="collected")
    levels = results.filter(pl.col("LEVEL").is_in(["0", "1", "2", "3", "4", "5", "NA"]))
    assert levels["EVENTS"].sum() == levels["N"].max() == levels["N"].min() == 24
    assert results.filter(LEVEL="NA")["EVENTS"].item() > 0
    any_grade = results.filter(LEVEL=">=1")["EVENTS"].item()
    assert any_grade == pick(made["results"], RESULT="subjects", VARIABLE="with_crs")["VALUE"]


def test_pre_dose_crs_is_counted_apart(made):
    assert pick(made["results"], VARIABLE="pre_dose_episodes")["VALUE"] == 1
    with_crs = pick(made["results"], VARIABLE="with_crs")
    behind = made["sets"].filter(SETID=with_crs["SET_N"])
    counted = made["sets"].filter(SETID=with_crs["SET_EVENTS"])
    assert "CART-02" in behind["USUBJID"].to_list()
    assert "CART-02" not in counted["USUBJID"].to_list()


def test_risk_table_rows_add_up_to_n(made):
    table = made["results"].filter(LEVEL="risk_table")
    keys = ["RESULT", "VARIABLE", "SYSTEM", "BASIS", "GROUP", "TIME"]
    total = table.group_by(keys).agg(pl.col("VALUE").sum(), pl.col("N").first())
    assert total.height > 0
    assert (total["VALUE"] == total["N"]).all()


def test_kaplan_meier_recovery_is_never_below_the_version_with_death_competing(made):
    where = {"LEVEL": "landmark", "TIME": 7.0}
    km = pick(made["results"], RESULT="recovery_km", **where)["VALUE"]
    cif = pick(made["results"], RESULT="recovery_cif", **where)["VALUE"]
    assert cif <= km + 1e-12


def test_a_system_that_the_study_cannot_grade_says_so(made):
    rows = made["results"].filter(SYSTEM="PENN")
    assert set(rows["STATUS"]) == {"not_available"}
    assert set(rows["REASON"]) == {"not available, because the study has no LB data"}


def test_order_of_input_rows_changes_no_byte(car_t, made):
    turned = {name: frame.reverse() for name, frame in car_t.items()}
    again = derive_study_stats(turned, study("CART"))
    for name, frame in made.items():
        assert_frame_equal(frame, again[name], check_exact=True)


def test_parquet_and_frames_give_the_same(car_t, made, tmp_path):
    paths = {}
    for name, frame in car_t.items():
        paths[name] = tmp_path / f"{name}.parquet"
        frame.write_parquet(paths[name])
    assert derive_study_stats(paths, study("CART"))["results"].equals(made["results"])


def test_arms_of_two_cohorts_are_apart():
    hand = Hand().subject("U1").subject("U2", COHORT="bispecific").subject("U3", COHORT=None)
    made = derive_study_stats(hand.tables(), study(cohort={"A": "car_t", "B": "bispecific"}))
    treated = made["results"].filter(VARIABLE="treated").sort("COHORT", nulls_last=True)
    assert treated["COHORT"].to_list() == ["bispecific", "car_t", None]
    assert treated["VALUE"].to_list() == [1, 1, 1]


def test_a_study_without_crs_has_an_incidence_of_zero_and_no_times():
    hand = Hand()
    for i in range(12):
        hand.subject(f"U{i:02}")
    made = derive_study_stats(hand.tables(), study())
    row = pick(made["results"], RESULT="onset_cif", ESTIMAND="E1", LEVEL="landmark", TIME=28.0)
    assert (row["VALUE"], row["LOW"], row["EVENTS"]) == (0.0, None, 0)
    assert row["REASON"] == "limits not estimable, because there is no event by then"
    check = pick(made["results"], ESTIMAND="E1", LEVEL="landmark_check", TIME=28.0)
    assert (check["VALUE"], check["LOW"]) == (0.0, 0.0)
    assert math.isclose(check["HIGH"], 1 - 0.025 ** (1 / 12))
    median = pick(made["results"], VARIABLE="ONSET_D", STAT="median")
    assert median["REASON"] == "not estimable, because no subject had CRS"
    check_sets(made["results"], made["sets"])


def test_nobody_was_dosed():
    hand = Hand().subject("U1", SAFFL=None, NDOSES=0, FUPDY=None, TRTSDY=None)
    made = derive_study_stats(hand.tables(), study())
    assert made["adtte"].is_empty()
    assert pick(made["results"], VARIABLE="treated")["VALUE"] == 0
    assert made["sets"].is_empty()


@pytest.mark.parametrize(
    ("day", "reason"),
    [(14.0, None), (28.0, "not estimable, because nobody was followed beyond day 15")],
)
def test_a_landmark_beyond_all_follow_up_is_not_estimable(day, reason):
    hand = Hand()
    for i in range(6):
        hand.subject(f"U{i}", followed=15)
    hand.episode("U0", 3, 5).grade("U0", 1)
    made = derive_study_stats(hand.tables(), study())
    row = pick(made["results"], RESULT="onset_cif", ESTIMAND="E1", LEVEL="landmark", TIME=day)
    assert row["REASON"] == reason
    assert (row["VALUE"] is None) is (reason is not None)
