"""The quality page reads the tables of all studies, also of one made by older code."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.assets.pages import RealPages, View
from pipeline.study import Study
from tests.assets.fakes import STUDY_YAML, empty, of

ALWAYS = ("adsl", "results", "ledger", "quarantine", "notes", "reconciliation")


def view(folder: Path, name: str, **tables) -> View:
    study = Study.model_validate(yaml.safe_load(STUDY_YAML.format(study=name)))
    paths = {}
    for table, rows in {**{t: empty(t) for t in ALWAYS}, **tables}.items():
        paths[table] = folder / f"{name}-{table}.parquet"
        rows.write_parquet(paths[table])
    return View(study, paths, {})


def terms(study: str, term: str):
    return of(
        "unmapped", STUDYID=[study], LIST=["drugs"], RANK=[1], TERM=[term], SRCDOM=["CM"],
        N_ROWS=[2], N_SUBJECTS=[1],
    )  # fmt: skip


def changes(study: str, column: str):
    counts = {f"N_{c}": [1] for c in ("BEFORE", "NOW", "OPEN")} | {"N_FIXED": [0], "N_NEW": [0]}
    return of(
        "changes", STUDYID=[study], DOMAIN=["AE"], RULE=["R"], COLUMN=[column],
        SEVERITY=["note"], **counts,
    )  # fmt: skip


@pytest.fixture
def newer(tmp_path):
    return view(tmp_path, "NEW", unmapped=terms("NEW", "NEWMAB"), changes=changes("NEW", "AEENDTC"))


def quality(*views: View) -> str:
    return RealPages().index(views, [])["quality/index.html"].decode()


def test_unknown_terms_and_changes_of_a_study(newer):
    page = quality(newer)
    assert "NEWMAB" in page
    assert "AEENDTC" in page


def test_a_study_without_the_tables_counts_as_empty(tmp_path, newer):
    page = quality(newer, view(tmp_path, "OLD"))
    assert "NEWMAB" in page
    assert "none in a drop before: OLD." in page


def test_only_studies_without_the_tables(tmp_path):
    assert "Every term and unit is known." in quality(view(tmp_path, "OLD"))


def test_a_table_that_always_was_is_not_taken_as_empty(tmp_path, newer):
    lacking = {name: path for name, path in newer.tables.items() if name != "notes"}
    with pytest.raises(KeyError, match="notes"):
        quality(View(newer.study, lacking, {}))
