"""Engine against oracle, course by course, with the smallest course on which they still differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import polars as pl

from tests.oracle import engine, oracle
from tests.oracle.course import Course
from tests.oracle.episodes import Episode

CLOCKS = (
    "START", "END", "ENDED", "DOSESEQ", "ONSET_D", "ONSET_H", "ONSET_D_FIRST", "DURATION_D",
    "DURATION_H",
)  # fmt: skip
Reading = list[dict[str, Any]]  # one dict per episode


@dataclass(frozen=True)
class Both:
    """One course as each of the two reads it."""

    course: Course
    by_oracle: Reading
    by_engine: Reading

    def __str__(self) -> str:
        lines = [f"{self.course!r}"]
        if len(self.by_oracle) != len(self.by_engine):
            lines.append(f"  episodes: oracle {len(self.by_oracle)}, engine {len(self.by_engine)}")
        for number, (mine, its) in enumerate(zip(self.by_oracle, self.by_engine, strict=False), 1):
            lines += [
                f"  episode {number} {key}: oracle {mine[key]}, engine {its.get(key)}"
                for key in mine
                if mine[key] != its.get(key)
            ]
        return "\n".join(lines)


def disagreements(courses: Sequence[Course]) -> list[Both]:
    """Courses whose episodes, clocks or grades the engine and the oracle read differently."""
    return [d for d in read_both(courses) if d.by_oracle != d.by_engine]


def read_both(courses: Sequence[Course]) -> list[Both]:
    """Each course by the oracle and by the engine."""
    its = engine_readings(engine.read(courses))
    return [Both(c, oracle_reading(c), its.get(c.name, [])) for c in courses]


def oracle_reading(course: Course) -> Reading:
    """Clocks and grades of each episode by the oracle."""
    return [_clocks(episode) | grades for episode, grades in oracle.grades(course)]


def _clocks(e: Episode) -> dict[str, Any]:
    values = (
        e.start * 60, e.end * 60, "Y" if e.ended else None, e.dose, e.onset_d, e.onset_h,
        e.onset_d_first, e.duration_d, e.duration_h,
    )  # fmt: skip
    return dict(zip(CLOCKS, values, strict=True))


def engine_readings(tables: dict[str, pl.DataFrame]) -> dict[str, Reading]:
    """The same by the engine, per subject."""
    grades = engine.engine_grades(tables)
    columns = ("USUBJID", "EPISEQ", *CLOCKS)
    found: dict[str, Reading] = {}
    for row in tables["episodes"].sort("USUBJID", "EPISEQ").select(columns).iter_rows(named=True):
        clocks = {key: row[key] for key in CLOCKS}
        graded = grades.get((row["USUBJID"], row["EPISEQ"]), {})
        known = {s: graded[s] for s in oracle.SYSTEMS if s in graded}
        found.setdefault(row["USUBJID"], []).append(clocks | known)
    return found


def smallest(start: Both, rounds: int = 30) -> Both:
    """Take away one thing after another as long as the two still differ."""
    current = start
    for _ in range(rounds):
        smaller = disagreements(list(_smaller(current.course)))
        if not smaller:
            break
        current = smaller[0]
    return replace(current, course=replace(current.course, name=start.course.name))


def _smaller(course: Course) -> Iterator[Course]:
    number = 0
    for field in fields(course):
        value = getattr(course, field.name)
        fewest = 1 if field.name in ("doses", "records") else 0
        if not isinstance(value, tuple) or len(value) <= fewest:
            continue
        # Big bites first: all of a kind, then one by one.
        bites = [()] if fewest == 0 and len(value) > 1 else []
        for kept in (*bites, *(value[:i] + value[i + 1 :] for i in range(len(value)))):
            if field.name == "doses" and min(kept) != min(value):
                continue  # study day 1 is the day of the first dose
            number += 1
            yield replace(course, name=f"S{number:05d}", **{field.name: kept})
