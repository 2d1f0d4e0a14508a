"""Measured figures into a Markdown page, between a pair of marks that belongs to them."""

from __future__ import annotations

import re
from pathlib import Path

TITLE = "# Reliability\n\nWhat was tried to make it fail, how often, and what came of it.\n"


def write_marked(page: Path, name: str, text: str) -> None:
    """Put the text between the marks of this name; where there are none, at the page's end."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    block = f"{begin}\n{text}\n{end}"
    old = page.read_text(encoding="utf-8") if page.is_file() else TITLE
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if pattern.search(old):
        new = pattern.sub(lambda _: block, old)
    else:
        new = f"{old.rstrip()}\n\n## {name.capitalize()}\n\n{block}\n"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(new, encoding="utf-8")
