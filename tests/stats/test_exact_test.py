import math

import pytest

from pipeline.stats.exact_test import fisher_exact


@pytest.mark.parametrize(
    ("counts", "p"),
    [
        # R 4.2.2: fisher.test(matrix(c(8, 2, 4, 9), 2)), fisher.test(matrix(c(36, 32, 17, 43), 2))
        ((8, 12, 2, 11), 0.036074841836),
        ((36, 53, 32, 75), 0.00681391873957),
        # lady tasting tea
        ((3, 4, 1, 4), 34 / 70),
        # nobody had it: the margins allow one table only
        ((0, 10, 0, 12), 1.0),
    ],
)
def test_agrees_with_r(counts, p):
    assert fisher_exact(*counts) == pytest.approx(p, abs=1e-8)


def test_exchanging_the_groups_changes_nothing():
    assert fisher_exact(8, 12, 2, 11) == pytest.approx(fisher_exact(2, 11, 8, 12))


def test_an_empty_group_has_no_test():
    assert math.isnan(fisher_exact(0, 0, 3, 10))


def test_more_events_than_subjects_are_refused():
    with pytest.raises(ValueError, match="not two proportions"):
        fisher_exact(5, 4, 1, 3)
