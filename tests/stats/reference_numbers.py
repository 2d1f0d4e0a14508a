"""Our number for every number that R gave, under the name that R's file has for it.

A name is the path to a leaf of the file, "rmst_90/diff/est", or "statistic key" in the table.
"""

from __future__ import annotations

import math

import numpy as np

from pipeline.stats.chi_square import ChiSquare, chi_square
from pipeline.stats.counts import count
from pipeline.stats.cox import Cox, cox, hazard_ratio
from pipeline.stats.cumulative_incidence import CumulativeIncidence, cumulative_incidence
from pipeline.stats.gray import gray_test
from pipeline.stats.kaplan_meier import KaplanMeier, kaplan_meier
from pipeline.stats.logrank import LogRank, logrank_test
from pipeline.stats.normal import z_of
from pipeline.stats.proportional_hazards import proportional_hazards
from pipeline.stats.rmst import RestrictedMean, rmst, rmst_difference, rmst_ratio
from pipeline.stats.step_curve import StepCurve
from tests.stats.reference import codes, column, rows

Numbers = dict[str, float]

TRANSFORMS = ("km", "rank", "identity")
QUARTILES = (0.25, 0.5, 0.75)


def agrees(got: float, want: float | None, tolerance: float = 1e-8) -> bool:
    """R's NA is our NaN; a small P must agree in its digits too."""
    if want is None:
        return math.isnan(got)
    small = 0 < abs(want) < 1e-4
    near = abs(got - want) <= (1e-4 * abs(want) if small else tolerance * max(1, abs(want)))
    return near and abs(got - want) <= tolerance * max(1, abs(want))


def under(name: str, numbers: Numbers) -> Numbers:
    return {f"{name}/{key}": value for key, value in numbers.items()}


def by_group(table, name):
    return {g: [r for r in table if r[name] == g] for g in sorted({r[name] for r in table})}


def swapped(code):
    """Cause 2 as the event, cause 1 competing."""
    return np.array([0, 2, 1])[code]


def with_limits(km: KaplanMeier, kind: str) -> StepCurve:
    """R's other limits from our S and SE; the product shows log-log limits only."""
    if kind == "log-log":
        return km
    with np.errstate(divide="ignore"):
        half = z_of(0.95) * (km.se if kind == "plain" else km.se / km.value)
    low, high = (
        (km.value - half, km.value + half)
        if kind == "plain"
        else (km.value * np.exp(-half), km.value * np.exp(half))
    )
    return StepCurve(km.time, km.value, km.se, np.maximum(low, 0), np.minimum(high, 1), 1.0)


def survival(km: KaplanMeier, days) -> Numbers:
    """A Kaplan-Meier estimate as veteran_expected.json has it."""
    got: Numbers = {"n": km.counts.n, "events": km.counts.n_events}
    for kind in ("log-log", "log", "plain"):
        curve = with_limits(km, kind)
        for i, day in enumerate(days):
            at = curve.at(day)
            got |= under(
                f"at_times/{kind}/{i}",
                {
                    "surv": at.value, "se": at.se, "lower": at.low, "upper": at.high,
                    "n_risk": km.counts.at_risk_at(day),
                    "cum_events": km.counts.event[km.counts.time <= day].sum(),
                },
            )  # fmt: skip
        got |= under(f"quantiles/{kind}", quartiles(curve))
    return got


def quartiles(curve: StepCurve) -> Numbers:
    got: Numbers = {}
    for i, p in enumerate(QUARTILES):
        q = curve.quantile(p)
        got |= under(str(i), {"est": q.value, "lower": q.low, "upper": q.high})
    return got


def chi_square_numbers(test: ChiSquare, statistic: str = "chisq", p: str = "p") -> Numbers:
    return {statistic: test.value, "df": test.df, p: test.p}


def logrank(test: LogRank, groups) -> Numbers:
    observed, expected = (
        under(name, dict(zip(groups, values, strict=True)))
        for name, values in (("observed", test.observed), ("expected", test.expected))
    )
    return chi_square_numbers(test.test) | observed | expected


def without_df(test: LogRank) -> Numbers:
    return {"chisq": test.test.value, "p": test.test.p}


def regression(fit: Cox, terms) -> Numbers:
    got: Numbers = {"n": fit.n, "nevent": fit.n_events}
    got |= under("loglik", {str(i): value for i, value in enumerate(fit.loglik)})
    got |= under("lr", chi_square_numbers(fit.lr, "test", "pvalue"))
    got |= under("score", chi_square_numbers(fit.score, "test", "pvalue"))
    for i, term in enumerate(terms):
        ratio = hazard_ratio(fit, i)
        got |= {
            f"coef/{term}": fit.coef[i], f"se/{term}": fit.se[i], f"hr/{term}": ratio.value,
            f"lower/{term}": ratio.low, f"upper/{term}": ratio.high, f"p/{term}": ratio.p,
        }  # fmt: skip
    return got


def model(time, event, x: dict, strata=None) -> Numbers:
    """A Cox model under both ways of ties, with its tests of proportional hazards."""
    columns = np.stack(list(x.values()), axis=1).astype(float)
    efron, breslow = (
        cox(time, event, columns, ties=t, strata=strata) for t in ("efron", "breslow")
    )
    got = under("efron", regression(efron, x)) | under("breslow", regression(breslow, x))
    for transform in TRANSFORMS:
        ph = proportional_hazards(efron, time, event, columns, transform, strata=strata)
        for i, test in enumerate([*ph.terms, ph.overall]):
            got |= under(f"zph/{transform}/{i}", chi_square_numbers(test))
    return got


def restricted_means(counts: dict, tau: float) -> Numbers:
    z, got = z_of(0.95), {}
    means: dict[str, RestrictedMean] = {arm: rmst(c, tau) for arm, c in counts.items()}
    for arm, mean in means.items():
        low, high = mean.value - z * mean.se, mean.value + z * mean.se
        got |= {
            f"arms/{arm}/{name}": value
            for name, value in (
                ("est", mean.value), ("se", mean.se), ("survfit_rmean", mean.value),
                ("survfit_se", mean.se), ("lower", low), ("upper", high),
            )
        }  # fmt: skip
    test, standard = means["test"], means["standard"]
    difference, ratio = rmst_difference(test, standard), rmst_ratio(test, standard)
    se = (difference.high - difference.value) / z
    got |= {"diff/se": se, "diff/p": chi_square((difference.value / se) ** 2, 1).p}
    for name, found in (("diff", difference), ("ratio", ratio)):
        got |= under(name, {"est": found.value, "lower": found.low, "upper": found.high})
    return got


def veteran() -> Numbers:
    table = rows("veteran.csv")
    time, event = column(table, "time"), codes(table, "status")
    arm = np.array([int(r["arm"] == "test") for r in table])
    cell = np.unique([r["celltype"] for r in table], return_inverse=True)[1]
    x = {
        "test": arm, "karno": column(table, "karno"), "age": column(table, "age"),
        "prior10": column(table, "prior"),
    }  # fmt: skip
    got = under("cox_unadj", model(time, event, {"test": arm}))
    got |= under("cox_adj", model(time, event, x))
    got |= under(
        "cox_strat_celltype", model(time, event, {k: x[k] for k in ("test", "karno")}, cell)
    )
    got |= under("logrank", logrank(logrank_test(time, event, arm), ("standard", "test")))
    got |= under("logrank/peto_rho1", without_df(logrank_test(time, event, arm, rho=1)))
    got |= under("logrank/stratified", without_df(logrank_test(time, event, arm, cell)))
    counts = {}
    for name, chosen in by_group(table, "arm").items():
        km = kaplan_meier(column(chosen, "time"), codes(chosen, "status"))
        got |= under(f"km/{name}", survival(km, (7, 14, 30, 60, 90, 180, 365)))
        counts[name] = km.counts
    for tau in (90, 365):
        got |= under(f"rmst_{tau}", restricted_means(counts, tau))
    return got


def aalen_variance(time, code, at: float) -> float:
    """Variance of a cumulative incidence from its martingales, as cmprsk prints it.

    The product's is the infinitesimal jackknife; this one is here as a second opinion.
    """
    counts = count(time, code)
    known = counts.time <= at
    n, d, e = (a[known].astype(float) for a in (counts.at_risk, counts.event, counts.competing))
    right = np.cumprod(1 - (d + e) / n)
    left = np.concatenate([[1.0], right[:-1]])
    value = np.cumsum(left * d / n)
    share = np.divide(value[-1] - value, right, out=np.zeros_like(n), where=right > 0)

    def spread(events):
        ties = np.divide(events - 1, n - 1, out=np.zeros_like(n), where=events > 1)
        return events * (1 - ties) * left**2 / n**2

    return float(((1 - share) ** 2 * spread(d) + share**2 * spread(e)).sum())


def naive(time, code, at: float) -> float:
    """1 - Kaplan-Meier, which is too high where death competes."""
    return 1 - kaplan_meier(time, (code == 1).astype(int)).at(at).value


def incidence_fit(chosen, time="time", code="event") -> tuple[CumulativeIncidence, ...]:
    days, what = column(chosen, time), codes(chosen, code)
    return cumulative_incidence(days, what), cumulative_incidence(days, swapped(what))


def gray_numbers(time, code, group) -> Numbers:
    first, second = gray_test(time, code, group), gray_test(time, swapped(code), group)
    return under("0", chi_square_numbers(first, "stat")) | under(
        "1", chi_square_numbers(second, "stat")
    )
