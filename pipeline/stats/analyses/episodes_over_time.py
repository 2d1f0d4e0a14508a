"""RESULT episodes_over_time: mean number of CRS episodes per treated subject, by day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.stats.analyses.curves import RISK
from pipeline.stats.analyses.onset_cif import collection_end
from pipeline.stats.ard import Ard, Row
from pipeline.stats.arrays import Ints
from pipeline.stats.counts import CENSORED, COMPETING
from pipeline.stats.guards import because, limits_because
from pipeline.stats.mean_function import (
    MeanFunction,
    Recurrences,
    ghosh_lin,
    mean_cumulative_function,
)
from pipeline.stats.plan import PLAN
from pipeline.stats.population import TREATED, Population, members

TIES = "same day: CRS, then death or discontinuation, then censoring"
GHOSH_LIN = (
    "Ghosh-Lin mean function, death and discontinuation end all further episodes; "
    f"infinitesimal-jackknife SE; log limits; {TIES}"
)
MCF = f"mean cumulative function, death and discontinuation censor; robust SE; log limits; {TIES}"


@dataclass(frozen=True, eq=False)
class Observed:
    """Counted episodes while a subject was under observation, with their members."""

    events: Recurrences
    who: Ints
    """Subjects, in the order of their numbers in events."""
    episodes: Ints
    """Episodes, in the order of events."""

    def by(self, day: float) -> Ints:
        """Episodes that began by a day, sorted."""
        return np.sort(self.episodes[self.events.time <= day])

    def subjects_by(self, day: float) -> int:
        """Number of subjects who had an episode by a day."""
        return int(np.unique(self.events.subject[self.events.time <= day]).size)


def add_episodes_over_time(pop: Population, ard: Ard) -> None:
    """E5 by Ghosh-Lin, and the version in which death and discontinuation censor."""
    observed = observed_episodes(pop)
    base = Row(
        "episodes_over_time", "N_EPISODES", "mean_episodes", "episodes", GHOSH_LIN, TREATED,
        observed.who, ESTIMAND="E5", CLOCK="first_dose", EPISODES="all", DENOM=TREATED,
    )  # fmt: skip
    sensitivity = base._replace(ESTIMAND="E5-sensitivity", METHOD=MCF)
    _add_mean(pop, ard, base, observed, ghosh_lin(observed.events, PLAN.conf))
    mcf = mean_cumulative_function(observed.events, PLAN.conf)
    _add_mean(pop, ard, sensitivity, observed, mcf)
    _add_risk_table(pop, ard, base, observed)


def observed_episodes(pop: Population) -> Observed:
    """Counted episodes until the end of follow-up, death or discontinuation, as TTCRS has them.

    Rule: the first of the three ends observation, and so does the day on which a pooled study
    stopped to collect adverse events; an episode on that day still counts.
    """
    last = pl.min_horizontal("FUPDY", pop.collected_to)
    within = {day: pl.col(day) <= last for day in ("DTHDY", "DSDY")}
    stops = [pl.when(seen).then(pl.max_horizontal(day, 1)) for day, seen in within.items()]
    ends = pop.treated.sort("SUBJ").select(
        "SUBJ",
        ENDDY=pl.min_horizontal(last, *stops),
        TERMINAL=pl.any_horizontal(*within.values()).fill_null(value=False),
    )
    episodes = pop.counted.join(ends, on="SUBJ", how="inner").filter(
        pl.col("ASTDY") <= pl.col("ENDDY")
    )
    episodes = episodes.sort("SUBJ", "NTH")
    who = members(ends)
    events = Recurrences(
        np.searchsorted(who, episodes["SUBJ"].to_numpy()),
        episodes["ASTDY"].cast(pl.Float64).to_numpy(),
        ends["ENDDY"].cast(pl.Float64).to_numpy(),
        ends["TERMINAL"].cast(pl.Int64).to_numpy(),
    )
    return Observed(events, who, episodes["EPI"].to_numpy())


def _add_mean(pop: Population, ard: Ard, base: Row, observed: Observed, fit: MeanFunction) -> None:
    _add_steps(pop, ard, base._replace(LEVEL="curve"), observed, fit)
    reason = PLAN.guards.no_mean_function(observed.subjects_by(np.inf))
    for day in PLAN.onset_landmarks:
        row = base._replace(LEVEL="landmark", TIME=float(day), events=observed.by(day))
        known = fit.counts.known_at(day)
        end = collection_end(pop) or f"nobody was followed to day {day}"
        why = reason or (None if known else because(end))
        if why:
            ard.add(pop.label, row._replace(REASON=why))
            continue
        counts = fit.counts
        flag = PLAN.guards.landmark_flag(
            counts.n, counts.at_risk_at(day), counts.censored_before(day)
        )
        ard.add(pop.label, _valued(row, fit, observed, day, flag))


def _add_steps(pop: Population, ard: Ard, row: Row, observed: Observed, fit: MeanFunction) -> None:
    with_episode = observed.subjects_by(np.inf)
    reason = PLAN.guards.no_curve(fit.counts.n, with_episode)
    reason = reason or PLAN.guards.no_mean_function(with_episode)
    if reason:
        ard.add(pop.label, row._replace(REASON=reason, events=observed.by(np.inf)))
        return
    steps = observed.events.time[observed.events.time <= PLAN.horizon]
    # The curve ends where observation ends, also if nothing happened on that day.
    for day in np.union1d(steps, [min(fit.counts.last, PLAN.horizon)]):
        flag = PLAN.guards.curve_flag(fit.counts.at_risk_at(day))
        at = row._replace(TIME=float(day), events=observed.by(day))
        ard.add(pop.label, _valued(at, fit, observed, day, flag))


def _valued(row: Row, fit: MeanFunction, observed: Observed, day: float, flag: str | None) -> Row:
    """The row with its value, and with the limits that the guards allow."""
    at = fit.at(day)
    subjects = observed.subjects_by(day)
    reason = PLAN.guards.no_mean_function_limits(subjects)
    if not subjects:
        reason = limits_because("there is no episode by then")
    if reason:
        return row._replace(VALUE=at.value, REASON=reason)
    return row._replace(VALUE=at.value, LOW=at.low, HIGH=at.high, REASON=flag)


def _add_risk_table(pop: Population, ard: Ard, base: Row, observed: Observed) -> None:
    """At risk at the start of each day, and who had left before it; the three add up to n."""
    row = base._replace(LEVEL="risk_table", UNIT="subjects", METHOD=RISK)
    end, terminal = observed.events.end, observed.events.terminal > 0
    code = np.where(terminal, COMPETING, CENSORED)
    for tick in PLAN.ticks:
        before = end < tick
        sets = {
            "n_at_risk": ~before,
            "n_competing": before & (code == COMPETING),
            "n_censored": before & (code == CENSORED),
        }
        for stat, chosen in sets.items():
            who = observed.who[chosen]
            at = row._replace(STAT=stat, TIME=float(tick), VALUE=float(who.size), events=who)
            ard.add(pop.label, at)
