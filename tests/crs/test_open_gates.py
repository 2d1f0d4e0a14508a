from __future__ import annotations

import polars as pl

from pipeline.query import Query

SCHEMA = {
    "USUBJID": pl.String, "EPISEQ": pl.Int64, "LADDER": pl.String, "GATERANK": pl.Int64,
    "START": pl.Int64, "END": pl.Int64,
}  # fmt: skip


def stretches(*rows):
    gates = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    with Query({"gates": gates}) as query:
        made = query.run("crs", "open_gates")
    return made.select("USUBJID", "EPISEQ", "GATERANK", "START", "END").rows()


def test_gates_that_touch_or_overlap_are_one_stretch_and_a_gap_parts_them():
    assert stretches(
        ("A", 1, "fever_gate", 1, 0, 10),
        ("A", 1, "fever_gate", 3, 10, 30),
        ("A", 1, "fever_gate", 1, 5, 20),
        ("A", 1, "fever_gate", 1, 31, 40),
    ) == [("A", 1, 1, 0, 30), ("A", 1, 1, 31, 40)]


def test_a_gate_within_a_longer_one_does_not_end_it():
    assert stretches(
        ("A", 1, "fever_gate", 2, 0, 100),
        ("A", 1, "fever_gate", 1, 10, 20),
        ("A", 1, "fever_gate", 1, 50, 60),
    ) == [("A", 1, 1, 0, 100)]


def test_episodes_and_subjects_stay_apart():
    assert stretches(
        ("A", 1, "fever_gate", 1, 0, 10),
        ("A", 2, "fever_gate", 1, 5, 20),
        ("B", 1, "fever_gate", 1, 8, 9),
    ) == [("A", 1, 1, 0, 10), ("A", 2, 1, 5, 20), ("B", 1, 1, 8, 9)]
