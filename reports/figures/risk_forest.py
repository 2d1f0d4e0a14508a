"""Figure: how much more or less often CRS came at each level of what was known before."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from reports import theme, wording
from reports.figures import steps
from reports.figures.curve import Frame
from reports.figures.forest import Line, Mark, Panel, figure_forest
from reports.select import Row
from reports.tables.risk_factors import CUTS, Level

NAME = "Difference from the reference (95% CI)"


def figure_risk_forest(levels: Iterable[Level], frame: Frame) -> theme.Figure | None:
    """A panel for any CRS and one for grade 3 or higher; nothing where no difference is known.

    Args:
        levels: Levels of all covariates of one arm.
        frame: Title, words, stamp, and where the subjects behind a difference are listed.
    """
    found = [level for level in levels if any(_shown(r) for r in level.differences.values())]
    if not found:
        return None
    drawn: list[Line] = []
    for covariate in dict.fromkeys(level.covariate for level in found):
        drawn.append(Line(covariate))
        drawn += [
            Line(level.words, _marks(level, frame)) for level in found
            if level.covariate == covariate
        ]  # fmt: skip
    end = _end(found)
    ticks = {x: _tick(x) for x in (-end, -end / 2, 0.0, end / 2, end)}
    panels = [
        Panel(f"{words}, percentage points", (-1.04 * end, 1.04 * end), ticks, (0.0,))
        for words in CUTS.values()
    ]
    return figure_forest(drawn, panels, frame)


def _end(levels: Iterable[Level]) -> float:
    """The end of the axis on both sides: the next 20 points beyond all limits."""
    rows = [r for level in levels for r in level.differences.values() if _shown(r)]
    sides = [abs(r[side] or 0.0) for r in rows for side in ("VALUE", "LOW", "HIGH")]
    return 20.0 * ceil(5 * max(sides) + 1e-9)


def _tick(value: float) -> str:
    return f"{value:+g}".replace("+0", "0").replace("-", "\u2212")


def _shown(row: Row) -> bool:
    return row["STATUS"] == "ok"


def _marks(level: Level, frame: Frame) -> list[list[Mark]]:
    linked = steps.link(frame.drill)
    out: list[list[Mark]] = []
    for cut, title in CUTS.items():
        row = level.differences.get(cut)
        if row is None or not _shown(row):
            out.append([])
            continue
        words = f"{level.covariate}, {level.words}: {wording.inside(title)}"
        value, low, high = (
            None if v is None else 100 * v for v in (row["VALUE"], row["LOW"], row["HIGH"])
        )
        limits = wording.interval(row).replace("%", "")
        hover = f"<b>{theme.plain(words)}</b><br>{wording.percent(row['VALUE'])[:-1]} points"
        hover += f" (95% CI {limits})" if limits else ""
        behind = linked(row["SET_EVENTS"], f"{words}, this level and the reference")
        out.append(
            [Mark(NAME, (theme.ARMS["car_t"].color, "circle"), value, low, high, hover, behind)]
        )
    return out
