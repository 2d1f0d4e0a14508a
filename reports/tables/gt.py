"""A presentation table made by great-tables, in the page's own look.

great-tables gives the structure (stub, row groups, spanners, notes, header ids); its style block is
taken out, because it would restyle the whole page and knows no dark colours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl
from great_tables import GT
from markupsafe import Markup, escape

_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
# The scope of each heading says what these say, in a fifth of the bytes.
_REFERENCES = re.compile(r' (?:headers|data-quarto-[a-z-]+)="[^"]*"')
# The page's own box scrolls; one inside it would have to take the focus as well.
_INNER = re.compile(r'(<div id="[^"]*") style="[^"]*"')
_IDS = re.compile(r'(<th\b[^>]*?) id="[^"]*"')


def _as_html(value: str) -> str:
    return value


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
    names = [f"c{i}" for i in range(len(columns))]
    stub = 1 if groups else 0
    # great-tables escapes stub and groups itself; the other columns go through as made here.
    cells = [[str(c if i <= stub else escape(c)) for i, c in enumerate(row)] for row in rows]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String), orient="row")
    made = GT(frame, id=name, rowname_col=names[stub], groupname_col="c0" if groups else None)
    made = made.tab_stubhead(label=columns[stub])
    made = made.cols_label(dict(zip(names[stub + 1 :], columns[stub + 1 :], strict=True)))
    made = made.cols_align(align="right", columns=names[stub + 1 :])
    made = made.fmt(fns=_as_html, columns=names[stub + 1 :])
    for heading, places in spanners:
        made = made.tab_spanner(label=heading, columns=[names[i] for i in places])
    for note in notes:
        made = made.tab_source_note(note)
    html = _INNER.sub(r"\1", made.as_raw_html())
    html = _IDS.sub(r"\1", _REFERENCES.sub("", _STYLE.sub("", html)))
    html = html.replace('"gt_row gt_right"', '"gt_right"').replace(
        '"gt_row gt_left gt_stub"', '"gt_stub"'
    )
    return Markup(
        '<div class="scroll gt" tabindex="0" role="group" aria-label="{label}">{html}</div>'
        '<p class="tools">'
        '<button class="btn" type="button" data-csv="{name}">Download CSV</button></p>'
    ).format(label=label or name, html=Markup(html), name=name)
