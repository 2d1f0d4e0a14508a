"""One grading system and basis on a page: figures and tables, shown when it is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.drill import Drill
from reports.figures.curve import Frame
from reports.figures.grade_bars import figure_grade_bars
from reports.figures.onset import figure_onset
from reports.figures.recovery import figure_recovery
from reports.page import packed, render
from reports.pages.denominators import cases, denominators
from reports.select import Block, only
from reports.tables.by_dose import table_by_dose
from reports.tables.figure_data import table_figure
from reports.tables.grades import arm_name, table_grades
from reports.tables.html import empty
from reports.tables.management import table_management
from reports.tables.medians import table_medians
from reports.theme import Figure

CURVE_LEVELS = ("curve", "landmark", "risk_table")


class Chapter(NamedTuple):
    """A section of a block: its anchor, its heading, and what writes it (nothing: no section)."""

    anchor: str
    title: str
    write: Callable[[Writer, Block], Markup | str]


@dataclass
class Writer:
    """Writes the blocks of a page and gathers their figures.

    Attributes:
        drill: Where the subjects behind a number are listed.
        stamp: SIMULATED or TEST.
        prefix: What ids of this part of the page begin with.
        group: Name of the switch that chooses the block.
        levels: Dose names in the order of the study's schedule.
        compare: Whether arms are compared (cohort page).
        compare_kinds: Whether the page holds several kinds of data.
        figures: Figures made so far, by name.
        chapters: Sections of each block, in their order; CHAPTERS where none are given.
        pack: Whether blocks that are not open at first are packed, figures and all.
        packs: What was packed so far, by name.
    """

    drill: Drill
    stamp: str | None
    prefix: str = ""
    group: str = "system"
    levels: Sequence[str] = ()
    compare: bool = False
    compare_kinds: bool = False
    figures: dict[str, Any] = field(default_factory=dict)
    chapters: Sequence[Chapter] = ()
    pack: bool = False
    packs: dict[str, str] = field(default_factory=dict)

    def block(self, block: Block, *, is_open: bool) -> Markup:
        """HTML of one block; ids carry the block's key except in the one that is open at first."""
        before = set(self.figures)
        parts: list[tuple[str, str, Markup | str]] = []
        if block.missing is None:
            chapters = self.chapters or CHAPTERS
            written = [(c.anchor, c.title, c.write(self, block)) for c in chapters]
            parts = [part for part in written if part[2]]
        prefix = self.prefix if is_open else f"{self.prefix}{block.key}-"
        content = render(
            "parts.html.j2", block=block, parts=parts, prefix=prefix, base=self.prefix,
            tag=self._tag(), missing=wording.sentence(wording.why(block.missing)),
            absent=[(arm_name(arm), wording.why(reason)) for arm, reason in block.absent],
        )  # fmt: skip
        pack = ""
        if self.pack and not is_open:
            pack = self.id("block", block)
            own = {n: self.figures.pop(n) for n in sorted(set(self.figures) - before)}
            self.packs[pack] = packed({"html": content, "figures": own})
            content = Markup("")
        return render(
            "block.html.j2", block=block, content=content, group=self.group, open=is_open, pack=pack
        )

    def _tag(self) -> Markup:
        """Mark of data that are not real, on every heading of a page that mixes kinds."""
        if self.stamp is None or not self.compare_kinds:
            return Markup("")
        return Markup(' <span class="tag">{}</span>').format(self.stamp)

    def id(self, what: str, block: Block) -> str:
        """Id of a part of a block, unique on the page."""
        return f"{self.prefix}{what}-{block.key}"

    def figure(self, name: str, figure: Figure, rows: pl.DataFrame | Markup) -> Markup:
        """A figure with its words and its numbers, from its rows or as a table made before."""
        made = self.figures[name] = figure.as_json()
        meta = made["layout"]["meta"]
        return render(
            "figure.html.j2", name=name, title=meta["title"], words=meta["words"],
            height=made["layout"]["height"],
            numbers=rows
            if isinstance(rows, Markup)
            else table_figure(rows, self.drill, f"data-{name}"),
        )  # fmt: skip

    def frame(self, title: str, words: str) -> Frame:
        """What every figure of the page carries."""
        return Frame(title, words, self.stamp, self.drill)

    def grades(self, block: Block) -> Markup:
        """Maximum grade: bars, then the table."""
        rows = block.of("grade_distribution", STAT="proportion")
        made = table_grades(block, self.drill, self.id("grades", block))
        if rows.filter(pl.col("N") > 0).is_empty():
            return _none(rows, "No subject was treated, so there is no grade to show.")
        bars = [(arm_name(arm), only(rows, COHORT=arm, GROUPVAR=None)) for arm in block.arms]
        bars += self._product_bars(rows, block)
        drawn = [(name, part) for name, part in bars if _something(part)]
        if not drawn:
            return empty("Every grade count is withheld to protect small groups.") + made
        frame = self.frame(
            f"Maximum CRS grade per treated subject, worst episode ({block.name}), "
            f"{denominators(block)}",
            "Each bar holds all treated subjects, each counted once with the worst episode from "
            "the first dose to the end of follow-up; the numbers inside are subjects. Hatched: CRS "
            "whose grade is not available, which is not grade 0. Intervals (Clopper-Pearson, 95%) "
            "stand in the table.",
        )
        shown = pl.concat([part for _, part in drawn])
        figure = figure_grade_bars(shown, frame, bars=drawn)
        return self.figure(self.id("grades-figure", block), figure, shown) + made

    def _product_bars(self, rows: pl.DataFrame, block: Block) -> list[tuple[str, pl.DataFrame]]:
        products = only(rows, GROUPVAR="PRODUCT")
        return [
            (f"{arm_name(arm)}: {name}", only(products, COHORT=arm, GROUP=name))
            for arm in block.arms
            for name in only(products, COHORT=arm)["GROUP"].unique().sort().to_list()
        ]

    def onset(self, block: Block) -> Markup:
        """Cumulative incidence of first CRS."""
        rows = block.of("onset_cif", ESTIMAND="E1", VARIABLE="TTCRS")
        title = f"Cumulative incidence of first CRS, any grade ({block.name}), "
        title += denominators(block)
        words = (
            "Share of treated subjects who had a first CRS episode by each day. Aalen-Johansen "
            "estimate in which death and discontinuation before CRS compete; band: pointwise 95% "
            "log-log interval. Clock: first dose, its day = 1. The table counts, at the start of "
            f"each day, who is at risk and what happened before it. {_STOP}"
        )
        return self._curve(block, rows, "onset", figure_onset, (title, words))

    def recovery(self, block: Block) -> Markup:
        """Recovery from the first episode."""
        rows = block.of("recovery_km", VARIABLE="TTREC")
        title = f"Recovery from the first CRS episode ({block.name}), those with CRS, "
        title += cases(block, rows)
        words = (
            "Estimated share of first episodes that have ended by each day. One minus "
            "Kaplan-Meier: death and the last day on which the episode was seen censor; band: "
            "pointwise 95% log-log interval. Clock: onset, its day = 1. Landmarks at days 7 and "
            f"14 are marked; with death competing they stand in the table of medians. {_STOP}"
        )
        return self._curve(block, rows, "recovery", figure_recovery, (title, words))

    def _curve(
        self, block: Block, rows: pl.DataFrame, what: str, draw: Any, said: tuple[str, str]
    ) -> Markup:
        rows = rows.filter(pl.col("LEVEL").is_in(CURVE_LEVELS))
        curve = rows.filter((pl.col("LEVEL") == "curve") & (pl.col("STATUS") == "ok"))
        if curve.is_empty():
            only_curve = rows.filter(pl.col("LEVEL") == "curve")
            return _none(only_curve, "There is nobody to draw a curve of.")
        drawn = rows.filter(
            pl.col("COHORT").is_in(curve["COHORT"].unique().to_list(), nulls_equal=True)
        )
        frame = self.frame(said[0], said[1] + _withheld(drawn))
        made = self.figure(self.id(f"{what}-figure", block), draw(drawn, frame), drawn)
        without = [a for a in block.arms if only(drawn, COHORT=a).is_empty()]
        for arm in without:
            made += _none(only(rows, COHORT=arm, LEVEL="curve"), "No curve.", arm_name(arm))
        return made

    def medians(self, block: Block) -> Markup:
        """Table of medians and landmarks."""
        name = self.id("medians", block)
        return table_medians(block, self.drill, name, difference=self.compare)

    def management(self, block: Block) -> Markup:
        """Table of drugs and support."""
        return table_management(block, self.drill, self.id("management", block))

    def by_dose(self, block: Block) -> Markup | str:
        """Table by dose, where an arm is bispecific."""
        if "bispecific" not in block.arms:
            return ""
        return table_by_dose(block, self.drill, self.id("doses", block), list(self.levels))


CHAPTERS = (
    Chapter("grades", "Maximum grade", Writer.grades),
    Chapter("onset", "Onset", Writer.onset),
    Chapter("recovery", "Recovery", Writer.recovery),
    Chapter("medians", "Medians and landmarks", Writer.medians),
    Chapter("doses", "By dose", Writer.by_dose),
    Chapter("management", "Management", Writer.management),
)
_STOP = "A curve stops where fewer than five are at risk."


def _something(rows: pl.DataFrame) -> bool:
    return rows.filter((pl.col("STATUS") == "ok") & (pl.col("VALUE") > 0)).height > 0


def _withheld(rows: pl.DataFrame) -> str:
    if rows.filter(pl.col("STATUS") == "suppressed").is_empty():
        return ""
    return (
        " Small counts are not printed; a dot stands for a count that would reveal one, and small "
        "steps are drawn together."
    )


def _none(rows: pl.DataFrame, words: str, who: str = "") -> Markup:
    """A sentence in place of a figure, with the reason that the rows give."""
    reasons = rows["REASON"].drop_nulls().unique().sort().to_list()
    if reasons and rows["STATUS"].to_list()[0] == "suppressed":
        words = "Withheld to protect small groups."
    elif reasons:
        words = "; ".join(wording.why(r) for r in reasons)
        words = f"No curve is drawn: {words}."
    return empty(f"{who}: {words}" if who else words)
