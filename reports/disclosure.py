"""Disclosure control: small counts leave the rows before anything is printed or drawn.

Rule: with `min_cell` k, a count of 1 to k-1 prints as "<k" and its share not at all; a count whose
complement in its printed denominator N is that small prints as ">N-k of N". In a group of counts
that add up to a printed total, further counts are withheld until at least two are hidden and the
hidden ones add up to k or more, so that none can be worked out. A curve is drawn only at steps
where at least k subjects had the event since the last one drawn. Everything downstream (tables,
figures, downloads, lists of subjects) sees only rows that went through `disclose`. The same
subjects under another statistic are hidden with it, and so is all that has them as denominator.
Details of a line and courses over time: `disclosure_details`; a RESULT that is named nowhere is
withheld whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Literal

import polars as pl

from reports.disclosure_curves import hide_curves
from reports.disclosure_details import closed_rows
from reports.disclosure_words import without_counts

Shown = Literal["shown", "small", "large", "withheld"]
Row = dict[str, Any]

WITHHELD = "withheld"
EXACT = ("0", "1", "2", "3", "4", "5", "NA")
_ARM = ("STUDYID", "DATA_KIND", "COHORT", "SYSTEM", "BASIS")
_PAIR = ("STUDYID", "DATA_KIND", "SYSTEM", "BASIS", "VARIABLE", "LEVEL", "TIME")


def disclose(results: pl.DataFrame, k: int) -> pl.DataFrame:
    """The rows with small counts taken out: STATUS suppressed, REASON "<k" or "withheld".

    Args:
        results: Rows of the results table, with the values of one publication.
        k: The smallest count that is printed; 0 or 1 shows everything.
    """
    if k <= 1 or results.is_empty():
        return results
    rows = results.to_dicts()
    state = _binary(rows, k)
    before: list[Shown] = []
    while state != before:
        before = list(state)
        _hide_grades(rows, state, k)
        _hide_episodes(rows, state, k)
        _share(rows, state)
    closed = closed_rows(rows, [s != "shown" for s in state], k, _treated(rows))
    hide_curves(rows, state, k, extend)
    for i, shut in enumerate(closed):
        state[i] = "withheld" if shut and state[i] == "shown" else state[i]
    _hide_differences(rows, state)
    no_total = [c or 0 < r["N"] < k for c, r in zip(closed, rows, strict=True)]
    return _blank(results, state, no_total, k)


def _treated(rows: Iterable[Row]) -> dict[Hashable, int]:
    return {
        tuple(r[c] for c in _ARM): r["N"]
        for r in rows
        if r["RESULT"] == "subjects" and r["VARIABLE"] == "treated"
    }


def suppress(counts: Sequence[int], k: int) -> list[Shown]:
    """Which of the counts of one printed total may be shown.

    >>> suppress([19, 18, 40, 2, 1], 5)
    ['shown', 'withheld', 'shown', 'small', 'small']
    >>> suppress([3, 4, 20], 5)
    ['small', 'small', 'shown']
    """
    state: list[Shown] = ["small" if 0 < n < k else "shown" for n in counts]
    extend(counts, state, k)
    return state


def extend(counts: Sequence[int], state: list[Shown], k: int, keep: Sequence[int] = ()) -> bool:
    """Withhold more counts of one total until no hidden one can be worked out; true if any was.

    Args:
        counts: Counts that add up to a total which is printed or known.
        state: Their states so far, changed here.
        k: The smallest count that is printed.
        keep: Places that are given up only after the others.
    """
    places = [i for i, s in enumerate(state) if s == "shown"]
    places.sort(key=lambda i: (counts[i] == 0, i in keep, counts[i]))
    changed = False
    while places and _recoverable(counts, state, k):
        state[places.pop(0)] = "withheld"
        changed = True
    return changed


def _recoverable(counts: Sequence[int], state: Sequence[Shown], k: int) -> bool:
    hidden = [n for n, s in zip(counts, state, strict=True) if s != "shown"]
    return bool(hidden) and (len(hidden) < 2 or sum(hidden) < k)


def label(state: Shown, k: int, total: int = 0) -> str:
    """What is printed in place of a count.

    >>> label("small", 5), label("large", 5, 80), label("withheld", 5)
    ('<5', '>75 of 80', 'withheld')
    """
    return {"small": f"<{k}", "large": f">{total - k} of {total}"}.get(state, WITHHELD)


def pair(n: int, total: int, k: int) -> Shown:
    """Whether a count of a printed total may be shown, its complement being implied.

    >>> pair(3, 80, 5), pair(77, 80, 5), pair(40, 80, 5), pair(0, 80, 5)
    ('small', 'large', 'shown', 'shown')
    """
    if 0 < n < k or 0 < total < k:
        return "small"
    return "large" if 0 < total - n < k else "shown"


def _binary(rows: Sequence[Row], k: int) -> list[Shown]:
    """Each row on its own. Levels of a distribution are looked at together elsewhere."""
    out: list[Shown] = []
    for row in rows:
        events, n = row["EVENTS"], row["N"]
        if events is None or row["LEVEL"] == "risk_table":
            out.append("small" if 0 < n < k or 0 < (events or 0) < k else "shown")
        elif row["UNIT"] == "episodes":
            out.append("small" if 0 < events < k else "shown")
        else:
            out.append(pair(events, n, k))
    return out


def _is_exact(row: Row) -> bool:
    return row["RESULT"] == "grade_distribution" and row["LEVEL"] in EXACT


def _grouped(rows: Iterable[tuple[int, Row]], key: Callable[[Row], Hashable]) -> list[list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for i, row in rows:
        groups[key(row)].append(i)
    return list(groups.values())


def _hide_grades(rows: Sequence[Row], state: list[Shown], k: int) -> None:
    """Grades within a bar add up to its total, and products add up to their cohort."""
    exact = [(i, r) for i, r in enumerate(rows) if _is_exact(r) and r["EVENTS"] is not None]
    bars = _grouped(exact, lambda r: (*(r[c] for c in _ARM), r["GROUPVAR"], r["GROUP"]))
    products = [(i, r) for i, r in exact if r["GROUPVAR"] is not None]
    levels = _grouped(products, lambda r: (*(r[c] for c in _ARM), r["GROUPVAR"], r["LEVEL"]))
    changed = True
    while changed:
        changed = False
        for places in (*bars, *levels):
            part: list[Shown] = [state[i] for i in places]
            keep = [j for j, i in enumerate(places) if rows[i]["LEVEL"] in {"0", "NA"}]
            if extend([rows[i]["EVENTS"] for i in places], part, k, keep):
                changed = True
                for i, s in zip(places, part, strict=True):
                    state[i] = s
    _hide_cuts(rows, state, bars, k)


def _hide_cuts(
    rows: Sequence[Row], state: list[Shown], bars: Sequence[Sequence[int]], k: int
) -> None:
    """A count at or above a grade is shown only if it does not reveal a hidden grade."""
    key = (*_ARM, "GROUPVAR", "GROUP")
    bar_of = {tuple(rows[b[0]][c] for c in key): b for b in bars}
    for i, row in enumerate(rows):
        cut = row["LEVEL"] or ""
        if row["RESULT"] != "grade_distribution" or not cut.startswith(">="):
            continue
        bar = bar_of.get(tuple(row[c] for c in key), [])
        above = [j for j in bar if rows[j]["LEVEL"] in EXACT[int(cut[2:]) : 6]]
        if cut == ">=1" and row["BASIS"] == "collected":
            above += [j for j in bar if rows[j]["LEVEL"] == "NA"]
        below = [j for j in bar if j not in above]
        sides: list[tuple[list[int], list[Shown]]] = [
            ([rows[j]["EVENTS"] for j in s], [state[j] for j in s]) for s in (above, below)
        ]
        if state[i] == "shown" and any(_recoverable(n, s, k) for n, s in sides):
            state[i] = "withheld"


def _hide_episodes(rows: Sequence[Row], state: list[Shown], k: int) -> None:
    """Where recorded episodes stand adds up to all, and so do recorded against derived grades."""
    counted = [
        (i, r)
        for i, r in enumerate(rows)
        if r["RESULT"] in {"subjects", "reconciliation", "crosstab"}
        and r["STAT"] == "n"
        and r["UNIT"] == "episodes"
        and r["VARIABLE"] != "recorded_episodes"
    ]
    for places in _grouped(counted, lambda r: (*(r[c] for c in _ARM), *_whole(r))):
        part: list[Shown] = [state[i] for i in places]
        keep = [j for j, i in enumerate(places) if rows[i]["VARIABLE"] == "n_episodes"]
        extend([rows[i]["EVENTS"] for i in places], part, k, keep)
        for i, s in zip(places, part, strict=True):
            state[i] = s


def _whole(row: Row) -> tuple[str, str]:
    """What a count of episodes is a part of."""
    return row["RESULT"], "" if row["RESULT"] == "subjects" else row["VARIABLE"]


def _share(rows: Sequence[Row], state: list[Shown]) -> None:
    """The same subjects under another statistic or denominator are hidden with it."""
    counted = [
        (i, r)
        for i, r in enumerate(rows)
        if r["STAT"] in {"n", "proportion"} and r["SET_EVENTS"] and r["UNIT"] != "episodes"
    ]
    for places in _grouped(counted, lambda r: (r["STUDYID"], r["DATA_KIND"], r["SET_EVENTS"])):
        hidden = {state[i] for i in places} - {"shown"}
        for i in places:
            if hidden and state[i] == "shown":
                state[i] = "small" if "small" in hidden else "withheld"


def _hide_differences(rows: Sequence[Row], state: list[Shown]) -> None:
    """A difference would give back what one of its sides withholds."""
    hidden: set[Hashable] = {
        tuple(r[c] for c in _PAIR)
        for r, s in zip(rows, state, strict=True)
        if s != "shown"
        and r["GROUPVAR"] is None
        and r["RESULT"] in {"grade_distribution", "onset_cif"}
    }
    for i, row in enumerate(rows):
        if row["RESULT"] == "difference" and tuple(row[c] for c in _PAIR) in hidden:
            state[i] = "withheld"


def _blank(
    results: pl.DataFrame, state: Sequence[Shown], no_total: Sequence[bool], k: int
) -> pl.DataFrame:
    hidden = pl.Series([s != "shown" for s in state])
    totals = results["N"].to_list()
    why = pl.Series([label(s, k, n) for s, n in zip(state, totals, strict=True)])
    reasons = [without_counts(text, k) for text in results["REASON"].to_list()]
    gone = ("VALUE", "LOW", "HIGH", "EVENTS", "SET_N", "SET_EVENTS")
    return results.with_columns(
        *(pl.when(hidden).then(None).otherwise(pl.col(c)).alias(c) for c in gone),
        pl.when(pl.Series(no_total)).then(None).otherwise(pl.col("N")).alias("N"),
        pl.when(hidden).then(pl.lit("suppressed")).otherwise(pl.col("STATUS")).alias("STATUS"),
        pl.when(hidden).then(why).otherwise(pl.Series(reasons, dtype=pl.String)).alias("REASON"),
    )
