"""Every number of validation/expected.json (computed in R) against ours, to stated tolerances."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache

import numpy as np
import pytest

from tests.validation import curves, episodes, grades, hazards, occupation, odds, weighted
from tests.validation.subjects import FOLDER, Numbers

EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))["numbers"]
PACKAGES = ("survival", "cmprsk", "MASS", "jsonlite")


@cache
def ours() -> Numbers:
    made: Numbers = {}
    for part in (curves, weighted, hazards, episodes, occupation, grades, odds):
        for quantity, values in part.ours().items():
            made.setdefault(quantity, {}).update(values)
    return made


@cache
def tolerances() -> dict[str, float]:
    """Quantity and tolerance: first and last column of the table of validation/README.md."""
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    table = page.partition("| quantity |")[2].partition("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in table]
    return {row[0]: float(row[-1]) for row in rows}


def differences(got: dict[str, float], want: dict[str, float | None], tolerance: float):
    """Names of numbers that are further apart than the tolerance, relative above 1."""
    assert sorted(got) == sorted(want)
    for name, value in want.items():
        mine = got[name]
        if value is None or np.isnan(mine):
            if not (value is None and np.isnan(mine)):
                yield name, mine, value
        elif not abs(mine - value) <= tolerance * max(1.0, abs(value)):
            yield name, mine, value


@pytest.mark.parametrize("quantity", sorted(EXPECTED))
def test_ours_agree_with_r(quantity):
    assert not list(differences(ours()[quantity], EXPECTED[quantity], tolerances()[quantity]))


def test_the_page_names_every_quantity():
    assert sorted(tolerances()) == sorted(EXPECTED) == sorted(ours())


def test_a_difference_above_the_tolerance_or_a_missing_number_is_seen():
    assert list(differences({"a": 1.0}, {"a": 1.0 + 2e-8}, 1e-8))
    assert list(differences({"a": float("nan")}, {"a": 0.5}, 1e-8))
    assert list(differences({"a": 0.5}, {"a": None}, 1e-8))
    assert not list(differences({"a": 0.5, "b": float("nan")}, {"a": 0.5, "b": None}, 1e-8))


def _missing() -> str | None:
    """What of R is not here, or null."""
    program = shutil.which("Rscript")
    if program is None:
        return "Rscript is not installed"
    ask = "cat(Filter(function(p) !requireNamespace(p, quietly = TRUE), commandArgs(TRUE)))"
    done = subprocess.run(
        [program, "-e", ask, *PACKAGES], capture_output=True, text=True, check=True
    )
    return f"R has no package {done.stdout}" if done.stdout.strip() else None


def test_r_still_gives_the_committed_numbers(tmp_path):
    missing = _missing()
    if missing:
        pytest.skip(missing)
    output = tmp_path / "fresh.json"
    subprocess.run(["Rscript", str(FOLDER / "reference.R"), str(output)], check=True, timeout=120)
    fresh = json.loads(output.read_text(encoding="utf-8"))["numbers"]
    assert sorted(fresh) == sorted(EXPECTED)
    for quantity, values in fresh.items():
        got = {k: float("nan") if v is None else v for k, v in values.items()}
        # What an optimiser found (tolerance above 1e-8) may differ with the machine's arithmetic.
        tolerance = tolerances()[quantity] if tolerances()[quantity] > 1e-8 else 1e-9
        assert not list(differences(got, EXPECTED[quantity], tolerance))
