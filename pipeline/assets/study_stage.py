"""A stage of a study as one multi-asset, partitioned by study.

Annotations are not postponed here: Dagster reads them off the decorated function.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipeline.assets.partitions import STUDIES
from pipeline.assets.resources import RESOURCES
from pipeline.assets.rules import page_rules, rules
from pipeline.assets.specs import check_specs, pages_spec, table_specs
from pipeline.lake.fingerprint import stage_code
from pipeline.plan import STAGES, inputs_of

_PAGES = (
    "One materialisation: the report of a study and its subjects' timelines. They are published "
    "with the study's tables, all at once, when they are done."
)


def study_stage(stage: str, kinds: set[str]) -> dg.AssetsDefinition:
    """The asset of one of `STAGES`; the last one swaps the study's manifest in.

    Dependencies show the lineage; the tables themselves are read from the lake.
    """

    @dg.multi_asset(
        name=stage,
        specs=_specs(stage, kinds),
        check_specs=check_specs(page_rules("study_pages") if stage == "reports" else rules(stage)),
        partitions_def=STUDIES,
        required_resource_keys=RESOURCES,
    )
    def run(context: dg.AssetExecutionContext) -> Iterator[Any]:
        # Definitions load in every process; what a step needs loads with the step.
        from pipeline.assets.materialise import Task, materialise  # noqa: PLC0415
        from pipeline.assets.work import finish, run_stage  # noqa: PLC0415

        place, force = context.resources.place, context.resources.choices.force
        study, run_id = context.partition_key, context.run.run_id
        last = stage == STAGES[-1]
        yield from materialise(
            context,
            Task(place, study, stage),
            lambda: run_stage(place, study, stage, run_id, force=force),
            (lambda: finish(place, study, run_id)) if last else None,
        )

    return run


def _specs(stage: str, kinds: set[str]) -> list[dg.AssetSpec]:
    code, deps = stage_code()[stage], list(inputs_of(stage))
    if stage != "reports":
        return table_specs(stage, stage, kinds, deps, code)
    return [pages_spec("study_pages", _PAGES, kinds, deps, code)]
