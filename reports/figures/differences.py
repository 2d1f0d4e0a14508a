"""Figures of differences between the cohorts, in percentage points, beside no difference."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from reports import theme, wording
from reports.figures import steps
from reports.figures.curve import Frame
from reports.figures.forest import Line, Mark, figure_forest
from reports.figures.forest_axes import Panel
from reports.select import Row
from reports.tables.differences import UNADJUSTED, Compared
from reports.tables.sensitivity import choice

_STEPS = (5.0, 10.0, 20.0, 25.0, 50.0)
_ADJUSTED = theme.arm_style(None, 2).color
LOOKS = {
    "Unadjusted": (theme.INK, "square-open"),
    "Adjusted, primary": (_ADJUSTED, "diamond"),
    "Adjusted, sensitivity": (_ADJUSTED, "circle-open"),
    "As planned": (theme.INK, "square"),
    "Another choice": (theme.MUTED, "circle"),
}


def figure_differences(lines: Sequence[Compared], frame: Frame) -> theme.Figure:
    """A panel for each day, a line for each way of comparing.

    Args:
        lines: What `onset_differences` gives.
        frame: Title, words, stamp, and where the subjects are listed.
    """
    days = sorted({day for line in lines for day in line.days})
    shown = [r for line in lines for r in line.days.values()]
    panels = [_panel(f"By day {day:g}", shown) for day in days]
    drawn = [
        Line(
            line.words, [_marks(line.days.get(day), _kind(line), line.words, frame) for day in days]
        )
        for line in lines
    ]
    return figure_forest(drawn, panels, frame)


def _kind(line: Compared) -> str:
    if line.words == UNADJUSTED:
        return "Unadjusted"
    return "Adjusted, primary" if line.primary else "Adjusted, sensitivity"


def figure_sensitivity(rows: Sequence[Row], frame: Frame) -> theme.Figure:
    """One panel, a line for each choice.

    Args:
        rows: What `sensitivity_rows` gives.
        frame: Title, words, stamp, and where the subjects are listed.
    """
    drawn = [
        Line(_short(f"{choice(r)}, day {r['TIME']:g}"), [_marks(r, _planned(r), choice(r), frame)])
        for r in rows
    ]
    panel = _panel("CAR-T minus bispecific, percentage points", rows)
    return figure_forest(drawn, [panel], frame)


def _planned(row: Row) -> str:
    return "As planned" if "as planned" in row["LEVEL"] else "Another choice"


_ROOM = 44
_SHORT = {
    ": death and discontinuation censor, which overstates": "",
    "Onsets known to the month only on their earliest day": "Month-only onsets: earliest day",
    "Onsets known to the month only on their latest day": "Month-only onsets: latest day",
    "the unrecovered set to the longest time": "unrecovered at longest time",
    ": by day 28, here day 29, day 29": ", day 29",
}


def _short(words: str) -> str:
    """Without what an axis has no room for: the table has all words."""
    for long, short in _SHORT.items():
        words = words.replace(long, short)
    return words if len(words) <= _ROOM else f"{words[: _ROOM - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def _marks(row: Row | None, kind: str, words: str, frame: Frame) -> list[Mark]:
    if row is None or row["STATUS"] != "ok":
        return []
    value, low, high = (
        None if v is None else 100 * v for v in (row["VALUE"], row["LOW"], row["HIGH"])
    )
    limits = wording.interval(row).replace("%", "")
    text = f"<b>{theme.plain(words)}</b><br>{wording.percent(row['VALUE'])[:-1]} points"
    text += f" (95% CI {limits})" if limits else ""
    behind = steps.link(frame.drill)(
        row["SET_EVENTS"], f"{words}, first CRS by day {row['TIME']:g}"
    )
    return [Mark(kind, LOOKS[kind], value, low, high, text, behind)]


def _panel(title: str, rows: Sequence[Row]) -> Panel:
    """Ends at whole ticks around every limit, with zero in sight."""
    ends = [0.0] + [
        100 * r[c] for r in rows if r["STATUS"] == "ok" for c in ("VALUE", "LOW", "HIGH")
        if r[c] is not None
    ]  # fmt: skip
    wide = max(ends) - min(ends)
    step = next((s for s in _STEPS if wide / s <= 5), _STEPS[-1])
    first, last = floor(min(ends) / step), ceil(max(ends) / step)
    last = max(last, first + 1)
    ticks = {step * i: wording.number(step * i, 0) for i in range(first, last + 1)}
    room = 0.03 * step * (last - first)
    return Panel(title, (step * first - room, step * last + room), ticks, reference=(0.0,))
