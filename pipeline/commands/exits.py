"""How a command speaks and ends: 0 all is well, 1 failed, 2 wrong usage, 130 interrupted."""

from __future__ import annotations

import sys
from typing import TextIO

from pipeline.schemas.visible import visible_line

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


class UsageError(Exception):
    """The command cannot be meant so."""


def say(line: object, file: TextIO | None = None) -> None:
    """Print one line; what came from a drop or a folder's name cannot act on the terminal."""
    print(visible_line(line), file=file, flush=True)


def fail(message: str, code: int = FAILED) -> int:
    """Say what is wrong."""
    first, *more = message.split("\n")
    for line in (f"crsight: {first}", *more):
        say(line, sys.stderr)
    return code
