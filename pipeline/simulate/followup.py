"""How long each subject is followed and why it ends; what lies after that end is cut away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipeline.simulate.blocks import DAY, HOUR, Bools, Ints, block, day_of, minutes, stack
from pipeline.simulate.people import People, Trial
from pipeline.simulate.products import StudySpec

#: disposition: DSDECOD and how often, for those who leave early
REASONS = (
    ("PROGRESSIVE DISEASE", 0.45),
    ("ADVERSE EVENT", 0.2),
    ("PHYSICIAN DECISION", 0.1),
    ("WITHDRAWAL BY SUBJECT", 0.15),
    ("LOST TO FOLLOW-UP", 0.1),
)
CAUSES = (("DISEASE PROGRESSION", 0.55), ("SEPSIS", 0.3), ("CARDIAC ARREST", 0.15))
CRS_DEATH = "CYTOKINE RELEASE SYNDROME"


@dataclass(frozen=True)
class FollowUp:
    """End of follow-up in minutes, DSDECOD, cause of death or "", days from day 1 to cutoff."""

    end: Ints
    reason: np.ndarray[Any, Any]
    cause: np.ndarray[Any, Any]
    lag: Ints

    @property
    def died(self) -> Bools:
        """Subjects who died under observation."""
        return np.asarray(self.reason == "DEATH")


def follow(
    trial: Trial, doses: pl.DataFrame, episodes: pl.DataFrame
) -> tuple[FollowUp, pl.DataFrame, pl.DataFrame]:
    """Follow-up of everyone, and doses and episodes as far as they lie within it.

    Episodes gain SEEN_END: whether their end was observed, and AT_DEATH where the subject died
    of another cause during CRS.
    """
    rng, n = trial.stream("follow-up"), trial.people.n
    events = _draw_events(rng, trial.spec, n)
    events = _make_room(events, episodes)
    lag = _draw_lag(rng, n, episodes, events)
    out = _decide(trial, events, lag, episodes)
    end = pl.Series(out.end)
    doses = doses.filter(pl.col("TIME") < end[doses["SUBJ"]])
    stop, died = end[episodes["SUBJ"]], pl.Series(out.died)[episodes["SUBJ"]]
    kept = episodes.with_columns(
        SEEN_END=(pl.col("END") <= stop) & ~pl.col("FATAL"),
        AT_DEATH=died & (pl.col("END") > stop) & ~pl.col("FATAL"),
        STOP=stop,
    ).filter(pl.col("ONSET") < pl.col("STOP"))
    return out, doses, kept


@dataclass
class _Events:
    death: Ints
    leave: Ints


_NEVER = 10**9


def _draw_events(rng: np.random.Generator, spec: StudySpec, n: int) -> _Events:
    early, late = rng.random(n), rng.random(n)
    death = np.where(late < 0.12, minutes(rng.uniform(35, 700, n) * DAY), _NEVER)
    window = 6 if spec.early_death > 0.05 else 29
    death = np.where(early < spec.early_death, minutes(rng.uniform(0.65, window, n) * DAY), death)
    early, late = rng.random(n), rng.random(n)
    leave = np.where(late < 0.2, minutes(rng.uniform(35, 500, n) * DAY), _NEVER)
    leave = np.where(early < spec.early_stop, minutes(rng.uniform(0.65, window, n) * DAY), leave)
    return _Events(death, leave)


def _per_subject(n: int, episodes: pl.DataFrame, values: pl.Series, fill: int) -> Ints:
    out = np.full(n, fill, dtype=np.int64)
    out[episodes["SUBJ"].to_numpy()] = values.to_numpy()
    return out


def _make_room(events: _Events, episodes: pl.DataFrame) -> _Events:
    """Nobody leaves during CRS; who dies in it does so after its signs; CRS deaths come first."""
    subj = episodes["SUBJ"].to_numpy()
    onset, end = episodes["ONSET"].to_numpy(), episodes["END"].to_numpy()
    late = onset + minutes(0.85 * (end - onset))
    death, leave = events.death.copy(), events.leave.copy()
    moved = True
    while moved:  # a day after one episode may lie within the next
        dying = (death[subj] > onset - 4 * HOUR) & (death[subj] < late)
        np.maximum.at(death, subj[dying], late[dying])
        leaving = (leave[subj] > onset - 4 * HOUR) & (leave[subj] < end + DAY)
        np.maximum.at(leave, subj[leaving], end[leaving] + DAY)
        moved = bool(dying.any() or leaving.any())
    alive = episodes["FATAL"].to_numpy() & (death[subj] > onset)
    death[subj[alive]] = end[alive]
    leave[subj[alive]] = _NEVER
    return _Events(death, leave)


def _draw_lag(rng: np.random.Generator, n: int, episodes: pl.DataFrame, events: _Events) -> Ints:
    """Days from study day 1 to the cutoff; 3 % are recent, and about 3 % of CRS is ongoing then."""
    recent = rng.random(n) < 0.03
    lag = np.where(recent, rng.integers(6, 29, n), rng.integers(45, 560, n))
    onset, end = episodes["ONSET"].to_numpy(), episodes["END"].to_numpy()
    # Everything that makes the grade has begun by then, organ toxicity included.
    safe = np.maximum(onset + minutes(0.35 * (end - onset)), episodes["SIGN1"].to_numpy())
    safe = np.maximum(safe, episodes["BACK1"].to_numpy())
    subj = episodes["SUBJ"].to_numpy()
    cut = day_of(end) * DAY  # the cutoff day is the one before the last day of CRS
    fit = (safe < cut) & ~episodes["FATAL"].to_numpy() & (events.death[subj] > end)
    fit &= events.leave[subj] > end
    chosen = fit & (rng.random(len(subj)) < 0.03)
    lag[subj[chosen]] = day_of(end[chosen]) - 1
    cuts = np.ones(1, dtype=bool)
    while cuts.any():  # no other cutoff goes through a course
        stop = (lag[subj] + 1) * DAY
        cuts = (stop > onset) & (stop < end + DAY) & ~(chosen & (stop == cut))
        lag[subj[cuts]] = 60 + day_of(end[cuts])
    return lag.astype(np.int64)


def _decide(trial: Trial, events: _Events, lag: Ints, episodes: pl.DataFrame) -> FollowUp:
    """Whatever comes first: death, leaving, the end of the study's schedule, or the cutoff."""
    rng, spec, people = trial.stream("reasons"), trial.spec, trial.people
    n = people.n
    cutoff, horizon = (lag + 1) * DAY, np.full(n, spec.horizon_d * DAY, dtype=np.int64)
    leave = np.where(people.treated, events.leave, minutes(rng.uniform(3, 30, n) * DAY))
    death = np.where(people.treated, events.death, _NEVER)
    times = np.stack([death, leave, horizon, cutoff])
    first = np.argmin(times, axis=0)
    left = _choose(rng, REASONS, n)
    reason = np.select(
        [first == 0, first == 1, first == 2], ["DEATH", left, "COMPLETED"], "ONGOING"
    ).astype(object)
    fatal = np.zeros(n, dtype=bool)
    fatal[episodes.filter("FATAL")["SUBJ"].to_numpy()] = True
    of_crs = fatal & (death == _fatal_end(n, episodes))
    cause = np.where(first == 0, np.where(of_crs, CRS_DEATH, _choose(rng, CAUSES, n)), "")
    return FollowUp(np.min(times, axis=0), reason, cause.astype(object), lag)


def _fatal_end(n: int, episodes: pl.DataFrame) -> Ints:
    fatal = episodes.filter("FATAL")
    return _per_subject(n, fatal, fatal["END"], -1)


def _choose(
    rng: np.random.Generator, table: tuple[tuple[str, float], ...], n: int
) -> np.ndarray[Any, Any]:
    edges = np.cumsum([share for _, share in table])
    pick = np.searchsorted(edges[:-1] / edges[-1], rng.random(n), side="right")
    return np.array([name for name, _ in table], dtype=object)[pick]


def disposition(people: People, follow_up: FollowUp) -> pl.DataFrame:
    """DS: why each subject's follow-up ended."""
    who = np.arange(people.n, dtype=np.int64)
    reason = follow_up.reason
    term = np.where(reason == "ONGOING", "ONGOING AT DATA CUTOFF", reason).astype(object)
    last = np.maximum(follow_up.end - 1, 0)
    return block(
        who, DSTERM=term, DSDECOD=reason, DSCAT="DISPOSITION EVENT", DSSTDTC=last, _DATE=True
    )


def death_details(follow_up: FollowUp) -> pl.DataFrame:
    """DD: primary cause of each death."""
    who = np.flatnonzero(follow_up.died).astype(np.int64)
    cause = follow_up.cause[who]
    return stack(
        [
            block(
                who,
                DDTESTCD="PRCDTH",
                DDTEST="Primary Cause of Death",
                DDORRES=cause,
                DDSTRESC=cause,
                DDDTC=follow_up.end[who] - 1,
                _DATE=True,
            )
        ]
    )
