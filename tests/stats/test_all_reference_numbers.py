"""Every number of R's files has ours beside it: none is left out, none is claimed in vain."""

import csv
import math

import pytest

from tests.stats.reference import FOLDER, expected, needs_reference
from tests.stats.reference_competing import competing_table, edge, mgus2
from tests.stats.reference_numbers import agrees, veteran

OURS = {"veteran_expected.json": veteran, "mgus2_expected.json": mgus2, "edge_expected.json": edge}
DATASETS = ("mgus2_cr", "mets_bmt", "Melanoma")
# What says which number stands beside it.
NAMES = {"t", "p", "tau", "term", "contrast", "cause"}
NOT_OURS = {
    "concordance/C": "how well covariates order subjects is not a quantity of this product",
    "concordance/se(C)": "the same",
}
# crr stops up to 2e-6 before its maximum unless told otherwise; all else is 1e-8.
TOLERANCE = {"finegray_coef": 2e-6, "finegray_se": 1e-6}


def leaves(node, path=""):
    children = node.items() if isinstance(node, dict) else enumerate(node)
    for key, child in children:
        name = f"{path}/{key}" if path else str(key)
        if isinstance(child, dict | list):
            yield from leaves(child, name)
        else:
            yield name, child


def wanted(file):
    """Leaves that are numbers of statistics."""
    for name, value in leaves(expected(file)):
        described = name.startswith("meta/") and name != "meta/n_time_le_0"
        # "p" is a probability to look up in a list of quantiles and a P value elsewhere.
        last = name.rpartition("/")[2]
        told = last in NAMES and not (last == "p" and "quantiles" not in name)
        if not described and not told and "/".join(name.split("/")[-2:]) not in NOT_OURS:
            yield name, value


@needs_reference
@pytest.mark.parametrize("file", OURS)
def test_each_number_of_a_file_is_ours_too(file):
    got, want = OURS[file](), dict(wanted(file))
    assert set(want) - set(got) == set(), "numbers of R without ours"
    assert set(got) - set(want) == set(), "ours without a number of R"
    assert {
        name: (got[name], want[name]) for name in want if not agrees(got[name], want[name])
    } == {}


@needs_reference
@pytest.mark.parametrize("dataset", DATASETS)
def test_each_number_of_the_table_of_competing_risks_is_ours_too(dataset):
    with (FOLDER / "competing_risks_R.tsv").open(encoding="utf-8", newline="") as file:
        table = [r for r in csv.DictReader(file, delimiter="\t") if r["dataset"] == dataset]
    want = {f"{r['statistic']} {r['key']}": float(r["value"]) for r in table}
    got = competing_table(dataset)
    assert set(want) == set(got)
    apart = {
        name: (got[name], value)
        for name, value in want.items()
        if not agrees(got[name], value, TOLERANCE.get(name.split()[0], 1e-8))
    }
    assert apart == {}


@needs_reference
def test_no_file_of_reference_numbers_is_left_out():
    known = {*OURS, "competing_risks_R.tsv"}
    data = {"veteran.csv", "mgus2.csv", "edge.csv"} | {f"{d}.csv" for d in DATASETS}
    assert {p.name for p in FOLDER.iterdir()} == known | data
    with (FOLDER / "competing_risks_R.tsv").open(encoding="utf-8", newline="") as file:
        assert {r["dataset"] for r in csv.DictReader(file, delimiter="\t")} == set(DATASETS)


def test_the_comparison_sees_a_small_p_that_is_0_and_a_missing_number():
    assert agrees(1.0e-71, 1.00001e-71)
    assert not agrees(0.0, 1e-71)
    assert not agrees(0.5 + 2e-8, 0.5)
    assert agrees(math.nan, None)
    assert not agrees(math.nan, 0.5)
    assert not agrees(0.5, None)
