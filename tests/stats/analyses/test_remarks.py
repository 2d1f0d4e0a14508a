import numpy as np

from pipeline.stats.analyses.remarks import counted_below, few_in_a_cohort, joined
from pipeline.stats.counts import count
from tests.stats.analyses.rows import population
from tests.stats.analyses.two_cohorts import subjects

CRS = subjects("car_t", (3, 3, "?", 28), (1, 3, 2, 28), (6, None, None, 28))


def test_remarks_are_joined_in_their_order():
    assert joined("a", None, "b") == "a; b"
    assert joined(None) is None


def test_recorded_crs_of_unknown_grade_is_of_grade_1_but_not_known_to_be_of_grade_2():
    pop, _ = population(CRS)
    assert counted_below((pop,), 1) is None
    assert counted_below((pop,), 2) == (
        "imprecise: 3 subjects with recorded CRS whose grade is not known count as below grade 2"
    )


def test_on_the_derived_basis_it_is_not_even_crs_and_both_cohorts_add_up():
    pop, _ = population(CRS, "derived")
    words = "subjects with recorded CRS whose derived grade is not known count as without CRS"
    assert counted_below((pop,), 1) == f"imprecise: 3 {words}"
    assert counted_below((pop, pop), 1) == f"imprecise: 6 {words}"


def test_the_cohort_that_stands_on_few_is_named():
    all_seen = count(np.full(10, 28.0), np.zeros(10, dtype=np.int64))
    lost = count(np.repeat([10.0, 28.0], [3, 7]), np.zeros(10, dtype=np.int64))
    assert few_in_a_cohort((all_seen, all_seen), 28) is None
    flag = "imprecise: 3 of 10 censored before this day in"
    assert few_in_a_cohort((lost, all_seen), 28) == f"{flag} car_t"
    assert few_in_a_cohort((lost, lost), 28) == f"{flag} car_t; {flag} bispecific"
