"""Simulated input of the validation: subjects and CRS episodes in two arms of three studies each.

    python -m validation.make_input

Everything is invented: the hazards below were chosen so that each awkward case occurs (many
events on one day, competing events on the day of an onset, curves that end early, a maximum grade
later than the onset), not to resemble a product. Only `random()` of the standard library is used,
the one stream that Python promises to keep.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).resolve().parent
SEED = 20260101
STUDIES = {"V1": 1, "V2": 1, "V3": 1, "V4": 0, "V5": 0, "V6": 0}
PER_STUDY = 40
DEATH, DISCONTINUED = 2, 3


class Person(NamedTuple):
    """What is known before the first dose; arm 1 is CAR-T, 0 the bispecific."""

    arm: int
    disease: int
    age: int
    sex: int
    lines: int


def main() -> None:
    """Write input.csv (one row per subject) and episodes.csv beside this file."""
    subjects, episodes = simulated(SEED)
    _write(FOLDER / "input.csv", subjects)
    _write(FOLDER / "episodes.csv", episodes)


def simulated(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of both files."""
    draw = random.Random(seed)
    subjects: list[dict[str, Any]] = []
    episodes: list[dict[str, Any]] = []
    for study, arm in STUDIES.items():
        for _ in range(PER_STUDY):
            row, days = _subject(draw, arm)
            who = len(subjects) + 1
            subjects.append({"id": who, "study": study} | row)
            episodes += [{"id": who, "day": day} for day in days]
    return subjects, episodes


def _subject(draw: random.Random, arm: int) -> tuple[dict[str, Any], list[int]]:
    person = Person(
        arm=arm,
        disease=int(draw.random() < 0.35 + 0.2 * arm),
        age=32 + int(24 * (draw.random() + draw.random())) + 5 * (1 - arm),
        sex=int(draw.random() < 0.45),
        lines=1 + int(3 * draw.random() + 1.2 * draw.random() * arm),
    )
    weight = round(0.2 + 2.3 * draw.random(), 3)
    end, terminal = _end(draw, arm)
    spells = _spells(draw, person, end)
    row = {**person._asdict(), "weight": weight, "end": end, "terminal": terminal}
    row |= {"time": spells[0][0] if spells else end, "code": 1 if spells else terminal}
    return row | _first_spell(draw, spells, end, terminal), [onset for onset, _ in spells]


def _end(draw: random.Random, arm: int) -> tuple[int, int]:
    """Last day and why: 0 end of follow-up (three in ten early), 2 death, 3 discontinued."""
    early = draw.random() < 0.3
    end = 3 + int(25 * draw.random()) if early else 28 + int(13 * draw.random())
    for day in range(1, end):
        chance = draw.random()
        if chance < 0.011:
            return day, DEATH
        if not arm and chance < 0.024:
            return day, DISCONTINUED
    return end, 0


def _spells(draw: random.Random, person: Person, end: int) -> list[tuple[int, int]]:
    """Onset and last day of each episode, the last day perhaps after the end of observation."""
    spells: list[tuple[int, int]] = []
    day = 1
    while day <= end:
        if draw.random() < _hazard(person, day) * (0.7 if spells else 1):
            last = day + int(-math.log(1 - draw.random()) * (6 if person.arm else 3.2))
            spells.append((day, last))
            day = last + 1
        day += 1
    return spells


def _hazard(person: Person, day: int) -> float:
    """CAR-T: one peak; bispecific: a spike after each of three step-up doses."""
    if person.arm:
        base = 0.12 if day <= 5 else 0.06 if day <= 10 else 0.012
    else:
        base = 0.09 if day in (1, 2, 4, 5, 8, 9) else 0.012
    return base * (1 + 0.25 * person.disease) * (1 + 0.012 * (person.age - 55)) * 0.9**person.sex


def _first_spell(
    draw: random.Random, spells: list[tuple[int, int]], end: int, terminal: int
) -> dict[str, Any]:
    """Course of the first episode: duration, how it ended, and the worst grade by two readers."""
    if not spells:
        return dict.fromkeys(("duration", "recovery", "max_day")) | {"grade": 0, "grade_again": 0}
    onset, last = spells[0]
    recovery = 1 if last <= end else 2 if terminal == DEATH else 0
    last = min(last, end)
    grade = 5 if recovery == DEATH else 1 + sum(draw.random() < 0.4 for _ in range(3))
    delay = int((last - onset + 1) * draw.random() ** 2)
    shift = draw.random()
    again = grade + (shift > 0.88) - (shift < 0.12)
    return {
        "duration": last - onset + 1, "recovery": recovery, "max_day": onset + delay,
        "grade": grade, "grade_again": min(max(again, 0), 5),
    }  # fmt: skip


def _write(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


if __name__ == "__main__":
    main()
