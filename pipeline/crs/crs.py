"""From typed domains to graded CRS episodes with the evidence for each grade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipeline.crs.codelists import NAMES, read_codelist
from pipeline.crs.portions import Portion, portions
from pipeline.crs.systems import read_criteria, read_requirements, read_systems
from pipeline.query import Query
from pipeline.schemas.codelists import laboratory_codelists
from pipeline.schemas.tables import TABLES
from pipeline.study import Study
from pipeline.table import Table

OUTPUTS = (
    "findings",
    "episodes",
    "grades",
    "grade_days",
    "grade_changes",
    "evidence",
    "accounts",
    "candidates",
    "reconciliation",
    "interventions",
    "events",
    "signs",
    "labs",
    "vitals",
)

# The order of the derivations; each is sql/crs/<name>.sql and sees those before it.
STEPS = (
    "ae_timed",
    "cm_timed",
    "pr_timed",
    "vitals_timed",
    "ladder_vitals",
    "ladder_vasopressor",
    "ladder_oxygen",
    "ladder_medication",
    "daily_grades",
    "record_source",
    "records",
    "ladder_events",
    "ladder_stays",
    "findings",
    "members",
    "episodes",
    "gates",
    "hits",
    "course",
    "grades",
    "evidence",
    "accounts",
    "reconciliation",
    "grade_days",
    "grade_changes",
    "interventions",
    "events",
    "signs",
    "labs",
    "vitals",
)

# The same engine over spans that no record covers.
CANDIDATE_STEPS = ("gates", "hits", "course", "grades", "evidence", "accounts", "candidates")


def derive_crs(tables: Mapping[str, Table], study: Study) -> dict[str, pl.DataFrame]:
    """Derive findings, episodes, grades under every system, and the rows that decided them.

    Rule:
        1. The domains become ladders: neutral, levelled intervals, each from one source row.
        2. Collected CRS records that belong together are one episode.
        3. A system is a table of criteria; the grade is the highest whose criterion holds at some
           moment of the episode, 0 if none does, null with a reason where the study lacks a domain.
        4. The collected grade is kept beside it, under the scale that the study states.
        5. Signs with fever that no record covers are graded by the same engine and listed apart.

    Source: reference to each system in pipeline/crs/systems/systems.csv; DESIGN section 4.
    """
    inputs = {**tables, **rules_of(study)}
    parts = portions(tables)
    if len(parts) <= 1:
        made = [_derive(inputs, study)]
    else:
        source = record_source(tables, study)
        made = [_derive(inputs, study, portion, source) for portion in parts]
    # Every table is in the order of its subjects, and so are the portions.
    return {name: pl.concat([m.pop(name) for m in made]) for name in OUTPUTS}


def _derive(
    inputs: Mapping[str, Table],
    study: Study,
    subjects: Portion | None = None,
    source: pl.DataFrame | None = None,
) -> dict[str, pl.DataFrame]:
    """Derive all outputs for the subjects of one portion."""
    params = params_of(study)
    with Query(inputs, subjects) as q:
        q.define("macros")
        q.make("", "lab_values", {"tests": None})
        for name in STEPS:
            if name == "record_source" and source is not None:
                q.add(name, source)
            else:
                q.make("crs", name, params)
        made = {name: q.frame(name) for name in OUTPUTS if name != "candidates"}
        made["candidates"] = _candidates(q, params)
    return {name: TABLES[name].validate(made[name], cast=True) for name in OUTPUTS}


def record_source(tables: Mapping[str, Table], study: Study) -> pl.DataFrame:
    """Where the study records CRS, which no portion of its subjects can tell alone."""
    with Query({**tables, **rules_of(study)}) as q:
        q.define("macros")
        q.make("crs", "ae_timed")
        return q.run("crs", "record_source")


def _candidates(q: Query, params: dict[str, Any]) -> pl.DataFrame:
    """Grade the spans that no record covers; they stand in for the episodes from here on."""
    q.make("crs", "candidate_spans", params)
    spans = q.frame("candidate_spans")
    if spans.is_empty():
        return TABLES["candidates"].create_empty()
    q.let("episodes", "candidate_spans")
    for name in CANDIDATE_STEPS:
        q.make("crs", name, params | {"collected_scale": "unknown"})
    return q.frame("candidates")


def rules_of(study: Study) -> dict[str, pl.DataFrame]:
    """Codelists, systems and criteria, with what the study adds to them."""
    own = study.codelists
    offsets = study.switches.temp_site_offset
    systems = read_systems(own.get("systems", ()))
    return {
        **{name: read_codelist(name, own.get(name, ())) for name in NAMES},
        **laboratory_codelists(own),
        "systems": systems,
        "requirements": read_requirements(systems),
        "criteria": read_criteria(study.switches.model_dump(), own.get("criteria", ())),
        "temp_offsets": pl.DataFrame(
            {"VSLOC": [k.upper() for k in offsets], "OFFSET": list(offsets.values())},
            schema={"VSLOC": pl.String, "OFFSET": pl.Float64},
        ),
    }


def params_of(study: Study) -> dict[str, Any]:
    """What the SQL of this stage takes as $name."""
    return {
        **study.switches.in_seconds(),
        "collected_scale": study.collected_scale,
        "use_astct": study.collected_scale == "ASTCT2019",
    }
