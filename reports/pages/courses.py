"""The section with the course of each treated subject, where a study publishes subjects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.figures.swimmer import figure_swimmer
from reports.pages.block import Writer
from reports.pages.subjects import primary_pair
from reports.tables.courses import MANY, Courses, courses
from reports.tables.html import empty

NOBODY = "No treated subject had a recorded episode, so there is no course to draw."
KEYS = (
    "Each number on the left opens the page of that subject, as does a click on its row; the table "
    "All episodes lists the same in words."
)


def section_courses(
    meta: Mapping[str, Any], tables: Mapping[str, pl.DataFrame], writer: Writer
) -> Markup:
    """A row per subject; nothing where subject-level data are not published.

    Args:
        meta: study.yaml as `Study.model_dump()`.
        tables: adsl, doses, episodes, grades, grade_days, interventions of the study.
        writer: Takes the figure.
    """
    if not meta["publish"]["subject_level"]:
        return Markup("")
    pair = primary_pair(meta, tables["grades"])
    found = courses(tables, pair)
    if found.bars.is_empty():
        return empty(NOBODY)
    frame = writer.frame(*_said(found, wording.system_basis(*pair)))
    made = writer.figure("courses-figure", figure_swimmer(found, frame), Markup(""))
    # The links of its rows can be reached by keyboard, so it is a group and not one picture.
    return Markup(str(made).replace('role="img"', 'role="group"', 1))


def _said(found: Courses, system: str) -> tuple[str, str]:
    drawn = found.subjects.height
    who = f"all {drawn} treated subjects"
    if found.treated > MANY:
        who = f"{drawn} of {found.treated} treated subjects, those with a recorded episode"
    title = f"Course of each treated subject, all episodes, grade by day ({system}), {who}"
    words = (
        "One row per subject, ordered by onset of the first CRS, then by its days. Bars: recorded "
        "episodes, coloured by the grade of each day; hatched: no grade of that day is known. Thin "
        f"line: follow-up; the axis ends with day {found.last}. Marks: first use of a drug or of "
        "intensive care within an episode. Clock: first dose, its day = 1. No estimate and no "
        f"interval. {KEYS}"
    )
    return title, words
