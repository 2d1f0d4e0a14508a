"""What must hold for every course, whatever its grades.

Most properties make pairs of courses (one as it was, one changed), let the engine grade all of
them in one call and judge each episode of a pair. Source: grading companion, section 7.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl

from tests.oracle import bedside, changes, engine
from tests.oracle.bedside import VASOPRESSIN, Span
from tests.oracle.course import Course
from tests.oracle.courses import random_course
from tests.oracle.dice import Dice
from tests.oracle.episodes import episodes_of
from tests.oracle.rows import rows_of

Grades = dict[str, int | None]  # by system
Pair = tuple[Course, Course]
Maker = Callable[[Dice, Course], Pair | None]
Judge = Callable[[Course, int, Grades, Grades], bool]  # changed course, episode, before, after


def paired(make: Maker, holds: Judge, seed: int, n: int) -> list[str]:
    """Episodes of n pairs for which the property does not hold."""
    pairs = _pairs(make, seed, n)
    graded = engine.engine_grades(engine.read([c for pair in pairs for c in pair]))
    found: list[str] = []
    for was, then in pairs:
        # A fatal record has not resolved, so the change can join two episodes into one.
        for number in range(1, len(episodes_of(then)) + 1):
            before, after = graded[was.name, number], graded[then.name, number]
            if not holds(then, number, before, after):
                found.append(f"{was!r}\n  changed to {then!r}\n  {number}: {before} -> {after}")
    return found


def _pairs(make: Maker, seed: int, n: int) -> list[Pair]:
    rng = np.random.default_rng(seed)
    pairs: list[Pair] = []
    while len(pairs) < n:
        pair = make(Dice(rng), random_course(rng, "P"))
        if pair is not None:
            was, then = pair
            number = len(pairs)
            pairs.append((replace(was, name=f"P{number}"), replace(then, name=f"Q{number}")))
    return pairs


def changed(change: Callable[[Dice, Course], Course | None]) -> Maker:
    """Pairs of a course and what the change makes of it."""

    def make(d: Dice, course: Course) -> Pair | None:
        then = change(d, course)
        return None if then is None else (course, then)

    return make


def explained(sign: str) -> Maker:
    """Pairs of a course without a sign and with that sign explained by another cause."""
    return lambda _d, c: (changes.without(c, sign), changes.explain(c, sign))


# ---- judgements


def never_lower(_c: Course, _n: int, before: Grades, after: Grades) -> bool:
    return all((after[s] or 0) >= (before[s] or 0) for s in before)


def same(_c: Course, _n: int, before: Grades, after: Grades) -> bool:
    return before == after


def same_astct(_c: Course, _n: int, before: Grades, after: Grades) -> bool:
    return before["ASTCT2019"] == after["ASTCT2019"]


def all_five(_c: Course, _n: int, _before: Grades, after: Grades) -> bool:
    return set(after.values()) == {5}


def four_is_support(c: Course, number: int, _before: Grades, after: Grades) -> bool:
    """ASTCT 4 if and only if two pressors ran at once or positive pressure was given."""
    episode = episodes_of(c)[number - 1]

    def here(spans: list[Span]) -> list[Span]:
        return [s for s in spans if s.touches(episode.start, episode.end)]

    drugs = [s for s in here(bedside.pressors(c)) if s.what[0] != VASOPRESSIN]  # type: ignore[index]
    two = any(
        a.what[0] != b.what[0] and max(a.start, b.start) < min(a.end, b.end)  # type: ignore[index]
        for a in drugs
        for b in drugs
    )
    pressure = any(s.what[0] >= 3 for s in here(bedside.oxygen(c)))  # type: ignore[index]
    return (after["ASTCT2019"] == 4) == (two or pressure)


# ---- properties of whole studies


def any_order(seed: int, n: int) -> list[str]:
    """Tables that change when the rows of every domain come in another order."""
    rows = rows_of(_courses(seed, n))
    rng = np.random.default_rng(seed)
    shuffled = {d: [made[int(i)] for i in rng.permutation(len(made))] for d, made in rows.items()}
    return _differing(engine.derive(rows), engine.derive(shuffled))


def any_date(seed: int, n: int) -> list[str]:
    """Tables that change, apart from dates, when all times move by whole days."""
    courses = _courses(seed, n)
    return _differing(engine.read(courses), engine.read(courses, shift_days=1 + seed % 3000))


def _courses(seed: int, n: int) -> Sequence[Course]:
    rng = np.random.default_rng(seed)
    return [random_course(rng, f"P{i:06d}") for i in range(n)]


def _differing(before: dict[str, pl.DataFrame], after: dict[str, pl.DataFrame]) -> list[str]:
    times = pl.selectors.temporal()
    return [
        f"{name} differs"
        for name in before
        if not before[name].drop(times).equals(after[name].drop(times))
    ]


PROPERTIES: dict[str, Callable[[int, int], list[str]]] = {
    "adding a pressor lowers no grade": partial(paired, changed(changes.add_pressor), never_lower),
    "a stronger device lowers no grade": partial(
        paired, changed(changes.strengthen_support), never_lower
    ),
    "vasopressin on top of another pressor leaves ASTCT": partial(
        paired, changed(changes.add_vasopressin), same_astct
    ),
    "splitting an infusion changes nothing": partial(paired, changed(changes.split_infusion), same),
    "changing units changes nothing": partial(paired, changed(changes.change_units), same),
    "death due to CRS is 5 in all systems": partial(paired, changed(changes.die_of_crs), all_five),
    "ASTCT knows neither organs nor doses": partial(
        paired, changed(changes.change_organs_and_doses), same_astct
    ),
    "with fever, ASTCT 4 is two pressors or positive pressure": partial(
        paired, changed(changes.keep_feverish), four_is_support
    ),
    "fever of another cause is no fever": partial(paired, explained("FEVER"), same),
    "hypotension of another cause is none": partial(paired, explained("HYPOTENSION"), same),
    "hypoxia of another cause is none": partial(paired, explained("HYPOXIA"), same),
    "the order of rows changes nothing": any_order,
    "a shift by whole days changes nothing but dates": any_date,
}
