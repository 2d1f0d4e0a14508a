"""Figure: cumulative incidence of first CRS from the first dose."""

from __future__ import annotations

import polars as pl

from reports import theme
from reports.figures.curve import Axes, Frame, figure_curve

AXES = Axes(
    noun="CRS",
    x="Days, day of first dose = 1",
    y="Subjects with CRS",
    labels={
        "n_at_risk": "At risk",
        "n_events": "CRS",
        "n_competing": "Competing",
        "n_censored": "Censored",
    },
)


def figure_onset(results: pl.DataFrame, frame: Frame, *, by: str = "COHORT") -> theme.Figure:
    """Step curves of the cumulative incidence, one per arm, with interval and risk table.

    Args:
        results: Rows of one onset_cif analysis: one system, basis, estimand and variable.
        frame: Title, words, stamp, and where the subjects behind a point are listed.
        by: Column that tells the arms apart.
    """
    return figure_curve(results, AXES, frame, by=by)
