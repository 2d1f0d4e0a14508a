"""A stage over all studies as one asset. It takes the studies that are ready and waits for none.

Annotations are not postponed here: Dagster reads them off the decorated function.
"""

from collections.abc import Iterator

import dagster as dg

from pipeline.assets.materialise import (
    OWNERS,
    Event,
    Task,
    forced,
    materialise,
    page_checks,
    table_checks,
    table_specs,
)
from pipeline.assets.over_studies import finish_cohorts, run_cohort_stage
from pipeline.assets.place import Place
from pipeline.assets.resources import RESOURCES
from pipeline.lake.fingerprint import stage_code
from pipeline.lake.manifest import COHORTS
from pipeline.plan import COHORT_STAGES, code_of

_DEPS = {
    "cohorts": ["adsl", "doses", "episodes", "grades", "adtte", "results", "sets"],
    "cohort_pages": ["cohort_results", "cohort_sets"],
    "index_pages": ["cohort_pages", "study_pages", "ledger", "quarantine", "reconciliation"],
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
        check_specs=page_checks(stage) if stage in _PAGES else table_checks(stage),
        required_resource_keys=RESOURCES,
    )
    def run(context: dg.AssetExecutionContext) -> Iterator[Event]:
        place: Place = context.resources.place
        run_id = context.run.run_id
        last = stage == COHORT_STAGES[-1]
        yield from materialise(
            context,
            Task(place, COHORTS, stage),
            lambda: run_cohort_stage(place, stage, run_id, force=forced(context)),
            (lambda: finish_cohorts(place, run_id)) if last else None,
        )

    return run


def _specs(stage: str, group: str, kinds: set[str]) -> list[dg.AssetSpec]:
    code = code_of(stage, stage_code())
    if stage not in _PAGES:
        return table_specs(stage, group, kinds, _DEPS[stage], code)
    return [
        dg.AssetSpec(
            stage,
            deps=_DEPS[stage],
            description=_PAGES[stage],
            group_name=group,
            kinds=kinds,
            owners=OWNERS,
            code_version=code[:12],
        )
    ]
