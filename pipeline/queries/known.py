"""What is known of a study before anything is asked: its pair of system and basis, its episodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.stats.systems import GradedSystem, graded_systems, leading_system
from pipeline.study import Study
from pipeline.table import Table, frame_of, lazy

KEY = ["USUBJID", "EPISEQ"]


@dataclass(frozen=True, eq=False)
class Known:
    """What every kind of query looks at."""

    study: Study
    tables: Mapping[str, Table]
    pair: GradedSystem | None
    """Primary system and basis; another only where nothing is graded under it."""
    adsl: pl.DataFrame
    episodes: pl.DataFrame
    """Episodes with GRADE and REASON under the pair, NEXTDY (onset of the next one) and SEENDY."""

    @property
    def treated(self) -> pl.DataFrame:
        """Treated subjects."""
        return self.adsl.filter(pl.col("SAFFL") == "Y")

    @property
    def derived(self) -> bool:
        """Whether the headlines stand on derived grades."""
        return self.pair is not None and self.pair.BASIS == "derived"

    @property
    def cohorts(self) -> list[str | None]:
        """Cohorts that a further subject could belong to."""
        named = self.study.cohort
        return [named] if isinstance(named, str) else [*sorted(set(named.values()))]

    @property
    def longest(self) -> int:
        """Longest follow-up of a treated subject, in study days."""
        last = self.treated["FUPDY"].drop_nulls().to_list()
        return max([1, *last])

    def frame(self, name: str) -> pl.DataFrame:
        """A table in memory."""
        return frame_of(self.tables[name])

    def lazy(self, name: str) -> pl.LazyFrame:
        """A long table, of which few columns are read."""
        return lazy(self.tables[name])


def make_known(tables: Mapping[str, Table], study: Study) -> Known:
    """Read what the kinds of queries share.

    Args:
        tables: everything that the stages before made.
        study: the study's own description.
    """
    adsl, grades = frame_of(tables["adsl"]), frame_of(tables["grades"])
    pair = leading_system(graded_systems(grades, study))
    mine = grades.clear() if pair is None else grades.filter(SYSTEM=pair.SYSTEM, BASIS=pair.BASIS)
    subjects = adsl.select("USUBJID", "REFDT", "DYSHIFT", "FUPDY", "DTHDY", SEENDY=seen(adsl))
    episodes = (
        frame_of(tables["episodes"])
        .join(mine.select(*KEY, "GRADE", "REASON"), on=KEY, how="left", maintain_order="left")
        .join(subjects, on="USUBJID", how="left", maintain_order="left")
        .sort(KEY)
        .with_columns(
            NEXTDY=pl.col("ASTDY").shift(-1).over("USUBJID"),
            SRCSEQ=pl.col("MEMBERS").str.extract(r"^[A-Z]+:(\d+)").cast(pl.Int64),
        )
    )
    return Known(study, tables, pair, adsl, episodes)


def seen(adsl: pl.DataFrame) -> pl.Series:
    """Last day on which each subject was seen."""
    day = pl.coalesce("FUPDY", "DTHDY", pl.lit(1, pl.Int64))
    return adsl.select(SEENDY=pl.max_horizontal(pl.lit(1, pl.Int64), day))["SEENDY"]
