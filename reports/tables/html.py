"""A plain table: semantic HTML that can be sorted, filtered and saved as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from reports import wording
from reports.page import render


class Column(NamedTuple):
    """A heading; kind is num for right-aligned numbers, words for long text."""

    label: str
    kind: str = ""


class Cell(NamedTuple):
    """What a cell shows; `by` is what it is sorted by, where the text would sort wrongly."""

    text: str | Markup
    by: float | int | str | None = None


_NOTHING = Markup("")


def table(
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Any]],
    *,
    label: str,
    caption: str = "",
    sortable: bool = True,
    filtered: bool = False,
    tools: bool = True,
) -> Markup:
    """HTML of a table.

    Args:
        name: Its id, unique on the page; also the name of the CSV file.
        columns: Headings.
        rows: Cells as text, numbers, Markup or Cell; null prints as an empty text.
        label: What the table is, for readers who do not see it.
        caption: Heading above it.
        sortable: Columns can be sorted.
        filtered: A filter stands above it.
        tools: A CSV button stands below it.
    """
    kinds = [Markup(' class="%s"') % c.kind if c.kind else _NOTHING for c in columns]
    cells = [
        [(kind, *_cell(value)) for kind, value in zip(kinds, row, strict=True)] for row in rows
    ]
    return render(
        "table.html.j2", id=name, columns=list(columns), rows=cells, label=label, caption=caption,
        sortable=sortable and len(cells) > 1, filter=filtered and len(cells) > 8, tools=tools,
    )  # fmt: skip


def _cell(value: Any) -> tuple[Markup, str | Markup]:
    """The attribute that carries the sort key, and the text."""
    if isinstance(value, Cell):
        sort = _NOTHING if value.by is None else Markup(' data-sort="%s"') % value.by
        return sort, value.text
    return _NOTHING, "" if value is None else value


def grade_badge(grade: int | None, reason: str | None = None) -> Cell:
    """A grade on its colour, or why there is none."""
    if grade is None:
        why = (
            Markup('<br><span class="ne">{}</span>').format(wording.reason(reason))
            if reason
            else ""
        )
        return Cell(Markup('<span class="grade gx">n/a</span>{}').format(why), -1)
    return Cell(Markup('<span class="grade g%s">%s</span>') % (grade, grade), grade)


def code(name: str) -> Markup:
    """A name of code, which breaks behind an underscore and nowhere else.

    >>> str(code("DUPLICATE_ROW"))
    '<code class="name">DUPLICATE_<wbr>ROW</code>'
    """
    parts = Markup("_<wbr>").join(name.split("_"))
    return Markup('<code class="name">{}</code>').format(parts)


def empty(words: str) -> Markup:
    """The sentence that stands where there is nothing to show."""
    return Markup('<p class="empty">{}</p>').format(words)
