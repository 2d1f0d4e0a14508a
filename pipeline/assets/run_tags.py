"""Tags by which a run says what it is of, who had it and what it published."""

from __future__ import annotations

PARTITION = "dagster/partition"
WORKER = "crsight/worker"  # which worker had it last
MANIFEST = "crsight/version"  # the version that it published, as "STUDY number"


def made_by(study: str, number: int) -> dict[str, str]:
    """The tag of a run that published a version."""
    return {MANIFEST: f"{study} {number}"}
