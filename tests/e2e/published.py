"""All pages of two hand-made studies, on disk for the browser tests."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from reports.pages.cohorts import render_cohorts
from reports.pages.index import render_index
from reports.pages.methods import render_methods
from reports.pages.quality import render_quality
from reports.pages.status import render_status
from reports.pages.study import render_study
from tests.reports import compared
from tests.reports.ard import results
from tests.reports.ard_more import more_results
from tests.reports.asked import queries_of
from tests.reports.courses import Sets, bispecific, car_t, frame, meta
from tests.reports.figures.test_by_study import RATES
from tests.reports.study_tables import tables

STUDY = "studies/CAR/index.html"
SUBJECTS = "studies/CAR/subjects.html"
ALL = ["index.html", STUDY, SUBJECTS, "studies/BSP/index.html", "cohorts/index.html",
       "quality/index.html", "methods/index.html", "status.html"]  # fmt: skip
_TERM = {"STUDYID": "CAR", "LIST": "drugs", "RANK": 1, "TERM": "=NEWMAB()", "SRCDOM": "CM",
         "N_ROWS": 3, "N_SUBJECTS": 2, "RELEVANT": "Y"}  # fmt: skip
_CHANGE = {"STUDYID": "CAR", "DOMAIN": "AE", "RULE": "END_BEFORE_START", "COLUMN": "AEENDTC",
           "SEVERITY": "quarantine", "N_BEFORE": 2, "N_NOW": 1, "N_FIXED": 1, "N_NEW": 0,
           "N_OPEN": 1}  # fmt: skip
COURSES = {"CAR": car_t(60), "BSP": bispecific(40)}


def _frames(study: str) -> dict[str, pl.DataFrame]:
    """Tables with a second grading system to switch to, and one hostile text."""
    made = tables(study, COURSES[study])
    sets = Sets()
    people = dict(enumerate(COURSES[study], 1))
    rows = results(study, "test", people, sets)
    rows += results(study, "test", people, sets, basis="derived", primary=False)
    rows += more_results(study, "test", people, sets)
    rows += more_results(study, "test", people, sets, BASIS="derived", PRIMARY=None)
    hostile = pl.when(pl.int_range(pl.len()) == 0).then(pl.lit('=1+1<img src=x onerror="x">'))
    made |= {"results": frame("results", rows)}
    return made | {
        "queries": queries_of(study, made, more=12),
        "sets": sets.frame(),
        "accounts": made["accounts"].with_columns(ACCOUNT=hostile.otherwise("ACCOUNT")),
    }


def publish(home: Path) -> Path:
    """Write all pages of two studies below a folder."""
    frames = {study: _frames(study) for study in COURSES}
    metas = [meta("CAR"), meta("BSP", cohort="bispecific")]
    everything = {n: pl.concat([f[n] for f in frames.values()]) for n in frames["CAR"]}
    sets, rows = Sets(), []
    for study, courses in COURSES.items():
        rows += results(study, "test", dict(enumerate(courses, 1)), sets, products=True)
    rows += [row | {"DATA_KIND": "test"} for row in compared.everything()]
    pooled = frame("results", rows).with_columns(STUDYID=pl.lit("ALL"))
    subjects = everything["adsl"].select("STUDYID", "USUBJID", "SUBJIDX")
    later = {
        "unmapped": frame("unmapped", [_TERM]), "changes": frame("changes", [_CHANGE]),
        "queries": everything["queries"], "subjects": subjects, "results": everything["results"],
    }  # fmt: skip
    quality = [everything[n] for n in ("ledger", "quarantine", "notes", "reconciliation")]
    pages = {
        **render_study(metas[0], frames["CAR"]),
        **render_study(metas[1], frames["BSP"]),
        **render_cohorts(metas, pooled, sets.frame(), [], subjects, published=RATES),
        **render_index(metas, everything["results"], [], queries=everything["queries"]),
        **render_quality(metas, *quality, **later),
        **render_methods(metas, {}),
        **render_status([]),
    }
    for path, data in pages.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_bytes(data)
    return home
