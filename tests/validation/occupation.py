"""Our probability of being in CRS on a day, under the names of validation/occupation.R."""

from __future__ import annotations

import numpy as np

from pipeline.stats.state_occupation import Occupation, alive, mean_days, occupied, on_day
from tests.validation.subjects import COHORTS, Numbers, column, fields, numbers, who

DAYS = 14
AT = {"value": "value", "se": "se", "low": "low", "high": "high"}


def ours() -> Numbers:
    made: Numbers = {"state_occupation": {}, "mean_days": {}}
    for cohort in COHORTS:
        inside = in_first_episode(cohort)
        for day in (1, 3, 7):
            made["state_occupation"] |= fields(f"{cohort} day {day}", on_day(inside, day), **AT)
        made["mean_days"] |= fields(cohort, mean_days(inside), **AT)
    return made


def in_first_episode(cohort: str) -> Occupation:
    mine = who(cohort)
    end, onset, duration = (column(name)[mine] for name in ("end", "time", "duration"))
    died, day = numbers("terminal")[mine] == 2, np.arange(1, DAYS + 1)
    known = (end[:, None] > day) | ((end[:, None] == day) & ~died[:, None])
    ill = (onset[:, None] <= day) & (day < (onset + duration)[:, None])
    ill &= (numbers("code")[mine] == 1)[:, None]
    return occupied(alive(end, died.astype(np.int64), DAYS), ill, known)
