"""The boxes of facts at the top of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl
from markupsafe import Markup

from reports import disclosure, wording
from reports.drill import Drill
from reports.select import Block, Row, first, only
from reports.tables.cells import missing, number, summary
from reports.tables.grades import treated


class Tile(NamedTuple):
    """A fact: label, value, a line of small print; words where the value is not a number."""

    label: str
    value: str | Markup
    note: str | Markup = ""
    words: bool = False


def headline(block: Block, arm: str | None, drill: Drill) -> list[Tile]:
    """Treated, CRS, grade 3 or higher, onset, recovery of one arm, from result rows."""
    rows = block.arm(arm)
    worst = only(rows, RESULT="grade_distribution", GROUPVAR=None)
    onset = only(rows, RESULT="onset_time", VARIABLE="ONSET_D_FIRST")
    recovered = only(rows, RESULT="recovery_cif", VARIABLE="TTREC", LEVEL="landmark")
    if block.without_crs:
        recovered = recovered.clear()
    return [
        _treated(block, arm, drill),
        _share("Any CRS", first(worst, LEVEL=">=1"), drill),
        _share("Grade 3 or higher", first(worst, LEVEL=">=3"), drill),
        Tile("Median onset", "No CRS", "so no onset and no recovery", words=True)
        if block.without_crs
        else _summary("Median onset, days since first dose", onset, "days"),
        *[_landmark(row) for row in recovered.sort("TIME").to_dicts()],
    ]


def _treated(block: Block, arm: str | None, drill: Drill) -> Tile:
    row = first(only(block.arm(arm), RESULT="subjects", VARIABLE="treated"))
    followed = first(only(block.arm(arm), RESULT="subjects", VARIABLE="followed"))
    value = treated(block, arm) if row is None else number(row, drill, "treated subjects")
    return Tile("Treated subjects", value, "" if followed is None else _follow_up(followed))


def _follow_up(row: Row) -> str:
    """Median follow-up, or why there is none."""
    if row["STATUS"] == "suppressed":
        return "median follow-up is withheld"
    if row["STATUS"] != "ok":
        return f"median follow-up: {wording.without_dates(row['REASON'])}"
    limits = wording.interval(row)
    words = f"median follow-up {wording.number(row['VALUE'])} days"
    return f"{words} (reverse Kaplan-Meier; 95% CI {limits})" if limits else words


def grade_tiles(
    episodes: pl.DataFrame, grades: pl.DataFrame, meta: Mapping[str, Any]
) -> list[Tile]:
    """Share of episodes with a recorded grade, with a derived one, and with neither.

    Args:
        episodes: Episodes of the study.
        grades: Their grades.
        meta: study.yaml; derived grades are those of its primary system.
    """
    key, system = ["USUBJID", "EPISEQ"], meta["primary_system"]
    known = grades.filter(pl.col("GRADE").is_not_null())
    recorded = known.filter(BASIS="collected").select(key).unique()
    derived = known.filter(BASIS="derived", SYSTEM=system).select(key).unique()
    every = episodes.select(key)
    neither = every.join(recorded, on=key, how="anti").join(derived, on=key, how="anti")
    scale = wording.system(system)
    return [
        _of_episodes("Grades recorded", recorded.height, every.height, meta, "as collected"),
        _of_episodes(
            "Grades derived", derived.height, every.height, meta, f"{scale}, from findings"
        ),
        _of_episodes("Grades not available", neither.height, every.height, meta, "neither of them"),
    ]


def _of_episodes(label: str, n: int, total: int, meta: Mapping[str, Any], how: str) -> Tile:
    k = meta["publish"]["min_cell"]
    if not total:
        return Tile(label, "0", "no episode")
    state = disclosure.pair(n, total, k)
    of = str(total) if total >= k else f"<{k}"
    note = f"of {of} {'episode' if total == 1 else 'episodes'}, {how}"
    return Tile(label, str(n) if state == "shown" else disclosure.label(state, k, total), note)


def _share(label: str, row: Row | None, drill: Drill) -> Tile:
    if row is None:
        return Tile(label, "NE", "no result row")
    if row["STATUS"] == "suppressed":
        return Tile(label, str(row["REASON"]), "small counts are not printed")
    if row["STATUS"] != "ok":
        return Tile(label, missing(row), words=True)
    events = drill.button(str(row["EVENTS"]), row["SET_EVENTS"], label, row["EVENTS"])
    limits = wording.interval(row)
    note = f"of {row['N']}" + (f"; 95% CI {limits}" if limits else "")
    return Tile(label, Markup("{} ({})").format(events, wording.percent(row["VALUE"])), note)


def _summary(label: str, rows: pl.DataFrame, unit: str) -> Tile:
    stats = {r["STAT"]: r for r in rows.to_dicts()}
    median = stats.get("median")
    if median is None or median["STATUS"] != "ok":
        return Tile(label, summary(stats, unit) or "NE", words=True)
    note = ""
    if "min" in stats and "max" in stats:
        low, high = (wording.number(stats[s]["VALUE"]) for s in ("min", "max"))
        note = f"range {low} to {high}, among {median['EVENTS']} with CRS"
    return Tile(label, wording.number(median["VALUE"]), note)


def _landmark(row: Row) -> Tile:
    label = f"Recovered by day {row['TIME']:g} of CRS"
    if row["STATUS"] == "suppressed":
        return Tile(label, str(row["REASON"]), "small counts are not printed")
    if row["STATUS"] != "ok":
        return Tile(label, missing(row), words=True)
    limits = wording.interval(row)
    note = f"95% CI {limits}" if limits else wording.told(row["REASON"])
    return Tile(label, wording.percent(row["VALUE"]), f"death competes; {note}")
