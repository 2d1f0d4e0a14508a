"""Grades of a study under many readings of the rules, each subject graded once per real change.

A reading changes ladders (what the data show), gates or rules. A subject whose ladders come out the
same, or who has no finding that a changed gate or rule looks at, keeps the grade of the study's own
reading. What is left is graded by the engine as units: a subject under the changes that concern
them, as if each were a subject of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from pipeline.crs.crs import params_of
from pipeline.crs.open_questions import (
    PARTS,
    Part,
    Reading,
    changed,
    criteria_of,
    part_of,
    rows_that_differ,
    words,
)
from pipeline.crs.reading_ladders import LADDER_PARTS, Ladders, tagged
from pipeline.crs.systems import read_requirements, read_systems
from pipeline.query import Query
from pipeline.study import Study
from pipeline.table import Table, frame_of

ENGINE = ("hits", "course", "grades")
# Ladders that gates and derived ends look at, whatever the criteria of a system.
ALWAYS = ("fever", "hypotension", "vasopressor", "oxygen", "therapy")


class Regrader:
    """Holds a study's ladders, and every grade made so far; to be closed by `with`.

    Args:
        tables: the typed domains, ledger, adsl and doses.
        study: the study's own description; its switches are the own reading.
        system: the grading system.
    """

    def __init__(self, tables: Mapping[str, Table], study: Study, system: str) -> None:
        self._study = study
        self._system = system
        self._criteria = criteria_of(study, system)
        looked_at = [*self._criteria["LADDER"], *self._criteria["UNLESS"].drop_nulls(), *ALWAYS]
        self._ladders = Ladders(tables, study, sorted(set(looked_at)))
        self._given = {name: frame_of(tables[name]) for name in ("adsl", "doses", "ledger")}
        systems = read_systems(study.codelists.get("systems", ()))
        systems = systems.filter(pl.col("SYSTEM") == system)
        self._rules = {"systems": systems, "requirements": read_requirements(systems)}
        self._changes: dict[tuple[Part, str], Reading] = {(part, ""): () for part in PARTS}
        self._graded: pl.DataFrame | None = None

    def __enter__(self) -> Regrader:
        return self

    def __exit__(self, *_: object) -> None:
        self._ladders.close()

    def counts(self, readings: Sequence[Reading], cuts: Sequence[int]) -> pl.DataFrame:
        """Treated subjects and those who reach a grade, under each reading.

        Returns:
            READING (position in `readings`), GRADE_MIN, N, EVENTS, and N_GRADED (episodes that got
            any grade), sorted.
        """
        units = self._units(readings)
        unit_grades = self._grades_of(units)
        numbers = pl.DataFrame({"READING": range(len(readings))}, schema={"READING": pl.Int64})
        given = {
            "adsl": self._given["adsl"],
            "doses": self._given["doses"],
            "reading_units": units.select("READING", "USUBJID", "UNIT"),
            "reading_numbers": numbers,
            "unit_grades": unit_grades,
            "cuts": pl.DataFrame({"GRADE_MIN": cuts}, schema={"GRADE_MIN": pl.Int64}),
        }
        with Query(given) as query:
            return query.run(
                "crs", "readings", {"ae_collection_days": self._study.ae_collection_days}
            )

    def _units(self, readings: Sequence[Reading]) -> pl.DataFrame:
        """The subjects with an episode under each reading, and the changes that concern them."""
        units = pl.DataFrame(
            [[i, *(words(part_of(r, p)) for p in PARTS)] for i, r in enumerate(readings)],
            schema={"READING": pl.Int64, **{p.upper(): pl.String for p in PARTS}},
            orient="row",
        )
        who = self._ladders.made["members"].select("USUBJID").unique()
        units = units.join(who, how="cross")
        for part in PARTS:  # ladders come first: what gates and rules look at depends on them
            column = part.upper()
            asked = {words(c): c for r in readings if (c := part_of(r, part))}
            self._changes |= {(part, text): changes for text, changes in asked.items()}
            concerned = [units.select("USUBJID", column).clear()]
            concerned += [
                self._concerned(part, changes).with_columns(pl.lit(text).alias(column))
                for text, changes in asked.items()
            ]
            mine = pl.concat(concerned).with_columns(CONCERNED=pl.lit(value=True))
            kept = pl.when("CONCERNED").then(column).otherwise(pl.lit("")).alias(column)
            units = units.join(mine, on=["USUBJID", column], how="left").with_columns(kept)
            units = units.drop("CONCERNED")
        unit = pl.concat_str("USUBJID", *(p.upper() for p in PARTS), separator="\x1f")
        return units.with_columns(UNIT=unit).sort("READING", "USUBJID")

    def _concerned(self, part: Part, changes: Reading) -> pl.DataFrame:
        """USUBJID of those in whom a change could make a difference."""
        if part in LADDER_PARTS:
            return self._ladders.differing(part, changes)
        rows = self._criteria.filter(pl.col("GATE").is_not_null())
        if part == "rules":
            rows = rows_that_differ(self._study, self._criteria, changes)
        rows = rows.select("LADDER", "MIN_LEVEL", "MAX_LEVEL").unique()
        met = self._ladders.everything().join(rows, on="LADDER")
        level = pl.col("LEVEL").is_between("MIN_LEVEL", "MAX_LEVEL")
        return met.filter(level).select("USUBJID").unique()

    def _grades_of(self, units: pl.DataFrame) -> pl.DataFrame:
        """Grades of units, those known from before taken from there."""
        units = units.drop("READING").unique("UNIT").sort("UNIT")
        if self._graded is not None:
            units = units.join(self._graded, left_on="UNIT", right_on="USUBJID", how="anti")
        made = self._grade(units)
        self._graded = made if self._graded is None else pl.concat([self._graded, made])
        return self._graded

    def _grade(self, units: pl.DataFrame) -> pl.DataFrame:
        """USUBJID (the UNIT), EPISEQ, ASTDY, FLAGS and GRADE of each episode of each unit."""
        with Query(self._inputs(units)) as query:
            query.define("macros")
            episodes = query.run("crs", "episodes", params_of(self._study))
            query.add("gates", self._gates_of(query, episodes, units))
            if self._criteria["UNLESS"].is_null().all():
                # Far fewer than the findings that open a gate. An exclusion ends where one of them
                # ends, so a system of a study's own that excludes something sees them all.
                query.add("gates", query.run("crs", "open_gates"))
            grades = self._engine(query, episodes, units)
        columns = ("USUBJID", "EPISEQ", "ASTDY", "FLAGS")
        derived = grades.select("USUBJID", "EPISEQ", "GRADE")
        return episodes.select(columns).join(derived, on=["USUBJID", "EPISEQ"], how="left")

    def _inputs(self, units: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """What the engine reads, each unit a subject of its own."""
        made = self._ladders.made
        temperatures = made["vitals_timed"].filter(pl.col("KIND") == "TEMP")
        subjects = {
            "adsl": self._given["adsl"],
            "doses": self._given["doses"],
            "members": made["members"],
            "daily_grades": made["daily_grades"],
            "vitals_timed": temperatures,
        }
        return {
            **{name: tagged(frame, units) for name, frame in subjects.items()},
            "findings": self._ladders.of_units(units),
            "ledger": self._given["ledger"],
            **self._rules,
        }

    def _gates_of(self, query: Query, episodes: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
        """Gates of all units, each under its own setting."""
        gates: list[pl.DataFrame] = []
        for study, part in self._by_setting("gates", episodes, units):
            query.add("episodes", part)
            gates.append(query.run("crs", "gates", params_of(study)))
        return pl.concat(gates)

    def _engine(self, query: Query, episodes: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
        """Grades of all units, each under its own criteria."""
        grades: list[pl.DataFrame] = []
        for study, part in self._by_setting("rules", episodes, units):
            query.add("episodes", part)
            query.add("criteria", criteria_of(study, self._system))
            # The recorded grade is not asked for.
            params = params_of(study) | {"collected_scale": "unknown"}
            grades.append([query.run("crs", name, params) for name in ENGINE][-1])
        return pl.concat(grades)

    def _by_setting(
        self, part: Part, episodes: pl.DataFrame, units: pl.DataFrame
    ) -> Iterator[tuple[Study, pl.DataFrame]]:
        """The study under each setting of a part, and the episodes of the units that have it."""
        column = pl.col(part.upper())
        for text in ["", *units.select(column).filter(column != "").to_series().unique().sort()]:
            mine = units.filter(column == text).select(USUBJID="UNIT")
            here = episodes.join(mine, on="USUBJID", how="semi", maintain_order="left")
            yield changed(self._study, self._changes[part, text]), here
