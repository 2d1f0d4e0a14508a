"""From covariates in rows to a matrix of subjects by columns: what a comparison adjusts for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.stats.arrays import Floats, Ints, Mask

ALWAYS = ("AGE", "SEX")
UNKNOWN = ("U", "UNKNOWN", "NOT REPORTED", "")


class Column(NamedTuple):
    """A covariate, or one level of it."""

    covariate: str
    level: str | None
    values: Floats
    modelled: bool
    """The commonest level of a category is what the others are compared with."""


@dataclass(frozen=True, eq=False)
class Design:
    """Subjects with a value of every covariate, in the order of their numbers."""

    columns: tuple[Column, ...]
    who: Ints
    arm: Ints
    study: tuple[str, ...]
    used: tuple[str, ...]
    left_out: tuple[str, ...]
    """Covariates that are not adjusted for, with why."""
    incomplete: int
    """Subjects without a value of some covariate."""
    problem: str | None = None

    @property
    def matrix(self) -> Floats:
        """Columns of the model, without an intercept."""
        return np.column_stack([c.values for c in self.columns if c.modelled])

    def studies(self, arm: int) -> list[str]:
        """Names of the studies of one arm."""
        return sorted({s for s, a in zip(self.study, self.arm, strict=True) if a == arm})

    @property
    def parameters(self) -> int:
        """Columns of the model, without an intercept."""
        return sum(c.modelled for c in self.columns)


def make_design(subjects: pl.DataFrame, covariates: pl.DataFrame, fewest: int = 0) -> Design:
    """Columns for the covariates that every study has.

    Rule: AGE and SEX always, the others where every study has them for somebody; which are left
    out is said, with why. An unknown category is a missing value. A subject without some value is
    left out and counted. A covariate that is alike for all is left out, and so is a category with
    a level that hardly anybody has in one arm: it would only tell the arms apart.

    Args:
        subjects: SUBJ, STUDYID, ARM (1 first, 0 second), sorted by SUBJ.
        covariates: SUBJ, COVARIATE, KIND (number, category, flag), VALUE, LEVEL.
        fewest: subjects that each level of a category needs in each arm; AGE and SEX stay.
    """
    told = _told(subjects, covariates)
    shared, left_out, problem = _shared(subjects, told)
    values = {name: _values(subjects, told.filter(COVARIATE=name)) for name in shared}
    rare = [n for n in shared if n not in ALWAYS and _is_rare(subjects, values[n], fewest)]
    used = tuple(name for name in shared if name not in rare)
    left_out += tuple(f"{n} (a level with fewer than {fewest} in one cohort)" for n in rare)
    values = {name: values[name] for name in used}
    complete = np.ones(subjects.height, dtype=np.bool_)
    for value in values.values():
        complete &= value.is_not_null().to_numpy()
    columns = tuple(c for name in used for c in _columns(name, values[name], complete))
    alike = tuple(n for n in used if not any(c.covariate == n for c in columns))
    kept = subjects.filter(pl.Series(complete))
    return Design(
        columns,
        kept["SUBJ"].to_numpy(),
        kept["ARM"].to_numpy(),
        tuple(kept["STUDYID"].to_list()),
        tuple(n for n in used if n not in alike),
        (*left_out, *(f"{n} (alike for all)" for n in alike)),
        int((~complete).sum()),
        problem,
    )


def _told(subjects: pl.DataFrame, covariates: pl.DataFrame) -> pl.DataFrame:
    """Covariates with a value, as a number or a level."""
    unknown = pl.col("LEVEL").str.strip_chars().str.to_uppercase().is_in(UNKNOWN)
    mine = covariates.select("SUBJ", "COVARIATE", "KIND", "VALUE", "LEVEL").join(
        subjects.select("SUBJ", "STUDYID"), on="SUBJ", maintain_order="left"
    )
    number = pl.col("KIND") == "number"
    return mine.filter(
        (number & pl.col("VALUE").is_not_null()) | (~number & ~unknown.fill_null(value=True))
    )


def _shared(
    subjects: pl.DataFrame, told: pl.DataFrame
) -> tuple[tuple[str, ...], tuple[str, ...], str | None]:
    """Covariates that every study has, those left out with why, and a missing indispensable one."""
    studies = subjects["STUDYID"].unique().sort().to_list()
    names = [*ALWAYS, *(n for n in told["COVARIATE"].unique().sort() if n not in ALWAYS)]
    used: list[str] = []
    left_out: list[str] = []
    problem: list[str] = []
    for name in names:
        here = told.filter(COVARIATE=name)
        having = set(here["STUDYID"])
        absent = [s for s in studies if s not in having]
        if absent and name in ALWAYS:
            problem.append(f"there is no {name} in {', '.join(absent)}")
        elif absent:
            left_out.append(f"{name} (none in {', '.join(absent)})")
        elif (here["KIND"] == "number").any() != (here["KIND"] == "number").all():
            left_out.append(f"{name} (a number in some studies and a category in others)")
        else:
            used.append(name)
    return tuple(used), tuple(left_out), "; ".join(problem) or None


def _values(subjects: pl.DataFrame, told: pl.DataFrame) -> pl.Series:
    """Number or level of each subject, null where there is none."""
    number = bool((told["KIND"] == "number").any())
    one = told.select("SUBJ", SHOWN=pl.col("VALUE" if number else "LEVEL"))
    return subjects.select("SUBJ").join(one, on="SUBJ", how="left", maintain_order="left")["SHOWN"]


def _is_rare(subjects: pl.DataFrame, values: pl.Series, fewest: int) -> bool:
    """Whether some level of a category has too few subjects in one of the arms."""
    if values.dtype.is_numeric() or values.n_unique() < 2:
        return False
    told = subjects.select("ARM", LEVEL=values).drop_nulls()
    pairs = told.select("LEVEL").unique().join(subjects.select("ARM").unique(), how="cross")
    counts = pairs.join(told.group_by("ARM", "LEVEL").len(), on=["ARM", "LEVEL"], how="left")
    return bool((counts["len"].fill_null(0) < fewest).any())


def _columns(name: str, values: pl.Series, complete: Mask) -> list[Column]:
    known = values.filter(pl.Series(complete))
    if known.n_unique() < 2:
        return []
    if known.dtype.is_numeric():
        return [Column(name, None, known.cast(pl.Float64).to_numpy(), modelled=True)]
    counted = known.value_counts().sort(["count", known.name], descending=[True, False])
    commonest = counted[known.name][0]
    return [
        Column(name, level, (known == level).cast(pl.Float64).to_numpy(), level != commonest)
        for level in known.unique().sort()
    ]
