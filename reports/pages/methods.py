"""methods/index.html: rules, switches, plan, versions and hashes, all handed in as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.page import Page, assemble, render
from reports.tables.html import Cell, Column, empty, table
from reports.tables.switches import changed, table_defaults, table_differences

TOC = [
    ("grading", "How a grade comes about"),
    ("criteria", "Criteria"),
    ("switches", "Where studies differ"),
    ("defaults", "Switches and defaults"),
    ("studies", "Studies"),
    ("plan", "Plan of analysis"),
    ("versions", "Versions and hashes"),
]
RULES = (
    "Episodes are made from what the study recorded as CRS. Two records belong together when the "
    "free time between them is shorter than the merge gap; a dose in the free time starts a new "
    "episode.",
    "A recorded grade is never changed and is printed only under the scale it was recorded on. A "
    "derived grade is worked out from temperatures, blood pressure, vasopressors, oxygen, organ "
    "toxicity and treatment within the episode, and never replaces the recorded one.",
    "Where a system needs data that a study does not have, the grade is not available and the "
    "reason is given. Not available is not grade 0.",
    "Onset counts from the first dose (day of first dose = day 1). For a dose-by-dose view it "
    "counts from the last dose at or before onset.",
    "An episode has ended only where its end was observed: recovered, or a later daily grade 0. "
    "Death, the data cutoff and the last charted day are not recovery.",
    "First CRS is shown as cumulative incidence with death and discontinuation as competing "
    "events; one minus Kaplan-Meier would overstate it. Intervals are 95% log-log intervals; "
    "those of proportions are Clopper-Pearson.",
    "Recovery is one minus Kaplan-Meier over first episodes, from onset; death and the last day on "
    "which an episode was seen censor. Beside it stands the same with death competing.",
    "Counts at risk are those at the start of the day. A curve stops where fewer than five are at "
    "risk.",
    "Grading systems are never pooled in one denominator.",
    "CAR-T and bispecific cohorts were not randomised against each other. Differences between them "
    "are descriptions with intervals; P values are nominal, decide nothing, and are shown only to "
    "who unfolds them.",
)


def render_methods(
    metas: Sequence[Mapping[str, Any]], facts: Mapping[str, Any]
) -> dict[str, bytes]:
    """The methods page.

    Args:
        metas: study.yaml of each study on the page.
        facts: What else stands there, all optional: `plan_version` (text), `plan` (name to value),
            `rules` (sentences in place of ours), `defaults` (switch to default), `switch_words`
            (switch to meaning), `criteria` (grading system to its criteria table), `packages`
            (name to version), `code` (stage to hash), `inputs` (study to file to hash).
    """
    page = Page(
        path="methods/index.html",
        here="methods/index.html",
        title="Methods",
        toc=TOC,
        body=render(
            "methods.html.j2",
            rules=facts.get("rules") or RULES,
            criteria=_criteria(facts.get("criteria") or {}),
            differences=table_differences(metas, facts),
            defaults=table_defaults(metas, facts),
            studies=_studies(metas, facts),
            plan_version=facts.get("plan_version") or "not stated",
            plan=_pairs(
                "plan-values", _flat(facts.get("plan") or {}), ("Parameter", "Value"), "Plan"
            ),
            packages=_pairs(
                "packages", facts.get("packages") or {}, ("Package", "Version"), "Packages"
            ),
            code=_pairs("code", facts.get("code") or {}, ("Stage", "Hash of its code"), "Code"),
            inputs=_inputs(facts.get("inputs") or {}),
        ),
    )
    return {page.path: assemble(page)}


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Nested parameters under dotted names."""
    out: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            out |= {f"{name}.{inner}": v for inner, v in value.items()}
        else:
            out[name] = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
    return out


def _pairs(name: str, values: Mapping[str, Any], heads: tuple[str, str], caption: str) -> Markup:
    if not values:
        return Markup("")
    rows = [[key, str(values[key])] for key in sorted(values)]
    columns = [Column(heads[0]), Column(heads[1])]
    return table(name, columns, rows, label=caption, caption=caption)


def _inputs(inputs: Mapping[str, Mapping[str, str]]) -> Markup:
    rows = [[s, f, digest] for s in sorted(inputs) for f, digest in sorted(inputs[s].items())]
    if not rows:
        return Markup("")
    columns = [Column("Study"), Column("File"), Column("SHA-256")]
    return table("inputs", columns, rows, label="Input files", caption="Input files", filtered=True)


def _criteria(criteria: Mapping[str, pl.DataFrame]) -> Markup:
    if not criteria:
        return empty("The criteria tables were not handed to this page.")
    parts: list[Markup] = []
    for name in sorted(criteria):
        frame = criteria[name]
        columns = [Column(c.replace("_", " ")) for c in frame.columns]
        rows = [["" if v is None else v for v in row] for row in frame.iter_rows()]
        made = table(
            f"criteria-{name}", columns, rows, label=f"Criteria of {wording.system(name)}",
            sortable=False,
        )  # fmt: skip
        parts.append(
            Markup("<details><summary>{}</summary>{}</details>").format(wording.system(name), made)
        )
    return Markup("").join(parts)


def _studies(metas: Sequence[Mapping[str, Any]], facts: Mapping[str, Any]) -> Markup:
    if not metas:
        return empty("No study is on this page.")
    columns = [
        Column("Study"), Column("Cohort"), Column("Data"), Column("Products", "mid"),
        Column("Grades recorded"), Column("Shown first"), Column("Data cutoff"),
        Column("Changes", "num"), Column("Published", "mid"),
    ]  # fmt: skip
    rows = [
        [_named(m), cohort_words(m), m["data_kind"], _products(m), _scale(m), _first(m),
         "stated" if m["data_cutoff"] else "none",
         len(changed(m, facts)), _published(m)]
        for m in metas
    ]  # fmt: skip
    return table("study-facts", columns, rows, label="Studies", filtered=True)


def _named(meta: Mapping[str, Any]) -> Cell:
    title = wording.without_dates(meta["title"])
    words = Markup('{0}<br><span class="ne clamp title" title="{1}">{1}</span>')
    return Cell(words.format(meta["study"], title), meta["study"])


def _first(meta: Mapping[str, Any]) -> str:
    basis = meta["primary_basis"]
    return wording.system(meta["primary_system"]) + (f", {wording.BASES[basis]}" if basis else "")


def _products(meta: Mapping[str, Any]) -> str:
    """Products with their role where that is another than to start the clock."""
    roles = {name: product["role"] for name, product in meta["products"].items()}
    return ", ".join(
        name if roles[name] == "trigger" else f"{name} ({roles[name]})" for name in sorted(roles)
    )


def _published(meta: Mapping[str, Any]) -> str:
    """What the study lets be printed."""
    least = meta["publish"]["min_cell"]
    counts = f"counts from {least}" if least else "every count"
    subjects = "subject pages" if meta["publish"]["subject_level"] else "no subject pages"
    return f"{counts}, {subjects}" + ("" if meta["pool"] else ", not pooled")


def _scale(meta: Mapping[str, Any]) -> str:
    if meta["collected_scale"] == "unknown":
        return "not stated"
    return f"{wording.system(meta['collected_scale'])} ({meta['scale_source']})"


def cohort_words(meta: Mapping[str, Any]) -> str:
    """Cohort of a study, or its cohorts where they are given per arm."""
    cohort = meta["cohort"]
    names = [cohort] if isinstance(cohort, str) else sorted(set(cohort.values()), reverse=True)
    return " and ".join(wording.cohort(name) for name in sorted(names, key=lambda n: n != "car_t"))
