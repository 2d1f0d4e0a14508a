"""Table of the share with CRS by study and product, over studies, and as published elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.drill import Drill
from reports.select import Block, Row, first, only
from reports.tables.cells import missing, share
from reports.tables.grades import arm_name
from reports.tables.gt import gt_table

CUTS = {">=1": "Any CRS", ">=3": "Grade 3 or higher"}
STUDY, PRODUCT, POOLED, PUBLISHED = "study", "product", "pooled", "published"
NOTES = (
    "Ours: n (%) [95% CI, Clopper-Pearson] of treated subjects, worst episode from the first dose "
    "to the end of follow-up, which differs between studies.",
    "Over studies: proportion of a typical study (random-effects logistic model, maximum "
    "likelihood) with its interval, and the interval for a new study; where too few studies stand "
    "behind it, only the range of their proportions.",
    "Published: as printed in the source, under the same grading system. Context only: other "
    "patients, follow-up and adjudication; never pooled with ours.",
)


class Share(NamedTuple):
    """A line: of what kind, whose, its words, its result row by cut, and where it was printed."""

    kind: str
    arm: str | None
    words: str
    cells: dict[str, Row]
    source: str = ""


def shares(block: Block, published: pl.DataFrame | None) -> list[Share]:
    """Lines of each arm: its studies, products that are not a study's own, all, published.

    Args:
        block: One grading system and basis.
        published: Published rates of any system, as `published_rates` gives them.
    """
    out: list[Share] = []
    for arm in block.arms:
        own = block.arm(arm)
        out += [*_studies(own, arm), *_products(own, arm), *_pooled(own, arm)]
        if published is not None:
            out += _published(published, block.system, arm)
    return out


def _studies(own: pl.DataFrame, arm: str | None) -> Iterator[Share]:
    rows = only(own, RESULT="meta", GROUPVAR="STUDYID", STAT="proportion")
    products = only(own, RESULT="grade_distribution", GROUPVAR="PRODUCT", STAT="proportion")
    for name in rows["GROUP"].unique().sort().to_list():
        cells = _by_cut(only(rows, GROUP=name))
        same = {c["SET_N"] for c in cells.values()} - {None}
        found = products.filter(pl.col("SET_N").is_in(list(same)))["GROUP"].unique().to_list()
        words = f"{name} ({found[0]})" if len(found) == 1 and found[0] != name else name
        yield Share(STUDY, arm, words, cells)


def _products(own: pl.DataFrame, arm: str | None) -> Iterator[Share]:
    """Products; one that a single study gave to all its subjects stands there already."""
    studies = only(own, RESULT="meta", GROUPVAR="STUDYID")["SET_N"].drop_nulls().unique()
    rows = only(own, RESULT="grade_distribution", GROUPVAR="PRODUCT", STAT="proportion")
    rows = rows.filter(pl.col("LEVEL").is_in(list(CUTS)))
    there = rows.filter(pl.col("SET_N").is_in(studies.to_list()))["GROUP"].unique().to_list()
    for name in rows["GROUP"].unique().sort().to_list():
        if name not in there:
            yield Share(PRODUCT, arm, f"Product {name}", _by_cut(only(rows, GROUP=name)))


def _pooled(own: pl.DataFrame, arm: str | None) -> Iterator[Share]:
    rows = only(own, RESULT="meta", GROUPVAR=None)
    several = len(list(_studies(own, arm))) > 1
    for stat, words in (
        ("pooled_proportion", "Over studies"),
        ("prediction_interval", "Interval for a new study"),
        ("range", "Range of studies"),
    ):
        cells = _range(rows) if stat == "range" else _by_cut(only(rows, STAT=stat))
        if stat == "range" and not several:
            continue
        known = any(c["STATUS"] == "ok" for c in cells.values())
        if cells and (known or stat == "pooled_proportion"):
            yield Share(POOLED, arm, words, cells)


def _range(rows: pl.DataFrame) -> dict[str, Row]:
    """Lowest and highest proportion as the limits of a row without a value."""
    out: dict[str, Row] = {}
    for cut in CUTS:
        low, high = (first(only(rows, LEVEL=cut), STAT=s) for s in ("lowest", "highest"))
        if low is not None and high is not None:
            limits = {"VALUE": None, "LOW": low["VALUE"], "HIGH": high["VALUE"]}
            hidden = next((r for r in (low, high) if r["STATUS"] != "ok"), None)
            out[cut] = hidden or low | limits | {"STAT": "range"}
    return out


def _by_cut(rows: pl.DataFrame) -> dict[str, Row]:
    found = {cut: first(rows, LEVEL=cut) for cut in CUTS}
    return {cut: row for cut, row in found.items() if row is not None}


def _published(rates: pl.DataFrame, system: str, arm: str | None) -> Iterator[Share]:
    rows = only(rates, SYSTEM=system, COHORT=arm)
    key = ["PRODUCT", "STUDY", "DISEASE"]
    for (product, study, disease), part in rows.sort(*key).group_by(key, maintain_order=True):
        cells = {
            f">={r['GRADE_MIN']}": {
                "STATUS": "ok", "UNIT": "fraction", "STAT": "published", "VALUE": r["RATE"],
                "LOW": None, "HIGH": None, "N": r["N"], "EVENTS": None, "REASON": None,
                "SET_N": None, "SET_EVENTS": None,
            }
            for r in part.to_dicts()
        }  # fmt: skip
        sources = "; ".join(part["SOURCE"].unique().sort().to_list())
        yield Share(PUBLISHED, arm, f"{product}, {study}, {disease}", cells, sources)


def table_by_study(lines: list[Share], drill: Drill, name: str, label: str) -> Markup:
    """The table, grouped by arm.

    Args:
        lines: What `shares` gives.
        drill: Where the subjects behind a count are listed.
        name: Its id.
        label: What the table is.
    """
    rows = [
        [
            arm_name(line.arm) + (", published" if line.kind == PUBLISHED else ""),
            line.words,
            *_cells(line, drill),
            line.source,
        ]
        for line in lines
    ]
    columns = ["", "Study or product", "N", *CUTS.values(), "Source"]
    if not any(line.source for line in lines):
        rows, columns = [row[:-1] for row in rows], columns[:-1]
    return gt_table(name, rows, columns, groups=True, notes=NOTES, label=label)


def _cells(line: Share, drill: Drill) -> list[str | Markup]:
    at = next(iter(line.cells.values()))
    label = f"{arm_name(line.arm)}, {line.words}"
    n = (
        at["REASON"]
        if at["N"] is None
        else drill.button(str(at["N"]), at["SET_N"], f"{label}: N", at["N"])
    )
    return [n, *(_cell(line, cut, drill) for cut in CUTS)]


def _cell(line: Share, cut: str, drill: Drill) -> str | Markup:
    row = line.cells.get(cut)
    if row is None:
        return "not given in the source" if line.kind == PUBLISHED else "not counted"
    if row["STATUS"] != "ok":
        return missing(row)
    if line.kind == PUBLISHED:
        return wording.percent(row["VALUE"])
    if row["STAT"] in {"range", "prediction_interval"}:
        return wording.interval(row)
    if row["STAT"] == "pooled_proportion":
        limits = wording.interval(row).replace("%", "")
        return Markup('{} <span class="ci">[{}]</span>').format(
            wording.percent(row["VALUE"]), limits
        )
    return share(row, drill, f"{arm_name(line.arm)}, {line.words}, {wording.inside(CUTS[cut])}")
