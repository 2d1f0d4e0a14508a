"""Seconds of one study by stage, beyond interpreter and imports; and how soon its page opens."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from benchmarks.apart import ROOT, apart, timed
from pipeline.simulate.products import BISPECIFIC, CART, StudySpec
from pipeline.simulate.soil import soil
from pipeline.simulate.tables import draw_study
from pipeline.simulate.write import write_study

SUBJECTS = 150
# What a run of all stages loads.
MODULES = (
    "dagster", "polars", "duckdb", "lifelines", "plotly.graph_objects", "great_tables",
    "pipeline.definitions", "pipeline.ingest.drop", "pipeline.subjects.subjects",
    "pipeline.crs.crs", "pipeline.crs.readings", "pipeline.crs.unmapped", "pipeline.stats.study",
    "pipeline.stats.cohorts", "reports.pages.study", "reports.pages.cohorts",
    "reports.pages.index", "reports.pages.quality", "reports.pages.methods",
    "reports.pages.status",
    # Dagster loads these when a run begins.
    "alembic", "upath", "dagster._core.storage.event_log.sqlite",
    "dagster._core.storage.runs.sqlite", "dagster._core.storage.schedules.sqlite",
    "dagster._core.run_coordinator.queued_run_coordinator",
)  # fmt: skip


def study(folder: Path, _rows: list[int]) -> str:
    """A CAR-T and a bispecific study of 150 subjects, each run as `crsight run` does it."""
    lines = ["| study | what | s |", "|---|---|---:|"]
    for spec in (CART[0], BISPECIFIC[0]):
        inbox = folder / f"inbox-{spec.study}"
        write_drop(replace(spec, n=SUBJECTS), inbox, seed=7)
        home = folder / f"home-{spec.study}"
        seconds = apart(stages, inbox, home)
        begun = timed(lambda: subprocess.run([sys.executable, "-c", ""], cwd=ROOT, check=True))
        seconds["interpreter and imports"] += begun
        lines += [f"| {spec.study} | {what} | {s:.1f} |" for what, s in seconds.items()]
        page = home / "published" / "studies" / spec.study / "index.html"
        words = f"{spec.study} | its page of {page.stat().st_size / 1e6:.1f} MB"
        usable, drawn = opening(page)
        lines.append(f"| {words}, until it can be used | {usable:.1f} |")
        lines.append(f"| {words}, until its last figure is drawn | {drawn:.1f} |")
    return "\n".join(lines)


def pages(folder: Path, subjects: list[int]) -> str:
    """The comparison page over two studies that have so many subjects together."""
    lines = [
        "| subjects | MB | s until it can be used | s until its last figure is drawn |",
        "|---:|---:|---:|---:|",
    ]
    for n in subjects:
        inbox, home = folder / f"inbox-{n}", folder / f"home-{n}"
        for spec in (CART[1], BISPECIFIC[0]):
            write_drop(replace(spec, n=n // 2, format="parquet"), inbox, seed=7)
        apart(stages, inbox, home)
        page = home / "published" / "cohorts" / "index.html"
        usable, drawn = opening(page)
        size = page.stat().st_size / 1e6
        lines.append(f"| {n:,} | {size:.1f} | {usable:.1f} | {drawn:.1f} |")
    return "\n".join(lines)


def write_drop(spec: StudySpec, inbox: Path, seed: int) -> Path:
    """A simulated drop with the defects of the demo, complete for the night."""
    tables, _, _ = soil(draw_study(spec, seed), 1.0)
    shutil.rmtree(inbox / spec.study, ignore_errors=True)
    drop = write_study(spec, tables, inbox)
    (drop / "_SUCCESS").touch()
    return drop


def stages(inbox: str, home: str) -> dict[str, float]:
    """Seconds of imports, of a new home, of each stage with its Dagster events, and of all."""
    loaded = timed(lambda: [importlib.import_module(name) for name in MODULES])
    from pipeline.assets.place import Place
    from pipeline.lake.home import Home
    from pipeline.run import dagster_instance, run_inbox

    marks: list[tuple[str, float]] = []

    def told(_study: str, stage: str, _what: str) -> None:
        marks.append((stage, time.perf_counter()))

    place = Place(home=Home(Path(home)), inbox=Path(inbox), progress=told)

    def make_home() -> None:
        with dagster_instance(place):
            pass

    seconds = {"interpreter and imports": loaded, "a new home, once": timed(make_home)}
    marks = [("", time.perf_counter())]
    whole = timed(lambda: run_inbox(place))
    for (_, since), (stage, until) in pairwise(marks):
        seconds[stage] = seconds.get(stage, 0.0) + until - since
    return {**seconds, "run, all of it": whole}


def opening(page: Path) -> tuple[float, float]:
    """Seconds from opening a file until what is on the screen is there, and until all is drawn.

    The least of three times each. What is below the screen is drawn while the page rests.
    """
    from tests.e2e.browser import chromium, wait_drawn, wait_usable

    def once() -> tuple[float, float]:
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        begun = time.perf_counter()
        tab.goto(page.resolve().as_uri())
        wait_usable(tab)
        usable = time.perf_counter() - begun
        wait_drawn(tab)
        drawn = time.perf_counter() - begun
        tab.close()
        return usable, drawn

    with chromium() as browser:
        usable, drawn = zip(*(once() for _ in range(3)), strict=True)
        return min(usable), min(drawn)
