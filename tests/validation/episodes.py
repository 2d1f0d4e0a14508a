"""Our mean numbers of episodes, under the names of validation/episodes.R."""

from __future__ import annotations

import numpy as np

from pipeline.stats.mean_function import Recurrences, ghosh_lin, mean_cumulative_function
from tests.validation.subjects import COHORTS, DAYS, Numbers, column, columns, fields, numbers, who

MEAN = {"value": "value", "se": "se"}


def ours() -> Numbers:
    made: Numbers = {"mean_function": {}, "ghosh_lin": {}}
    for cohort in COHORTS:
        events = recurrences(cohort)
        for quantity, method in (
            ("mean_function", mean_cumulative_function),
            ("ghosh_lin", ghosh_lin),
        ):
            fit = method(events)
            for day in DAYS:
                made[quantity] |= fields(f"{cohort} day {day}", fit.at(day), **MEAN)
    return made


def recurrences(cohort: str) -> Recurrences:
    table = columns("episodes.csv")
    person, day = np.array(table["id"], dtype=np.int64), np.array(table["day"], dtype=np.float64)
    mine = who(cohort)
    ids = numbers("id")[mine]
    here = np.isin(person, ids)
    terminal = (numbers("terminal")[mine] > 0).astype(np.int64)
    return Recurrences(np.searchsorted(ids, person[here]), day[here], column("end")[mine], terminal)
