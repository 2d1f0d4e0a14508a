"""Onset of CRS in both cohorts, up to the end of the window that they share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.stats.analyses.difference import Pair
from pipeline.stats.ard import Ard, Label, Row
from pipeline.stats.arrays import Floats, Ints, Mask
from pipeline.stats.chi_square import ChiSquare
from pipeline.stats.counts import CENSORED, EVENT
from pipeline.stats.cox import Status
from pipeline.stats.guards import because
from pipeline.stats.permutation import Permutation
from pipeline.stats.plan import PLAN

WINDOW = f"to day {PLAN.horizon}"
WHY: dict[Status, str] = {
    "converged": "",
    "monotone": "the likelihood has no maximum",
    "not_converged": "the fit did not converge",
    "no_information": "the events do not tell the cohorts apart",
}


@dataclass(frozen=True, eq=False)
class Onset:
    """Both cohorts up to the end of the common window; group is 1 for the first of the pair."""

    time: Floats
    code: Ints
    group: Ints
    who: Ints

    def where(self, chosen: Mask) -> Ints:
        """Members chosen by a mask, sorted."""
        return np.sort(self.who[chosen])

    @property
    def happened(self) -> Mask:
        """Who had the event in the window."""
        return self.code == EVENT

    @property
    def events(self) -> tuple[int, int]:
        """Events of the first and of the second cohort."""
        first = int((self.happened & (self.group == 1)).sum())
        return first, int(self.happened.sum()) - first

    @property
    def x(self) -> Floats:
        """The covariate of a regression."""
        return self.group[:, None].astype(np.float64)

    @property
    def data(self) -> tuple[Floats, Ints, Ints]:
        """Times, codes and groups."""
        return self.time, self.code, self.group

    def missing_cohort(self) -> str | None:
        """Why there is nothing to compare."""
        if self.group.size and 0 < self.group.mean() < 1:
            return None
        return because("one cohort has no subject")


def onset_of(pair: Pair, paramcd: str) -> Onset:
    """Times of both cohorts; whoever is followed beyond the window is censored at its end."""
    parts = [side.onset_times(paramcd) for side in pair.sides]
    time, code, who = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    group = np.repeat([1, 0], [part[0].size for part in parts])
    beyond = time > PLAN.horizon
    time = np.where(beyond, float(PLAN.horizon), time)
    return Onset(time, np.where(beyond, CENSORED, code), group, who)


def add_chi_square(
    ard: Ard, label: Label, row: Row, test: ChiSquare, drawn: Permutation | None = None
) -> None:
    """Two rows: the statistic, and its P, by permutation where that was drawn."""
    ard.add(label, row._replace(STAT="chisq", UNIT="chi-square", VALUE=test.value))
    p = row._replace(STAT="p_value", UNIT="probability", VALUE=test.p)
    if drawn:
        words = f"{row.METHOD}; P by permutation of the cohorts, {drawn.draws} draws"
        p = p._replace(VALUE=drawn.p, METHOD=words)
    ard.add(label, p)
