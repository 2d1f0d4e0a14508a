"""Runs the command line as its user would, in a process of its own."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import polars as pl

REPO = Path(__file__).resolve().parents[2]
SHARED = REPO.parent / "shared" / "data"
NO_SHARED = "needs the folder `shared` beside the repository"


def crsight(
    *words: str | Path, code: int = 0, seconds: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run `crsight WORDS`; its exit code must be CODE."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *map(str, words)],
        cwd=REPO, capture_output=True, text=True, check=False, timeout=seconds,
    )  # fmt: skip
    assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def table(name: str, home: Path, study: str) -> pl.DataFrame:
    """`crsight table NAME` as a frame of text and numbers."""
    out = crsight("table", name, "--home", home, "--study", study, "--format", "csv").stdout
    return pl.read_csv(io.StringIO(out), infer_schema_length=None)
