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

from benchmarks import coverage
from benchmarks.apart import timed
from benchmarks.catch import catch
from benchmarks.gaps import gaps
from benchmarks.grading import grading
from benchmarks.ingest import ingest
from benchmarks.marked import write_marked
from benchmarks.truth import truth
from pipeline.simulate.profiles import simulate

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "benchmarks.md"


def main(argv: list[str] | None = None) -> int:
    """Run the named parts, by default all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.suite", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    parser.add_argument("--rows", type=int, nargs="*", default=None)
    options = parser.parse_args(argv)
    for name in options.parts or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            text = PARTS[name](Path(folder), options.rows or ROWS.get(name, []))
        write_marked(REPORT, name, text)
        print(text, flush=True)
    return 0


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

ROWS = {
    "ingest": [100_000, 1_000_000, 20_000_000],
    "grading": [100_000, 1_000_000, 10_000_000],
}

if __name__ == "__main__":
    sys.exit(main())
