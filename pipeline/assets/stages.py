"""The stages behind one interface. Modules load when a stage runs, so definitions load fast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from pipeline.study import Study

if TYPE_CHECKING:
    import polars as pl

    from pipeline.table import Table

Frames: TypeAlias = "dict[str, pl.DataFrame]"
Tables: TypeAlias = "Mapping[str, Table]"


class Stages(Protocol):
    """What each stage does; tests put small ones in place of the real ones."""

    def ingest(self, drop: Path, study: Study, spill: Path) -> Mapping[str, Table]:
        """Read a drop; long tables are files in the folder `spill`."""
        ...

    def subjects(self, tables: Tables, study: Study) -> Frames:
        """Subjects and doses."""
        ...

    def crs(self, tables: Tables, study: Study) -> Frames:
        """Findings, episodes, grades and their reasons."""
        ...

    def stats(self, tables: Tables, study: Study) -> Frames:
        """Statistics of one study."""
        ...

    def queries(self, tables: Tables, study: Study) -> Frames:
        """What data management should ask first; `queries_before` are those of the drop before."""
        ...

    def cohorts(self, studies: Sequence[tuple[Study, Tables]]) -> Frames:
        """Statistics over studies."""
        ...


class RealStages:
    """The stages as they are."""

    def ingest(self, drop: Path, study: Study, spill: Path) -> Mapping[str, Table]:
        """Read a drop; long tables are files in the folder `spill`."""
        from pipeline.ingest.drop import ingest_drop  # noqa: PLC0415

        return ingest_drop(drop, study, spill)

    def subjects(self, tables: Tables, study: Study) -> Frames:
        """Subjects and doses."""
        from pipeline.subjects.subjects import derive_subjects  # noqa: PLC0415

        return derive_subjects(tables, study)

    def crs(self, tables: Tables, study: Study) -> Frames:
        """Findings, episodes, grades and their reasons."""
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

        from pipeline.crs.crs import derive_crs  # noqa: PLC0415
        from pipeline.crs.readings import derive_readings  # noqa: PLC0415
        from pipeline.crs.unmapped import derive_unmapped  # noqa: PLC0415
        from pipeline.query import threads  # noqa: PLC0415

        # Both are mostly DuckDB's work, during which Python does not stand in the other's way.
        with ThreadPoolExecutor(1) as pool:
            readings = pool.submit(derive_readings, tables, study) if threads() > 1 else None
            made = derive_crs(tables, study)
            unmapped = derive_unmapped({**tables, "labs": made["labs"]}, study)
            read = readings.result() if readings else derive_readings(tables, study)
        return {**made, "readings": read, "unmapped": unmapped}

    def stats(self, tables: Tables, study: Study) -> Frames:
        """Statistics of one study."""
        from pipeline.stats.study import derive_study_stats  # noqa: PLC0415

        return derive_study_stats(tables, study)

    def queries(self, tables: Tables, study: Study) -> Frames:
        """What data management should ask first."""
        from pipeline.queries.queries import derive_queries  # noqa: PLC0415

        return derive_queries(tables, study, tables.get("queries_before"))

    def cohorts(self, studies: Sequence[tuple[Study, Tables]]) -> Frames:
        """Statistics over studies."""
        from pipeline.stats.cohorts import compare_cohorts  # noqa: PLC0415

        return compare_cohorts(studies)
