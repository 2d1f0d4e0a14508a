"""Text as delivered, shown to people: nothing in it hides, reorders or acts on what they see.

Pages and the terminal show these signs by their number. The terminal has one line per statement, so
there line ends and tabs are shown too.
"""

from __future__ import annotations

import re

# Marks that turn the direction of text, and control characters.
_MARKS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = re.compile(f"[{_MARKS}]")
_UNSEEN_ON_A_LINE = re.compile(f"[{_MARKS}\t\n\r\u2028\u2029\ud800-\udfff]")


def visible(text: str) -> str:
    r"""Text in which every mark of direction and every control character can be seen.

    Line ends and tabs stay what they are.

    >>> visible("a\u202eb\x00\n") == "a\u27e8U+202E\u27e9b\u27e8U+0000\u27e9\n"
    True
    """
    return _UNSEEN.sub(_number, text)


def visible_line(text: object) -> str:
    r"""The same on one line, as a terminal may print it.

    >>> visible_line("\x1b[31mCRS\nG2") == "\u27e8U+001B\u27e9[31mCRS\u27e8U+000A\u27e9G2"
    True
    """
    return _UNSEEN_ON_A_LINE.sub(_number, str(text))


def _number(sign: re.Match[str]) -> str:
    return f"\u27e8U+{ord(sign[0]):04X}\u27e9"
