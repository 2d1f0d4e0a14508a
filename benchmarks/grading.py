"""Seconds and memory of the CRS stage by rows of vitals, beside one scan of the same file."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from benchmarks.apart import apart, peak_mib, timed
from pipeline.crs.crs import derive_crs
from pipeline.crs.readings import derive_readings
from pipeline.ingest.drop import ingest_drop
from pipeline.simulate.profiles import simulate
from pipeline.study import load_study
from pipeline.subjects.subjects import derive_subjects
from pipeline.table import Table

HEAD = (
    "| vitals rows | CRS stage, s | rows/s | peak memory over start, MiB | all readings, s "
    "| peak memory, MiB | plain scan, s |",
    "|---:|---:|---:|---:|---:|---:|---:|",
)


def grading(folder: Path, rows: list[int]) -> str:
    """The table."""
    lines = list(HEAD)
    for n in rows:
        place = folder / str(n)
        count = apart(repeat_study, place, n)
        graded, read = apart(grade, place), apart(read_again, place)
        lines.append(
            f"| {count:,} | {graded['s']:.1f} | {count / graded['s']:,.0f} | {graded['mib']:,.0f} "
            f"| {read['s']:.1f} | {read['mib']:,.0f} | {graded['scan']:.2f} |"
        )
    return "\n".join(lines)


def repeat_study(place: str, n: str) -> int:
    """Write the inputs of the stage: a simulated study, repeated under other subject names."""
    folder = Path(place)
    drop = simulate("clean", folder / "inbox", seed=5)[0]
    tables = ingest_drop(drop, load_study(drop))
    times = max(1, round(int(n) / tables["sdtm_vs"].height))
    copies = pl.DataFrame({"COPY": [f"-{i:05d}" for i in range(times)]})
    paths: dict[str, Table] = {}
    for name, frame in tables.items():
        wide = frame
        if "USUBJID" in frame.columns:
            # Stored as ingest stores a study: in the order of its subjects.
            wide = frame.join(copies, how="cross").with_columns(pl.col("USUBJID") + pl.col("COPY"))
            wide = wide.drop("COPY").sort("USUBJID", maintain_order=True)
        paths[name] = folder / f"{name}.parquet"
        wide.write_parquet(paths[name])
    for name, frame in derive_subjects(paths, load_study(drop)).items():
        frame.write_parquet(folder / f"{name}.parquet")
    return tables["sdtm_vs"].height * times


def grade(place: str) -> dict[str, float]:
    """Grade what repeat_study wrote; then scan the columns that grading needs once."""
    tables, study = _stored(place)
    before = peak_mib()
    seconds = timed(lambda: derive_crs(tables, study))
    mib = peak_mib() - before
    query = (
        "select VSTESTCD, count(*), min(VALUE), max(VSDTM) "
        f"from read_parquet('{tables['sdtm_vs']}') group by 1"
    )
    return {"s": seconds, "mib": mib, "scan": timed(lambda: duckdb.connect().sql(query).fetchall())}


def read_again(place: str) -> dict[str, float]:
    """Grade under every reading of the rules."""
    tables, study = _stored(place)
    before = peak_mib()
    seconds = timed(lambda: derive_readings(tables, study))
    return {"s": seconds, "mib": peak_mib() - before}


def _stored(place: str) -> tuple[dict[str, Table], object]:
    folder = Path(place)
    tables: dict[str, Table] = {p.stem: p for p in sorted(folder.glob("*.parquet"))}
    return tables, load_study(next((folder / "inbox").glob("*/study.yaml")).parent)
