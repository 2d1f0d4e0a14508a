"""Inputs and numbers computed in R, beside the project; tests skip where they are absent."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "statistics"

needs_reference = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="reference numbers from R (../shared/data/statistics) are absent"
)


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def column(chosen: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([float(r[name]) for r in chosen])


def codes(chosen: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([int(r[name]) for r in chosen])


def competing(dataset: str) -> list[tuple[str, dict[str, str], float]]:
    """(statistic, key parts, value) of a data set in the table of competing-risk numbers."""
    with (FOLDER / "competing_risks_R.tsv").open(encoding="utf-8", newline="") as file:
        table = [r for r in csv.DictReader(file, delimiter="\t") if r["dataset"] == dataset]
    return [(r["statistic"], _parts(r["key"]), float(r["value"])) for r in table]


def _parts(key: str) -> dict[str, str]:
    """name=value parts; a name alone (the term of a model) has an empty value."""
    return {name: value for name, _, value in (part.partition("=") for part in key.split(";"))}


def same(got: float, want: float | None, tolerance: float = 1e-8) -> bool:
    """R's NA is our NaN."""
    return np.isnan(got) if want is None else abs(got - want) <= tolerance
