from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.disclosure import disclose, pair, suppress
from tests.reports.ard import results
from tests.reports.courses import Course, Sets, bispecific, car_t, frame


def _ard(courses, **other) -> pl.DataFrame:
    return frame("results", results("S", "test", dict(enumerate(courses, 1)), Sets(), **other))


def _grades(rows: pl.DataFrame, **equal) -> dict[str, dict]:
    found = rows.filter(pl.col("RESULT") == "grade_distribution")
    for column, value in ({"GROUP": None} | equal).items():
        found = found.filter(pl.col(column).eq_missing(pl.lit(value, pl.String)))
    return {r["LEVEL"]: r for r in found.to_dicts()}


def _with_grades(*counts: int) -> list[Course]:
    """So many subjects without CRS, of grade 1, of grade 2, ..."""
    out = [Course("car_t", "axi", None, None, None)] * counts[0]
    for grade, n in enumerate(counts[1:], start=1):
        out += [Course("car_t", "axi", 3, grade, 9)] * n
    return out


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8), st.integers(2, 12))
def test_no_hidden_count_can_be_worked_out_from_the_total(counts, k):
    state = suppress(counts, k)
    hidden = [n for n, s in zip(counts, state, strict=True) if s != "shown"]
    shown = [n for n, s in zip(counts, state, strict=True) if s == "shown"]
    assert not any(0 < n < k for n in shown)
    if hidden and shown:
        assert len(hidden) >= 2
        assert sum(hidden) >= k


@pytest.mark.parametrize(
    ("n", "total", "expected"),
    [
        (0, 80, "shown"),
        (1, 80, "small"),
        (4, 80, "small"),
        (5, 80, "shown"),
        (75, 80, "shown"),
        (76, 80, "large"),  # 4 of 80 are not among them
        (79, 80, "large"),
        (80, 80, "shown"),
        (3, 4, "small"),  # the denominator itself is small
    ],
)
def test_a_count_and_its_complement(n, total, expected):
    assert pair(n, total, 5) == expected


def test_min_cell_zero_changes_nothing():
    rows = _ard(car_t())
    assert disclose(rows, 0).equals(rows)


def test_small_grades_print_as_below_k_with_a_second_one_withheld():
    grades = _grades(disclose(_ard(_with_grades(19, 18, 40, 2, 1)), 5))
    assert [grades[x]["REASON"] for x in ("3", "4")] == ["<5", "<5"]
    assert grades["1"]["REASON"] == "withheld"  # 2 + 1 < 5, so the next smallest goes too
    assert grades["0"]["EVENTS"] == 19
    assert grades["2"]["EVENTS"] == 40
    assert grades[">=1"]["EVENTS"] == 61
    assert grades[">=3"]["REASON"] == "<5"
    # 43 would give grade 1 as 61 - 43.
    assert grades[">=2"]["REASON"] == "withheld"


def test_no_crs_is_withheld_only_after_the_grades():
    grades = _grades(disclose(_ard(_with_grades(13, 33, 18, 1)), 5))
    assert grades["0"]["EVENTS"] == 13
    assert grades["2"]["REASON"] == "withheld"


def test_everybody_but_a_few_prints_as_a_bound():
    grades = _grades(disclose(_ard(_with_grades(3, 40, 30)), 5))
    assert grades[">=1"]["REASON"] == ">68 of 73"
    assert grades["0"]["REASON"] == "<5"


def test_a_hidden_row_keeps_nothing_that_tells_the_count():
    shown = disclose(_ard(car_t()), 5).filter(pl.col("STATUS") == "suppressed")
    assert shown.height > 0
    for column in ("VALUE", "LOW", "HIGH", "EVENTS", "SET_N", "SET_EVENTS"):
        assert shown[column].null_count() == shown.height, column


@pytest.mark.parametrize("k", [2, 5, 11])
def test_no_small_count_is_left(k):
    shown = disclose(pl.concat([_ard(car_t()), _ard(bispecific())]), k)
    left = shown.filter((pl.col("EVENTS") > 0) & (pl.col("EVENTS") < k))
    assert left.is_empty()
    assert shown.filter((pl.col("N") > 0) & (pl.col("N") < k)).is_empty()


def test_products_do_not_give_back_what_their_cohort_shows():
    # Grade 3: 4 with axi, 6 with tisa, 10 in the cohort.
    courses = [Course("car_t", p, 3, g, 9) for p, g, n in _PRODUCTS for _ in range(n)]
    shown = disclose(_ard(courses, products=True), 5)
    assert _grades(shown)["3"]["EVENTS"] == 10
    axi, tisa = (_grades(shown, GROUPVAR="PRODUCT", GROUP=p) for p in ("axi", "tisa"))
    assert axi["3"]["REASON"] == "<5"
    assert tisa["3"]["REASON"] == "withheld"


_PRODUCTS = [
    *(("axi", 1, 20), ("axi", 2, 15), ("axi", 3, 4)),
    *(("tisa", 1, 20), ("tisa", 2, 15), ("tisa", 3, 6)),
]


def test_a_drug_is_hidden_under_both_denominators():
    # 30 of 32 with CRS got it: of all 60 treated that count alone would be harmless.
    courses = [Course("car_t", "axi", 3, 1, 9, toci=int(i >= 2)) for i in range(32)]
    courses += [Course("car_t", "axi", None, None, None)] * 28
    rows = disclose(_ard(courses), 5).filter(pl.col("RESULT") == "interventions")
    assert set(rows["STATUS"]) == {"suppressed"}


def test_steps_of_a_curve_never_tell_fewer_than_k():
    rows = disclose(_ard(car_t(60)), 5).filter(
        (pl.col("RESULT") == "onset_cif")
        & (pl.col("LEVEL") == "curve")
        & (pl.col("STATUS") == "ok")
    )
    steps = rows.sort("TIME")["EVENTS"].diff().drop_nulls().to_list()
    assert steps
    assert all(step == 0 or step >= 5 for step in steps)


def test_the_risk_table_cannot_be_completed_from_its_total():
    rows = disclose(_ard(car_t(60)), 5).filter(pl.col("LEVEL") == "risk_table")
    for column in rows.partition_by("RESULT", "TIME"):
        hidden = column.filter(pl.col("STATUS") == "suppressed").height
        assert hidden != 1


def test_episodes_that_are_left_out_cannot_be_worked_out_from_all():
    one = _ard(car_t()).filter(VARIABLE="treated").to_dicts()[0] | {
        "SET_N": None,
        "SET_EVENTS": None,
    }
    counts = {
        "recorded_episodes": 61, "n_episodes": 40, "grade_0_episodes": 2, "ungraded_episodes": 12,
        "pre_dose_episodes": 7, "episodes_after_follow_up": 0,
    }  # fmt: skip
    rows = [
        one
        | {"VARIABLE": name, "UNIT": "episodes", "DENOM": "recorded episodes", "EVENTS": n, "N": 61}
        for name, n in counts.items()
    ]
    shown = disclose(frame("results", rows), 5)
    said = dict(
        shown.select("VARIABLE", pl.col("EVENTS").cast(str).fill_null(pl.col("REASON"))).rows()
    )
    assert said == {
        "recorded_episodes": "61", "n_episodes": "40", "grade_0_episodes": "<5",
        "ungraded_episodes": "12", "pre_dose_episodes": "withheld",
        "episodes_after_follow_up": "0",
    }  # fmt: skip
