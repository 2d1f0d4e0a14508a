"""methods/index.html: rules, switches, plan, versions and hashes, all handed in as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.page import Page, assemble, render
from reports.tables.html import Column, empty, table

TOC = [
    ("grading", "How a grade comes about"),
    ("criteria", "Criteria"),
    ("switches", "Switches"),
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
    "events; one minus Kaplan-Meier would overstate it. Intervals are 95 % log-log intervals; "
    "those of proportions are Clopper-Pearson.",
    "Counts at risk are those at the start of the day. A curve stops where fewer than five are at "
    "risk.",
    "Grading systems are never pooled in one denominator.",
    "CAR-T and bispecific cohorts were not randomised against each other. Differences between them "
    "are descriptions, with intervals and without P values.",
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
            switches=_switches(metas, facts),
            studies=_studies(metas),
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
    return table("inputs", columns, rows, label="Input files", caption="Input files")


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


def _switches(metas: Sequence[Mapping[str, Any]], facts: Mapping[str, Any]) -> Markup:
    names = sorted({name for m in metas for name in m["switches"]})
    if not names:
        return empty("No study is on this page.")
    defaults, words = facts.get("defaults") or {}, facts.get("switch_words") or {}
    columns = [Column("Switch"), *([Column("Meaning", "words")] if words else [])]
    columns += [Column(m["study"]) for m in metas]
    rows = [
        [name, *([words.get(name, "")] if words else [])]
        + [_switch(m["switches"].get(name), defaults.get(name)) for m in metas]
        for name in names
    ]
    return table("switch-values", columns, rows, label="Switches", sortable=False)


def _switch(value: Any, default: Any) -> str | Markup:
    text = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    if default is not None and value != default:
        return Markup("<b>{}</b> (changed)").format(text)
    return "" if text is None else str(text)


def _studies(metas: Sequence[Mapping[str, Any]]) -> Markup:
    if not metas:
        return empty("No study is on this page.")
    columns = [
        Column("Study"), Column("Title", "words"), Column("Cohort"), Column("Data"),
        Column("Products"), Column("Recorded scale"), Column("Primary system"),
        Column("Smallest printed count"), Column("Subject-level pages"),
    ]  # fmt: skip
    rows = [
        [m["study"], wording.without_dates(m["title"]), cohort_words(m), m["data_kind"],
         ", ".join(sorted(m["products"])), _scale(m), wording.system(m["primary_system"]),
         m["publish"]["min_cell"] or "all", "yes" if m["publish"]["subject_level"] else "no"]
        for m in metas
    ]  # fmt: skip
    return table("study-facts", columns, rows, label="Studies")


def _scale(meta: Mapping[str, Any]) -> str:
    if meta["collected_scale"] == "unknown":
        return "not stated"
    return f"{wording.system(meta['collected_scale'])} ({meta['scale_source']})"


def cohort_words(meta: Mapping[str, Any]) -> str:
    """Cohort of a study, or its cohorts where they are given per arm."""
    cohort = meta["cohort"]
    names = [cohort] if isinstance(cohort, str) else sorted(set(cohort.values()), reverse=True)
    return " and ".join(wording.cohort(name) for name in sorted(names, key=lambda n: n != "car_t"))
