"""studies/<STUDYID>/index.html: what a safety board reads about one study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.disclosure import disclose
from reports.drill import EPISODE_FACTS, Drill, allowed_studies, people
from reports.page import STAMPS, Page, assemble, render
from reports.pages.block import Writer
from reports.pages.counted import counted_in, flow_words, recorded_in
from reports.pages.courses import section_courses
from reports.pages.daily import chapter_daily, subject_sets
from reports.pages.methods import cohort_words
from reports.pages.sentences import sentences
from reports.pages.study_chapters import STUDY_CHAPTERS
from reports.pages.subjects import primary_pair, render_subjects
from reports.select import Block, blocks
from reports.tables.candidates import table_candidates
from reports.tables.crosstab import table_crosstab
from reports.tables.episodes import episode_list, table_all
from reports.tables.flow import table_flow
from reports.tables.grades import arm_name
from reports.tables.html import empty
from reports.tables.outstanding import possible_list, table_outstanding
from reports.tables.queries import count_words, largest_move, printable
from reports.tables.readings import table_readings
from reports.tables.tiles import Tile, grade_tiles, headline

TOC = [
    ("summary", "Summary"),
    ("first", "Look at these first"),
    ("flow", "Subjects"),
    ("courses", "Course of each subject"),
    ("grades", "Maximum grade"),
    ("onset", "Onset"),
    ("states", "States by day"),
    ("daily", "Daily grade of each subject"),
    ("recovery", "Recovery"),
    ("by-grade", "Recovery by maximum grade"),
    ("medians", "Medians and landmarks"),
    ("days", "Days with CRS and recurrence"),
    ("doses", "By dose"),
    ("signs", "Signs and symptoms"),
    ("beside", "Beside CRS"),
    ("management", "Management"),
    ("risk", "Risk factors"),
    ("labs", "Laboratory values"),
    ("agreement", "Recorded against derived"),
    ("unreported", "Possible unreported CRS"),
    ("readings", "Readings of the rules"),
    ("episodes", "All episodes"),
    ("data", "Data quality"),
]
CLOSED = (
    "This study does not publish subject-level data, so episodes are not listed here; their "
    "numbers stand in the tables below."
)
NO_VITALS = "The study has no vital signs, so unreported CRS cannot be looked for."
NO_EPISODE = "No CRS episode was recorded."
NOTHING = (
    "No subject of this study was treated with a trigger product, so there is nothing to count."
)


def render_study(meta: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> dict[str, bytes]:
    """Pages of one study, by path below published/.

    Args:
        meta: study.yaml as `Study.model_dump()`.
        tables: ledger, quarantine, notes, adsl, doses, episodes, grades, grade_days, evidence,
            accounts, reconciliation, interventions, results, sets; candidates, readings and
            queries where there are any.
    """
    study = meta["study"]
    shown = disclose(tables["results"], meta["publish"]["min_cell"])
    found = blocks(shown)
    drill = Drill(tables["sets"], tables["adsl"], allowed_studies([meta]))
    levels = [step["name"] for step in sorted(meta["schedule"], key=lambda s: s["day"])]
    after = [c.anchor for c in STUDY_CHAPTERS].index("states") + 1
    daily = chapter_daily(meta, tables)
    chapters = (*STUDY_CHAPTERS[:after], daily, *STUDY_CHAPTERS[after:])
    writer = Writer(
        drill, STAMPS.get(meta["data_kind"]), levels=levels, chapters=chapters, pack=True
    )
    body = _body(meta, {**tables, "results": shown}, found, writer)
    page = Page(
        path=f"studies/{study}/index.html",
        title=f"{study}: cytokine release syndrome",
        kind=meta["data_kind"],
        toc=[entry for entry in TOC if f'id="{entry[0]}"' in body],
        body=body,
        figures=writer.figures,
        packs=writer.packs,
        data=_data(meta, tables, drill),
    )
    return {page.path: assemble(page), **render_subjects(meta, tables)}


def _body(
    meta: Mapping[str, Any], tables: Mapping[str, pl.DataFrame], found: list[Block], writer: Writer
) -> Markup:
    head = found[0] if found else None
    listed, candidates = _episodes(meta, tables), _possible(meta, tables)
    counted = counted_in(found)
    shown = counted if counted is not None and counted.without_crs else head
    several = shown is not None and len(shown.arms) > 1
    arms = [] if shown is None else [
        (arm_name(arm) if several else "", headline(shown, arm, writer.drill)) for arm in shown.arms
    ]  # fmt: skip
    closed = empty(NO_EPISODE if shown is not None and shown.without_crs else CLOSED)
    bodies = [writer.block(b, is_open=b is head) for b in found]
    return render(
        "study.html.j2",
        meta=meta,
        title=wording.without_dates(meta["title"]),
        primary_system=wording.system(meta["primary_system"]),
        stamp=writer.stamp,
        chips=_chips(meta),
        arms=arms,
        data_tiles=_data_tiles(meta, tables),
        sentences=[NOTHING]
        if head is None or counted is None
        else sentences(head, counted, recorded_in(found)),
        primary="" if head is None else head.name,
        outstanding=closed
        if listed is None
        else table_outstanding(listed, "outstanding", candidates),
        flow=empty(NOTHING) if counted is None else table_flow(counted, writer.drill, "flow-table"),
        flow_of=flow_words(head, counted),
        possible=None if candidates is None or listed is None else candidates.height,
        courses=section_courses(meta, tables, writer),
        blocks=found,
        body=Markup("").join(bodies),
        crosstab=table_crosstab(tables["results"], writer.drill, "crosstab"),
        **_optional(meta, tables),
        episodes=closed if listed is None else table_all(listed, "all-episodes"),
        quality=_quality(meta, tables),
    )


def _optional(
    meta: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]
) -> dict[str, Markup | None]:
    """Parts of tables that a study may not have."""
    system, publish = meta["primary_system"], meta["publish"]
    parts: dict[str, Markup | None] = {"candidates": None, "readings": None}
    if "candidates" in tables and publish["subject_level"]:
        parts["candidates"] = (
            table_candidates(tables["candidates"], tables["adsl"], system, "candidates")
            if _has_vitals(tables["ledger"])
            else empty(NO_VITALS)
        )
    if "readings" in tables:
        parts["readings"] = table_readings(
            tables["readings"], system, "readings-table", publish["min_cell"]
        )
    return parts


def _possible(meta: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame | None:
    """Possible unreported CRS; null where there are no vital signs to find any by."""
    if "candidates" not in tables or not _has_vitals(tables["ledger"]):
        return None
    return possible_list(tables, meta["primary_system"])


def _has_vitals(ledger: pl.DataFrame) -> bool:
    return not ledger.filter(DOMAIN="VS").filter(pl.col("N_ACCEPTED") > 0).is_empty()


def _episodes(meta: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame | None:
    if not meta["publish"]["subject_level"]:
        return None
    return episode_list(tables, primary_pair(meta, tables["grades"]))


def _data(
    meta: Mapping[str, Any], tables: Mapping[str, pl.DataFrame], drill: Drill
) -> dict[str, Any]:
    study = meta["study"]
    if not meta["publish"]["subject_level"]:
        return {"sets": drill.payload()}
    system, basis = primary_pair(meta, tables["grades"])
    grades = tables["grades"].filter((pl.col("SYSTEM") == system) & (pl.col("BASIS") == basis))
    return {
        "sets": drill.payload() | subject_sets(study, tables["adsl"], tables["episodes"]),
        "people": {study: people(tables["adsl"], tables["episodes"], grades)},
        "episodeFacts": list(EPISODE_FACTS),
        "subjectPages": {study: "subjects.html"},
    }


def _chips(meta: Mapping[str, Any]) -> list[str]:
    triggers = [n for n, p in meta["products"].items() if p["role"] == "trigger"]
    facts = [cohort_words(meta), ", ".join(sorted(triggers))]
    facts += [str(meta[key]) for key in ("indication", "line", "setting") if meta.get(key)]
    facts.append(f"Primary: {wording.system(meta['primary_system'])}")
    return [wording.without_dates(fact) for fact in facts]


def _data_tiles(meta: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> list[Tile]:
    ledger = tables["ledger"]
    held, read = int(ledger["N_QUARANTINED"].sum()), int(ledger["N_READ"].sum())
    cutoff = "Stated by the study" if meta["data_cutoff"] else "Each subject's last observed day"
    return [
        *grade_tiles(tables["episodes"], tables["grades"], meta),
        *_query_tile(meta, tables),
        Tile("Rows quarantined", f"{held:,}".replace(",", "\u202f"), f"of {read} read"),
        Tile("Data cutoff", cutoff, "dates are not shown", words=True),
    ]


def _query_tile(meta: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> list[Tile]:
    """How many queries are open and what the answers could move, with the way there."""
    if "queries" not in tables:
        return []
    queries, k = tables["queries"], meta["publish"]["min_cell"]
    link = '<a href="../../quality/index.html#queries">{}</a>'
    if queries.is_empty():
        return [Tile("Open queries", "0", "nothing missing or contradictory was found")]
    moves = largest_move(queries, printable(tables["results"]), k)
    return [Tile("Open queries", Markup(link).format(count_words(queries, k)), moves)]


def _quality(meta: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> str:
    ledger = tables["ledger"]
    held, read = int(ledger["N_QUARANTINED"].sum()), int(ledger["N_READ"].sum())
    rules = tables["quarantine"]["RULE"].n_unique()
    notes = tables["notes"].height
    text = f"{wording.plural(read, 'row')} read from {wording.plural(ledger.height, 'file')}, "
    text += f"{held} quarantined"
    text += f" under {wording.plural(rules, 'rule')}" if held else ""
    text += f"; {wording.plural(notes, 'remark')} on accepted rows."
    if "queries" not in tables or tables["queries"].is_empty():
        return text
    queries, k = tables["queries"], meta["publish"]["min_cell"]
    moves = wording.sentence(largest_move(queries, printable(tables["results"]), k))
    return f"{text} Open queries: {count_words(queries, k)}. {moves}"
