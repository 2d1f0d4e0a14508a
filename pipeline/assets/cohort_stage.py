"""A stage over all studies as one asset. It takes the studies that are ready and waits for none.

Annotations are not postponed here: Dagster reads them off the decorated function.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipeline.assets.resources import RESOURCES
from pipeline.assets.rules import page_rules, rules
from pipeline.assets.specs import check_specs, pages_spec, table_specs
from pipeline.assets.staleness import ASSET, fresh_now, spec
from pipeline.lake.fingerprint import stage_code
from pipeline.lake.manifest import COHORTS
from pipeline.plan import COHORT_STAGES, code_of

_DEPS = {
    "cohorts": ["adsl", "doses", "episodes", "grades", "adtte", "results", "sets"],
    "cohort_pages": ["cohort_results", "cohort_sets", "adsl"],
    "index_pages": [
        *("cohort_pages", "study_pages", "adsl", "results", "queries"),
        *("ledger", "quarantine", "notes", "changes", "unmapped", "reconciliation"),
    ],
}
_PAGES = {
    "cohort_pages": "CAR-T against bispecific antibodies, over all studies that are ready.",
    "index_pages": "Front page, data quality and methods; studies that are not ready are named.",
}


def cohort_stage(stage: str, group: str, kinds: set[str]) -> dg.AssetsDefinition:
    """The asset of one of `COHORT_STAGES`; the last one swaps the manifest in and publishes."""

    @dg.multi_asset(
        name=stage,
        specs=_specs(stage, group, kinds),
        check_specs=_checks(stage),
        required_resource_keys=RESOURCES,
    )
    def run(context: dg.AssetExecutionContext) -> Iterator[Any]:
        # Definitions load in every process; what a step needs loads with the step.
        from pipeline.assets.materialise import Task, materialise  # noqa: PLC0415
        from pipeline.assets.over_studies import finish_cohorts, run_cohort_stage  # noqa: PLC0415

        place, force = context.resources.place, context.resources.choices.force
        run_id = context.run.run_id
        last = stage == COHORT_STAGES[-1]
        yield from materialise(
            context,
            Task(place, COHORTS, stage),
            lambda: run_cohort_stage(place, stage, run_id, force=force),
            (lambda: finish_cohorts(place, run_id)) if last else None,
        )
        if stage == ASSET:
            yield fresh_now(place)

    return run


def _checks(stage: str) -> list[dg.AssetCheckSpec]:
    found = check_specs(page_rules(stage) if stage in _PAGES else rules(stage))
    return [*found, spec()] if stage == ASSET else found


def _specs(stage: str, group: str, kinds: set[str]) -> list[dg.AssetSpec]:
    code = code_of(stage, stage_code())
    if stage not in _PAGES:
        return table_specs(stage, group, kinds, _DEPS[stage], code)
    return [pages_spec(stage, _PAGES[stage], kinds, _DEPS[stage], code)]
