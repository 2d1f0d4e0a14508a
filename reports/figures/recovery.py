"""Figure: recovery from the first CRS episode, rising from its onset."""

from __future__ import annotations

import polars as pl

from reports import theme
from reports.figures.curve import Axes, Frame, figure_curve

AXES = Axes(
    noun="Recovered",
    x="Days, day of onset = 1",
    y="Episodes recovered",
    labels={
        "n_at_risk": "Still in CRS",
        "n_events": "Recovered",
        "n_censored": "Censored",
    },
)


def figure_recovery(results: pl.DataFrame, frame: Frame, *, by: str = "COHORT") -> theme.Figure:
    """Step curves of recovery, one per arm, with landmarks, interval and risk table.

    Args:
        results: Rows of one recovery_km or recovery_cif analysis.
        frame: Title, words, stamp, and where the subjects behind a point are listed.
        by: Column that tells the arms apart.
    """
    return figure_curve(results, AXES, frame, by=by)
