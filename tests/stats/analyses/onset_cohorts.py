"""Two cohorts by the days on which their subjects had CRS, died or left, and their comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.stats.analyses.difference import DIFFERENCE, Pair
from pipeline.stats.analyses.onset_comparison import add_onset_comparison
from pipeline.stats.ard import Ard, Label
from pipeline.stats.population import make_pool, make_population
from pipeline.stats.timing import derive_timing
from tests.stats.by_hand import Hand, study


def cohort(name: str, kind: str, days: Sequence[int], others: Sequence[Any] = ()) -> Hand:
    """A subject with CRS for each day; of the others, a number is a death, "d7" a discontinuation.

    None is followed to day 40 without anything.
    """
    hand = Hand(name, kind)
    for i, day in enumerate(days):
        hand.subject(f"U{i:03}", followed=40).episode(f"U{i:03}", day, day + 3).grade(f"U{i:03}", 1)
    for i, other in enumerate(others):
        left = int(other[1:]) if isinstance(other, str) else None
        died = other if isinstance(other, int) else None
        hand.subject(f"V{i:03}", followed=died or 40, DTHDY=died, DSDY=left)
    return hand


def pair_of(car_t: Hand, bispecific: Hand) -> tuple[Pair, Ard]:
    hands = {h.name: derive_timing(h.tables(), study(h.name)) for h in (car_t, bispecific)}
    pool = make_pool(list(hands.values()))
    label = Label("ALL", "test", DIFFERENCE, "ASTCT2019", "collected", "Y", "A, B")
    sides = (
        make_population(pool, Label("ALL", "test", c, "ASTCT2019", "collected", "Y"), list(hands))
        for c in ("car_t", "bispecific")
    )
    return Pair(label, *sides), Ard(pool.roster)


def compared(car_t: Hand, bispecific: Hand):
    """Results and sets of the comparison."""
    pair, ard = pair_of(car_t, bispecific)
    add_onset_comparison(pair, ard)
    return ard.frames()
