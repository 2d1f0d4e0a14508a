"""Figures as objects of plotly, whose attributes are shorter to ask for than keys."""

from __future__ import annotations

from typing import overload

import plotly.graph_objects as go

from reports.theme import Figure


@overload
def drawn(figure: Figure) -> go.Figure: ...
@overload
def drawn(figure: None) -> None: ...
def drawn(figure: Figure | None) -> go.Figure | None:
    """The figure that a page would get; null where none is drawn."""
    return None if figure is None else go.Figure(figure.as_json())
