"""The benchmark suite: how long things take here, and how well the engine finds a known truth.

    python -m benchmarks.suite [study truth ingest catch gaps grading coverage] [--rows N ...]

Figures go into docs/benchmarks.md. Times are of one machine; ratios to a plain DuckDB job over the
same data travel better.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

from benchmarks import coverage
from benchmarks.apart import apart, peak_mib, timed
from benchmarks.catch import catch
from benchmarks.gaps import gaps
from benchmarks.grading import grading
from benchmarks.marked import write_marked
from benchmarks.truth import truth
from pipeline.ingest.drop import ingest_drop
from pipeline.simulate.profiles import simulate
from pipeline.study import load_study

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "benchmarks.md"


def main(argv: list[str] | None = None) -> int:
    """Run the named parts, by default all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.suite", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    parser.add_argument("--rows", type=int, nargs="*", default=[100_000, 1_000_000, 10_000_000])
    options = parser.parse_args(argv)
    for name in options.parts or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            text = PARTS[name](Path(folder), options.rows)
        write_marked(REPORT, name, text)
        print(text, flush=True)
    return 0


def ingest(folder: Path, rows: list[int]) -> str:
    """Seconds to read and validate a VS file, beside DuckDB just converting it to Parquet."""
    lines = [
        "| VS rows (CSV) | ingest, s | peak memory over start, MiB | conversion alone, s | ratio |"
    ]
    lines.append("|---:|---:|---:|---:|---:|")
    for n in [r for r in rows if r <= 1_000_000]:
        place = folder / str(n)
        count, done = apart(repeat_vitals, place, n), apart(read_drop, place)
        lines.append(
            f"| {count:,} | {done['s']:.1f} | {done['mib']:,.0f} "
            f"| {done['scan']:.1f} | {done['s'] / done['scan']:.1f} |"
        )
    return "\n".join(lines)


def repeat_vitals(place: str, n: str) -> int:
    """Write a drop whose VS has about n rows."""
    drop = simulate("clean", Path(place), seed=5)[0]
    vs = pl.read_csv(drop / "vs.csv", infer_schema_length=0)
    times = max(1, round(int(n) / vs.height))
    seq = pl.int_range(1, pl.len() + 1).cast(pl.String).alias("VSSEQ")
    pl.concat([vs] * times).with_columns(seq).write_csv(drop / "vs.csv")
    return vs.height * times


def read_drop(place: str) -> dict[str, float]:
    """Ingest what repeat_vitals wrote; then let DuckDB convert the same file."""
    drop = next(Path(place).glob("*/study.yaml")).parent
    study = load_study(drop)
    before = peak_mib()
    seconds = timed(lambda: ingest_drop(drop, study))
    mib = peak_mib() - before
    copy = f"copy (from '{drop / 'vs.csv'}') to '{Path(place) / 'vs.parquet'}'"
    return {"s": seconds, "mib": mib, "scan": timed(lambda: duckdb.connect().execute(copy))}


def study(folder: Path, _rows: list[int]) -> str:
    """One study of about 110 subjects by `crsight run`: first run, then one with nothing new."""
    drop = simulate("demo", folder / "all", seed=1)[0]
    inbox = folder / "inbox"
    inbox.mkdir()
    drop.rename(inbox / drop.name)
    run = ["-m", "pipeline.cli", "run", "--inbox", str(inbox), "--home", str(folder / "home")]
    imports = ["-c", "import dagster, polars, duckdb, lifelines, plotly, dataframely"]
    lines = ["| what | s |", "|---|---:|"]
    for what, words in (
        ("interpreter and imports alone", imports),
        ("first run, all stages and pages", run),
        ("second run, nothing changed", run),
    ):
        seconds = timed(
            lambda w=words: subprocess.run(
                [sys.executable, *w], cwd=ROOT, check=True, capture_output=True
            )
        )
        lines.append(f"| {what} | {seconds:.1f} |")
    return "\n".join(lines)


PARTS: dict[str, Callable[[Path, list[int]], str]] = {
    "study": study,
    "truth": truth,
    "catch": catch,
    "coverage": coverage.report,
    "ingest": ingest,
    "gaps": gaps,
    "grading": grading,
}

if __name__ == "__main__":
    sys.exit(main())
