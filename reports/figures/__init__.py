"""Figures: plotly, drawn from rows of the results table only."""
