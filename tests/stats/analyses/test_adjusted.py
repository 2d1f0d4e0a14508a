import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.stats.analyses import adjusted
from pipeline.stats.analyses.adjusted import add_adjusted
from pipeline.stats.cohorts import compare_cohorts
from pipeline.stats.plan import PLAN
from pipeline.stats.weighted_incidence import weighted_incidence
from tests.stats.analyses.pairs import SETTING, adjustment, rows_of_pair, treated
from tests.stats.analyses.rows import one
from tests.stats.by_hand import Hand, study
from tests.stats.test_study import check_sets

HANDS = (treated("A", "car_t", 60, older=16), treated("B", "bispecific", 50))


@pytest.fixture(scope="module")
def rows():
    return rows_of_pair(add_adjusted, *HANDS)


def test_the_primary_weighting_has_both_cohorts_and_their_difference_at_the_landmarks(rows):
    at = {"GROUP": "ATO", "LEVEL": "landmark"}
    shown = rows.filter(**at, VARIABLE="TTCRS").filter(pl.col("UNIT") == "fraction")
    assert set(shown.select("COHORT", "TIME").iter_rows()) == {
        (cohort, day)
        for cohort in ("car_t", "bispecific", "car_t - bispecific")
        for day in (7, 14, 28)
    }
    first, second = (one(rows, **at, COHORT=c, TIME=14.0)["VALUE"] for c in ("car_t", "bispecific"))
    difference = one(rows, **at, STAT="cif_difference", TIME=14.0)
    assert difference["VALUE"] == pytest.approx(first - second)
    assert difference["LOW"] < difference["VALUE"] < difference["HIGH"]
    assert difference["N"] == 110


def test_the_value_is_that_of_the_weighted_curve_and_the_sets_are_right(rows):
    adj, _ = adjustment(HANDS)
    time, code, who = adj.pair.car_t.times("TTCRS")
    weight = dict(zip(adj.design.who, adj.weights["ATO"], strict=True))
    curve = weighted_incidence(time, code, np.array([weight[s] for s in who]))
    row = one(rows, GROUP="ATO", LEVEL="landmark_robust", COHORT="car_t", TIME=7.0)
    at = curve.at(7)
    assert (row["VALUE"], row["LOW"], row["HIGH"]) == pytest.approx((at.value, at.low, at.high))
    assert (row["N"], row["EVENTS"]) == (60, int(((time <= 7) & (code == 1)).sum()))


def test_a_refused_weighting_has_reasons_instead_of_values(rows):
    refused = rows.filter(GROUP="ATT")
    assert refused.select("TIME", "STATUS").sort("TIME").rows() == [
        (7, "not_available"), (14, "not_available"), (28, "not_available"),
    ]  # fmt: skip
    assert refused["REASON"].str.starts_with("no adjusted comparison, because").all()


def test_the_method_says_all_that_a_reader_must_know(rows):
    method = one(rows, GROUP="ATO", STAT="cif_difference", LEVEL="landmark", TIME=7.0)["METHOD"]
    for words in (
        "non-randomised comparison, descriptive", "overlap weights (ATO)",
        "logistic propensity on AGE, SEX", "shared: LBCL, 3L+", "1000 bootstrap replicates",
        "0 failed", "conditional on these studies",
    ):  # fmt: skip
        assert words in method
    assert not rows["STAT"].str.contains("p_value").any()


def test_three_kinds_of_limits_stand_beside_each_other(rows):
    at = {"GROUP": "ATO", "STAT": "cif_difference", "TIME": 14.0}
    plain = one(rows, **at, LEVEL="landmark")
    robust = one(rows, **at, LEVEL="landmark_robust")
    doubly = one(rows, **at, LEVEL="landmark_doubly_robust")
    assert robust["VALUE"] == plain["VALUE"]
    assert doubly["VALUE"] == pytest.approx(plain["VALUE"], abs=0.05)
    for row in (robust, doubly):
        assert row["HIGH"] - row["LOW"] == pytest.approx(plain["HIGH"] - plain["LOW"], rel=0.35)
    assert "infinitesimal" in robust["METHOD"]


def test_from_five_studies_in_each_cohort_studies_are_drawn():
    hands = [
        treated(f"{c[0].upper()}{k}", c, 14) for k in range(5) for c in ("car_t", "bispecific")
    ]
    rows = rows_of_pair(add_adjusted, *hands)
    row = one(rows, GROUP="ATO", STAT="cif_difference", LEVEL="landmark", TIME=14.0)
    assert row["METHOD"].endswith("studies drawn, then subjects within them")
    rows = rows_of_pair(add_adjusted, *hands[:-1])
    row = one(rows, GROUP="ATO", STAT="cif_difference", LEVEL="landmark", TIME=14.0)
    assert "conditional on these studies" in row["METHOD"]


def test_nothing_is_said_beyond_the_end_of_observation():
    rows = rows_of_pair(add_adjusted, HANDS[0], treated("B", "bispecific", 50, followed=10))
    late = one(rows, GROUP="ATO", STAT="cif_difference", LEVEL="landmark", TIME=14.0)
    assert late["REASON"] == "not estimable, because nobody was followed beyond day 10"
    assert one(rows, GROUP="ATO", COHORT="car_t", LEVEL="landmark", TIME=14.0)["STATUS"] == "ok"
    assert one(rows, GROUP="ATO", STAT="cif_difference", LEVEL="landmark", TIME=7.0)["VALUE"]


def test_nothing_is_said_beyond_the_end_of_a_studys_ae_collection():
    # the last dose is on day 1, so adverse events were collected to day 21
    short = SETTING | {"ae_collection_days": 20}
    rows = rows_of_pair(add_adjusted, *HANDS, A=short)
    rows = rows.filter(GROUP="ATO", LEVEL="landmark", STAT="cif_difference")
    why = "not estimable, because adverse events were collected to day 21 only (COLLECTION_END)"
    assert rows.sort("TIME").select("TIME", "REASON").rows() == [(7, None), (14, None), (28, why)]


def test_a_study_of_another_setting_ends_no_collection():
    other = treated("C", "car_t")
    left_out = {"indication": "MM", "line": "4L+", "ae_collection_days": 3}
    rows = rows_of_pair(add_adjusted, *HANDS, other, C=left_out)
    assert one(rows, GROUP="ATO", LEVEL="landmark", STAT="cif_difference", TIME=28.0)["VALUE"]


def test_a_cohort_without_crs_has_values_but_no_limits():
    quiet = Hand("B", "bispecific")
    for i in range(40):
        quiet.subject(f"B-{i:03}").covariate(f"B-{i:03}", "AGE", 50 + i % 20)
        quiet.covariate(f"B-{i:03}", "SEX", "FM"[i % 2])
    rows = rows_of_pair(add_adjusted, treated("A", "car_t"), quiet)
    row = one(rows, GROUP="ATO", STAT="cif_difference", LEVEL="landmark", TIME=14.0)
    assert row["STATUS"] == "ok"
    assert row["LOW"] is None
    assert row["REASON"] == "limits not estimable, because a cumulative incidence is 0 or 1"
    ratio = one(rows, STAT="risk_ratio", TIME=14.0)
    assert ratio["REASON"] == "not estimable, because the second cohort has no event"


def test_replicates_that_fail_cost_the_limits(monkeypatch):
    right = adjusted.bootstrap_incidences

    def failing(*given):
        found = right(*given)
        found["ATO"].first[: PLAN.bootstrap_replicates // 5] = np.nan
        return found

    monkeypatch.setattr(adjusted, "bootstrap_incidences", failing)
    rows = rows_of_pair(add_adjusted, *HANDS)
    row = one(rows, GROUP="ATO", COHORT="car_t", LEVEL="landmark", TIME=7.0)
    assert (row["LOW"], row["REASON"]) == (
        None,
        "limits not estimable, because 200 of 1000 bootstrap replicates failed",
    )


def test_order_of_studies_and_rows_changes_no_byte(rows):
    turned = [Hand(h.name, h.cohort) for h in HANDS[::-1]]
    for hand, source in zip(turned, HANDS[::-1], strict=True):
        hand.rows = {name: table[::-1] for name, table in source.rows.items()}
    again = rows_of_pair(add_adjusted, *turned)
    same = [c for c in rows.columns if c != "POPULATION"]
    assert_frame_equal(rows.select(same), again.select(same), check_exact=True)


def test_comparing_cohorts_adjusts_for_each_system_apart():
    hands = [treated("A", "car_t", older=2), treated("B", "bispecific")]
    for row in hands[0].rows["grades"] + hands[1].rows["grades"]:
        row["SYSTEM"] = "LEE2014"
    for hand in hands:
        hand.rows["grades"] += [
            r | {"SYSTEM": "PENN", "BASIS": "derived"} for r in hand.rows["grades"]
        ]
    drops = [
        (study(h.name, cohort=h.cohort, collected_scale="LEE2014", **SETTING), h.tables())
        for h in hands
    ]
    made = compare_cohorts(drops)
    check_sets(made["cohort_results"], made["cohort_sets"])
    for result in ("adjusted", "balance", "meta"):
        rows = made["cohort_results"].filter(RESULT=result)
        pairs = set(rows.select("SYSTEM", "BASIS").iter_rows())
        assert pairs == {("LEE2014", "collected"), ("PENN", "derived")}
    shown = made["cohort_results"].filter(RESULT="adjusted", STAT="cif_difference")
    assert set(shown["STATUS"]) == {"ok"}
    assert_frame_equal(made["cohort_results"], compare_cohorts(drops[::-1])["cohort_results"])


def test_a_cohort_of_whom_many_left_is_named_in_the_difference():
    other = treated("B", "bispecific", 50)
    for row in other.rows["adsl"][:15]:
        row["FUPDY"] = min(row["FUPDY"], 1)
    shown = rows_of_pair(add_adjusted, HANDS[0], other).filter(GROUP="ATO", TIME=14.0)
    row = one(shown, STAT="cif_difference", LEVEL="landmark")
    assert row["REASON"].startswith("imprecise: ")
    assert row["REASON"].endswith(" of 50 censored before this day in bispecific")
    assert one(shown, STAT="risk_ratio")["REASON"] == row["REASON"]


def test_recorded_crs_without_a_derived_grade_is_said_of_those_compared():
    hands = treated("A", "car_t", 60, older=16), treated("B", "bispecific", 50)
    for hand in hands:
        for row in hand.rows["grades"]:
            row["BASIS"] = "derived"
    # two of A are not graded, and a third is not compared, since his age is not known
    graded = hands[0].rows["grades"]
    for row in graded[:3]:
        row |= {"GRADE": None, "REASON": "NOT_GRADABLE"}
    hands[0].rows["covariates"] = [
        c
        for c in hands[0].rows["covariates"]
        if (c["USUBJID"], c["COVARIATE"]) != (graded[0]["USUBJID"], "AGE")
    ]
    adj, ard = adjustment(hands, basis="derived")
    add_adjusted(adj, ard)
    rows = ard.frames()[0].filter(GROUP="ATO", TIME=14.0, LEVEL="landmark")
    words = "imprecise: 2 subjects with recorded CRS whose derived grade is not known count as "
    for stat in ("cif_difference", "risk_ratio"):
        assert one(rows, STAT=stat)["REASON"] == words + "without CRS"
    arms = rows.filter(STAT="cumulative_incidence").sort("COHORT")
    assert arms["REASON"].to_list() == [None, words + "without CRS"]
