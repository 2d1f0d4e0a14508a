"""Disclosure control of curves: no step and no column that gives away fewer than k subjects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import Any

_CURVE = (
    "STUDYID", "DATA_KIND", "COHORT", "SYSTEM", "BASIS", "RESULT", "ESTIMAND", "VARIABLE",
    "GROUPVAR", "GROUP",
)  # fmt: skip
Extend = Callable[[Sequence[int], list[Any], int, Sequence[int]], bool]


def hide_curves(rows: Sequence[dict[str, Any]], state: list[Any], k: int, extend: Extend) -> None:
    """Withhold steps that give away fewer than k, and counts of the table that could be worked out.

    Args:
        rows: Result rows.
        state: Their states so far, changed here.
        k: The smallest count that is printed.
        extend: Withholds more counts of one total.
    """
    curves: dict[Hashable, list[int]] = defaultdict(list)
    columns: dict[Hashable, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        key = tuple(row[c] for c in _CURVE)
        if row["TIME"] is not None and row["LEVEL"] in {"curve", "landmark"}:
            curves[key].append(i)
        elif row["LEVEL"] == "risk_table":
            columns[*key, row["TIME"]].append(i)
    for places in curves.values():
        _thin(rows, state, places, k)
    for places in columns.values():
        part = [state[i] for i in places]
        keep = [j for j, i in enumerate(places) if rows[i]["STAT"] == "n_at_risk"]
        extend([rows[i]["EVENTS"] for i in places], part, k, keep)
        for i, new in zip(places, part, strict=True):
            state[i] = new


def _thin(rows: Sequence[dict[str, Any]], state: list[Any], places: list[int], k: int) -> None:
    """Drop steps that lie fewer than k events from the one before or the landmark after them."""
    fixed = [i for i in places if rows[i]["LEVEL"] == "landmark" and state[i] == "shown"]
    last = 0
    for i in sorted(places, key=lambda i: (rows[i]["TIME"], rows[i]["LEVEL"] != "landmark")):
        events = rows[i]["EVENTS"] or 0
        if state[i] != "shown":
            continue
        if i in fixed:
            last = events
            continue
        later = [rows[j]["EVENTS"] for j in fixed if rows[j]["TIME"] >= rows[i]["TIME"]]
        gaps = [events - last, *(n - events for n in later[:1])]
        if any(0 < gap < k for gap in gaps):
            state[i] = "withheld"
        else:
            last = events
