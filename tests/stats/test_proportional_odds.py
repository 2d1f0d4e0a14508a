import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats import proportional_odds as module
from pipeline.stats.disagreement import DisagreementError
from pipeline.stats.odds_ratio import odds_ratio
from pipeline.stats.proportional_odds import join_top, proportional_odds

# subjects with grade 0, 1, 2, 3, 4 in the first and in the second group
FIRST, SECOND = (12, 20, 22, 8, 6), (25, 18, 10, 5, 2)

counts = st.lists(st.integers(1, 12), min_size=4, max_size=4)


def two_groups(first, second):
    grade = np.concatenate([np.repeat(np.arange(len(x)), x) for x in (first, second)])
    return grade, np.repeat([1, 0], [sum(first), sum(second)])


def test_agrees_with_polr_and_clm():
    # R 4.2.2: MASS::polr(grade ~ arm), ordinal::clm: 1.057785831280 (0.331391360856), logLik
    # -183.08143966; anova of clm(grade ~ arm) and clm(grade ~ 1, nominal = ~ arm): LR 1.149424966,
    # df 3, P 0.76516
    got = proportional_odds(*two_groups(FIRST, SECOND))
    assert got.coefficient == pytest.approx(1.057785831280, abs=1e-8)
    assert got.se == pytest.approx(0.331391360856, abs=1e-8)
    assert got.loglik == pytest.approx(-183.08143966, abs=1e-6)
    assert got.value == pytest.approx(math.exp(1.057785831280), abs=1e-8)
    assert math.log(got.high) == pytest.approx(
        1.057785831280 + 1.959963984540054 * 0.331391360856, abs=1e-8
    )
    assert got.proportionality.value == pytest.approx(1.149424965704, abs=1e-6)
    assert got.proportionality.df == 3
    assert got.proportionality.p == pytest.approx(0.76516, abs=1e-5)


def test_agrees_with_clm_with_a_covariate():
    # R: clm(grade ~ arm + x), x = ((row number x 7) mod 11) / 10: arm 1.058674820548
    # (0.331445461792), logLik -183.057712367
    grade, group = two_groups(FIRST, SECOND)
    x = (np.arange(1, grade.size + 1) * 7 % 11) / 10
    got = proportional_odds(grade, group, x[:, None])
    assert got.coefficient == pytest.approx(1.058674820548, abs=1e-8)
    assert got.se == pytest.approx(0.331445461792, abs=1e-8)
    assert got.loglik == pytest.approx(-183.057712367, abs=1e-6)
    assert math.isnan(got.proportionality.p)


def test_another_coefficient_by_statsmodels_stops_it(monkeypatch):
    right = module._fit
    monkeypatch.setattr(module, "_fit", lambda *a: right(*a)._replace(coefficient=1.1))
    with pytest.raises(DisagreementError, match="statsmodels differs from our own"):
        proportional_odds(*two_groups(FIRST, SECOND))


def test_odds_that_differ_by_cut_are_seen():
    # more of any grade, yet fewer of grade 2 and more: one odds ratio does not fit
    got = proportional_odds(*two_groups((10, 60, 10), (40, 10, 30)))
    assert got.proportionality.p < 1e-6
    assert got.proportionality.df == 1


def test_two_grades_give_the_ordinary_odds_ratio_and_nothing_to_test():
    got = proportional_odds(*two_groups((10, 30), (20, 20)))
    want = odds_ratio(30, 40, 20, 40)
    assert (got.value, got.low, got.high) == pytest.approx(want, rel=1e-8)
    assert math.isnan(got.proportionality.p)


def test_grades_that_nobody_has_are_no_categories():
    grade, group = two_groups(FIRST, SECOND)
    spread = np.array([0, 1, 2, 4, 5])[grade]
    assert proportional_odds(spread, group) == proportional_odds(grade, group)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((0, 0, 8), (4, 4, 0)),  # apart
        ((0, 4, 4), (4, 4, 0)),  # touching in one grade: the likelihood still has no maximum
        ((5, 5, 5), (0, 0, 0)),  # one group only
        ((5, 0, 0), (5, 0, 0)),  # one grade only
    ],
)
def test_groups_that_do_not_overlap_have_no_common_odds_ratio(first, second):
    got = proportional_odds(*two_groups(first, second))
    assert np.isnan([got.value, got.low, got.high, got.se, got.proportionality.p]).all()


@settings(deadline=None, max_examples=15)
@given(counts, counts)
def test_exchanging_the_groups_inverts_it_and_order_of_rows_changes_nothing(first, second):
    grade, group = two_groups(first, second)
    there, back = proportional_odds(grade, group), proportional_odds(grade, 1 - group)
    assert there.coefficient == pytest.approx(-back.coefficient, abs=1e-8)
    assert math.log(there.low) == pytest.approx(-math.log(back.high), abs=1e-8)
    assert there.proportionality.value == pytest.approx(back.proportionality.value, abs=1e-8)
    assert proportional_odds(grade[::-1], group[::-1]) == there


@pytest.mark.parametrize(
    ("sizes", "joined"),
    [
        ((9, 9, 9, 9, 9, 9), (9, 9, 9, 9, 9, 9)),
        ((9, 9, 9, 9, 9, 4), (9, 9, 9, 9, 13)),  # grade 5 is sparse
        ((9, 9, 9, 9, 4, 9), (9, 9, 9, 9, 13)),  # grade 4 is sparse
        ((9, 9, 9, 9, 0, 9), (9, 9, 9, 9, 0, 9)),  # grade 4 is not used
        ((9, 9, 9, 9, 3, 1), (9, 9, 9, 13)),  # 4 and 5 together are still sparse
        ((9, 9, 9, 3, 1, 0), (9, 9, 13)),
        ((9, 9, 2, 1, 1, 0), (9, 9, 4)),  # never into grade 1
        ((9, 9, 9, 2, 6, 0), (9, 9, 9, 2, 6)),  # a sparse grade below the top stays
    ],
)
def test_sparse_top_grades_are_joined(sizes, joined):
    got = np.bincount(join_top(np.repeat(np.arange(6), sizes), 5, 2))
    assert tuple(got.tolist()) == joined
