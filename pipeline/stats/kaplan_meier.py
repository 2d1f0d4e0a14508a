"""Kaplan-Meier: S(t) by lifelines, cross-checked against our own product-limit estimate.

lifelines has no standard error, and its quantiles and its limits at S = 0 and S = 1 are not
those of R; these are ours (Greenwood 1926; R survival, survfit with conf.type = "log-log").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.counts import EVENT, Counts, count
from pipeline.stats.disagreement import DisagreementError
from pipeline.stats.normal import z_of
from pipeline.stats.step_curve import StepCurve, loglog_limits

AGREEMENT = 1e-9


@dataclass(frozen=True, eq=False)
class KaplanMeier(StepCurve):
    """Survival curve with the counts that it was made from."""

    counts: Counts


class Curves:
    """Curves that were made once and are asked for again: systems and bases share most of them."""

    def __init__(self) -> None:
        self._made: dict[tuple[bytes, bytes, float], KaplanMeier] = {}

    def of(self, time: Floats, event: Ints, conf: float) -> KaplanMeier:
        """As `kaplan_meier`; the same times and events have the same curve."""
        key = (time.tobytes(), event.tobytes(), conf)
        if key not in self._made:
            self._made[key] = kaplan_meier(time, event, conf)
        return self._made[key]


def kaplan_meier(time: Floats, event: Ints, conf: float = 0.95) -> KaplanMeier:
    """Survival curve; event is 1 for the event and 0 for censored.

    Rule: an event and a censoring on one day are ordered event first. Where S is 0 or 1 the
    limits are not estimable.

    Raises:
        ValueError: a code other than 0 and 1; recode competing events first.
        DisagreementError: lifelines gives another curve (difference > 1e-9).
    """
    if event.size and event.max() > EVENT:
        raise ValueError("Kaplan-Meier knows 0 and 1; recode competing events first")
    counts = count(time, event)
    z = z_of(conf)
    surv, se = product_limit(counts)
    low, high = loglog_limits(surv, se, z)
    if counts.n:
        surv, low, high = _checked(time, event, conf, counts.time, (surv, low, high))
    return KaplanMeier(counts.time, surv, se, low, high, 1.0, counts)


def product_limit(counts: Counts) -> tuple[Floats, Floats]:
    """S(t) and its Greenwood standard error, not estimable where S(t) = 0."""
    d, n = counts.event.astype(np.float64), counts.at_risk.astype(np.float64)
    surv = np.cumprod(1 - d / n).astype(np.float64)
    left = n - d
    term = np.divide(d, n * left, out=np.full_like(d, np.nan), where=left > 0)
    se = surv * np.sqrt(np.cumsum(term))
    return surv, np.where(surv > 0, se, np.nan)


def _checked(
    time: Floats, event: Ints, conf: float, at: Floats, ours: tuple[Floats, Floats, Floats]
) -> tuple[Floats, Floats, Floats]:
    """Curve and limits of lifelines, after they were seen to agree with ours wherever defined."""
    # lifelines takes 3 s to import, so only runs that fit a curve pay for it.
    from lifelines import KaplanMeierFitter  # noqa: PLC0415

    fit = KaplanMeierFitter(alpha=1 - conf).fit(time, event)
    rows = np.searchsorted(fit.survival_function_.index.to_numpy(), at)
    limits = fit.confidence_interval_.to_numpy()[rows]
    theirs = (fit.survival_function_.to_numpy()[rows, 0], limits[:, 0], limits[:, 1])
    checked: list[Floats] = []
    for name, own, other in zip(("S(t)", "lower limit", "upper limit"), ours, theirs, strict=True):
        defined = ~np.isnan(own)
        gap = np.abs(own - other)[defined]
        # A missing number of lifelines is a difference too, so the comparison is this way round.
        if not (gap <= AGREEMENT).all():
            raise DisagreementError(f"{name}: lifelines differs from our own by {gap.max():.3g}")
        checked.append(np.where(defined, other, own))
    return checked[0], checked[1], checked[2]
