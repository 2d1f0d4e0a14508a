"""cohorts/index.html: CAR-T against bispecific, one section per kind of data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.disclosure import disclose
from reports.drill import Drill, allowed_studies
from reports.page import STAMPS, Page, assemble, render
from reports.pages.block import Chapter, Writer
from reports.pages.cohort_chapters import cohort_chapters
from reports.select import Block, blocks, only
from reports.tables.grades import arm_name, treated
from reports.tables.html import Column, empty, table
from reports.tables.tiles import headline

WARNING = (
    "Non-randomised comparison: these subjects were not assigned to CAR-T or bispecific by chance. "
    "Fitness, tumour burden, earlier treatment, premedication and observation differ. Differences "
    "are descriptions and not effects of treatment."
)
KINDS = {"real": "Real data", "simulated": "Simulated data", "test": "Test data"}


def render_cohorts(
    metas: Sequence[Mapping[str, Any]],
    results: pl.DataFrame,
    sets: pl.DataFrame,
    missing: Sequence[Mapping[str, str]],
    subjects: pl.DataFrame | None = None,
    *,
    published: pl.DataFrame | None = None,
) -> dict[str, bytes]:
    """The comparison page.

    Args:
        metas: study.yaml of each study that is ready, pooled or not.
        results: Result rows of the cohorts (cohort_results).
        sets: Their sets (cohort_sets).
        missing: Studies that are not included: `study`, `state`, `why`.
        subjects: STUDYID, USUBJID, SUBJIDX of all studies (from adsl); without it no number opens
            the list of who is behind it.
        published: Published rates of CRS, shown as context beside ours of the same system.
    """
    pooled = [m for m in metas if m["pool"]]
    drill = Drill.closed() if subjects is None else Drill(sets, subjects, allowed_studies(pooled))
    kinds = [kind for kind in KINDS if (results["DATA_KIND"] == kind).any()]
    chapters = cohort_chapters(published)
    shared = Writer(drill, None, compare_kinds=True, chapters=chapters, pack=True)
    sections = [_section(kind, only(results, DATA_KIND=kind), pooled, shared) for kind in kinds]
    body = render("cohorts.html.j2", sections=sections, missing=_missing(metas, missing))
    page = Page(
        path="cohorts/index.html",
        here="cohorts/index.html",
        title="CAR-T against bispecific",
        kind=_page_kind(kinds),
        warning=WARNING,
        toc=[*(t for s in sections for t in s["toc"]), ("missing", "Studies not included")],
        body=body,
        figures=shared.figures,
        packs=shared.packs,
        data=_data(pooled, drill),
    )
    return {page.path: assemble(page)}


def _page_kind(kinds: Sequence[str]) -> str:
    """The page as a whole is stamped only if nothing on it is real."""
    return kinds[0] if kinds and "real" not in kinds else "real"


def _data(pooled: Sequence[Mapping[str, Any]], drill: Drill) -> dict[str, Any]:
    pages = {s: f"../studies/{s}/subjects.html" for s in allowed_studies(pooled)}
    return {"sets": drill.payload(), "subjectPages": pages, "manyStudies": True}


def _section(
    kind: str,
    rows: pl.DataFrame,
    pooled: Sequence[Mapping[str, Any]],
    shared: Writer,
) -> dict[str, Any]:
    own = sorted((m for m in pooled if m["data_kind"] == kind), key=lambda m: m["study"])
    found = blocks(disclose(rows, max((m["publish"]["min_cell"] for m in own), default=0)))
    head = found[0]
    compare = any(len(block.arms) > 1 for block in found)
    writer = replace(
        shared, stamp=STAMPS.get(kind), prefix=f"{kind}-", group=kind, levels=_levels(own),
        compare=compare,
    )  # fmt: skip
    body = Markup("").join(writer.block(b, is_open=b is head) for b in found)
    return {
        "anchor": kind,
        "title": KINDS[kind],
        "stamp": STAMPS.get(kind),
        "studies": _studies(own, found),
        "single": "" if compare else _single(head.arms),
        "holds": _holds(own, head),
        "compares": _link(kind, body) if compare else "",
        "arms": [(arm_name(arm), headline(head, arm, writer.drill)) for arm in head.arms],
        "blocks": found,
        "body": body,
        "toc": [(kind, KINDS[kind]), *_toc(kind, writer.chapters, body)],
    }


def _toc(kind: str, chapters: Sequence[Chapter], body: Markup) -> list[tuple[str, str]]:
    """Chapters that the block shown at first has."""
    return [(f"{kind}-{c.anchor}", c.title) for c in chapters if f'id="{kind}-{c.anchor}"' in body]


def _link(kind: str, body: Markup) -> str:
    """Anchor of the differences, where the block shown at first has them."""
    anchor = f"{kind}-differences"
    return anchor if f'id="{anchor}"' in body else ""


def _holds(metas: Sequence[Mapping[str, Any]], head: Block) -> str:
    """How many studies there are, and treated subjects by cohort under what is shown first."""
    arms = [f"{arm_name(arm)} {treated(head, arm)} treated" for arm in head.arms]
    studies = wording.plural(len(metas), "study", "studies")
    return f"{studies}; {head.name}: {', '.join(arms) or 'nobody treated'}"


def _levels(metas: Sequence[Mapping[str, Any]]) -> list[str]:
    """Dose names of all schedules, by day."""
    steps = sorted((step["day"], step["name"]) for m in metas for step in m["schedule"])
    return list(dict.fromkeys(name for _, name in steps))


def _studies(metas: Sequence[Mapping[str, Any]], found: Sequence[Block]) -> str:
    names = ", ".join(m["study"] for m in metas) or "not named"
    scope = "Each grading system uses the studies that have it" if len(found) > 1 else ""
    return f"Studies: {names}. {wording.sentence(scope)}"


def _single(arms: Sequence[str | None]) -> str:
    if len(arms) > 1:
        return ""
    have = arm_name(arms[0]) if arms else "No cohort"
    other = {"car_t": "bispecific", "bispecific": "CAR-T"}.get(str(arms[0]), "") if arms else ""
    return (
        f"One cohort only: {have}. No {other} study of this kind of data is ready, so nothing is "
        "compared here."
    )


def _missing(metas: Sequence[Mapping[str, Any]], missing: Sequence[Mapping[str, str]]) -> Markup:
    rows = [[m["study"], m["state"], wording.without_dates(m.get("why", ""))] for m in missing]
    rows += [[m["study"], "ready", "pool: false in its study.yaml"] for m in metas if not m["pool"]]
    if not rows:
        return empty("None: every study that is ready is included.")
    columns = [Column("Study"), Column("State"), Column("Why", "words")]
    return table("not-included", columns, sorted(rows), label="Studies not included")
