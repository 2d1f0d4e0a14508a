"""Figure: share with CRS by study and product, with published rates as hollow marks beside them."""

from __future__ import annotations

from collections.abc import Sequence

from reports import theme, wording
from reports.figures import steps
from reports.figures.curve import Frame
from reports.figures.forest import Line, Mark, figure_forest
from reports.figures.forest_axes import Panel
from reports.select import Row
from reports.tables.by_study import CUTS, POOLED, PRODUCT, PUBLISHED, STUDY, Share
from reports.tables.grades import arm_name

SYMBOLS = {STUDY: "square", PRODUCT: "circle", POOLED: "diamond", PUBLISHED: "circle-open"}
NAMES = {
    STUDY: "Study",
    PRODUCT: "Product",
    POOLED: "Over studies, or their range (dotted)",
    PUBLISHED: "Published, not ours (hollow)",
}
TICKS = {0.0: "0%", 25.0: "", 50.0: "50%", 75.0: "", 100.0: "100%"}


def figure_by_study(lines: Sequence[Share], frame: Frame) -> theme.Figure:
    """A panel for any CRS and one for grade 3 or higher; arms under headings of their own.

    Args:
        lines: What `shares` gives.
        frame: Title, words, stamp, and where the subjects behind a share are listed.
    """
    panels = [Panel(title, (-2.0, 102.0), TICKS) for title in CUTS.values()]
    linked = steps.link(frame.drill)
    drawn: list[Line] = []
    for arm in dict.fromkeys(line.arm for line in lines):
        drawn.append(Line(arm_name(arm)))
        own = [line for line in lines if line.arm == arm]
        drawn += [Line(_words(line), _marks(line, linked)) for line in own if _drawn(line)]
    return figure_forest(drawn, panels, frame)


def _drawn(line: Share) -> bool:
    """A line without any number stands in the table alone, with its reason."""
    return any(r["STATUS"] == "ok" for r in line.cells.values())


def _words(line: Share) -> str:
    """Short enough for the axis; the table has all words."""
    return line.words if len(line.words) <= 42 else line.words[:41].rstrip(" ,") + "\u2026"


def _marks(line: Share, linked: steps.Link) -> list[list[Mark]]:
    found = [line.cells.get(cut) for cut in CUTS]
    return [
        [_mark(line, row, title, linked)] if row is not None and row["STATUS"] == "ok" else []
        for row, title in zip(found, CUTS.values(), strict=True)
    ]


def _mark(line: Share, row: Row, title: str, linked: steps.Link) -> Mark:
    style = theme.arm_style(line.arm)
    span_only = row["STAT"] in {"range", "prediction_interval"}
    value, low, high = (
        None if v is None else 100 * v for v in (row["VALUE"], row["LOW"], row["HIGH"])
    )
    words = f"{arm_name(line.arm)}, {line.words}"
    return Mark(
        NAMES[line.kind],
        (style.color, SYMBOLS[line.kind]),
        None if span_only else value,
        low,
        high,
        f"<b>{theme.plain(words)}</b><br>{title}: {_hover(row)}",
        linked(row["SET_EVENTS"], f"{words}, {wording.inside(title)}"),
    )


def _hover(row: Row) -> str:
    limits = wording.interval(row)
    if row["STAT"] == "range":
        return f"{limits} in the studies"
    if row["STAT"] == "prediction_interval":
        return f"{limits} (95%) in a new study"
    of = f"{row['EVENTS']} of {row['N']}, " if row["EVENTS"] is not None else ""
    if row["STAT"] == "published":
        of = f"N = {row['N']}, as published: "
    text = of + wording.percent(row["VALUE"])
    return f"{text} (95% CI {limits})" if limits else text
