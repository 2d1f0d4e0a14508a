"""Disclosure control of remarks: a reason must not tell the count that its row withholds."""

from __future__ import annotations

import re

_OF = re.compile(r"\b(\d+) of (\d+)\b")
# Thresholds of the plan and grades are no counts of subjects.
_NUMBER = re.compile(
    r"(?<!grade )(?<!day )(?<!day of )(?<!needs )(?<!need )(?<!than )(?<![\d.,=<>-])\b(\d+)\b"
    r"(?! (?:days? (?:after|later|of the|elapsed)|hours?|h\b))(?![.,]?\d|%)"
)


def without_counts(text: str | None, k: int) -> str | None:
    """The text with counts below k, and shares that leave fewer than k, in words.

    >>> without_counts("imprecise: 3 of 40 censored before this day", 5)
    'imprecise: some censored before this day'
    >>> without_counts("a level needs 5 subjects and there are 12", 11)
    'a level needs 5 subjects and there are 12'
    >>> without_counts("limits need 5 events and there are 3", 11)
    'limits need 5 events and there are fewer than 11'
    """
    if text is None:
        return None

    def share(found: re.Match[str]) -> str:
        n, total = int(found[1]), int(found[2])
        return "some" if 0 < n < k or 0 < total - n < k else found[0]

    def count(found: re.Match[str]) -> str:
        return f"fewer than {k}" if 0 < int(found[1]) < k else found[0]

    return _NUMBER.sub(count, _OF.sub(share, text))
