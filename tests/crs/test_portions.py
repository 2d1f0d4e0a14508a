"""Grading by portions of subjects gives what grading at once gives."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.crs import crs, readings
from pipeline.crs.portions import portions as portions_of
from pipeline.ingest.drop import ingest_drop
from pipeline.simulate.profiles import simulate
from pipeline.study import load_study
from pipeline.subjects.subjects import derive_subjects


def subjects(*names: str) -> pl.DataFrame:
    return pl.DataFrame({"USUBJID": list(names)})


def vitals(**rows: int) -> pl.DataFrame:
    return subjects(*[name for name, n in rows.items() for _ in range(n)])


def test_a_small_study_is_one_portion():
    tables = {"adsl": subjects("A", "B"), "sdtm_vs": vitals(A=2, B=3)}
    assert portions_of(tables) == [("A", "B")]


def test_a_portion_ends_once_it_holds_enough_rows():
    tables = {"adsl": subjects("A", "B", "C", "D"), "sdtm_vs": vitals(A=3, B=3, C=3, D=3)}
    assert portions_of(tables, 6) == [("A", "B"), ("C", "D")]


def test_a_subject_with_more_rows_than_a_portion_is_one_of_its_own():
    tables = {"adsl": subjects("A", "B", "C"), "sdtm_vs": vitals(A=1, B=20, C=1)}
    assert portions_of(tables, 10) == [("A", "B"), ("C", "C")]


def test_rows_of_all_long_domains_count_and_subjects_without_any_are_kept():
    tables = {
        "adsl": subjects("A", "B", "C"),
        "sdtm_vs": vitals(A=2, B=2),
        "sdtm_cm": vitals(A=2, B=2),
    }
    assert portions_of(tables, 4) == [("A", "A"), ("B", "B"), ("C", "C")]


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """A study with defects: its description, its tables and what grading it as a whole gives."""
    drop = simulate("stress", tmp_path_factory.mktemp("inbox"), seed=3, subjects=160)[0]
    study = load_study(drop)
    tables = dict(ingest_drop(drop, study))
    tables |= derive_subjects(tables, study)
    return study, tables, crs.derive_crs(tables, study)


@pytest.mark.parametrize("stored", [False, True], ids=["frames", "parquet"])
def test_portions_change_nothing(tmp_path, monkeypatch, spoilt, stored):
    """One subject per portion, or some if from files, against the study as a whole."""
    study, tables, whole = spoilt
    if stored:
        for name, frame in tables.items():
            frame.write_parquet(tmp_path / f"{name}.parquet")
        tables = {name: tmp_path / f"{name}.parquet" for name in tables}
    ranges = portions_of(tables, 1500 if stored else 1)
    assert len(ranges) > 5
    monkeypatch.setattr(crs, "portions", lambda _: ranges)
    parts = crs.derive_crs(tables, study)
    assert whole["episodes"].height > 3
    for name, frame in whole.items():
        assert_frame_equal(parts[name], frame, check_exact=True)


def test_portions_change_no_reading(tmp_path, monkeypatch):
    drop = simulate("stress", tmp_path / "inbox", seed=4, subjects=100)[0]
    study = load_study(drop)
    tables = dict(ingest_drop(drop, study))
    tables |= derive_subjects(tables, study)
    whole = readings.derive_readings(tables, study)
    assert whole.height > 20
    monkeypatch.setattr(readings, "ROWS_AT_ONCE", 3000)
    assert len(portions_of(tables, 3000)) > 2
    assert_frame_equal(readings.derive_readings(tables, study), whole, check_exact=True)
