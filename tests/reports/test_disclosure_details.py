"""Typed rows: what stands beside a hidden count must not give it back."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.disclosure import disclose
from reports.disclosure_details import COMPARED, COUNTED, WHOLE
from tests.reports.courses import frame

ANALYSES = Path(__file__).resolve().parents[2] / "pipeline" / "stats" / "analyses"
ARM = {
    "STUDYID": "S", "DATA_KIND": "test", "COHORT": "car_t", "SYSTEM": "ASTCT2019",
    "BASIS": "derived", "POPULATION": "treated", "UNIT": "fraction", "METHOD": "typed",
    "STATUS": "ok", "STAT": "proportion", "DENOM": "treated subjects", "PLANVER": "test",
}  # fmt: skip
TREATED = {
    "RESULT": "subjects", "VARIABLE": "treated", "STAT": "n", "N": 100, "EVENTS": 100,
    "SET_N": "all", "SET_EVENTS": "all",
}  # fmt: skip


def _shown(*rows: dict[str, Any], k: int = 5) -> list[bool]:
    """Whether each of the rows is shown; all subjects treated come first."""
    full = [
        ARM | {"RESULTID": str(i), "SET_N": "all", "VALUE": 0.5} | row
        for i, row in enumerate([TREATED, *rows])
    ]
    made = disclose(frame("results", full), k)
    hidden = made.filter(pl.col("STATUS") == "suppressed")
    for column in ("VALUE", "EVENTS", "SET_N", "SET_EVENTS"):
        assert hidden[column].null_count() == hidden.height
    return [status != "suppressed" for status in made["STATUS"].to_list()[1:]]


def test_a_result_that_nobody_registered_is_withheld_with_its_denominator():
    row = ARM | {"RESULTID": "1", "RESULT": "news", "VARIABLE": "X", "N": 100, "EVENTS": 50}
    made = disclose(frame("results", [row]), 5).to_dicts()[0]
    assert (made["STATUS"], made["REASON"], made["N"]) == ("suppressed", "withheld", None)


def test_every_result_that_the_analyses_make_is_registered():
    text = "\n".join(p.read_text(encoding="utf-8") for p in sorted(ANALYSES.glob("*.py")))
    made = set(re.findall(r'\bRow\(\s*"([a-z_]+)"', text))
    assert len(made) > 20
    assert made <= COUNTED | WHOLE | COMPARED


def _dose(variable: str, events: int, **other: Any) -> dict[str, Any]:
    row = {"RESULT": "by_dose", "VARIABLE": variable, "GROUPVAR": "DOSESEQ", "GROUP": "1"}
    return row | {"N": 100, "EVENTS": events, "SET_EVENTS": f"{variable}{events}"} | other


@pytest.mark.parametrize(
    ("crs", "second", "expected"),
    [
        (40, 20, [True, True]),
        (40, 37, [True, False]),  # three of grade 1 would follow
        (40, 35, [True, True]),  # five
        (40, 40, [True, True]),
        (40, 3, [True, False]),
        (40, 0, [True, True]),
    ],
)
def test_grades_after_a_dose_are_details_of_its_crs(crs, second, expected):
    assert _shown(_dose("CRS", crs), _dose("CRS_G2", second)) == expected


def test_one_small_detail_hides_the_others_of_its_line_but_not_of_another():
    rows = [
        _dose("CRS", 40), _dose("CRS_G2", 20), _dose("CRS_G3", 2),
        _dose("CRS", 50, GROUP="2"), _dose("CRS_G2", 20, GROUP="2", SET_EVENTS="other"),
    ]  # fmt: skip
    assert _shown(*rows) == [True, False, False, True, True]


def test_a_drug_for_crs_next_to_all_who_got_it():
    total = {"RESULT": "interventions", "VARIABLE": "CLASS", "LEVEL": "steroid"}
    part = {"RESULT": "management", "VARIABLE": "GIVEN", "GROUPVAR": "CLASS", "GROUP": "steroid"}
    rows = [
        total | {"N": 100, "EVENTS": 40, "SET_EVENTS": "a"},
        part | {"N": 100, "EVENTS": 38, "SET_EVENTS": "b", "LEVEL": "treatment"},  # two without
    ]
    assert _shown(*rows) == [True, False]


def test_a_hidden_count_is_not_printed_as_a_denominator():
    total = {"RESULT": "interventions", "VARIABLE": "CLASS", "LEVEL": "tocilizumab"}
    part = {"RESULT": "management", "VARIABLE": "N_DOSES", "GROUPVAR": "CLASS"}
    rows = [
        # 38 of 40 with CRS: two did not get it.
        total | {"N": 40, "EVENTS": 38, "SET_N": "crs", "SET_EVENTS": "toci"},
        total | {"N": 100, "EVENTS": 38, "SET_EVENTS": "toci"},
        part | {"N": 38, "EVENTS": 19, "SET_N": "toci", "SET_EVENTS": "one", "GROUP": "other"},
    ]
    assert _shown(*rows) == [False, False, False]


def test_a_denominator_that_leaves_out_a_few_is_withheld():
    row = {"RESULT": "recovery_km", "VARIABLE": "TTREC", "LEVEL": "landmark", "TIME": 7.0}
    few = row | {"N": 97, "EVENTS": 40, "SET_N": "crs"}  # three had no CRS
    assert _shown(few) == [False]
    assert _shown(few | {"N": 95}) == [True]


def test_a_covariate_with_a_small_level_is_withheld_whole():
    row = {"RESULT": "risk_factors", "VARIABLE": "MAXGRADE", "LEVEL": ">=1"}
    rows = [
        row | {"GROUPVAR": "HLH", "GROUP": "N", "N": 70, "EVENTS": 40, "SET_N": "n"},
        row | {"GROUPVAR": "HLH", "GROUP": "Y", "N": 3, "EVENTS": 0, "SET_N": "y"},
        row | {"GROUPVAR": "SEX", "GROUP": "F", "N": 50, "EVENTS": 25, "SET_N": "f"},
    ]
    assert _shown(*rows) == [False, False, True]


def _state(day: int, events: int, level: str = "recovered") -> dict[str, Any]:
    return {
        "RESULT": "state_occupation", "VARIABLE": "STATE", "STAT": "probability", "LEVEL": level,
        "TIME": float(day), "N": 100, "EVENTS": events, "SET_EVENTS": f"{level}{day}",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([0, 10, 20], True),
        ([0, 10, 13], False),  # three recovered from one day to the next
        ([0, 3, 10], False),
        ([10, 10, 10], True),
        ([60, 80, 97], False),  # three are in another state
    ],
)
def test_states_by_day_are_shown_whole_or_not_at_all(counts, shown):
    rows = [_state(day, n) for day, n in enumerate(counts, 1)]
    assert _shown(*rows) == [shown] * len(counts)


def test_one_small_state_hides_all_states():
    assert _shown(_state(1, 50), _state(1, 2, "dead")) == [False, False]


GRADE = {
    "RESULT": "grade_distribution", "VARIABLE": "MAXGRADE", "N": 100, "LEVEL": ">=3",
}  # fmt: skip


@pytest.mark.parametrize(("severe", "shown"), [(20, True), (2, False)])
def test_an_adjusted_comparison_rests_on_both_cohorts(severe, shown):
    grade = GRADE | {"EVENTS": severe, "SET_EVENTS": "severe"}
    pair = {"RESULT": "adjusted", "VARIABLE": "TTCRS", "STAT": "cif_difference"}
    pair |= {"COHORT": "car_t - bispecific", "LEVEL": "landmark", "TIME": 7.0}
    pair |= {"N": 200, "EVENTS": 90, "SET_N": "both", "SET_EVENTS": "hits"}
    assert _shown(grade, pair) == [shown, shown]


@pytest.mark.parametrize(("severe", "shown"), [(20, True), (2, False)])
def test_a_difference_of_mean_days_rests_on_both_cohorts(severe, shown):
    grade = GRADE | {"EVENTS": severe, "SET_EVENTS": "severe"}
    pair = {"RESULT": "difference", "VARIABLE": "TTREC", "STAT": "rmst_difference"}
    pair |= {"COHORT": "car_t - bispecific", "UNIT": "days", "TIME": 14.0, "N": 120, "SET_N": "b"}
    assert _shown(grade, pair) == [shown, shown]


def test_groups_by_grade_are_withheld_where_a_grade_is():
    hidden = GRADE | {"EVENTS": 2, "LEVEL": "4", "SET_EVENTS": "four"}
    group = {"RESULT": "duration", "VARIABLE": "DURATION_D", "STAT": "median", "UNIT": "days"}
    group |= {"GROUPVAR": "MAXGRADE", "GROUP": "1", "N": 40, "EVENTS": 40, "SET_N": "one"}
    assert _shown(hidden, group) == [False, False]
    assert _shown(group) == [True]


@given(st.lists(st.integers(0, 100), min_size=1, max_size=4), st.integers(2, 11))
def test_shown_counts_of_one_event_never_differ_by_less_than_k(counts, k):
    rows = [
        {
            "RESULT": "events", "VARIABLE": "RELATION" if i else "EVENT", "GROUPVAR": "EVENT",
            "GROUP": "ICANS", "LEVEL": str(i) if i else "any", "N": 100, "EVENTS": n,
            "SET_EVENTS": f"e{n}" if n else None,
        }
        for i, n in enumerate(sorted(counts, reverse=True))
    ]  # fmt: skip
    shown = [n for n, s in zip(sorted(counts, reverse=True), _shown(*rows, k=k), strict=True) if s]
    gaps = [a - b for a, b in pairwise(shown)]
    assert all(gap == 0 or gap >= k or b == 0 for gap, b in zip(gaps, shown[1:], strict=False))
    assert not any(0 < n < k or 0 < 100 - n < k for n in shown)
