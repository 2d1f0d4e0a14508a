from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.lake import fingerprint
from pipeline.lake.fingerprint import drop_fingerprint, drop_signature, packages, stage_code
from pipeline.plan import STAGES


@pytest.fixture
def drop(tmp_path):
    folder = tmp_path / "A"
    folder.mkdir()
    (folder / "dm.csv").write_text("1")
    (folder / "study.yaml").write_text("2")
    return folder


def test_fingerprint_names_files_and_ignores_marks_and_hidden_files(drop):
    before = drop_fingerprint(drop)
    assert list(before) == ["dm.csv", "study.yaml"]
    (drop / "_SUCCESS").touch()
    (drop / ".dm.csv.swp").write_text("x")
    (drop / ".git").mkdir()
    (drop / ".git" / "HEAD").write_text("x")
    assert drop_fingerprint(drop) == before
    (drop / "codelists").mkdir()
    (drop / "codelists" / "site.csv").write_text("x")
    assert "codelists/site.csv" in drop_fingerprint(drop)


def test_fingerprint_is_of_bytes_signature_of_times_too(drop):
    files, signature = drop_fingerprint(drop), drop_signature(drop)
    os.utime(drop / "dm.csv", (1, 1))
    assert drop_fingerprint(drop) == files
    assert drop_signature(drop) != signature


def test_every_stage_has_a_code_of_its_own():
    assert set(stage_code()) == set(STAGES)
    assert len(set(stage_code().values())) == len(STAGES)
    assert all(re.fullmatch("[0-9a-f]{64}", code) for code in stage_code().values())


def tree(root, **files):
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_py", ".py").replace("_sql", ".sql")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize(
    ("changed", "stale"),
    [
        ("pipeline__crs__grading_py", {"crs"}),
        ("sql__stats__adtte_sql", {"stats", "queries"}),
        ("pipeline__queries__known_py", {"queries"}),
        ("reports__page_py", {"reports"}),
        ("pipeline__schemas__columns_py", set(STAGES)),
        ("sql__macros_sql", set(STAGES)),
        ("requirements.lock", set(STAGES)),
        ("pipeline__cli_py", set()),
    ],
)
def test_a_change_makes_stale_what_depends_on_it(tmp_path, monkeypatch, changed, stale):
    monkeypatch.setattr(fingerprint, "ROOT", tmp_path)
    tree(tmp_path, **{changed: "old", "requirements.lock": "old"})
    before = stage_code.__wrapped__()
    tree(tmp_path, **{changed: "new"})
    after = stage_code.__wrapped__()
    assert {stage for stage in STAGES if before[stage] != after[stage]} == stale


def test_compiled_files_do_not_count(tmp_path, monkeypatch):
    monkeypatch.setattr(fingerprint, "ROOT", tmp_path)
    tree(tmp_path, **{"requirements.lock": "x"})
    before = stage_code.__wrapped__()
    tree(tmp_path, **{"pipeline__crs____pycache____x.pyc": "x"})
    assert stage_code.__wrapped__() == before


def test_packages_are_those_of_the_project():
    assert {"dagster", "polars", "duckdb", "lifelines", "plotly"} <= set(packages())
    assert "pytest" not in packages()


ENTRY = {
    "ingest": "pipeline.ingest.drop",
    "subjects": "pipeline.subjects.subjects",
    "crs": "pipeline.crs.crs",
    "stats": "pipeline.stats.study, pipeline.stats.cohorts",
    "queries": "pipeline.queries.queries",
    "reports": "reports.pages.study, reports.pages.cohorts, reports.pages.index, "
    "reports.pages.quality, reports.pages.methods",
}


@pytest.mark.parametrize("stage", STAGES)
def test_whatever_a_stage_loads_is_in_its_fingerprint(stage):
    code = (
        f"import sys, {ENTRY[stage]}\n"
        "for name, module in list(sys.modules.items()):\n"
        "    if name.split('.')[0] in ('pipeline', 'reports') and module.__file__:\n"
        "        print(module.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=fingerprint.ROOT, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    covered = fingerprint.sources(stage)
    loaded = {Path(line) for line in done.stdout.splitlines()}
    missing = {p for p in loaded if p not in covered and p.read_text().strip().count("\n") > 2}
    assert missing == set()
