"""A stage of a study as one multi-asset, partitioned by study.

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
from pipeline.assets.partitions import STUDIES
from pipeline.assets.place import Place
from pipeline.assets.resources import RESOURCES
from pipeline.assets.work import finish, run_stage
from pipeline.lake.fingerprint import stage_code
from pipeline.plan import STAGES, inputs_of

_PAGES = "Pages of one study. They are published with its tables, all at once, when they are done."


def study_stage(stage: str, kinds: set[str]) -> dg.AssetsDefinition:
    """The asset of one of `STAGES`; the last one swaps the study's manifest in.

    Dependencies show the lineage; the tables themselves are read from the lake.
    """

    @dg.multi_asset(
        name=stage,
        specs=_specs(stage, kinds),
        check_specs=page_checks("study_pages") if stage == "reports" else table_checks(stage),
        partitions_def=STUDIES,
        required_resource_keys=RESOURCES,
    )
    def run(context: dg.AssetExecutionContext) -> Iterator[Event]:
        place: Place = context.resources.place
        study, run_id = context.partition_key, context.run.run_id
        last = stage == STAGES[-1]
        yield from materialise(
            context,
            Task(place, study, stage),
            lambda: run_stage(place, study, stage, run_id, force=forced(context)),
            (lambda: finish(place, study, run_id)) if last else None,
        )

    return run


def _specs(stage: str, kinds: set[str]) -> list[dg.AssetSpec]:
    code = stage_code()[stage]
    if stage != "reports":
        return table_specs(stage, stage, kinds, list(inputs_of(stage)), code)
    return [
        dg.AssetSpec(
            "study_pages",
            deps=list(inputs_of(stage)),
            description=_PAGES,
            group_name="reports",
            kinds=kinds,
            owners=OWNERS,
            code_version=code[:12],
        )
    ]
