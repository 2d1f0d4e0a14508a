"""Normal quantile of a two-sided confidence level."""

from __future__ import annotations

from statistics import NormalDist


def z_of(conf: float) -> float:
    """Half-width of a normal interval in standard errors: 1.96 for 0.95.

    >>> round(z_of(0.95), 6)
    1.959964
    """
    if not 0 < conf < 1:
        raise ValueError(f"confidence level must lie between 0 and 1, not {conf}")
    return NormalDist().inv_cdf((1 + conf) / 2)
