"""Seconds and memory to ingest a VS file, beside DuckDB that just converts the file to Parquet."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.apart import apart, peak_mib, timed
from pipeline.ingest.drop import ingest_drop
from pipeline.query import threads
from pipeline.simulate.profiles import simulate
from pipeline.study import load_study

HEAD = (
    "| VS rows (CSV) | MiB | ingest, s | peak memory over start, MiB "
    "| DuckDB converts it, s | its peak memory, MiB | ratio of s | of memory |",
    "|---:|---:|---:|---:|---:|---:|---:|---:|",
)


def ingest(folder: Path, rows: list[int]) -> str:
    """The table."""
    lines = list(HEAD)
    for n in rows:
        place = folder / str(n)
        count = apart(repeat_vitals, place, n)
        size = (_drop(str(place)) / "vs.csv").stat().st_size / 1024**2
        done, plain = apart(read_drop, place), apart(convert, place)
        lines.append(
            f"| {count:,} | {size:,.0f} | {done['s']:.1f} | {done['mib']:,.0f} "
            f"| {plain['s']:.1f} | {plain['mib']:,.0f} "
            f"| {done['s'] / plain['s']:.1f} | {done['mib'] / plain['mib']:.1f} |"
        )
        shutil.rmtree(place)
    return "\n".join(lines)


def repeat_vitals(place: str, n: str) -> int:
    """Write a drop whose VS has about n rows: each subject's come again and again to the end."""
    drop, *others = simulate("clean", Path(place), seed=5)
    for other in others:
        shutil.rmtree(other)
    vs = pl.read_csv(drop / "vs.csv", infer_schema_length=0)
    times = max(1, round(int(n) / vs.height))
    with (drop / "vs.csv").open("wb") as file:
        for at in range(times):
            first = at * vs.height + 1
            seq = pl.int_range(first, first + pl.len()).cast(pl.String).alias("VSSEQ")
            vs.with_columns(seq).write_csv(file, include_header=not at)
    return vs.height * times


def read_drop(place: str) -> dict[str, float]:
    """Ingest what repeat_vitals wrote, as the lake lets it."""
    drop = _drop(place)
    described, spill = load_study(drop), Path(place) / "spill"
    spill.mkdir()
    before = peak_mib()
    seconds = timed(lambda: ingest_drop(drop, described, spill))
    return {"s": seconds, "mib": peak_mib() - before}


def convert(place: str) -> dict[str, float]:
    """Let DuckDB convert the same file."""
    copy = f"copy (from '{_drop(place) / 'vs.csv'}') to '{Path(place) / 'vs.parquet'}'"
    before = peak_mib()
    seconds = timed(lambda: duckdb.connect(config={"threads": threads()}).execute(copy))
    return {"s": seconds, "mib": peak_mib() - before}


def _drop(place: str) -> Path:
    return next(Path(place).glob("*/vs.csv")).parent
