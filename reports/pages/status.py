"""status.html: state of each study, the one page that shows run times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from reports.page import Page, assemble, render
from reports.tables.html import Column, empty, table

GOOD = frozenset({"published"})
FOOT = "Run times are in the time zone of the machine that ran. Every other page is free of them."


def render_status(rows: Sequence[Mapping[str, str]]) -> dict[str, bytes]:
    """The status page.

    Args:
        rows: Per study `study`, `state`, `since`, `why`, `last_good` (last good report; may be
            an empty text).
    """
    columns = [
        Column("Study"), Column("State"), Column("Since"), Column("Why", "words"),
        Column("Last good report"),
    ]  # fmt: skip
    cells = [
        [_link(r), _state(r["state"]), r.get("since", ""), r.get("why", ""), r.get("last_good", "")]
        for r in sorted(rows, key=lambda r: r["study"])
    ]
    made = (
        table("states", columns, cells, label="State of each study", filtered=True)
        if cells
        else empty("No study has been processed yet.")
    )
    page = Page(
        path="status.html",
        here="status.html",
        title="Status",
        body=render("status.html.j2", table=made),
        foot=FOOT,
    )
    return {page.path: assemble(page)}


def _state(state: str) -> Markup:
    mood = "good" if state in GOOD else "bad"
    return Markup('<span class="state {}">{}</span>').format(mood, state)


def _link(row: Mapping[str, str]) -> str | Markup:
    if row["state"] in GOOD or row.get("last_good"):
        return Markup('<a href="studies/{0}/index.html">{0}</a>').format(row["study"])
    return row["study"]
