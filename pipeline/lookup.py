"""Answers from the lake: any table, now or as of a manifest."""

from __future__ import annotations

import polars as pl

from pipeline.lake.manifest import COHORTS, Manifest
from pipeline.lake.store import Store
from pipeline.plan import COHORT_OUTPUTS, OUTPUTS
from pipeline.schemas.tables import VIEWS

STORED = [table for tables in OUTPUTS.values() for table in tables]
NAMES = [*STORED, *COHORT_OUTPUTS["cohorts"], *VIEWS]
# Tables whose rows over several studies (STUDYID = ALL) stand in a table of their own.
_OVER_STUDIES = {"results": "cohort_results", "sets": "cohort_sets"}


class NotThereError(Exception):
    """What was asked for does not exist; the message says what does."""


def table(
    store: Store, name: str, study: str | None = None, as_of: int | None = None
) -> pl.DataFrame:
    """A table of one study, or of all that are published, with what was made over them.

    Args:
        store: the lake.
        name: one of `NAMES`.
        study: a study, `ALL` for what was made over studies, None for everything.
        as_of: number of a manifest instead of the current one; needs a study.

    Raises:
        NotThereError: no such table, study or manifest.
    """
    if name not in NAMES:
        raise NotThereError(f"no table {name!r}; there are: {', '.join(NAMES)}")
    if name == "sources":
        results, sets = (table(store, t, study, as_of) for t in ("results", "sets"))
        return sources(results, sets)
    frames = [
        pl.read_parquet(store.table(held, manifest.tables[held]))
        for manifest in _manifests(store, name, study, as_of)
        for held in dict.fromkeys((name, _OVER_STUDIES.get(name, name)))
        if held in manifest.tables
    ]
    if not frames:
        raise NotThereError(f"{name} was not made yet; run: crsight run")
    rows = pl.concat(frames, how="diagonal_relaxed")
    # A set that studies and cohorts both cite has the same name and members in each.
    return rows.unique(maintain_order=True) if name == "sets" else rows


def sources(results: pl.DataFrame, sets: pl.DataFrame) -> pl.DataFrame:
    """The view `sources`: each statistic and the subjects behind its N and its EVENTS."""
    parts = [
        results.select("RESULTID", pl.lit(role).alias("ROLE"), SETID=column)
        .drop_nulls("SETID")
        .join(sets, on="SETID")
        for role, column in (("n", "SET_N"), ("events", "SET_EVENTS"))
    ]
    columns = list(VIEWS["sources"].columns())
    return pl.concat(parts).select(columns).unique().sort(columns)


def study_of(store: Store, subject: str) -> tuple[str, Manifest]:
    """The published study of a subject.

    Raises:
        NotThereError: nobody has this USUBJID.
    """
    ready = store.ready()
    for study, manifest in sorted(ready.items()):
        adsl = pl.scan_parquet(store.table("adsl", manifest.tables["adsl"]))
        if adsl.filter(pl.col("USUBJID") == subject).select(pl.len()).collect().item():
            return study, manifest
    known = ", ".join(sorted(ready)) or "none"
    raise NotThereError(f"no subject {subject!r} in the published studies ({known})")


def rows_of(store: Store, manifest: Manifest, name: str, subject: str) -> pl.DataFrame:
    """A subject's rows of a table."""
    frame = pl.read_parquet(store.table(name, manifest.tables[name]))
    return frame.filter(pl.col("USUBJID") == subject)


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def _manifests(store: Store, name: str, study: str | None, as_of: int | None) -> list[Manifest]:
    if study is None:
        over = store.current(COHORTS)
        every = list(store.ready().values())
        return (
            [*every, over] if over and name in (*_OVER_STUDIES, *_OVER_STUDIES.values()) else every
        )
    wanted = COHORTS if study == "ALL" else study
    numbers = store.numbers(wanted)
    if not numbers:
        known = ", ".join([*store.studies(), "ALL"])
        raise NotThereError(f"no study {study!r} was published; there are: {known}")
    manifest = store.at(wanted, as_of if as_of is not None else numbers[-1])
    if manifest is None:
        gone = as_of is not None and 0 < as_of < numbers[-1]
        what = (
            f"run {as_of} of {study} is gone, the clean-up took it"
            if gone
            else (f"{study} has no run {as_of}")
        )
        raise NotThereError(f"{what}; its runs are {_listed(numbers)}")
    if manifest.withdrawn:
        raise NotThereError(f"{study} was withdrawn; its runs were {_listed(numbers[:-1])}")
    return [manifest]
