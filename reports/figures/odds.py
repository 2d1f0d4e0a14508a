"""Figure: the common odds ratio of a higher grade with the odds ratios at each cut beside it."""

from __future__ import annotations

from collections.abc import Sequence

from reports import theme, wording
from reports.figures import steps
from reports.figures.curve import Frame
from reports.figures.forest import Line, Mark, figure_forest
from reports.figures.forest_axes import Panel
from reports.select import Row
from reports.tables.comparison import Named

LOOKS = {
    "common_odds_ratio": ("One for all grades", (theme.arm_style(None, 2).color, "diamond")),
    "odds_ratio": ("At one cut", (theme.INK, "square")),
    "firth_odds_ratio": ("At one cut, Firth's penalty", (theme.INK, "square-open")),
}
TICKS = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0),
    *(2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0),
)


def figure_odds(rows: Sequence[Named], frame: Frame) -> theme.Figure | None:
    """Odds ratios on a logarithmic axis; null where no odds ratio has a value.

    Args:
        rows: Words and result row of each odds ratio.
        frame: Title, words, stamp, and where the subjects are listed.
    """
    shown = [(w, r) for w, r in rows if r["STAT"] in LOOKS and r["STATUS"] == "ok"]
    if not shown:
        return None
    ends = [1.0, *(r[c] for _, r in shown for c in ("VALUE", "LOW", "HIGH") if r[c])]
    low = max((t for t in TICKS if t <= min(ends)), default=TICKS[0])
    high = min((t for t in TICKS if t >= max(ends)), default=TICKS[-1])
    ticks = {t: f"{t:g}" for t in TICKS if low <= t <= high}
    panel = Panel(
        "Odds ratio, CAR-T over bispecific", (0.93 * low, 1.07 * high), ticks,
        reference=(1.0,), log=True,
    )  # fmt: skip
    lines = [Line(_short(words), [[_mark(words, row, frame)]]) for words, row in shown]
    return figure_forest(lines, [panel], frame)


def _short(words: str) -> str:
    """Without what the legend says."""
    return words.removesuffix(" with Firth's penalty (exploratory)").replace(": odds ratio", "")


def _mark(words: str, row: Row, frame: Frame) -> Mark:
    name, look = LOOKS[row["STAT"]]
    limits = wording.interval(row)
    text = f"<b>{theme.plain(words)}</b><br>{wording.value(row, row['VALUE'])}"
    text += f" (95% CI {limits})" if limits else ""
    behind = steps.link(frame.drill)(row["SET_EVENTS"], words)
    return Mark(name, look, row["VALUE"], row["LOW"], row["HIGH"], text, behind)
