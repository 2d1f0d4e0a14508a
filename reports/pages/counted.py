"""Which block subjects are counted in where the primary system has nothing, in words too."""

from __future__ import annotations

from reports.select import Block


def counted_in(found: list[Block]) -> Block | None:
    """The block whose subjects are counted: the primary one, or the first that has any."""
    return next((b for b in found if b.missing is None), found[0] if found else None)


def recorded_in(found: list[Block]) -> Block | None:
    """The block of what the investigators recorded, where the study has one."""
    return next((b for b in found if b.basis == "collected" and b.missing is None), None)


def flow_words(head: Block | None, counted: Block | None) -> str:
    """What to say where subjects are not counted under the primary system."""
    if head is None or counted is None or counted is head:
        return ""
    if counted.without_crs:
        return "No CRS was recorded, so these counts hold under every grading system."
    return f"{head.name} is not available; counted here: {counted.name}."
