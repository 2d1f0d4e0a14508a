"""Why a subject's episodes have their grades, in lines of text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from pipeline.lake.store import Store
from pipeline.lookup import rows_of, study_of

Row = dict[str, Any]
_DAY = 86_400


def explain(store: Store, subject: str) -> Iterator[str]:
    """Lines: the subject, each episode, and for each system the grade, its account, its rows.

    Raises:
        NotThereError: nobody has this USUBJID.
    """
    study, manifest = study_of(store, subject)
    tables = {
        name: rows_of(store, manifest, name, subject)
        for name in ("adsl", "episodes", "grades", "accounts", "evidence")
    }
    yield f"{subject}: study {study}, {_about(tables['adsl'].row(0, named=True))}"
    if tables["episodes"].is_empty():
        yield "no CRS episode"
    for episode in tables["episodes"].sort("EPISEQ").iter_rows(named=True):
        yield ""
        yield from _episode(episode, tables)


def _about(row: Row) -> str:
    cohort = {"car_t": "CAR-T", "bispecific": "bispecific"}.get(row["COHORT"], "no cohort")
    if row["SAFFL"] != "Y":
        return f"{cohort}, never dosed"
    return f"{cohort}, {row['PRODUCT']}, followed until study day {row['FUPDY']}"


def _episode(episode: Row, tables: dict[str, pl.DataFrame]) -> Iterator[str]:
    until = f"day {episode['AENDY']}" if episode["AENDY"] is not None else "no end"
    yield (
        f"Episode {episode['EPISEQ']}: day {episode['ASTDY']} to {until} "
        f"({episode['END_REASON']}), from {episode['MEMBERS']}"
    )
    grades = _of(tables["grades"], episode).sort("SYSTEM", "BASIS")
    for grade in grades.iter_rows(named=True):
        yield from _system(grade, tables)


def _system(grade: Row, tables: dict[str, pl.DataFrame]) -> Iterator[str]:
    value = f"grade {grade['GRADE']}" if grade["GRADE"] is not None else "no grade"
    yield f"  {grade['SYSTEM']:<10} {grade['BASIS']:<9}  {value}"
    for row in _same(tables["accounts"], grade).iter_rows(named=True):
        yield f"      {row['ACCOUNT']}"
        other = " ".join(filter(None, (row["HIGHER"], row["LOWER"])))
        if other:
            yield f"      {other}"
    for row in _same(tables["evidence"], grade).iter_rows(named=True):
        yield f"      - {_evidence(row)}"


def _evidence(row: Row) -> str:
    source = f"{row['SRCDOM']}:{row['SRCSEQ']} {row['SRCVAR']}"
    value = f" {row['VALUE']}" if row["VALUE"] else ""
    return f"{row['CRITERION']}:{value} [{source}] {span(row['START'], row['END'])}"


def span(start: int, end: int | None) -> str:
    """A time in study days, with the clock where the source has one.

    0 s is 00:00 of day 1, and there is no day 0.

    >>> span(0, 86_400), span(-86_400, 172_800), span(36_000, None)
    ('day 1', 'day -1 to day 2', 'day 1 10:00')
    """
    if end is None:
        return _day(start) if start % _DAY == 0 else _clock(start)
    if start % _DAY == 0 and end % _DAY == 0:
        first, last = _day(start), _day(end - 1)
        return first if first == last else f"{first} to {last}"
    return f"{_clock(start)} to {_clock(end)}"


def _day(seconds: int) -> str:
    day = seconds // _DAY
    return f"day {day + 1 if day >= 0 else day}"


def _clock(seconds: int) -> str:
    rest = seconds % _DAY
    return f"{_day(seconds)} {rest // 3600:02d}:{rest % 3600 // 60:02d}"


def _of(frame: pl.DataFrame, episode: Row) -> pl.DataFrame:
    return frame.filter(pl.col("EPISEQ") == episode["EPISEQ"])


def _same(frame: pl.DataFrame, grade: Row) -> pl.DataFrame:
    keys = ("EPISEQ", "SYSTEM", "BASIS")
    return frame.filter(*(pl.col(key) == grade[key] for key in keys))
