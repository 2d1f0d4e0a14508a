"""Disclosure control of lines with details, and of results that are shown whole or not at all.

A line of a table (a dose, a sign, an event, a drug, a covariate) has a leading count and details
beside it. If one of the details is small, or two counts of which one holds the other differ by
less than k, no detail of that line is printed: the leading count is judged alone. Courses over
time, and comparisons of cohorts, are printed whole or not at all. What is not named here is
unknown, and nothing of it is printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

Row = dict[str, Any]
ARM = ("STUDYID", "DATA_KIND", "COHORT", "SYSTEM", "BASIS")

COUNTED = frozenset({
    "subjects", "grade_distribution", "onset_cif", "onset_time", "time_to_maximum", "recovery_km",
    "recovery_cif", "duration", "interventions", "by_dose", "reconciliation", "crosstab",
    "difference", "signs", "events", "management", "recurrence", "risk_factors", "onset_windows",
    "meta",
})  # fmt: skip
"""Each count is judged alone, then with what stands beside it."""
WHOLE = frozenset({
    "state_occupation", "crs_days", "episodes_over_time", "recovery_by_grade", "lab_kinetics",
})  # fmt: skip
"""Shown only if no count, complement or difference of neighbours in time is small."""
COMPARED = frozenset({"adjusted", "sensitivity", "comparison", "grade_odds", "balance"})
"""As WHOLE, and only if no count of the compared cohorts is hidden."""
LEADING = ("subjects", "grade_distribution", "onset_cif")


class Family(NamedTuple):
    """Rows that stand on one line.

    Attributes:
        line: Columns that, with the arm, say which line.
        leads: Whether a row is the leading count.
        nested: Columns within which one count holds the other; null: none does.
    """

    line: tuple[str, ...]
    leads: Callable[[Row], bool]
    nested: tuple[str, ...] | None


def _never(row: Row) -> bool:
    del row
    return False


FAMILIES = {
    "by_dose": Family(
        ("GROUPVAR", "GROUP"), lambda r: r["VARIABLE"] in {"DOSED", "CRS"}, ("GROUP",)
    ),
    "signs": Family(
        ("GROUP",), lambda r: r["LEVEL"] == "any" and r["EPISODES"] == "all", ("VARIABLE",)
    ),
    "events": Family(
        ("GROUP",), lambda r: r["VARIABLE"] == "EVENT" and r["LEVEL"] == "any", ("GROUP",)
    ),
    "management": Family(("GROUP",), lambda r: r["RESULT"] == "interventions", ("DENOM",)),
    "recurrence": Family((), lambda r: r["VARIABLE"] == "RECURRENCE", None),
    "risk_factors": Family(("GROUPVAR",), _never, ("GROUP", "STAT")),
    "onset_windows": Family(("VARIABLE",), _never, ("GROUPVAR", "GROUP", "DENOM")),
    "meta": Family((), _never, None),
}


def closed_rows(
    rows: Sequence[Row], hidden: Sequence[bool], k: int, treated: dict[Hashable, int]
) -> list[bool]:
    """Which rows are withheld for what stands beside them, or because nobody knows them.

    Args:
        rows: Result rows.
        hidden: Whether each is hidden for its own count.
        k: The smallest count that is printed.
        treated: Treated subjects of each arm.
    """
    closed = [r["RESULT"] not in COUNTED | WHOLE | COMPARED for r in rows]
    for places, leads in (*_lines(rows, hidden, k), *_whole(rows, hidden, k)):
        for i in places:
            closed[i] = closed[i] or not leads(rows[i])
    for i in _by_grade(rows, hidden, k):
        closed[i] = True
    for i in _denominators(rows, hidden, k, treated):
        closed[i] = True
    return closed


def small(n: int | None, k: int) -> bool:
    """Whether a count is one that is not printed."""
    return n is not None and 0 < n < k


def _arm(row: Row) -> tuple[Hashable, ...]:
    return tuple(row[c] for c in ARM)


def _lines(
    rows: Sequence[Row], hidden: Sequence[bool], k: int
) -> Iterator[tuple[list[int], Callable[[Row], bool]]]:
    """Lines of which a detail must not be printed, with what leads them."""
    lines: dict[Hashable, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        name = row["RESULT"]
        if name in FAMILIES:
            family = FAMILIES[name]
            lines[name, _arm(row), tuple(row[c] for c in family.line)].append(i)
        elif name == "interventions":
            lines["management", _arm(row), (row["LEVEL"],)].append(i)
    for key, places in lines.items():
        family = FAMILIES[key[0]]  # type: ignore[index]
        if any(hidden[i] for i in places) or _revealing(rows, places, family.nested, k):
            yield places, family.leads


def _revealing(
    rows: Sequence[Row], places: Sequence[int], nested: tuple[str, ...] | None, k: int
) -> bool:
    """Whether two counts of one line differ by so little that the rest is small."""
    if nested is None:
        return False
    counts: dict[Hashable, set[int]] = defaultdict(set)
    for i in places:
        row = rows[i]
        if row["EVENTS"] is not None and row["STAT"] in {"n", "proportion", "risk_difference"}:
            counts[tuple(row[c] for c in nested)].add(row["EVENTS"])
    return any(_close(sorted(found), k) for found in counts.values())


def _close(counts: Sequence[int], k: int) -> bool:
    return any(small(after - before, k) for before, after in pairwise(counts) if before)


def _whole(
    rows: Sequence[Row], hidden: Sequence[bool], k: int
) -> Iterator[tuple[list[int], Callable[[Row], bool]]]:
    """Results over time and comparisons that are not printed."""
    found: dict[Hashable, list[int]] = defaultdict(list)
    apart = {(*_arm(r)[:2], *_arm(r)[3:]) for r, h in zip(rows, hidden, strict=True) if h and
             r["RESULT"] in LEADING and r["GROUPVAR"] is None}  # fmt: skip
    for i, row in enumerate(rows):
        if row["RESULT"] in WHOLE | COMPARED:
            found[row["RESULT"], _arm(row)].append(i)
        elif row["RESULT"] == "difference" and row["UNIT"] == "days":
            # Mean days differ by what is counted in both cohorts, not by one count.
            found["comparison", (*_arm(row), "days")].append(i)
    for (name, arm), places in found.items():  # type: ignore[misc]
        pair = (*arm[:2], *arm[3:5])
        unsafe = name in COMPARED and pair in apart
        if unsafe or any(hidden[i] for i in places) or _steps(rows, places, k):
            yield places, _never


def _steps(rows: Sequence[Row], places: Sequence[int], k: int) -> bool:
    """Whether a count changes by fewer than k from one time to the next."""
    columns = ("ESTIMAND", "VARIABLE", "GROUPVAR", "GROUP", "LEVEL", "STAT", "CLOCK")
    series: dict[Hashable, list[tuple[float, int]]] = defaultdict(list)
    for i in places:
        row = rows[i]
        if row["TIME"] is not None:
            count = row["N"] if row["EVENTS"] is None else row["EVENTS"]
            series[tuple(row[c] for c in columns)].append((row["TIME"], count))
    for points in series.values():
        counts = [count for _, count in sorted(points)]
        if any(small(abs(b - a), k) for a, b in pairwise(counts)):
            return True
    return False


def _by_grade(rows: Sequence[Row], hidden: Sequence[bool], k: int) -> list[int]:
    """Groups by maximum grade repeat the distribution of grades: none where one is hidden."""
    groups = [i for i, r in enumerate(rows) if r["GROUPVAR"] == "MAXGRADE"]
    exact = {
        _arm(r)
        for r, h in zip(rows, hidden, strict=True)
        if h and r["RESULT"] == "grade_distribution" and r["GROUPVAR"] is None
    }
    exact |= {_arm(rows[i]) for i in groups if hidden[i] or small(rows[i]["N"], k)}
    return [i for i in groups if _arm(rows[i]) in exact]


def _denominators(
    rows: Sequence[Row], hidden: Sequence[bool], k: int, treated: dict[Hashable, int]
) -> list[int]:
    """Rows whose denominator is a hidden count, or leaves out fewer than k treated subjects."""
    sets = {
        r["SET_EVENTS"]
        for r, h in zip(rows, hidden, strict=True)
        if h and r["SET_EVENTS"] and r["STAT"] in {"n", "proportion"}
    }
    out: list[int] = []
    for i, row in enumerate(rows):
        if row["RESULT"] in {"reconciliation", "crosstab"}:
            continue
        total = treated.get(_arm(row))
        few = total is not None and small(total - row["N"], k)
        if few or (row["SET_N"] and row["SET_N"] in sets):
            out.append(i)
    return out
