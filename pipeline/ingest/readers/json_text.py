"""A JSON text of any length, of which only the part that is being read is held."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from pipeline.ingest.readers.source import UnreadableError

# What is one value and longer than this is no row.
LONGEST = 64 * 1024**2
_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


class JsonText:
    """Reads an object member by member, and an array in it item by item.

    >>> text = JsonText(iter([b'{"a": 1, "b": [', b"2, 3]}"]))
    >>> [(name, list(text.items()) if name == "b" else text.value()) for name in text.members()]
    [('a', 1), ('b', [2, 3])]
    """

    def __init__(self, blocks: Iterator[bytes]) -> None:
        """Read from blocks of UTF-8."""
        self._blocks = blocks
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text, self._at = "", 0

    def members(self) -> Iterator[str]:
        """Names of the object; the value of each is to be read before the next is asked for.

        Raises:
            UnreadableError: the text is not one object.
        """
        for _ in self._between("{", "}"):
            name = self.value()
            if not isinstance(name, str):
                raise UnreadableError("is not JSON: a name is no text")
            self._take(":")
            yield name
        if self.peek():
            raise UnreadableError("is not JSON: something follows its end")

    def items(self) -> Iterator[Any]:
        """Items of the array that comes next."""
        for _ in self._between("[", "]"):
            yield self.value()

    def value(self) -> Any:
        """The whole value that comes next."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if self._more():
                    continue
                raise UnreadableError(f"is not JSON: {str(error)[:120]}") from error
            # A number at the end of a block may go on in the next.
            if end < len(self._text) or not self._more():
                self._at = end
                return value

    def peek(self) -> str:
        """The next character that is no space, empty at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _between(self, first: str, last: str) -> Iterator[None]:
        """Once for each element, which is to be read before the next."""
        self._take(first)
        while self.peek() != last:
            yield
            if self.peek() == last:
                break
            self._take(",")
            if self.peek() == last:
                raise UnreadableError("is not JSON: nothing follows a comma")
        self._take(last)

    def _take(self, wanted: str) -> None:
        if self.peek() != wanted:
            raise UnreadableError(f"is not JSON: no {wanted} where one must stand")
        self._at += 1

    def _more(self) -> bool:
        """Read on; False at the end."""
        block = next(self._blocks, None)
        try:
            more = self._decoder.decode(block or b"", final=block is None)
        except UnicodeDecodeError as error:
            raise UnreadableError("is not UTF-8 text") from error
        self._text, self._at = self._text[self._at :] + more, 0
        if len(self._text) > LONGEST:
            raise UnreadableError("is not JSON: a row has no end")
        return block is not None
