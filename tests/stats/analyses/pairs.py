"""Two cohorts with covariates, and the rows of one analysis of their pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pipeline.stats.analyses.adjustment import Adjustment, adjust
from pipeline.stats.analyses.difference import DIFFERENCE, Pair
from pipeline.stats.ard import Ard, Label
from pipeline.stats.population import make_pool, make_population
from pipeline.stats.timing import derive_timing
from tests.stats.by_hand import Hand, study

SETTING = {"indication": "LBCL", "line": "3L+"}


def treated(name: str, cohort: str, n: int = 40, *, older: int = 0, followed: int = 28) -> Hand:
    """Ages 50 to 69 and both sexes evenly; CRS in two of three, more often in the old."""
    hand = Hand(name, cohort)
    for i in range(n):
        who = f"{name}-{i:03}"
        age = 50 + (7 * i) % 20 + (older if i % 2 else 0)
        hand.subject(who, followed=followed, DTHDY=20 if i % 17 == 16 else None)
        hand.covariate(who, "AGE", age).covariate(who, "SEX", "FM"[i // 2 % 2])
        if i % 3 or age > 64:
            start = 2 + i % 9 + (cohort == "bispecific")
            hand.episode(who, start, start + 3).grade(who, 1 + i % 2)
    return hand


def adjustment(
    hands: Sequence[Hand], *, basis: str = "collected", **settings: Any
) -> tuple[Adjustment, Ard]:
    """Adjust a pair; settings are study.yaml keys by study name, SETTING if not given."""
    studies = {
        h.name: study(h.name, cohort=h.cohort, **settings.get(h.name, SETTING)) for h in hands
    }
    pool = make_pool([derive_timing(h.tables(), studies[h.name]) for h in hands])
    names = [h.name for h in hands]
    label = Label("ALL", "test", DIFFERENCE, "ASTCT2019", basis, "Y", ", ".join(names))
    sides = (
        make_population(pool, Label("ALL", "test", c, "ASTCT2019", basis, "Y"), names)
        for c in ("car_t", "bispecific")
    )
    return adjust(Pair(label, *sides), studies), Ard(pool.roster)


def rows_of_pair(add: Callable[[Adjustment, Ard], None], *hands: Hand, **settings: Any):
    adj, ard = adjustment(hands, **settings)
    add(adj, ard)
    return ard.frames()[0]
