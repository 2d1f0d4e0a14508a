import numpy as np
import pytest

from pipeline.stats.propensity import WEIGHTINGS
from tests.stats.analyses.pairs import adjustment, treated
from tests.stats.by_hand import Hand


def test_both_cohorts_are_compared_on_age_and_sex():
    adj, _ = adjustment([treated("A", "car_t", older=2), treated("B", "bispecific", 50)])
    assert adj.refused == dict.fromkeys(WEIGHTINGS)
    assert adj.who.size == adj.design.who.size == 90
    assert (adj.side(1).COHORT, adj.side(1).STUDIES) == ("car_t", "A")
    assert (adj.side(0).COHORT, adj.side(0).STUDIES) == ("bispecific", "B")
    assert adj.words == ("logistic propensity on AGE, SEX; indication and line shared: LBCL, 3L+")
    for arm in (0, 1):
        assert adj.weights["ATO"][adj.arm == arm].sum() == pytest.approx(
            adj.weights["ATO"][adj.arm == 1 - arm].sum()
        )


def test_studies_of_another_setting_and_subjects_without_a_value_are_left_out_and_named():
    a, b, other = treated("A", "car_t"), treated("B", "bispecific"), treated("C", "car_t")
    a.rows["covariates"][0]["VALUE"] = None
    adj, _ = adjustment([a, b, other], C={"indication": "MM", "line": "4L+"})
    assert adj.label.STUDIES == "A, B"
    assert adj.words.endswith(
        "studies of another setting left out: C; 1 subjects without some covariate left out"
    )
    assert adj.design.who.size == 79


def test_two_shared_settings_are_adjusted_for():
    hands = [treated(n, c) for n, c in (("A", "car_t"), ("B", "bispecific"))]
    hands += [treated("C", "car_t", 30), treated("D", "bispecific", 30)]
    second = {"indication": "MM", "line": "4L+"}
    adj, _ = adjustment(hands, C=second, D=second)
    assert adj.design.used == ("AGE", "SEX", "INDICATION_LINE")
    levels = [c.level for c in adj.design.columns if c.covariate == "INDICATION_LINE"]
    assert levels == ["LBCL, 3L+", "MM, 4L+"]


def far(hand: Hand) -> Hand:
    for row in hand.rows["covariates"]:
        if row["COVARIATE"] == "AGE":
            row["VALUE"] += 40
    return hand


def ageless(hand: Hand) -> Hand:
    hand.rows["covariates"] = [r for r in hand.rows["covariates"] if r["COVARIATE"] != "AGE"]
    return hand


@pytest.mark.parametrize(
    ("first", "settings", "reason"),
    [
        (treated("A", "car_t"), {"A": {"line": "3L+"}}, "study.yaml of A gives no indication"),
        (
            treated("A", "car_t"),
            {"A": {"indication": "MM", "line": "4L+"}},
            "no indication and line is shared by both cohorts",
        ),
        (
            treated("A", "car_t", 29),
            {},
            "both cohorts need 30 subjects with covariates in shared indications and there are "
            "29 and 40",
        ),
        (ageless(treated("A", "car_t")), {}, "there is no AGE in A"),
        (
            far(treated("A", "car_t")),
            {},
            "a covariate separates the arms, so that there is no propensity",
        ),
    ],
)
def test_there_is_no_adjusted_comparison_and_the_reason_is_given(first, settings, reason):
    adj, _ = adjustment([first, treated("B", "bispecific")], **settings)
    assert set(adj.refused.values()) == {f"no adjusted comparison, because {reason}"}
    assert adj.weights == {}


def test_more_parameters_need_more_subjects():
    hands = [treated("A", "car_t", 30), treated("B", "bispecific", 40)]
    for hand in hands:
        for i in range(len(hand.rows["adsl"])):
            hand.covariate(f"{hand.name}-{i:03}", "STAGE", "IVX V I"[i % 3])
    adj, _ = adjustment(hands)
    assert set(adj.refused.values()) == {
        "no adjusted comparison, because 4 parameters need 40 subjects in the smaller cohort and "
        "there are 30"
    }
    assert adj.design is not None


def test_each_weighting_is_judged_by_itself():
    hands = [treated("A", "car_t", 60, older=16), treated("B", "bispecific", 60)]
    adj, _ = adjustment(hands)
    assert adj.refused == {
        "ATO": None,
        "ATE": "no adjusted comparison, because a standardised mean difference is 0.15 after "
        "weighting",
        "ATT": "no adjusted comparison, because a standardised mean difference is 0.54 after "
        "weighting",
        # Without the ends of the propensity the other weights of ATE balance.
        "TRIM": None,
    }
    assert np.isfinite(adj.weights["ATT"]).all()
