"""The benchmark suite: how long things take here, and how well the engine finds a known truth.

    python -m benchmarks.suite [load study truth ingest catch gaps grading coverage] [--rows N ...]

Figures go into docs/benchmarks.md. Times are of one machine; ratios to a plain DuckDB job over the
same data travel better.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import coverage
from benchmarks.catch import catch
from benchmarks.gaps import gaps
from benchmarks.grading import grading
from benchmarks.ingest import ingest
from benchmarks.load import load
from benchmarks.marked import write_marked
from benchmarks.nights import nights
from benchmarks.study import pages, study
from benchmarks.truth import truth

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


PARTS: dict[str, Callable[[Path, list[int]], str]] = {
    "load": load,
    "study": study,
    "pages": pages,
    "nights": nights,
    "truth": truth,
    "catch": catch,
    "coverage": coverage.report,
    "ingest": ingest,
    "gaps": gaps,
    "grading": grading,
}

ROWS = {
    "pages": [5_000],
    "nights": [200],
    "ingest": [100_000, 1_000_000, 20_000_000],
    "grading": [100_000, 1_000_000, 10_000_000],
}

if __name__ == "__main__":
    sys.exit(main())
