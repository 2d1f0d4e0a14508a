"""A presentation table made by great-tables, in the page's own look.

great-tables gives the structure (stub, row groups, spanners, notes, scopes), once for each shape of
table: a table of its own for each would take half of the time of a page. Its style block is taken
out, because it would restyle the whole page and knows no dark colours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape as escape_text
from typing import NamedTuple

import polars as pl
from great_tables import GT
from markupsafe import Markup, escape

_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
# The scope of each heading says what these say, in a fifth of the bytes.
_REFERENCES = re.compile(r' (?:headers|data-quarto-[a-z-]+)="[^"]*"')
# The page's own box scrolls; one inside it would have to take the focus as well.
_INNER = re.compile(r'(<div id="[^"]*") style="[^"]*"')
_IDS = re.compile(r'(<th\b[^>]*?) id="[^"]*"')
_BODY = re.compile(r'(?<=<tbody class="gt_table_body">\n)(.*)(?=\n</tbody>)', re.DOTALL)
_ROW = "  <tr>\n"


class _Shape(NamedTuple):
    """What the structure of a table depends on: spanners by the columns that they stand over."""

    columns: int
    groups: bool
    spanners: tuple[tuple[int, ...], ...]
    notes: int


class _Structure(NamedTuple):
    """HTML of a shape with a format field for each word: the table, a group heading, a row."""

    table: str
    group: str
    row: str


def gt_table(
    name: str,
    rows: Sequence[Sequence[str | Markup]],
    columns: Sequence[str],
    *,
    groups: bool = False,
    spanners: Sequence[tuple[str, Sequence[int]]] = (),
    notes: Sequence[str] = (),
    label: str = "",
) -> Markup:
    """HTML of a table whose first column (second with `groups`) names its rows.

    Args:
        name: Its id; the same input gives the same bytes.
        rows: Cells as text or Markup; with `groups` the first cell names the row group.
        columns: Headings of all columns.
        groups: Rows stand under group headings.
        spanners: Headings over several columns, by position.
        notes: Lines under the table.
        label: What the table is, for readers who do not see it.
    """
    shape = _Shape(len(columns), groups, tuple(tuple(p) for _, p in spanners), len(notes))
    structure = _structure(shape)
    body: list[str] = []
    for group, lines in _by_group(rows, groups=groups).items():
        if groups:
            body.append(structure.group.format(group=escape_text(group)))
        body += [structure.row.format(cells=_cells(line, groups=groups)) for line in lines]
    html = structure.table.format(
        name=name, rows="\n".join(body), columns=[escape_text(c) for c in columns],
        spanners=[escape_text(heading) for heading, _ in spanners],
        notes=[escape_text(note) for note in notes],
    )  # fmt: skip
    return Markup(
        '<div class="scroll gt" tabindex="0" role="group" aria-label="{label}">{html}</div>'
        '<p class="tools">'
        '<button class="btn" type="button" data-csv="{name}">Download CSV</button></p>'
    ).format(label=label or name, html=Markup(html), name=name)


def _by_group(
    rows: Sequence[Sequence[str | Markup]], *, groups: bool
) -> dict[str, list[Sequence[str | Markup]]]:
    """The rows below each group heading, in the order in which the groups come first."""
    found: dict[str, list[Sequence[str | Markup]]] = {}
    for row in rows:
        found.setdefault(str(row[0]) if groups else "", []).append(row)
    return found


def _cells(row: Sequence[str | Markup], *, groups: bool) -> list[str]:
    """Cells as HTML; what names the row is a text."""
    stub = 1 if groups else 0
    return [escape_text(str(c)) if i <= stub else str(escape(c)) for i, c in enumerate(row)]


@cache
def _structure(shape: _Shape) -> _Structure:
    """What great-tables makes of a table whose words are format fields."""
    names = [f"c{i}" for i in range(shape.columns)]
    stub = 1 if shape.groups else 0
    cells = [f"{{cells[{i}]}}" for i in range(shape.columns)]
    if shape.groups:
        cells[0] = "{group}"
    made = GT(
        pl.DataFrame([cells], schema=dict.fromkeys(names, pl.String), orient="row"),
        id="{name}", rowname_col=names[stub], groupname_col="c0" if shape.groups else None,
    )  # fmt: skip
    headings = {name: f"{{columns[{i}]}}" for i, name in enumerate(names)}
    made = made.tab_stubhead(label=headings.pop(names[stub]))
    made = made.cols_label({n: headings[n] for n in names[stub + 1 :]})
    made = made.cols_align(align="right", columns=names[stub + 1 :])
    for i, places in enumerate(shape.spanners):
        made = made.tab_spanner(label=f"{{spanners[{i}]}}", columns=[names[j] for j in places])
    for i in range(shape.notes):
        made = made.tab_source_note(f"{{notes[{i}]}}")
    html = _INNER.sub(r"\1", _STYLE.sub("", made.as_raw_html()))
    html = _IDS.sub(r"\1", _REFERENCES.sub("", html))
    html = html.replace('"gt_row gt_right"', '"gt_right"').replace(
        '"gt_row gt_left gt_stub"', '"gt_stub"'
    )
    (body,) = _BODY.findall(html)
    group, row = body.split(_ROW)
    return _Structure(_BODY.sub("{rows}", html), group.removesuffix("\n"), _ROW + row)
