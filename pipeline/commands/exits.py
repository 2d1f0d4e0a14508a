"""How a command ends: 0 all is well, 1 failed, 2 wrong usage, 130 interrupted."""

from __future__ import annotations

import sys

from pipeline.schemas.visible import visible_line

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


class UsageError(Exception):
    """The command cannot be meant so."""


def fail(message: str) -> int:
    """Say what is wrong."""
    lines = map(visible_line, message.split("\n"))
    print("crsight:", "\n".join(lines), file=sys.stderr)
    return FAILED
