"""Mean number of events per subject over time, for events that come more than once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.counts import COMPETING, Counts, count
from pipeline.stats.normal import z_of
from pipeline.stats.step_curve import NE, StepCurve


class Recurrences(NamedTuple):
    """Events of subjects who are numbered from 0, and how long each was observed."""

    subject: Ints
    """Subject of each event."""
    time: Floats
    """Time of each event, not after the end of its subject."""
    end: Floats
    """End of observation of each subject."""
    terminal: Ints
    """1 where the subject can have no event after the end (death), 0 where the end censors."""


@dataclass(frozen=True, eq=False)
class MeanFunction(StepCurve):
    """Mean number of events by each time, with the counts of the ends of observation."""

    counts: Counts
    """Terminal ends count as competing, the others as censored."""


def mean_cumulative_function(events: Recurrences, conf: float = 0.95) -> MeanFunction:
    """Mean number of events per subject still under observation; every end censors.

    Rule: M(t) adds d(t) / n(t). It is what would be seen if nobody died, and equals the
    Nelson-Aalen estimate where observation ends with the only event. The variance is robust: the
    squares of each subject's sum of (own events - d(t) / n(t)) / n(t). Limits are log.

    Source: Nelson, J Qual Technol 1995;27:147; Lawless & Nadeau, Technometrics 1995;37:158; R
    survival, survfit(..., id =, robust = TRUE), std.chaz.

    Args:
        events: who had events, and until when each subject was observed.
        conf: confidence level.
    """
    return _mean_function(events._replace(terminal=np.zeros_like(events.terminal)), conf)


def ghosh_lin(events: Recurrences, conf: float = 0.95) -> MeanFunction:
    """Mean number of events per subject where a terminal event ends all further ones.

    Rule: mu(t) adds S(t-) d(t) / n(t), S being the Kaplan-Meier estimate of being free of the
    terminal event. An event on the day of the terminal one comes before it, so it counts. Without
    censoring mu(t) is the number of events by t over the number of subjects. The variance is the
    infinitesimal jackknife: the squares of the derivative by each subject's weight. Limits are
    log.

    Source: Ghosh & Lin, Biometrics 2000;56:554.

    Args:
        events: who had events, and until when each subject was observed.
        conf: confidence level.
    """
    return _mean_function(events, conf)


def _mean_function(events: Recurrences, conf: float) -> MeanFunction:
    _check(events)
    counts = count(events.end, np.where(events.terminal > 0, COMPETING, 0))
    time = np.union1d(events.time, events.end).astype(np.float64)
    value, se = _accumulate(events, time)
    some = value > 0
    # Half-width on the log scale; the mean has no upper bound, so the scale is not log-log.
    factor = np.exp(z_of(conf) * np.divide(se, value, out=np.zeros_like(se), where=some))
    low, high = np.where(some, value / factor, NE), np.where(some, value * factor, NE)
    return MeanFunction(time, value, se, low, high, 0.0, counts)


def _accumulate(events: Recurrences, time: Floats) -> tuple[Floats, Floats]:
    """mu(t) and its standard error from the derivative of mu by the weight of each subject."""
    n = events.end.size
    surv, mu = 1.0, 0.0
    d_surv, d_mu = np.zeros(n), np.zeros(n)
    value, se = np.zeros(time.size), np.zeros(time.size)
    at = np.searchsorted(time, events.time)
    for j, t in enumerate(time):
        at_risk, dies = events.end >= t, (events.end == t) & (events.terminal > 0)
        own = np.bincount(events.subject[at == j], minlength=n)
        size = at_risk.sum()
        rate, hazard = own.sum() / size, dies.sum() / size
        d_mu = d_mu + d_surv * rate + surv * (own - at_risk * rate) / size
        d_surv = d_surv * (1 - hazard) - surv * (dies - at_risk * hazard) / size
        mu += surv * rate
        surv *= 1 - hazard
        # Sorted, so that the order of subjects changes no bit of the sum.
        value[j], se[j] = mu, np.sqrt(np.sort(d_mu**2).sum())
    return value, se


def _check(events: Recurrences) -> None:
    subject, time, end, terminal = events
    if subject.size != time.size or end.size != terminal.size:
        raise ValueError("each event has a subject and a time, each subject an end and its kind")
    if subject.size and not 0 <= subject.min() <= subject.max() < end.size:
        raise ValueError("an event belongs to no subject")
    if not np.isfinite(time).all() or (time.size and time.min() < 0):
        raise ValueError("times must be finite and not negative")
    if (time > end[subject]).any():
        raise ValueError("an event after the end of its subject's observation")
