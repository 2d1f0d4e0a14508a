"""Log-rank test of equal hazards, with strata and with the rho family of weights."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.chi_square import ChiSquare, chi_square, quadratic_form
from pipeline.stats.counts import EVENT
from pipeline.stats.disagreement import DisagreementError
from pipeline.stats.group_counts import LEAST, GroupCounts, before, by_stratum, count_groups, divide

AGREEMENT = 1e-9


class LogRank(NamedTuple):
    """The test with observed and expected events of each group."""

    test: ChiSquare
    observed: Floats
    expected: Floats


def logrank_test(
    time: Floats, event: Ints, group: Ints, strata: Ints | None = None, rho: float = 0.0
) -> LogRank:
    """Test that the hazard is the same in all groups; event is 1, anything else is censored.

    Rule: hypergeometric variance of tied events; weights S(t-)^rho with the product-limit estimate
    of all groups together (Harrington & Fleming 1982), as R survdiff. Competing events (codes of 2
    and above) end observation: the test is then about cause-specific hazards.

    Source: Mantel 1966; Peto & Peto 1972; Harrington & Fleming, Biometrika 1982;69:553-566.

    Raises:
        DisagreementError: lifelines gives another statistic (difference > 1e-9).
    """
    observed, expected, value = _fit(time, event, group, strata, rho)
    if strata is None and rho == 0 and not np.isnan(value):
        _check(time, event, group, float(value))
    return LogRank(chi_square(float(value), observed.size - 1), observed, expected)


def logrank_statistic(time: Floats, code: Ints, label: Ints, strata: Ints | None = None) -> Floats:
    """Log-rank chi-square for one labelling (n,) or many (draws, n) of the same subjects."""
    return _fit(time, code, label, strata, 0.0)[2]


def _fit(
    time: Floats, code: Ints, label: Ints, strata: Ints | None, rho: float
) -> tuple[Floats, Floats, Floats]:
    """Observed and expected events per group, summed over strata, and chi-square."""
    groups = int(label.max(initial=0)) + 1
    observed = np.zeros((*label.shape[:-1], groups))
    expected = np.zeros_like(observed)
    variance = np.zeros((*observed.shape, groups))
    for times, codes, labels in by_stratum(time, (code == EVENT).astype(np.int64), label, strata):
        o, e, v = _stratum(count_groups(times, codes, labels, groups), rho)
        observed += o
        expected += e
        variance += v
    if groups < 2:
        return observed, expected, np.full(label.shape[:-1], np.nan)
    # The differences of all groups add up to 0, so that the last one adds nothing.
    score = (observed - expected)[..., :-1]
    return observed, expected, quadratic_form(score, variance[..., :-1, :-1], LEAST)


def _stratum(counts: GroupCounts, rho: float) -> tuple[Floats, Floats, Floats]:
    n, d = counts.at_risk.sum(axis=-2), counts.event.sum(axis=-2)
    share = divide(counts.at_risk, n[..., None, :])
    surv = np.cumprod(1 - divide(d, n), axis=-1).astype(np.float64)
    weight = before(surv, 1.0) ** rho
    observed = (weight[..., None, :] * counts.event).sum(axis=-1)
    expected = ((weight * d)[..., None, :] * share).sum(axis=-1)
    spread = weight**2 * d * divide(n - d, n - 1)
    same = np.eye(share.shape[-2])[:, :, None]
    between = share[..., :, None, :] * (same - share[..., None, :, :])
    return observed, expected, (between * spread[..., None, None, :]).sum(axis=-1)


def _check(time: Floats, event: Ints, group: Ints, value: float) -> None:
    """Raises unless lifelines agrees."""
    # lifelines takes 3 s to import, so only runs that make a test pay for it.
    from lifelines.statistics import multivariate_logrank_test  # noqa: PLC0415

    other = multivariate_logrank_test(time, group, event == EVENT).test_statistic
    if not abs(value - other) <= AGREEMENT * max(1.0, value):
        raise DisagreementError(f"log-rank: {value:.12g}, lifelines {other:.12g}")
