"""What is raised where two independent computations of one number differ."""

from __future__ import annotations


class DisagreementError(Exception):
    """Our estimate and another library's differ: neither may be published."""
