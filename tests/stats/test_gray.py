import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats.gray import gray_statistic, gray_test
from pipeline.stats.logrank import logrank_test
from tests.stats.hand_typed import CODE, GROUP, STRATUM, TIME
from tests.stats.reference import codes, column, competing, needs_reference, rows, same

subjects = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 2), st.integers(0, 1)), min_size=8, max_size=40
)
CMPRSK = {  # cuminc(tm, st, g)$Tests and cuminc(tm, st, g, s)$Tests of cmprsk 2.2-11
    ("plain", 1): 0.562891928263,
    ("plain", 2): 3.896867754266,
    ("strata", 1): 2.03458712717,
    ("strata", 2): 3.24947986823,
}


def split(triples):
    time, code, group = (np.array(c) for c in zip(*triples, strict=True))
    return time.astype(float), code, group


def of_cause(code, cause):
    return code if cause == 1 else np.array([0, 2, 1])[code]


@needs_reference
@pytest.mark.parametrize("dataset", ["mgus2_cr", "mets_bmt", "Melanoma"])
def test_it_agrees_with_cmprsk(dataset):
    table = rows(f"{dataset}.csv")
    group = np.unique([r["group"] for r in table], return_inverse=True)[1]
    time, code = column(table, "time"), codes(table, "status")
    tests = {c: gray_test(time, of_cause(code, c), group) for c in (1, 2)}
    field = {"gray_stat": "value", "gray_p": "p", "gray_df": "df"}
    checked = [
        same(getattr(tests[int(key["event"])], field[statistic]), want)
        for statistic, key, want in competing(dataset)
        if statistic in field
    ]
    assert checked == [True] * 6


@pytest.mark.parametrize(("kind", "cause"), CMPRSK)
def test_three_groups_with_and_without_strata_agree_with_cmprsk(kind, cause):
    strata = STRATUM if kind == "strata" else None
    got = gray_test(TIME, of_cause(CODE, cause), GROUP, strata)
    assert got.df == 2
    assert got.value == pytest.approx(CMPRSK[kind, cause], abs=1e-10)


def test_it_is_not_the_logrank_test_where_death_competes():
    # the same hazard of CRS, but in group 1 half die on day 1: fewer of them get CRS
    time = np.array([1.0] * 10 + [2.0] * 10 + [9.0] * 20)
    code = np.array([2] * 10 + [1] * 10 + [0] * 20)
    group = np.array([1] * 10 + [1] * 3 + [0] * 7 + [1] * 7 + [0] * 13)
    assert gray_test(time, code, group).value > 2 * logrank_test(time, code, group).test.value


def test_codes_above_1_are_one_kind_of_competing_event():
    other = np.where(CODE == 2, 2 + np.arange(CODE.size) % 3, CODE)
    assert gray_test(TIME, other, GROUP) == gray_test(TIME, CODE, GROUP)


@pytest.mark.parametrize(
    ("time", "code", "group"),
    [
        ([], [], []),  # nobody
        ([1, 2, 3], [1, 0, 1], [0, 0, 0]),  # one group
        ([1, 2, 3, 4], [0, 0, 2, 0], [0, 1, 0, 1]),  # no event
        ([5, 5, 1, 1], [1, 0, 0, 0], [0, 0, 1, 1]),  # one group has left before the only event
    ],
)
def test_where_nothing_can_be_told_there_is_no_statistic(time, code, group):
    got = gray_test(np.array(time, dtype=float), np.array(code, dtype=int), np.array(group, int))
    assert np.isnan([got.value, got.p]).all()


@settings(deadline=None, max_examples=40)
@given(subjects)
def test_relabelling_and_the_unit_of_time_and_the_order_of_rows_change_nothing(triples):
    time, code, group = split(triples)
    want = gray_statistic(time, code, group)
    for got in (
        gray_statistic(time, code, 1 - group),
        gray_statistic(time * 24, code, group),
        gray_statistic(*split(triples[::-1])),
    ):
        assert np.isclose(got, want, rtol=1e-9, equal_nan=True)


@settings(deadline=None, max_examples=40)
@given(subjects)
def test_many_labellings_give_what_each_gives_alone(triples):
    time, code, group = split(triples)
    labels = np.stack([group, group[::-1]])
    if labels.max() == 0:
        return
    many = gray_statistic(time, code, labels)
    alone = [gray_statistic(time, code, label) for label in labels]
    assert np.allclose(many, alone, equal_nan=True)
