"""What whoever starts a run may choose, in the launchpad or on the command line: one place for all.

Annotations are not postponed here: Dagster reads them off the class.
"""

from typing import Any

import dagster as dg
from pydantic import Field


class Choices(dg.ConfigurableResource[Any]):
    """Choices of a run; leaving them as they are is right for every night."""

    force: bool = Field(
        default=False,
        description="Compute even what is on record: every stage of the selection runs again, "
        "whether or not its inputs and its code are those of the last time.",
    )
    wait_s: int | None = Field(
        default=None,
        ge=0,
        description="Seconds to wait while another run is at work on the same study, before this "
        "one gives up. Empty: CRSIGHT_LOCK_WAIT_S of the environment, else 600.",
    )


def chosen(*, force: bool) -> dict[str, Any]:
    """Run configuration that says it."""
    return {"resources": {"choices": {"config": {"force": force}}}}
