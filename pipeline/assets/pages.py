"""Hands the tables of a study, or of all, to the page writers of reports/."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.lake.fingerprint import packages, stage_code
from pipeline.local_time import local_time
from pipeline.status import Row
from pipeline.study import Study, Switches

if TYPE_CHECKING:
    import polars as pl  # definitions load without it; so it is imported where it is used

Pages_ = dict[str, bytes]


@dataclass(frozen=True)
class View:
    """What pages may know of a study: itself, its tables, and its files with their hashes."""

    study: Study
    tables: Mapping[str, Path]
    drop: Mapping[str, str]


@dataclass(frozen=True)
class Missing:
    """A study that is not in the comparison pages, and why."""

    study: str
    state: str
    problems: tuple[str, ...]


class Pages(Protocol):
    """The page writers; tests put small ones in place of the real ones."""

    def study(self, view: View) -> Pages_:
        """Pages of one study, below studies/<STUDYID>/."""
        ...

    def cohorts(
        self, views: Sequence[View], tables: Mapping[str, Path], missing: Sequence[Missing]
    ) -> Pages_:
        """The comparison of cohorts."""
        ...

    def index(self, views: Sequence[View], missing: Sequence[Missing]) -> Pages_:
        """The front page, quality and methods."""
        ...

    def status(self, rows: Sequence[Row]) -> bytes:
        """The page of states and times."""
        ...


class RealPages:
    """The page writers as they are."""

    def study(self, view: View) -> Pages_:
        """Pages of one study, below studies/<STUDYID>/."""
        from reports.pages.study import render_study  # noqa: PLC0415

        return render_study(_meta(view), _frames(view, _STUDY_TABLES))

    def cohorts(
        self, views: Sequence[View], tables: Mapping[str, Path], missing: Sequence[Missing]
    ) -> Pages_:
        """The comparison of cohorts."""
        import polars as pl  # noqa: PLC0415

        from pipeline.stats.published import published_rates  # noqa: PLC0415
        from reports.pages.cohorts import render_cohorts  # noqa: PLC0415

        return render_cohorts(
            [_meta(view) for view in views],
            pl.read_parquet(tables["cohort_results"]),
            pl.read_parquet(tables["cohort_sets"]),
            [_said(m) for m in missing],
            _all(views, "adsl").select("STUDYID", "USUBJID", "SUBJIDX"),
            published=published_rates(),
        )

    def index(self, views: Sequence[View], missing: Sequence[Missing]) -> Pages_:
        """The front page, quality and methods."""
        from reports.pages.index import render_index  # noqa: PLC0415
        from reports.pages.methods import render_methods  # noqa: PLC0415
        from reports.pages.quality import render_quality  # noqa: PLC0415

        metas = [_meta(view) for view in views]
        quality = [_all(views, t) for t in ("ledger", "quarantine", "notes", "reconciliation")]
        later = {t: _where_made(views, t) for t in ("unmapped", "changes", "queries")}
        subjects = _all(views, "adsl").select("STUDYID", "USUBJID", "SUBJIDX")
        results = _all(views, "results")
        return {
            **render_index(metas, results, [_said(m) for m in missing], queries=later["queries"]),
            **render_quality(metas, *quality, **later, subjects=subjects, results=results),
            **render_methods(metas, facts(views)),
        }

    def status(self, rows: Sequence[Row]) -> bytes:
        """The page of states and times."""
        from reports.pages.status import render_status  # noqa: PLC0415

        at = local_time(time.time())
        (page,) = render_status([asdict(row) for row in rows], at).values()
        return page


_STUDY_TABLES = (
    *("ledger", "quarantine", "notes", "adsl", "doses", "episodes", "grades", "grade_days"),
    *("evidence", "accounts", "candidates", "reconciliation", "readings", "interventions"),
    *("findings", "labs", "vitals"),
    *("results", "sets", "queries"),
)


def _meta(view: View) -> dict[str, Any]:
    return view.study.model_dump()


def _frames(view: View, names: Iterable[str]) -> dict[str, pl.DataFrame]:
    import polars as pl  # noqa: PLC0415

    return {name: pl.read_parquet(view.tables[name]) for name in names}


def _all(views: Sequence[View], table: str) -> pl.DataFrame:
    import polars as pl  # noqa: PLC0415

    from pipeline.schemas.tables import TABLES  # noqa: PLC0415

    frames = [pl.read_parquet(view.tables[table]) for view in views]
    return pl.concat(frames or [TABLES[table].create_empty()], how="diagonal_relaxed")


def _where_made(views: Sequence[View], table: str) -> pl.DataFrame:
    """As `_all`, of a table that a manifest made by older code may lack."""
    return _all([view for view in views if table in view.tables], table)


def _said(missing: Missing) -> dict[str, str]:
    return {"study": missing.study, "state": missing.state, "why": "; ".join(missing.problems)}


def facts(views: Sequence[View]) -> dict[str, Any]:
    """What the methods page tells besides the studies: rules, plan, versions and hashes."""
    import polars as pl  # noqa: PLC0415

    from pipeline.crs.systems import CRITERIA, FOLDER  # noqa: PLC0415
    from pipeline.stats.plan import PLAN, PLANVER  # noqa: PLC0415

    systems = sorted(p for p in FOLDER.glob("*.csv") if p.name != "systems.csv")
    return {
        "plan_version": PLANVER,
        "plan": asdict(PLAN),
        "defaults": Switches().model_dump(),
        "switch_words": {n: f.description or "" for n, f in Switches.model_fields.items()},
        "criteria": {p.stem: pl.read_csv(p, schema=CRITERIA) for p in systems},
        "packages": packages(),
        "code": stage_code(),
        "inputs": {view.study.study: view.drop for view in views},
    }
