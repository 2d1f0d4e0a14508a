"""Chapter of the cohort page: who is compared with adjustment, and how alike they are then."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from reports.figures.balance import figure_love, figure_overlap
from reports.pages.block import Writer
from reports.pages.comparison_chapters import SMALL, WITHHELD, alone
from reports.select import Block
from reports.tables import balance
from reports.tables.html import empty


def balances(writer: Writer, block: Block) -> Markup | str:
    """Who is compared with adjustment, and how alike the cohorts are then."""
    if alone(writer, block):
        return ""
    smds = balance.balanced(block)
    if smds.is_empty():
        return empty(balance.no_balance(block))
    if (smds["STATUS"] == "suppressed").all():
        return empty(SMALL)
    points = "".join(f"<li>{Markup.escape(w)}</li>" for w in balance.compared_words(block))
    said = Markup('<ul class="say">{}</ul>').format(Markup(points))
    sizes = balance.table_sizes(block, writer.drill, writer.id("sizes", block))
    return said + _love(writer, block, smds) + sizes + _overlap(writer, block)


def _love(writer: Writer, block: Block, smds: pl.DataFrame) -> Markup:
    made = balance.table_balance(block, writer.drill, writer.id("balance", block))
    if (smds["STATUS"] != "ok").all():
        return empty(WITHHELD) + made
    frame = writer.frame(
        f"Non-randomised cohorts before and after weighting ({block.name}), {_compared(smds)}",
        "Standardised difference of each covariate known before the first dose, CAR-T minus "
        "bispecific, unweighted and under each weighting by a logistic propensity. Dotted: 0.10 on "
        "either side, within which the cohorts count as alike. Of two levels, whose differences "
        "mirror each other, one is drawn.",
    )
    return writer.figure(writer.id("love-figure", block), figure_love(smds, frame), made)


def _compared(rows: pl.DataFrame) -> str:
    n = rows["N"].max()
    return f"N\u00a0=\u00a0{'withheld' if n is None else n}"


def _overlap(writer: Writer, block: Block) -> Markup:
    rows = block.of("balance", VARIABLE="PROPENSITY", STAT="n")
    if rows.is_empty():
        return empty("No overlap to draw, because no propensity was fitted.")
    if (rows["STATUS"] != "ok").all():
        return empty("The overlap of the propensities is withheld to protect small groups.")
    frame = writer.frame(
        f"Non-randomised cohorts: overlap of the propensities ({block.name}), "
        f"{_compared(block.of('balance', STAT='smd'))}",
        "Subjects by their propensity to be in the CAR-T cohort given the covariates (logistic "
        "model), CAR-T upwards, bispecific downwards. Overlap weights count most where both have "
        "subjects, and hardly where only one has.",
    )
    return writer.figure(writer.id("overlap-figure", block), figure_overlap(rows, frame), rows)
