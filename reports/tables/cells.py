"""Cells of result tables: a statistic with its interval, its counts, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from reports import wording
from reports.drill import Drill

Row = Mapping[str, Any]
BLANK = Markup("")
DASH = Markup("\N{EN DASH}")
"""Where a number has no meaning, as a note of the table says."""


def missing(row: Row) -> Markup:
    """What stands in place of a number that is not there, with the reason."""
    reason = row["REASON"] or "no reason given"
    if row["STATUS"] == "suppressed":
        return Markup('<span class="ne">%s</span>') % reason
    head = "Not available" if row["STATUS"] == "not_available" else "NE"
    return Markup('<span class="ne">%s: %s</span>') % (head, wording.why(reason))


def count(row: Row | None, drill: Drill, label: str) -> Markup:
    """Events of a denominator, both opening the list of who is behind them."""
    if row is None:
        return BLANK
    if row["STATUS"] == "suppressed":
        return escape(row["REASON"])
    if row["EVENTS"] is None:
        return drill.button(str(row["N"]), row["SET_N"], f"{label}: denominator", row["N"])
    events = drill.button(str(row["EVENTS"]), row["SET_EVENTS"], label, row["EVENTS"])
    total = drill.button(str(row["N"]), row["SET_N"], f"{label}: denominator", row["N"])
    return Markup('<span class="of">%s / %s</span>') % (events, total)


def number(row: Row | None, drill: Drill, label: str) -> Markup:
    """The events alone."""
    if row is None:
        return BLANK
    if row["STATUS"] == "suppressed":
        return escape(row["REASON"])
    if row["EVENTS"] is None:
        return escape(wording.value(row, row["VALUE"]))
    return drill.button(str(row["EVENTS"]), row["SET_EVENTS"], label, row["EVENTS"])


def estimate(row: Row | None) -> Markup:
    """The value with its interval below and any remark."""
    if row is None:
        return BLANK
    if row["STATUS"] != "ok":
        return missing(row)
    parts = [escape(wording.value(row, row["VALUE"]))]
    limits = wording.interval(row)
    if limits:
        parts.append(Markup('<span class="ci">(%s)</span>') % limits)
    if row["REASON"]:
        remark = wording.told(row["REASON"]).removeprefix("imprecise: ")
        parts.append(Markup('<br><span class="ne">%s</span>') % remark)
    return Markup(" ").join(parts)


def points(row: Row | None) -> Markup:
    """A difference of shares in percentage points, the sign of percent left out."""
    made = estimate(row)
    return made if row is None or row["STATUS"] != "ok" else Markup(str(made).replace("%", ""))


def share(row: Row | None, drill: Drill, label: str, *, short: bool = False) -> Markup:
    """Events with their percentage and interval: 61 (76.3%) [65.4 to 85.1]; short: without it."""
    if row is None:
        return BLANK
    if row["STATUS"] == "suppressed":
        return escape(row["REASON"])
    if row["STATUS"] != "ok":
        return missing(row)
    text = Markup("%s (%s)") % (
        drill.button(str(row["EVENTS"]), row["SET_EVENTS"], label, row["EVENTS"])
        if row["EVENTS"] is not None
        else "",
        wording.percent(row["VALUE"]),
    )
    limits = "" if short else wording.interval(row)
    if limits:
        text += Markup(' <span class="ci">[%s]</span>') % limits.replace("%", "")
    return text


def summary(stats: Mapping[str, Row], unit: str) -> Markup:
    """Median with quartiles and range, from the rows of a five-number summary by STAT."""
    median = stats.get("median")
    if median is None:
        return BLANK
    if median["STATUS"] != "ok":
        return missing(median)
    text = escape(f"{wording.number(median['VALUE'])} {one(unit, median['VALUE'])}")
    spread = [
        f"{words} {wording.number(stats[low]['VALUE'])} to {wording.number(stats[high]['VALUE'])}"
        for words, low, high in (("IQR", "q1", "q3"), ("range", "min", "max"))
        if stats.get(low, median)["STATUS"] == "ok" and low in stats and high in stats
    ]
    if spread:
        # Each part stays on one line; between them a narrow column may break.
        parts = [Markup('<span class="ci">%s</span>') % part for part in spread]
        text += Markup("<br>") + Markup("; ").join(parts)
    return text


def one(unit: str, value: float) -> str:
    """The unit in the singular where the value is 1."""
    return unit.removesuffix("s") if value == 1 else unit
