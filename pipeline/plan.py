"""What is stale, and why: one pure function, asked by command line, schedule and sensor.

The stages and what they hand on stand here too, so that this is the only list of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.lake.manifest import Manifest, digest

DOMAINS = (
    "dm", "ex", "ae", "ce", "fa", "vs", "lb", "cm", "pr", "ho", "ds", "mh", "dd", "relrec",
)  # fmt: skip

# What each stage makes; pages of the last one are named by their paths.
OUTPUTS: dict[str, tuple[str, ...]] = {
    "ingest": (
        *(f"sdtm_{domain}" for domain in DOMAINS), "dm_variables", "ledger", "quarantine", "notes",
        "changes",
    ),
    "subjects": ("adsl", "doses", "covariates"),
    "crs": (
        "findings", "episodes", "grades", "grade_days", "grade_changes", "evidence", "accounts",
        "candidates", "reconciliation", "interventions", "events", "signs", "labs", "vitals",
        "readings", "unmapped",
    ),
    "stats": ("adtte", "results", "sets"),
    "queries": ("queries",),
    "reports": (),
}  # fmt: skip
STAGES = tuple(OUTPUTS)

# Results made over several studies, in order.
COHORT_OUTPUTS: dict[str, tuple[str, ...]] = {
    "cohorts": ("cohort_results", "cohort_sets"),
    "cohort_pages": (),
    "index_pages": (),
}
COHORT_STAGES = tuple(COHORT_OUTPUTS)
MADE = {**OUTPUTS, **COHORT_OUTPUTS}

# What ingest remarks on goes to the queries and the reports only, so that a remark on a row that
# changes nothing else makes no statistic stale.
_REMARKS = ("quarantine", "notes", "changes")
_READ_REMARKS = ("queries", "reports")


@dataclass(frozen=True)
class StageRun:
    """A stage that has to run, and why."""

    stage: str
    reason: str


def code_of(stage: str, code: Mapping[str, str]) -> str:
    """Hash of the code of a stage over studies, from those of the stages.

    The methods page, one of the index pages, tells of the code of all stages.
    """
    if stage == "index_pages":
        return digest(dict(code))
    return code["stats" if stage == "cohorts" else "reports"]


def inputs_of(stage: str) -> tuple[str, ...]:
    """Tables that a stage reads: everything made before it."""
    before = STAGES[: STAGES.index(stage)]
    tables = [table for earlier in before for table in OUTPUTS[earlier]]
    return tuple(t for t in tables if stage in _READ_REMARKS or t not in _REMARKS)


def plan(
    drop: Mapping[str, str],
    code: Mapping[str, str],
    manifest: Manifest | None,
    *,
    force: bool = False,
) -> list[StageRun]:
    """Stages of a study that have to run, in order, with reasons.

    A stage behind a changed one runs too; it is then found whether its inputs really differ, and
    a stage whose code and inputs are those on record is taken from there.

    Args:
        drop: name and hash of the drop's files.
        code: hash of each stage's code.
        manifest: the current one.
        force: everything, whatever is on record.
    """
    runs: list[StageRun] = []
    for stage in STAGES:
        reason = _reason(stage, drop, code, manifest, force=force)
        if runs:
            reason = reason or f"after {runs[-1].stage}"
        if reason:
            runs.append(StageRun(stage, reason))
    return runs


def plan_cohorts(
    used: Mapping[str, str],
    code: Mapping[str, str],
    manifest: Manifest | None,
    *,
    force: bool = False,
) -> list[StageRun]:
    """Stages over all studies that have to run, with reasons.

    Args:
        used: each ready study and the hash of its data, and `states`, the hash of
            how the runs of all studies ended.
        code: hash of each stage's code.
        manifest: the current one of the cohorts.
        force: everything, whatever is on record.
    """
    if force:
        return [StageRun(stage, "forced") for stage in COHORT_STAGES]
    if manifest is None:
        return [StageRun(stage, "new") for stage in COHORT_STAGES]
    changes = [
        *(["studies changed"] if dict(used) != dict(manifest.drop) else []),
        *(
            f"code of {stage} changed"
            for stage in COHORT_STAGES
            if manifest.stages[stage].code != code_of(stage, code)
        ),
    ]
    return [StageRun(stage, "; ".join(changes)) for stage in COHORT_STAGES] if changes else []


def _reason(
    stage: str,
    drop: Mapping[str, str],
    code: Mapping[str, str],
    manifest: Manifest | None,
    *,
    force: bool,
) -> str:
    if force:
        return "forced"
    if manifest is None:
        return "new study"
    if manifest.withdrawn:
        return "was withdrawn"
    record = manifest.stages.get(stage)
    if record is None:
        return "never made"
    seen = manifest.drop if stage == "ingest" else _only_study_yaml(manifest.drop)
    now = drop if stage == "ingest" else _only_study_yaml(drop)
    changes = _changes(seen, now)
    if record.code != code[stage]:
        changes.append("code changed")
    return "; ".join(changes)


def _only_study_yaml(drop: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in drop.items() if name == "study.yaml"}


def _changes(seen: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [
        *(
            f"{name} changed"
            for name in sorted(seen.keys() & now.keys())
            if seen[name] != now[name]
        ),
        *(f"{name} is new" for name in sorted(now.keys() - seen.keys())),
        *(f"{name} is gone" for name in sorted(seen.keys() - now.keys())),
    ]
