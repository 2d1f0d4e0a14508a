"""How often each interval holds the truth, in daily data with ties, competing events, censoring.

Truth is computed from the daily probabilities, not simulated. Proportions are counted out over all
possible results; everything else is simulated with a fixed seed, by the product's own methods.
The run-time comparison of Kaplan-Meier and Cox with lifelines is left out here: it changes no
number and would take most of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.stats.arrays import Floats, Ints
from pipeline.stats.counts import Counts, count
from pipeline.stats.cox import cox, hazard_ratio
from pipeline.stats.cumulative_incidence import cumulative_incidence
from pipeline.stats.kaplan_meier import product_limit
from pipeline.stats.normal import z_of
from pipeline.stats.proportions import clopper_pearson
from pipeline.stats.restricted_time_lost import restricted_time_lost
from pipeline.stats.risk_difference import Interval, newcombe, square_and_add
from pipeline.stats.rmst import rmst, rmst_difference
from pipeline.stats.step_curve import StepCurve, loglog_limits

SIZES = (12, 30, 100)
REPLICATES = 10_000
SEED = 20260101
HORIZON, LANDMARK, TAU = 28, 7, 14
RATIO = 1.6
EARLY = 0.15
CONF = 0.95


class Arm(NamedTuple):
    """Probability on each day, for those still under observation without either event."""

    event: Floats
    competing: Floats


class Limits(NamedTuple):
    """An interval; a missing lower limit means not defined, a missing upper one open."""

    low: float
    high: float


class Coverage(NamedTuple):
    """How an interval did at a number of subjects per arm.

    `se` is the standard error of the simulation, null where all results were counted out.
    """

    interval: str
    n: int
    truth: float
    covered: float
    se: float | None
    undefined: float


def _daily(*spans: tuple[int, float]) -> Floats:
    """Probabilities for spans of days: (days, probability of each)."""
    return np.concatenate([np.full(days, p) for days, p in spans])


def _stronger(arm: Arm, ratio: float) -> Arm:
    """The arm whose hazard of the event is `ratio` times as high at each moment of a day."""
    return Arm(1 - (1 - arm.event) ** ratio, arm.competing)


_NONE = np.zeros(HORIZON)
SECOND = Arm(_daily((5, 0.06), (5, 0.04), (18, 0.008)), _daily((28, 0.008)))
FIRST = _stronger(SECOND, RATIO)
# Recovery: nothing competes, and a death without recovery is part of the early censoring.
SLOW = Arm(_daily((2, 0.04), (6, 0.16), (20, 0.12)), _NONE)
QUICK = _stronger(SLOW, 1.3)
RARE = Arm(_daily((7, 0.02), (21, 0.004)), _daily((28, 0.008)))


def true_incidence(arm: Arm) -> Floats:
    """Probability of the event by the end of each day."""
    free = np.cumprod(1 - arm.event - arm.competing)
    return np.cumsum(np.concatenate([[1.0], free[:-1]]) * arm.event)


def true_time_lost(arm: Arm, tau: int) -> float:
    """Area under the incidence from 0 to tau: that of days 0 to tau - 1."""
    return float(true_incidence(arm)[: tau - 1].sum())


def true_median(arm: Arm) -> float:
    """First day by which half have had the event."""
    return float(np.flatnonzero(true_incidence(arm) >= 0.5)[0] + 1)


def draw(arm: Arm, shape: tuple[int, int], random: np.random.Generator) -> tuple[Floats, Ints]:
    """Observed time and code of each subject: replicates by subjects.

    Followed to the last day, but for a share that is censored on any day before with equal chance.
    """
    free = np.concatenate([[1.0], np.cumprod(1 - arm.event - arm.competing)[:-1]])
    cells = np.cumsum((np.stack([arm.event, arm.competing], axis=1) * free[:, None]).ravel())
    cell = np.searchsorted(cells, random.random(shape), side="right")
    early = random.random(shape) < EARLY
    last = np.where(early, random.integers(1, HORIZON, shape), HORIZON)
    day, code = cell // 2 + 1, cell % 2 + 1
    return np.minimum(day, last).astype(np.float64), np.where(day <= last, code, 0)


def simulated(n: int, replicates: int, seed: int) -> Iterator[dict[str, Limits]]:
    """Every interval, replicate by replicate."""
    random = np.random.default_rng([seed, n])
    arms = [draw(arm, (replicates, n), random) for arm in (FIRST, SECOND, SLOW, QUICK, RARE)]
    for i in range(replicates):
        first, second, slow, quick, rare = ((time[i], code[i]) for time, code in arms)
        yield {
            "the same of a rare event": _limits(cumulative_incidence(*rare, CONF).at(LANDMARK)),
            **_onset(first, second),
            **_recovery(count(*slow), count(*quick)),
        }


def _onset(first: tuple[Floats, Ints], second: tuple[Floats, Ints]) -> dict[str, Limits]:
    a, b = cumulative_incidence(*first, CONF), cumulative_incidence(*second, CONF)
    lost = [restricted_time_lost(x, HORIZON) for x in (a, b)]
    time, code = np.concatenate([first[0], second[0]]), np.concatenate([first[1], second[1]])
    arm = np.repeat([1.0, 0.0], [first[0].size, second[0].size])[:, None]
    ratio = hazard_ratio(cox(time, code, arm, weight=np.ones(time.size)), 0, CONF)
    return {
        "cumulative incidence, log-log": _limits(a.at(LANDMARK)),
        "difference of cumulative incidences, square-and-add": _limits(
            square_and_add(a.at(LANDMARK), b.at(LANDMARK))
        ),
        "difference of restricted time lost, normal": _limits(
            rmst_difference(lost[0], lost[1], CONF)
        ),
        "hazard ratio, Efron, Wald": _limits(ratio),
    }


def _recovery(slow: Counts, quick: Counts) -> dict[str, Limits]:
    curve = _survival(slow)
    areas = [rmst(c, TAU) for c in (slow, quick)]
    return {
        "Kaplan-Meier, log-log": _limits(curve.at(LANDMARK)),
        "median, limits of the curve": _limits(curve.quantile(0.5)),
        "difference of restricted means, normal": _limits(
            rmst_difference(areas[0], areas[1], CONF)
        ),
    }


def _survival(counts: Counts) -> StepCurve:
    """kaplan_meier without its comparison with lifelines."""
    value, se = product_limit(counts)
    low, high = loglog_limits(value, se, z_of(CONF))
    return StepCurve(counts.time, value, se, low, high, 1.0)


def _limits(estimate: Interval) -> Limits:
    return Limits(estimate.low, estimate.high)


def truths() -> dict[str, float]:
    """What each simulated interval is to hold."""
    by = LANDMARK - 1
    first, second = true_incidence(FIRST), true_incidence(SECOND)
    lost = [true_time_lost(arm, HORIZON) for arm in (FIRST, SECOND)]
    # Restricted mean = tau - time lost, so the difference turns round.
    means = [TAU - true_time_lost(arm, TAU) for arm in (SLOW, QUICK)]
    return {
        "cumulative incidence, log-log": float(first[by]),
        "the same of a rare event": float(true_incidence(RARE)[by]),
        "difference of cumulative incidences, square-and-add": float(first[by] - second[by]),
        "difference of restricted time lost, normal": lost[0] - lost[1],
        "hazard ratio, Efron, Wald": RATIO,
        "Kaplan-Meier, log-log": float(1 - true_incidence(SLOW)[by]),
        "median, limits of the curve": true_median(SLOW),
        "difference of restricted means, normal": means[0] - means[1],
    }


def simulate_coverage(n: int, replicates: int, seed: int = SEED) -> list[Coverage]:
    """Coverage among the replicates in which the interval is defined."""
    made = list(simulated(n, replicates, seed))
    return [
        judge(name, n, truth, np.array([replicate[name] for replicate in made]))
        for name, truth in truths().items()
    ]


def judge(name: str, n: int, truth: float, limits: Floats) -> Coverage:
    """Coverage of intervals, one (low, high) per row."""
    low, high = limits[~np.isnan(limits[:, 0])].T
    inside = (low <= truth) & (np.isnan(high) | (truth <= high))
    covered = float(inside.mean()) if inside.size else float("nan")
    se = float(np.sqrt(covered * (1 - covered) / inside.size)) if inside.size else float("nan")
    return Coverage(name, n, truth, covered, se, 1 - inside.size / len(limits))


def exact_coverage(n: int) -> list[Coverage]:
    """Coverage of the intervals of proportions, summed over every possible result."""
    from scipy.stats import binom

    p, q = (float(true_incidence(arm)[-1]) for arm in (FIRST, SECOND))
    events = np.arange(n + 1)
    chance_p, chance_q = binom.pmf(events, n, p), binom.pmf(events, n, q)
    one = [_holds(clopper_pearson(x, n, CONF), p) for x in range(n + 1)]
    two = [[_holds(newcombe(x, n, y, n, CONF), p - q) for y in range(n + 1)] for x in range(n + 1)]
    return [
        Coverage("proportion, Clopper-Pearson", n, p, float(chance_p @ np.array(one)), None, 0.0),
        Coverage(
            "difference of proportions, Newcombe", n, p - q,
            float(chance_p @ np.array(two) @ chance_q), None, 0.0,
        ),
    ]  # fmt: skip


def _holds(interval: Interval, truth: float) -> bool:
    return interval.low <= truth <= interval.high


def report(_folder: Path, _rows: list[int], replicates: int = REPLICATES) -> str:
    """The table of docs/benchmarks.md."""
    rows = [r for n in SIZES for r in (*exact_coverage(n), *simulate_coverage(n, replicates))]
    lines = [
        "| 95 % interval | truth | " + " | ".join(f"{n} per arm" for n in SIZES) + " |",
        "|---|---:|" + "---:|" * len(SIZES),
    ]
    for name in dict.fromkeys(row.interval for row in rows):
        mine = [row for row in rows if row.interval == name]
        cells = " | ".join(_cell(row) for row in mine)
        lines.append(f"| {name} | {mine[0].truth:.3f} | {cells} |")
    return "\n".join(lines)


def _cell(row: Coverage) -> str:
    spread = "exact" if row.se is None else f"± {row.se:.4f}"
    return f"{row.covered:.3f} {spread}; {100 * row.undefined:.1f} %"
