"""One look for every figure: colours, dashes, plotly template, and their dark counterparts.

Colours are drawn for the light page; the page's script swaps each for its DARK counterpart.
Arms take the Okabe-Ito pair blue and vermilion (safe for colour-blind readers) and differ in dash
as well; grades run from pale to dark, so that they keep their order in grey print.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import plotly.graph_objects as go

INK = "#1C2530"
MUTED = "#5A6675"
RULE = "#DFE4EA"
PAPER = "#FFFFFF"
STAMP = "#B3261E"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


class Style(NamedTuple):
    """How an arm is drawn: line colour, light fill of its band, dash and marker."""

    color: str
    band: str
    dash: str


ARMS: dict[str, Style] = {
    "car_t": Style("#0B62A4", "rgba(11,98,164,0.16)", "solid"),
    "bispecific": Style("#C4520A", "rgba(196,82,10,0.16)", "dash"),
}
_SPARE = (
    Style("#0B62A4", "rgba(11,98,164,0.16)", "solid"),
    Style("#C4520A", "rgba(196,82,10,0.16)", "dash"),
    Style("#007A5E", "rgba(0,122,94,0.16)", "dot"),
    Style("#8C3F80", "rgba(140,63,128,0.16)", "dashdot"),
)

GRADES: dict[str, str] = {
    "0": "#E4E9EE",
    "1": "#F8DDA9",
    "2": "#F0AC5C",
    "3": "#D9693A",
    "4": "#A5313B",
    "5": "#4B123F",
    "NA": "#9AA5B1",
    "suppressed": "#C7CED6",
}

RECOVERED = "#8FC3B2"
UNSEEN = "#C7CED6"
"""A day on which nothing was charted."""

DARK: dict[str, str] = {
    INK: "#E7ECF1",
    MUTED: "#A3AFBC",
    RULE: "#333D48",
    PAPER: "#151A20",
    STAMP: "#FF8A80",
    "#0B62A4": "#62B0EE",
    "rgba(11,98,164,0.16)": "rgba(98,176,238,0.20)",
    "#C4520A": "#F39A54",
    "rgba(196,82,10,0.16)": "rgba(243,154,84,0.20)",
    "#007A5E": "#45C9A5",
    "rgba(0,122,94,0.16)": "rgba(69,201,165,0.20)",
    "#8C3F80": "#D893CD",
    "rgba(140,63,128,0.16)": "rgba(216,147,205,0.20)",
    "#E4E9EE": "#36414D",
    "#4B123F": "#8E2C7B",
    "#9AA5B1": "#7C8895",
    "#C7CED6": "#566270",
    RECOVERED: "#3B7765",
    "rgba(90,102,117,0.14)": "rgba(163,175,188,0.18)",
}

PERCENT = [f"{share}%" for share in (0, 25, 50, 75, 100)]


def arm_style(cohort: str | None, position: int = 0) -> Style:
    """Style of an arm: by cohort where it is one, else by its place in the figure."""
    return ARMS.get(cohort or "", _SPARE[position % len(_SPARE)])


@dataclass
class Figure:
    """A figure as it grows: plain words of plotly, checked by plotly once, when it is whole.

    On the page plotly.js draws it in the page's own template.

    Attributes:
        layout: Size, axes, legend, and what changes on narrow screens and on paper (meta).
        data: Traces, from the lowest to the topmost.
    """

    layout: dict[str, Any] = field(default_factory=dict)
    data: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: str, **trace: Any) -> None:
        """Draw a trace over those before."""
        self.data.append({"type": kind, **trace})

    def as_json(self) -> dict[str, Any]:
        """The figure as the page's data hold it.

        Raises:
            ValueError: plotly does not know a word of it, or not with that value.
        """
        made: dict[str, Any] = go.Figure(data=self.data, layout=self.layout).to_plotly_json()
        made["layout"].pop("template", None)
        return {"data": made["data"], "layout": made["layout"]}


def template() -> dict[str, Any]:
    """The template of every figure: white, thin rules, readable numbers."""
    axis: dict[str, Any] = {
        "gridcolor": RULE, "linecolor": MUTED, "zeroline": False, "ticks": "outside",
        "tickcolor": MUTED, "ticklen": 4, "title": {"standoff": 8, "font": {"size": 13}},
        "automargin": False,
    }  # fmt: skip
    layout = {
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "hoverlabel": {
            "bgcolor": PAPER,
            "bordercolor": MUTED,
            "font": {"family": FONT, "size": 13, "color": INK},
            "align": "left",
        },
        "xaxis": axis,
        # Plotly else measures each label to see whether it leaves the figure: with a row for
        # each of 150 subjects that takes longer than all of the drawing. Margins are set here.
        "yaxis": {**axis, "ticklabeloverflow": "allow"},
        "legend": {
            "orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom",
            "traceorder": "normal", "font": {"size": 13},
        },
        "margin": {"l": 64, "r": 20, "t": 36, "b": 56},
    }  # fmt: skip
    return go.layout.Template(layout=layout).to_plotly_json()


def plain(text: str) -> str:
    """Text that plotly shows as it is; a name from the data must not be read as markup.

    >>> plain('<a href="x">A & B</a>')
    '&lt;a href="x"&gt;A &amp; B&lt;/a&gt;'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def hatched(shape: str | None, *, size: int, solidity: float) -> dict[str, Any] | None:
    """The pattern of a bar that stands for what is not known; none without a shape."""
    if shape is None:
        return None
    return {
        "shape": shape, "fgcolor": MUTED, "bgcolor": PAPER, "size": size, "solidity": solidity,
    }  # fmt: skip


def stamp(figure: Figure, words: str | None, *, y: float = 0.5) -> Figure:
    """Write SIMULATED or TEST across the figure itself, so that it stays in every copy of it."""
    if words:
        figure.layout.setdefault("annotations", []).append({
            "text": f"<b>{words}</b>", "x": 0.5, "y": y, "xref": "paper", "yref": "paper",
            "showarrow": False, "font": {"size": 46, "color": STAMP}, "opacity": 0.2,
            "textangle": -14, "name": "stamp",
        })  # fmt: skip
    return figure
