"""Text without calendar dates: no page shows the date of a subject."""

from __future__ import annotations

import re

_DATES = re.compile(
    r"\b(?:1[89]|20)\d\d-[01]?\d(?:-[0-3]?\d)?(?:T[\d:.+Z-]*[\dZ])?"
    r"|\b(?:[0-3]?\d[ -]?)?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*"
    r"[ -]?(?:1[89]|20)\d\d\b"
    r"|\b[0-3]?\d[ -]?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[ -]?\d\d\b"
    r"|\b[01]?\d/(?:1[89]|20)\d\d\b"
    r"|\b[0-3]?\d[/.][0-3]?\d[/.](?:(?:1[89]|20)\d\d|\d\d)\b"
    r"|\b(?:1[89]|20)\d\d[01]\d[0-3]\d\b",
    re.IGNORECASE,
)


def without_dates(text: str | None) -> str:
    """Text with every calendar date taken out.

    >>> without_dates("end 2020-02-31T10:00 before start 01FEB2020")
    'end [date] before start [date]'
    """
    return _DATES.sub("[date]", text or "")
