"""Figures as plotly's own classes read them, which raise on any word or value they do not know."""

from __future__ import annotations

from typing import overload

import plotly.graph_objects as go

from reports.theme import Figure


@overload
def drawn(figure: Figure) -> go.Figure: ...
@overload
def drawn(figure: None) -> None: ...
def drawn(figure: Figure | None) -> go.Figure | None:
    """The figure, checked; null where none is drawn."""
    return None if figure is None else go.Figure(figure.as_json())
