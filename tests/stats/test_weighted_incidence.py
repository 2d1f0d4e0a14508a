import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats.cumulative_incidence import cumulative_incidence
from pipeline.stats.kaplan_meier import product_limit
from pipeline.stats.propensity import balancing_weights, fit_propensity, model_matrix
from pipeline.stats.restricted_time_lost import restricted_time_lost
from pipeline.stats.weighted_incidence import incidence_at, weighted_incidence
from tests.stats.reference import codes, column, needs_reference, rows

TIME = np.array([1.0, 2, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 7, 8])
CODE = np.array([1, 1, 2, 0, 1, 1, 2, 0, 1, 0, 1, 2, 0, 0])
WEIGHT = np.array([0.5, 1.2, 0.8, 2.0, 0.3, 1.5, 0.9, 0.4, 1.1, 0.7, 1.3, 0.6, 0.2, 1.0])

subjects = st.lists(
    st.tuples(st.integers(1, 10), st.integers(0, 3), st.floats(0.05, 20)), min_size=1, max_size=30
)


def split(rows_):
    time, code, weight = zip(*rows_, strict=True)
    return np.array(time, dtype=float), np.array(code), np.array(weight)


# R: survfit(Surv(time, factor(code, 0:2)) ~ 1, weights = w, id = i, robust = TRUE,
#            conf.type = "log-log"): pstate, std.err, lower, upper of state 1
@pytest.mark.parametrize(
    ("day", "want"),
    [
        (1, (0.04, 0.0402462818158398, 0.00263251284411078, 0.174757286530728)),
        (2, (0.136, 0.0978886642671152, 0.01748802068006993, 0.373912065635226)),
        (3, (0.316, 0.1494247847982389, 0.07612211227785021, 0.597316271912336)),
        (5, (0.434979591836735, 0.1598796566549517, 0.13836551963816066, 0.704426791552165)),
        (6, (0.607342988808427, 0.1604842134150989, 0.24443114108320277, 0.838194993133131)),
        (8, (0.607342988808427, 0.1604842134150989, 0.24443114108320277, 0.838194993133131)),
    ],
)
def test_ties_and_weights_agree_with_survfit(day, want):
    at = weighted_incidence(TIME, CODE, WEIGHT).at(day)
    assert (at.value, at.se, at.low, at.high) == pytest.approx(want, abs=1e-12)


# R: glm(sex == "M" ~ age) on mgus2, then survfit(..., weights = w, id = id, robust = TRUE) by sex
MGUS2 = [
    ("ATO", 0, 60, 0.0390766918351, 0.0076706026761, 0.0259724323729, 0.0561658756660),
    ("ATO", 0, 240, 0.1063357976511, 0.0144491867152, 0.0801425426929, 0.1366894322887),
    ("ATO", 1, 60, 0.0295483712154, 0.0062163951607, 0.0190788692723, 0.0436037218485),
    ("ATO", 1, 120, 0.0557911697598, 0.0087315346898, 0.0403656854237, 0.0746357492094),
    ("ATE", 0, 120, 0.0741682688421, 0.0108509838640, 0.0547725196729, 0.0973044652410),
    ("ATE", 1, 60, 0.0294732128918, 0.0061968636400, 0.0190359921349, 0.0434839448920),
    ("ATT", 0, 120, 0.0744065362954, 0.0109455233429, 0.0548509194923, 0.0977527655698),
    ("ATT", 1, 240, 0.0956507550310, 0.0135258309492, 0.0712731870781, 0.1242282428133),
]


@needs_reference
@pytest.mark.parametrize(("weighting", "arm", "day", "value", "se", "low", "high"), MGUS2)
def test_propensity_weighted_mgus2_agrees_with_survfit(weighting, arm, day, value, se, low, high):
    table = rows("mgus2.csv")
    male = np.array([int(r["sex"] == "M") for r in table])
    fit = fit_propensity(model_matrix(column(table, "age")[:, None]), male)
    weight = balancing_weights(weighting, fit.score, male)
    here = male == arm
    curve = weighted_incidence(
        column(table, "time")[here], codes(table, "event")[here], weight[here]
    )
    at = curve.at(day)
    assert (at.value, at.se, at.low, at.high) == pytest.approx((value, se, low, high), abs=1e-8)


@settings(deadline=None)
@given(subjects)
def test_weights_of_one_change_nothing(rows_):
    time, code, _ = split(rows_)
    ours, plain = (
        weighted_incidence(time, code, np.ones(time.size)),
        cumulative_incidence(time, code),
    )
    for name in ("time", "value", "se", "low", "high"):
        assert np.allclose(getattr(ours, name), getattr(plain, name), atol=1e-12, equal_nan=True)


@settings(deadline=None)
@given(subjects, st.floats(0.01, 1000))
def test_multiplying_all_weights_changes_nothing(rows_, factor):
    time, code, weight = split(rows_)
    one, two = (weighted_incidence(time, code, f * weight) for f in (1, factor))
    for name in ("value", "se"):
        assert np.allclose(getattr(one, name), getattr(two, name), atol=1e-9)


@settings(deadline=None)
@given(subjects)
def test_order_of_subjects_changes_nothing_but_rounding(rows_):
    one, two = (weighted_incidence(*split(r)) for r in (rows_, rows_[::-1]))
    assert np.allclose(one.se, two.se, atol=1e-12)


@settings(deadline=None)
@given(subjects)
def test_many_sets_of_weights_at_once_give_the_same_curve(rows_):
    time, code, weight = split(rows_)
    days = (0, 3, 7, 11)
    both = np.stack([weight, np.ones(time.size)])
    for found, one in zip(incidence_at(time, code, both, days), both, strict=True):
        curve = weighted_incidence(time, code, one)
        want = [curve.at(d).value if curve.counts.known_at(d) else np.nan for d in days]
        assert np.allclose(found, want, atol=1e-9, equal_nan=True)


def test_weights_of_whole_numbers_count_as_copies_in_value_but_not_in_error():
    copies = np.array([1, 2, 1, 1, 3, 1, 1, 1, 1, 2, 1, 1, 1, 1])
    ours = weighted_incidence(TIME, CODE, copies.astype(float))
    copied = cumulative_incidence(np.repeat(TIME, copies), np.repeat(CODE, copies))
    assert ours.value == pytest.approx(copied.value)
    assert ours.at(6).se > copied.at(6).se


def test_greenwood_with_weights_is_wrong():
    # the trap: weights taken as numbers of subjects, which changes with their scale
    event = (CODE == 1).astype(int)
    right = weighted_incidence(TIME, event, WEIGHT)
    tenfold = weighted_incidence(TIME, event, 10 * WEIGHT)
    assert tenfold.at(6).se == pytest.approx(right.at(6).se)
    naive = product_limit(cumulative_incidence(np.repeat(TIME, 10), np.repeat(event, 10)).counts)
    plain = product_limit(cumulative_incidence(TIME, event).counts)
    assert naive[1][5] == pytest.approx(plain[1][5] / np.sqrt(10))


def test_subjects_without_weight_are_left_out():
    weight = np.where(TIME == 8, 0.0, WEIGHT)
    curve = weighted_incidence(TIME, CODE, weight)
    assert (curve.counts.n, curve.counts.last) == (13, 7)
    assert np.isnan(incidence_at(TIME, CODE, weight[None, :], (8,)))


def test_a_replicate_without_weights_has_no_value():
    assert np.isnan(incidence_at(TIME, CODE, np.zeros((1, 14)), (1, 5))).all()


def test_the_area_under_a_weighted_curve_has_a_robust_error_too():
    lost = restricted_time_lost(weighted_incidence(TIME, CODE, WEIGHT), 7)
    same = restricted_time_lost(weighted_incidence(TIME, CODE, 5 * WEIGHT), 7)
    assert lost == pytest.approx(same)


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_impossible_weights_are_refused(bad):
    with pytest.raises(ValueError, match="finite and not negative"):
        weighted_incidence(np.array([1.0, 2.0]), np.array([1, 0]), np.array([1.0, bad]))
