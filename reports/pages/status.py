"""status.html: state of each study, the one page that shows run times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from reports import wording
from reports.page import Page, assemble, render
from reports.tables.html import Cell, Column, empty, table

GOOD = frozenset({"published"})
AT_EASE = frozenset({"running", "new", "withdrawn"})
FOOT = (
    "Times are in the time zone of the machine that ran; every other page is free of them. "
    "What is written here holds for the time above: a later page may say something else."
)
# The worse first: what needs somebody stands on top.
ORDER = ("failed", "refused", "stale", "new", "running", "withdrawn", "published")
MEANING = {
    "published": "The report is that of the last run, which ended well.",
    "running": "A run is at work; until it ends well the report stays as it was.",
    "refused": "The drop cannot be taken as it is; the reason stands beside it.",
    "failed": "The run broke off for a reason that is not the drop's; the next one tries again.",
    "stale": "A run stopped before it was done; the next one goes on from there.",
    "withdrawn": "Taken out of everything published, by hand.",
    "new": "A drop that was never run.",
}

Row = Mapping[str, Any]


def render_status(rows: Sequence[Row], written: str = "") -> dict[str, bytes]:
    """The status page.

    Args:
        rows: Per study `study`, `state`, `since`, `why`, and where they are known `version` and
            `made` of the report that is shown, `waits` (what is newer than that) and `waits_since`.
        written: When the page was written.
    """
    ordered = sorted(rows, key=_urgency)
    page = Page(
        path="status.html",
        here="status.html",
        title="Status",
        body=render(
            "status.html.j2",
            facts=_facts(ordered),
            table=_table(ordered),
            meaning=[(s, MEANING[s]) for s in ORDER[::-1] if any(r["state"] == s for r in rows)],
            written=_time(written),
        ),
        scripts=("ages.js",),
        foot=FOOT,
    )
    return {page.path: assemble(page)}


def _urgency(row: Row) -> tuple[int, bool, str]:
    """Order of the rows: by state, then those that wait, then by name."""
    state = row["state"]
    place = ORDER.index(state) if state in ORDER else 0
    return place, not row.get("waits"), row["study"]


def _facts(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """How many studies there are in each state, and how many wait."""
    count = Counter(row["state"] for row in rows)
    facts = [("Studies", str(len(rows)))]
    facts += [(state.capitalize(), str(count[state])) for state in reversed(ORDER) if count[state]]
    waiting = sum(bool(row.get("waits")) for row in rows)
    return [*facts, ("With something newer that waits", str(waiting))] if rows else []


def _table(rows: Sequence[Row]) -> Markup:
    columns = [
        Column("Study"), Column("State"), Column("Since"), Column("Why", "words"),
        Column("Newer than the report", "words"), Column("Report that is shown"),
    ]  # fmt: skip
    cells = [
        [_link(r), _state(r), _since(r.get("since", "")), _lines(r.get("why", "")), _waits(r),
         _report(r)]
        for r in rows
    ]  # fmt: skip
    if not cells:
        return empty("No study has been processed yet.")
    return table("states", columns, cells, label="State of each study", filtered=True)


def _state(row: Row) -> Cell:
    state = row["state"]
    mood = "good" if state in GOOD else "wait" if state in AT_EASE else "bad"
    text = Markup('<span class="state {}">{}</span>').format(mood, state)
    return Cell(text, ORDER.index(state) if state in ORDER else -1)


def _since(time: str) -> Cell:
    return Cell(_time(time), time)


def _time(time: str) -> Markup:
    """A time, to which the page adds how long ago that is when it is read."""
    if not time:
        return Markup("")
    return Markup('<time datetime="{}">{}</time>').format(time.replace(" ", "T"), time)


def _lines(text: str) -> Markup:
    return Markup("<br>").join(text.splitlines())


def _waits(row: Row) -> Cell:
    words = row.get("waits", "")
    if not words:
        return Cell(Markup(""), "")
    since = row.get("waits_since", "")
    text = Markup("{}, since {}").format(wording.sentence(words).removesuffix("."), _time(since))
    return Cell(text, since)


def _report(row: Row) -> Cell:
    if not row.get("version"):
        return Cell(Markup('<span class="ne">none</span>'), "")
    made = row.get("made", "")
    return Cell(Markup("Version {}, {}").format(row["version"], _time(made)), made)


def _link(row: Row) -> str | Markup:
    if row.get("version"):
        return Markup('<a href="studies/{0}/index.html">{0}</a>').format(row["study"])
    return str(row["study"])
